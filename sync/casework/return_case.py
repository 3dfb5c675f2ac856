"""退回: the citizen is told what is missing, or gets the application back.

A case just received, or under review, goes back to be completed (补正告知); one that already waits for
what is missing is returned for good (退件).

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.log import Record

_ASKING = ("received", "in_review")


def return_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Send a case back, saying why; see `act_on_case`. Raises Invalid without a reason."""
    if not doer.reason:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("reason", _("Give the reason, and at one time everything that has to be supplemented"))],
        )
    return act_on_case(node, case_id, _returning, doer)


def _returning(case: Record) -> str:
    return "supplement_asked" if case.status in _ASKING else "returned"
