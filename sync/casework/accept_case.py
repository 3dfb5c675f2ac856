"""受理: the application is complete and in order.

Must not know: who may ask, which papers an item asks for.
"""

from sync.casework.act_on_case import act_on_case
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node


def accept_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Accept a received case, or one accepted with tolerance; see `act_on_case`.

    raises  Forbidden, too, where a paper is missing and nothing was promised, unless the time to answer has run out;
            and where what was promised has not come
    """
    node.catalogue.items()  # within the transaction it is taken as last read
    return act_on_case(node, case_id, lambda case: "accepted", doer)
