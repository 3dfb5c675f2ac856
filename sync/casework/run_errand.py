"""代办: the authority an agent acts under, and each of the seven steps of his way, written down when it is done.

Must not know: who may ask.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.casework.act_on_case import act_on_case
from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.agents import agent_number_problem, is_applicants
from sync.records.log import Record
from sync.records.people import parse_id_number
from sync.records.typed_text import plain_name
from sync.store.transaction import Transaction
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
    """Note the authority of a case's agent; see `act_on_case`. Raises Invalid naming every wrong field."""
    today = node.today()
    problems = _problems(authority, today)
    if problems:
        raise Invalid(_("Something is not filled in rightly"), fields=problems)
    number = parse_id_number(authority.agent_id_number, today=today).text
    witness = authority.witness_name.strip()
    fields = {
        "authority": {"scope": authority.scope, "until": authority.until.isoformat(), "signed": authority.signed},
        "agent_name": authority.agent_name.strip(),
        "agent_id_number": number,
        **({"witness_name": witness} if witness else {}),
    }

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        wrong = _of_the_applicant(number, witness, case.fields)
        if wrong:
            raise Invalid(_("Something is not filled in rightly"), fields=wrong)
        return fields

    return act_on_case(node, case_id, lambda case: "entrusted", doer, fill=fill)


def _problems(authority: Authority, today: date) -> list[tuple[str, str]]:
    problems = []
    if authority.until < today:
        problems.append(("until", _("The authority has expired")))
    if not authority.agent_id_number.strip():
        problems.append(("agent_id_number", _("Please fill in: %(label)s", label=_("Citizen number of the agent"))))
    if wrong := agent_number_problem(authority.agent_id_number, today):
        problems.append(("agent_id_number", wrong))
    witness = plain_name(authority.witness_name)
    if authority.signed == "witness" and not witness:
        problems.append(("witness_name", _("Where the client cannot sign, fill in the witness")))
    if witness and witness == plain_name(authority.agent_name):
        problems.append(("witness_name", _("The agent cannot be the witness of his own authority; name somebody else")))
    return problems


def _of_the_applicant(number: str, witness: str, case: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where the applicant would be his own agent or witness."""
    problems = []
    if is_applicants(number, case):
        problems.append(("agent_id_number", _("This is the number of the applicant, who needs no agent then")))
    if witness and plain_name(witness) == plain_name(str(case.get("applicant_name", ""))):
        problems.append(("witness_name", _("The applicant cannot be the witness of what he signs; name somebody else")))
    return problems


def note_step(node: Node, case_id: str, step: str, doer: Doer) -> Answer:
    """Write down a step of the errand; see `act_on_case`."""
    return act_on_case(node, case_id, lambda case: "walked", doer, fill=lambda tx, case: {"step": step})
