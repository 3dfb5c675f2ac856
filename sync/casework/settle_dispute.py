"""争议: of what two people wrote unseen by each other, which is to stand.

A field anybody may correct is settled by whoever works on the case; what is fixed, or what was decided, by the level
that may (争议裁定). Both travel like every other event, so a dispute may be settled with no link at all.

Must not know: who may ask, how it is shown.
"""

from collections.abc import Mapping
from typing import Any

from sync.casework.act_on_case import act_on_case
from sync.casework.describe_dispute import STATUS
from sync.errors import Forbidden, Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.case_table_2 import CASE_2
from sync.records.log import Record
from sync.store.transaction import Transaction


def settle_dispute(node: Node, case_id: str, choices: Mapping[str, str], doer: Doer) -> Answer:
    """Let one side of each dispute stand; see `act_on_case`.

    choices  {field: hash of the event whose value stands}
    raises   Invalid naming a field that is not in dispute, or an event that is no side of it; Forbidden where none is
    """

    def choose(case: Record) -> str:
        if not case.disputes:
            raise Forbidden(_("This case has no dispute"))
        return "settled" if any(name == STATUS or name in CASE_2.fixed for name in choices) else "corrected"

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        if not choices:
            sentence = _("Choose which side counts")
            raise Invalid(
                _("Something is not filled in rightly"),
                fields=[(f"choices.{one['field']}", sentence) for one in case.disputes],
            )
        return {name: _value(case, name, event) for name, event in choices.items()}

    return act_on_case(node, case_id, choose, doer, fill=fill)


def _value(case: Record, name: str, event: str) -> Any:
    for one in case.disputes:
        if one["field"] == name:
            for row in one["values"]:
                if row["event"] == event:
                    return row["value"]
            raise Invalid(
                _("Something is not filled in rightly"), fields=[(f"choices.{name}", _("There is no such side"))]
            )
    raise Invalid(
        _("Something is not filled in rightly"), fields=[(f"choices.{name}", _("There is no dispute about this"))]
    )
