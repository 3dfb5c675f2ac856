"""户: a household is founded by a person, others join it and leave it; it is nothing but a key they share.

Must not know: where a household lives.
"""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from sync.errors import Invalid
from sync.messages import _
from sync.node.acting import Doer
from sync.node.answer_once import Answer
from sync.node.node import Node
from sync.people.act_on_person import act_on_person
from sync.people.find_person import find_person
from sync.records.ids import RANDOM_BYTES, sid_of
from sync.records.log import Record
from sync.records.person_words import ROLES, all_words
from sync.store.ledger.people import people_in_household
from sync.store.transaction import Transaction

HEAD = "head"
_GONE = ("merged", "void", "deceased", "moved")


def found_household(node: Node, person_id: str, doer: Doer, *, role: str = HEAD) -> Answer:
    """A person who is in none begins a household, as its head; see `act_on_person`. Raises Invalid."""
    _require_role(role)
    key = base64.b32encode(secrets.token_bytes(RANDOM_BYTES)).decode("ascii").lower()

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        if person.fields.get("household"):
            raise _wrong("action", _("This person is in a household, which has to be left first"))
        return {"household": key, "household_role": role}

    return act_on_person(node, person_id, "joined_household", fill, doer)


def join_household(node: Node, person_id: str, member_id: str, role: str, doer: Doer) -> Answer:
    """A person joins the household of another of the same station; see `act_on_person`.

    raises  Invalid where that one has none, on an unknown role, or on a second head; NotFound
    """
    _require_role(role)

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        member = find_person(tx, node, member_id)
        key = member.fields.get("household")
        if sid_of(member.id) != sid_of(person.id):
            raise _wrong("with", _("Only a household registered at this station can be joined"))
        if not isinstance(key, str) or not key:
            raise _wrong("with", _("This person has no household yet; first found one for its head"))
        others = [one for one in people_in_household(tx, key) if one.id != person.id and one.status not in _GONE]
        if role == HEAD and any(one.household_role == HEAD for one in others):
            raise _wrong("role", _("This household has a head already"))
        return {"household": key, "household_role": role}

    return act_on_person(node, person_id, "joined_household", fill, doer)


def leave_household(node: Node, person_id: str, doer: Doer) -> Answer:
    """A person leaves the household; see `act_on_person`. Raises Invalid where there is none."""

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        if not person.fields.get("household"):
            raise _wrong("action", _("This person is in no household"))
        return {"household": "", "household_role": ""}

    return act_on_person(node, person_id, "left_household", fill, doer)


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise _wrong("role", _("The relation to the head has to be one of %(choices)s", choices=all_words(ROLES)))


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(_("Something is not filled in rightly"), fields=[(field, sentence)])
