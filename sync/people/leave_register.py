"""迁出, 身故, 作废: a person is not any more among those of the station; and 恢复在册, where that was a mistake.

Nothing is erased by any of them: the record stays what it is.

Must not know: what follows from it for somebody's cases.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.lists.people_index import row_of
from sync.node.node import Node
from sync.people.act_on_person import act_on_person
from sync.people.find_person import MERGED
from sync.records.log import Record
from sync.store.transaction import Transaction


def _nothing(tx: Transaction, person: Record) -> Mapping[str, Any]:
    return {}


def move_away(node: Node, person_id: str, doer: Doer) -> Answer:
    """迁出; see `act_on_person`."""
    return act_on_person(node, person_id, "moved", _nothing, doer)


def note_death(node: Node, person_id: str, doer: Doer, *, day: str = "") -> Answer:
    """身故; see `act_on_person`.

    day     on which it was (YYYY-MM-DD), "" where nobody knows
    raises  Invalid where it is none, before the birth or still to come
    """
    today = node.day_reached().isoformat()

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        if day and not (_is_day(day) and row_of(person).birthday <= day <= today):
            sentence = _("A day of death is written as 2026-07-31, not before the birth and not after today")
            raise Invalid(_("Something is not filled in rightly"), fields=[("day", sentence)])
        return {"died_on": day} if day else {}

    return act_on_person(node, person_id, "died", fill, doer)


def void_person(node: Node, person_id: str, doer: Doer) -> Answer:
    """作废: he was never to be registered; see `act_on_person`. Raises Invalid without a reason."""
    _require_reason(doer, _("Say why it is made void"))
    return act_on_person(node, person_id, "voided", _nothing, doer)


def reinstate_person(node: Node, person_id: str, doer: Doer) -> Answer:
    """恢复在册: what took him from the register was a mistake; see `act_on_person`. Raises Invalid without a reason."""
    _require_reason(doer, _("Say why the person is reinstated"))

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        died = {"died_on": ""} if person.fields.get("died_on") else {}
        return {**died, "merged_into": ""} if person.status == MERGED else died

    return act_on_person(node, person_id, "reinstated", fill, doer)


def note_on_person(node: Node, person_id: str, doer: Doer) -> Answer:
    """备注; see `act_on_person`. Raises Invalid without a text."""
    _require_reason(doer, _("Write the note"))
    return act_on_person(node, person_id, "noted", _nothing, doer)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _require_reason(doer: Doer, sentence: str) -> None:
    if not doer.reason:
        raise Invalid(_("Something is not filled in rightly"), fields=[("reason", sentence)])
