"""户: a household is founded by a person, others join it and leave it, and its head changes; it is nothing but a key
they share.

Whoever leaves it leaves nobody behind without a head (户主).

Must not know: where a household lives.
"""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.node.own_clock import note_time
from sync.people.act_on_person import act_on_person
from sync.people.find_person import find_person
from sync.people.leave_register import require_alive
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.records.person_words import ROLES, all_words
from sync.store.ledger.people import PersonRow, people_in_household
from sync.store.transaction import Transaction

HEAD = "head"
_JOINED = "joined_household"
_KEY_BYTES = 10  # 80 bits: no two households of a county are drawn alike
_GONE = ("merged", "void", "deceased", "moved")


def found_household(node: Node, person_id: str, doer: Doer, *, role: str = HEAD) -> Answer:
    """A person who is in none begins a household, as its head; see `act_on_person`. Raises Invalid."""
    if role != HEAD:
        raise _wrong("role", _("Whoever founds a household is its head"))
    key = base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode("ascii").lower()

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        require_alive(person)
        if person.fields.get("household"):
            raise _wrong("action", _("This person is in a household, which has to be left first"))
        return {"household": key, "household_role": role}

    return act_on_person(node, person_id, _JOINED, fill, doer)


def join_household(node: Node, person_id: str, member_id: str, role: str, doer: Doer) -> Answer:
    """A person joins the household of another of the same station; see `act_on_person`.

    Whoever is in it already has his relation to the head changed.

    raises  Invalid where that one has none, or is this one himself, on an unknown role, on a second head, or where
            those whom this one leaves for it, or stays with as something else, would have none; NotFound
    """
    _require_role(role)

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        require_alive(person)
        member = find_person(tx, node, member_id)
        key = member.fields.get("household")
        if sid_of(member.id) != sid_of(person.id):
            raise _wrong("with", _("Only a household registered at this station can be joined"))
        if not isinstance(key, str) or not key:
            raise _wrong("with", _("This person has no household yet; first found one for its head"))
        if role == HEAD and any(one.household_role == HEAD for one in _others(tx, person, key)):
            raise _wrong("role", _("This household has a head already"))
        if member.id == person.id:
            raise _wrong("with", _("Nobody joins a household by himself; name somebody else who is in it"))
        if key != person.fields.get("household"):
            _require_a_head_stays(tx, person)
        elif role != HEAD and person.fields.get("household_role") == HEAD:
            raise _wrong(
                "role",
                _(
                    "This person is the head of this household, which would have none. First make somebody else its "
                    "head (on his page)."
                ),
            )
        return {"household": key, "household_role": role}

    return act_on_person(node, person_id, _JOINED, fill, doer)


def leave_household(node: Node, person_id: str, doer: Doer) -> Answer:
    """A person leaves the household; see `act_on_person`.

    raises  Invalid where there is none, or the others would have no head
    """

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        if not person.fields.get("household"):
            raise _wrong("action", _("This person is in no household"))
        _require_a_head_stays(tx, person)
        return {"household": "", "household_role": ""}

    return act_on_person(node, person_id, "left_household", fill, doer)


def make_head(node: Node, person_id: str, doer: Doer, *, role: str = "") -> Answer:
    """A member becomes the head of the household, and whoever was it until now has the other relation.

    One act: one event of each of the two records, in one transaction; see `act_on_person`.

    role    what the head until now is to the new one; not asked for where nobody living is the head
    raises  Invalid where this person is in no household, or is its head, or the role is none
    """
    now_ms = node.clock()

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        require_alive(person)
        key = str(person.fields.get("household", ""))
        if not key:
            raise _wrong("action", _("This person is in no household"))
        if person.fields.get("household_role") == HEAD:
            raise _wrong("action", _("This person is the head of the household already"))
        heads = [one for one in _others(tx, person, key) if one.household_role == HEAD]
        if heads and (role == HEAD or role not in ROLES):
            raise _wrong("role", _("Say what the head until now is to the new one"))
        for one in heads:
            fields = {"household": key, "household_role": role}
            act = Act(one.id, _JOINED, fields, doer.by, now_ms, note_time(tx, now_ms), note=doer.reason)
            record(tx, node.documents, node.identity, act)
        return {"household": key, "household_role": HEAD}

    return act_on_person(node, person_id, _JOINED, fill, doer)


def _others(tx: Transaction, person: Record, key: str) -> list[PersonRow]:
    """Who is in a household beside a person, without those who died, moved away or never were."""
    return [one for one in people_in_household(tx, key) if one.id != person.id and one.status not in _GONE]


def _require_a_head_stays(tx: Transaction, person: Record) -> None:
    """Raise Invalid where others stay in the household that a person leaves, and none of them is its head."""
    others = _others(tx, person, str(person.fields.get("household", "")))
    if person.status in _GONE or not others or any(one.household_role == HEAD for one in others):
        return
    if person.fields.get("household_role") == HEAD:
        raise _wrong(
            "action",
            _(
                "Others stay in this household and would have no head. First make one of them its head (on his page); "
                "then this person may leave."
            ),
        )
    raise _wrong(
        "action", _("Others stay in this household and have no head. First make one of them its head (on his page).")
    )


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise _wrong("role", _("The relation to the head has to be one of %(choices)s", choices=all_words(ROLES)))


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(_("Something is not filled in rightly"), fields=[(field, sentence)])
