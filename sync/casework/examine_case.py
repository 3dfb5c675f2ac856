"""审核意见, 上报: what an examiner thinks of a case, and to which level it is sent up.

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node


def give_opinion(node: Node, case_id: str, opinion: str, doer: Doer) -> Answer:
    """Write an opinion beside a case under way; see `act_on_case`. Raises Invalid where there is none."""
    if not opinion.strip():
        raise Invalid(_("Something is not filled in rightly"), fields=[("opinion", _("Fill in the opinion"))])
    text = opinion.strip()
    return act_on_case(node, case_id, lambda case: "checked", doer, fill=lambda tx, case: {"opinion": text})


def forward_case(node: Node, case_id: str, to: str, doer: Doer) -> Answer:
    """Send a case up to a level above ours; see `act_on_case`."""
    return act_on_case(node, case_id, lambda case: "forwarded", doer, fill=lambda tx, case: {"forwarded_to": to})
