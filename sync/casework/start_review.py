"""进入审查: the accepted case is being examined.

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node


def start_review(node: Node, case_id: str, doer: Doer) -> Answer:
    """Begin the examination of an accepted case; see `act_on_case`."""
    return act_on_case(node, case_id, lambda case: "review_started", doer)
