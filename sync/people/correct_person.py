"""信息更正 and 核验: what is known of a person is told anew, or was compared with a paper.

Of what several people verified the latest stands; who corrects what two wrote unseen by each other ends their dispute.

Must not know: how a paper was read.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.people.act_on_person import act_on_person
from sync.people.card_readings import CardRead, reading_problems
from sync.people.find_person import require_one_paper
from sync.records.log import Record
from sync.records.person_facts import changed_facts
from sync.records.person_words import BY_CARD
from sync.store.transaction import Transaction

_BY_HAND = {"source": "hand", "proof": "unverified"}


def correct_person(
    node: Node, person_id: str, told: Mapping[str, object], doer: Doer, *, read: CardRead | None = None
) -> Answer:
    """Tell some fields anew; see `act_on_person`.

    told    {field: text}; "" takes back what was told before
    read    the card that was read here just now: only of its name and number may source and proof say so
    raises  Invalid naming every wrong field; AlreadyRegistered when another person has this paper
    """
    return _tell(node, person_id, "corrected", told, doer, read)


def verify_person(
    node: Node, person_id: str, told: Mapping[str, object], doer: Doer, *, read: CardRead | None = None
) -> Answer:
    """Some fields were compared with a paper or tried out (a telephone rang); see `act_on_person`.

    told    {field: text}, as verified; `proof` says how
    read    as in `correct_person`
    raises  as `correct_person`
    """
    return _tell(node, person_id, "verified", told, doer, read)


def _tell(
    node: Node, person_id: str, event_type: str, told: Mapping[str, object], doer: Doer, read: CardRead | None
) -> Answer:
    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        facts, problems = changed_facts(told, person.fields, today=node.today())
        problems += reading_problems(told, {**person.fields, **facts.fields}, read)
        if not told:
            problems = [("fields", _("There is nothing to change"))]
        if problems:
            raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
        require_one_paper(tx, person, facts.fields)
        return {**_read_no_more(person, facts.fields), **facts.fields}

    return act_on_person(node, person_id, event_type, fill, doer)


def _read_no_more(person: Record, told: Mapping[str, str]) -> dict[str, str]:
    """Name or number were read off a card and are told otherwise now: then nothing says any more that they were."""
    is_other = any(name in told and told[name] != person.fields.get(name) for name in ("name", "cert_number"))
    return {name: _BY_HAND[name] for name in BY_CARD if is_other and person.fields.get(name) in ("card", "face")}
