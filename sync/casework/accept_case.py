"""受理: the application is complete and in order.

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.node.acting import Doer
from sync.node.answer_once import Answer
from sync.node.node import Node


def accept_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Accept a received case; see `act_on_case`."""
    return act_on_case(node, case_id, lambda case: "accepted", doer)
