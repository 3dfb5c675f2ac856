"""迁出, 身故, 作废: a person is not any more among those of the station; and 恢复在册, where that was a mistake.

Nothing is erased by any of them: the record stays what it is.

Must not know: what follows from it for somebody's cases.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.errors import Forbidden, Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.lists.people_index import row_of
from sync.node.node import Node
from sync.people.act_on_person import act_on_person
from sync.people.find_person import DECEASED, MERGED, VOID, require_one_paper
from sync.people.read_days import read_day
from sync.records.log import Record
from sync.store.transaction import Transaction

DIED_ON = "died_on"


def _nothing(tx: Transaction, person: Record) -> Mapping[str, Any]:
    return {}


def move_away(node: Node, person_id: str, doer: Doer) -> Answer:
    """迁出; see `act_on_person`."""
    return act_on_person(node, person_id, "moved", _nothing, doer)


def note_death(node: Node, person_id: str, doer: Doer, *, on: str = "") -> Answer:
    """身故; see `act_on_person`.

    on      the day of the death, YYYY-MM-DD; "" where it is not known
    raises  Invalid where it is none, or lies ahead or before the birth
    """
    today = node.today()

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        if on and (problem := _death_problem(on, person, today)):
            raise Invalid(_("Something is not filled in rightly"), fields=[(DIED_ON, problem)])
        return {DIED_ON: on} if on else {}

    return act_on_person(node, person_id, "died", fill, doer)


def require_alive(person: Record) -> None:
    """Raise Forbidden where somebody is on record as having died: he agrees to nothing, ties nobody, joins nothing."""
    if person.status == DECEASED:
        raise Forbidden(
            _("This person is registered as having died, and this cannot be registered any more"),
            remedy=_("If the death was registered in error, first put the person back on the register."),
        )


def void_person(node: Node, person_id: str, doer: Doer) -> Answer:
    """作废: he was never to be registered; see `act_on_person`. Raises Invalid without a reason."""
    _require_reason(doer, _("Say why it is made void"))
    return act_on_person(node, person_id, "voided", _nothing, doer)


def reinstate_person(node: Node, person_id: str, doer: Doer) -> Answer:
    """恢复在册: what took him from the register was a mistake; see `act_on_person`.

    raises  Invalid without a reason; AlreadyRegistered where his paper was registered anew since
    """
    _require_reason(doer, _("Say why the person is reinstated"))

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        if person.status == VOID:
            require_one_paper(tx, person, person.fields)
        died = {DIED_ON: ""} if person.fields.get(DIED_ON) else {}
        return {**died, "merged_into": ""} if person.status == MERGED else died

    return act_on_person(node, person_id, "reinstated", fill, doer)


def note_on_person(node: Node, person_id: str, doer: Doer) -> Answer:
    """备注; see `act_on_person`. Raises Invalid without a text."""
    _require_reason(doer, _("Write the note"))
    return act_on_person(node, person_id, "noted", _nothing, doer)


def _death_problem(on: str, person: Record, today: date) -> str:
    day = read_day(on)
    if day is None:
        return _("A day of death is written as 2026-07-31")
    if day > today:
        return _("The day of the death is still to come")
    return _("The day of the death is before that of the birth") if on < row_of(person).birthday else ""


def _require_reason(doer: Doer, sentence: str) -> None:
    if not doer.reason:
        raise Invalid(_("Something is not filled in rightly"), fields=[("reason", sentence)])
