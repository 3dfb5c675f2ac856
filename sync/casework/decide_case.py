"""准予、不予: the decision, at the level the item names or above, never below.

Must not know: who may ask.
"""

from sync.casework.act_on_case import act_on_case
from sync.casework.name_redress import NOT_APPROVED, redress
from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node

DECISIONS = {"approve": "approved", "deny": "denied"}


def decide_case(node: Node, case_id: str, decision: str, doer: Doer) -> Answer:
    """Approve or deny a case under review; see `act_on_case`.

    decision  in `DECISIONS`; a denial says why, and where to turn
    raises    Invalid naming the field; Forbidden, too, where what was promised (容缺) is to be approved without
    """
    if decision not in DECISIONS:
        raise Invalid(_("Something is not filled in rightly"), fields=[("decision", _("Only: approve, deny"))])
    if decision == "deny" and not doer.reason:
        raise Invalid(_("Something is not filled in rightly"), fields=[("reason", _("Give the reason for a denial"))])
    said = redress(NOT_APPROVED) if decision == "deny" else {}
    return act_on_case(node, case_id, lambda case: DECISIONS[decision], doer, fill=lambda tx, case: said)
