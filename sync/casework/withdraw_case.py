"""撤回: the citizen takes the application back; after the decision it is a request to whoever decided.

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.errors import Forbidden, Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.log import Record


def withdraw_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Withdraw a case at the citizen's wish; see `act_on_case`. Raises Invalid without a reason."""
    if not doer.reason:
        raise Invalid(
            _("Something is not filled in rightly"), fields=[("reason", _("Give the reason for the withdrawal"))]
        )
    return act_on_case(node, case_id, lambda case: "withdrawn", doer)


def close_request(node: Node, case_id: str, doer: Doer) -> Answer:
    """Answer a withdrawal that came after the decision; see `act_on_case`. Raises Invalid without saying how."""
    if not doer.reason:
        raise Invalid(
            _("Something is not filled in rightly"), fields=[("reason", _("Write down how it was dealt with"))]
        )
    return act_on_case(node, case_id, _closing, doer)


def _closing(case: Record) -> str:
    if not case.requests:
        raise Forbidden(_("No request waits to be answered"))
    return "request_closed"
