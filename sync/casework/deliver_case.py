"""送达: the result is in the citizen's hands, by which way and into whose; and then the case is put away (归档).

Must not know: who may ask.
"""

from collections.abc import Mapping
from typing import Any

from sync.casework.act_on_case import Fill, act_on_case, nothing
from sync.casework.describe_steps import METHODS
from sync.casework.receiver import Receiver, receiver_fields
from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.log import Record
from sync.store.transaction import Transaction


def deliver_case(
    node: Node, case_id: str, method: str, receiver: Receiver, doer: Doer, *, also: Fill = nothing
) -> Answer:
    """Note the delivery of a completed case; see `act_on_case`.

    method    in `METHODS`;  receiver, who signed for it
    also      what is set beside it, as the photo of the 送达回证
    raises    Invalid naming every wrong member
    """
    if method not in METHODS:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("method", _("This has to be one of %(choices)s", choices=_(", ").join(METHODS)))],
        )
    today = node.today()

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        fields, problems = receiver_fields(receiver, method, case.fields, today)
        if problems:
            raise Invalid(_("Something is not filled in rightly"), fields=problems)
        return {"delivery_method": method, **fields, **also(tx, case)}

    return act_on_case(node, case_id, lambda case: "delivered", doer, fill=fill)


def archive_case(node: Node, case_id: str, doer: Doer) -> Answer:
    """Put a delivered case away; see `act_on_case`."""
    return act_on_case(node, case_id, lambda case: "archived", doer)
