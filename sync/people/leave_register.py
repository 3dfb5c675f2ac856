"""迁出, 身故, 作废: a person is not any more among those of the station; and 恢复在册, where that was a mistake.

Nothing is erased by any of them: the record stays what it is.

Must not know: what follows from it for somebody's cases.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
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


def note_death(node: Node, person_id: str, doer: Doer) -> Answer:
    """身故; see `act_on_person`."""
    return act_on_person(node, person_id, "died", _nothing, doer)


def void_person(node: Node, person_id: str, doer: Doer) -> Answer:
    """作废: he was never to be registered; see `act_on_person`. Raises Invalid without a reason."""
    _require_reason(doer, _("Say why it is made void"))
    return act_on_person(node, person_id, "voided", _nothing, doer)


def reinstate_person(node: Node, person_id: str, doer: Doer) -> Answer:
    """恢复在册: what took him from the register was a mistake; see `act_on_person`. Raises Invalid without a reason."""
    _require_reason(doer, _("Say why the person is reinstated"))

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        return {"merged_into": ""} if person.status == MERGED else {}

    return act_on_person(node, person_id, "reinstated", fill, doer)


def note_on_person(node: Node, person_id: str, doer: Doer) -> Answer:
    """备注; see `act_on_person`. Raises Invalid without a text."""
    _require_reason(doer, _("Write the note"))
    return act_on_person(node, person_id, "noted", _nothing, doer)


def _require_reason(doer: Doer, sentence: str) -> None:
    if not doer.reason:
        raise Invalid(_("Something is not filled in rightly"), fields=[("reason", sentence)])
