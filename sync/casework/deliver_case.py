"""送达: the result is in the citizen's hands, by which way and into whose; and then the case is put away (归档).

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.errors import Invalid
from sync.node.acting import Doer
from sync.node.answer_once import Answer
from sync.node.node import Node

METHODS = {"pickup": "自行领取", "visit": "上门送达", "post": "邮寄", "direct": "直接送达", "notice": "公告"}


def deliver_case(node: Node, case_id: str, method: str, receiver: str, doer: Doer) -> Answer:
    """Note the delivery of a completed case; see `act_on_case`.

    method    in `METHODS`;  receiver, who signed for it
    raises    Invalid naming the field
    """
    if method not in METHODS:
        raise Invalid("填写有误", fields=[("method", f"应为 {'、'.join(METHODS)} 之一")])
    if method != "notice" and not receiver.strip():
        raise Invalid("填写有误", fields=[("receiver", "请填写签收人姓名")])
    fields = {"delivery_method": method, "receiver_name": receiver.strip()}
    return act_on_case(node, case_id, lambda case: "delivered", doer, fill=lambda tx, case: fields)


def archive_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Put a delivered case away; see `act_on_case`."""
    return act_on_case(node, case_id, lambda case: "archived", doer)
