"""特别程序: 听证, 公示, 勘验, 评审 … pause a case's clocks, on a basis that is named and for days that are told.

Must not know: who may ask.
"""

from collections.abc import Mapping
from typing import Any

from sync.casework.act_on_case import act_on_case
from sync.casework.await_posting import POSTING, require_sure_day
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.items import Limit
from sync.records.log import Record
from sync.store.transaction import Transaction
from sync.typed import Value

KINDS = (POSTING, "听证", "勘验", "评审", "评议", "检验检测", "鉴定", "其他")  # data: what records hold


class Special(Value):
    """A special procedure: what, on which legal basis, for how long."""

    kind: str
    basis: str
    days: Limit


def begin_special(node: Node, case_id: str, special: Special, doer: Doer) -> Answer:
    """Pause the case under review; see `act_on_case`."""
    fields = {
        "special_kind": special.kind,
        "special_basis": special.basis,
        "special_days": special.days.amount,
        "special_unit": special.days.unit.value,
    }
    return act_on_case(node, case_id, lambda case: "special_started", doer, fill=lambda tx, case: fields)


def end_special(node: Node, case_id: str, doer: Doer) -> Answer:
    """Go on with the review; see `act_on_case`. A public notice has to have run its days: raises Forbidden before, and
    ClockDoubtful where nobody can say."""

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        require_sure_day(tx, node, case)
        return {}

    return act_on_case(node, case_id, lambda case: "special_ended", doer, fill=fill)
