"""领取人: into whose hands a result is given. The applicant himself is named by his name, or as 本人; of anybody else
it is kept what he is to the applicant and the number of his card, as he shows it (代领).

    receiver_name · receiver_relation · receiver_id_number

Of the case's agent, whose authority is on the case, both are taken from there. By post it is not known who opens the
door, and announced in public it is given to nobody.

Must not know: transactions, who may ask.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.messages import _
from sync.records.agents import AGENT, AGENT_NUMBER, AGENT_RELATIONS, RELATION, agent_number_problem, is_applicants
from sync.records.applicant_paper import USUAL
from sync.records.id_papers import canonical_number
from sync.records.person_words import all_words
from sync.records.typed_text import plain_name
from sync.typed import Value

NOTICE, POST = "notice", "post"
NAME, RECEIVER_RELATION, RECEIVER_NUMBER = "receiver_name", "receiver_relation", "receiver_id_number"
APPLICANT = "applicant_name"
_HIMSELF = ("本人", "申请人")  # data: as people write it


class Receiver(Value):
    """Who takes the result; "" for what is not told. `relation` in `AGENT_RELATIONS`."""

    name: str = ""
    relation: str = ""
    id_number: str = ""


def receiver_fields(
    receiver: Receiver, method: str, case: Mapping[str, Any], today: date
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What a case keeps of who took its result by this method, and every (member, what is wrong with it)."""
    applicant, name = str(case.get(APPLICANT, "")), receiver.name.strip()
    if not name:
        return {NAME: ""}, [] if method == NOTICE else [("receiver", _("Fill in the name of the receiver"))]
    if applicant and _is_himself(name, applicant):
        return {NAME: applicant}, []
    is_agent = plain_name(name) == plain_name(str(case.get(AGENT, "")))
    whole = _with_agent(receiver, case) if is_agent else receiver
    problems = [] if method in (NOTICE, POST) or not applicant else _lacking(whole, is_agent=is_agent)
    problems += _wrong(whole, case, today)
    told = {RECEIVER_RELATION: whole.relation, RECEIVER_NUMBER: canonical_number(USUAL, whole.id_number)}
    return {NAME: name, **{field: value for field, value in told.items() if value}}, problems


def taken_by_another(case: Mapping[str, Any]) -> str:
    """The name of who took the result where that was not the applicant; "" where it was, or nobody took it."""
    name, applicant = str(case.get(NAME, "")), str(case.get(APPLICANT, ""))
    return name if applicant and not _is_himself(name, applicant) else ""


def _is_himself(name: str, applicant: str) -> bool:
    return name in _HIMSELF or plain_name(name) == plain_name(applicant)


def _with_agent(receiver: Receiver, case: Mapping[str, Any]) -> Receiver:
    relation, number = (str(case.get(field, "")) for field in (RELATION, AGENT_NUMBER))
    return Receiver(receiver.name, receiver.relation or relation, receiver.id_number or number)


def _lacking(receiver: Receiver, *, is_agent: bool) -> list[tuple[str, str]]:
    """What is not told of somebody else; what the agent is to the applicant need not be known of the case."""
    problems = []
    if not receiver.relation and not is_agent:
        problems.append(("relation", _("Who takes it for the applicant says what he is to him")))
    if not receiver.id_number.strip():
        problems.append(("id_number", _("Who takes it for the applicant shows his identity card; fill in its number")))
    return problems


def _wrong(receiver: Receiver, case: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    problems = []
    if receiver.relation and receiver.relation not in AGENT_RELATIONS:
        problems.append(("relation", _("This has to be one of %(choices)s", choices=all_words(AGENT_RELATIONS))))
    problem = agent_number_problem(receiver.id_number, today)
    if not problem and is_applicants(receiver.id_number, case):
        problem = _("This is the number of the applicant")
    return [*problems, ("id_number", problem)] if problem else problems
