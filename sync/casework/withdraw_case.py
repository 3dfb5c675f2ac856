"""撤回: the citizen takes the application back; after the decision it is a request to whoever decided.

Must not know: who may ask.
"""

from sync.casework.act_on_case import Doer, act_on_case
from sync.casework.answer_once import Answer
from sync.errors import Invalid
from sync.node.node import Node


def withdraw_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Withdraw a case at the citizen's wish; see `act_on_case`. Raises Invalid without a reason."""
    if not doer.reason:
        raise Invalid("填写有误", fields=[("reason", "请写明撤回原因")])
    return act_on_case(node, case_id, lambda case: "withdrawn", doer)
