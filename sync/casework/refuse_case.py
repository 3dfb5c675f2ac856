"""不予受理: the application cannot be taken up; the citizen hears why, and where to turn.

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.casework.name_redress import NOT_ACCEPTED, redress
from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node


def refuse_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Refuse a received case, naming the redress (救济途径); see `act_on_case`. Raises Invalid without a reason."""
    if not doer.reason:
        raise Invalid(
            _("Something is not filled in rightly"), fields=[("reason", _("Give the reason for a refusal to accept"))]
        )
    return act_on_case(node, case_id, lambda case: "rejected", doer, fill=lambda tx, case: redress(NOT_ACCEPTED))
