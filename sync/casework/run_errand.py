"""代办: the authority an agent acts under, and each of the seven steps of his way, written down when it is done.

Must not know: who may ask.
"""

from datetime import date

from sync.casework.act_on_case import act_on_case
from sync.errors import BadRequest, Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.people import parse_id_number
from sync.typed import Value


class Authority(Value):
    """授权委托: who acts for the citizen, for what, up to when; a signed paper stands behind it.

    signed  how: signature, fingerprint, or with a witness for someone who cannot write
    """

    agent_name: str
    agent_id_number: str
    scope: str
    until: date
    signed: str
    witness_name: str = ""


def entrust_case(node: Node, case_id: str, authority: Authority, doer: Doer) -> Answer:
    """Note the authority of a case's agent; see `act_on_case`. Raises Invalid naming the field."""
    today = node.today()
    if authority.until < today:
        raise Invalid(_("Something is not filled in rightly"), fields=[("until", _("The authority has expired"))])
    if authority.signed == "witness" and not authority.witness_name.strip():
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("witness_name", _("Where the client cannot sign, fill in the witness"))],
        )
    number = _id_number(authority.agent_id_number, today)
    fields = {
        "authority": {"scope": authority.scope, "until": authority.until.isoformat(), "signed": authority.signed},
        "agent_name": authority.agent_name.strip(),
        "agent_id_number": number,
        **({"witness_name": authority.witness_name.strip()} if authority.witness_name.strip() else {}),
    }
    return act_on_case(node, case_id, lambda case: "entrusted", doer, fill=lambda tx, case: fields)


def _id_number(text: str, today: date) -> str:
    try:
        return parse_id_number(text, today=today).text
    except BadRequest as error:
        raise Invalid(_("Something is not filled in rightly"), fields=[("agent_id_number", error.reason)]) from None


def note_step(node: Node, case_id: str, step: str, doer: Doer) -> Answer:
    """Write down a step of the errand; see `act_on_case`."""
    return act_on_case(node, case_id, lambda case: "walked", doer, fill=lambda tx, case: {"step": step})
