"""不予受理: the application cannot be taken up; the citizen hears why, and where to turn.

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.errors import Invalid
from sync.node.acting import Doer
from sync.node.answer_once import Answer
from sync.node.node import Node

REMEDY = "对不予受理决定不服的，可以依法申请行政复议或者提起行政诉讼；也可以拨打 12345 政务服务便民热线咨询。"


def refuse_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Refuse a received case, naming the redress (救济途径); see `act_on_case`. Raises Invalid without a reason."""
    if not doer.reason:
        raise Invalid("填写有误", fields=[("reason", "不予受理的，请写明理由")])
    return act_on_case(node, case_id, lambda case: "rejected", doer, fill=lambda tx, case: {"remedy": REMEDY})
