"""办结: what was decided has been carried out.

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node


def complete_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Complete a decided case; see `act_on_case`."""
    return act_on_case(node, case_id, lambda case: "completed", doer)
