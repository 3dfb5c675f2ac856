"""代办人: whoever applies for the applicant; what he is to him, and what is wrong with what is told of him.

    agent_name        on the form where the item asks for it
    agent_relation    what he is to the applicant, a code of `AGENT_RELATIONS`
    agent_id_number   his 公民身份号码: an authority names both parties' numbers
    authority_on_record  the 代办委托 of the register that the case was received under

Must not know: what authority he acts under, clocks (whoever asks says what day it is).
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.records.applicant_paper import NUMBER, USUAL
from sync.records.id_papers import canonical_number
from sync.records.people import parse_id_number
from sync.typed import Value

# Who acts for another must be able to act for himself (民法典, 18, 19, 22); younger than that nobody is taken to be.
LEAST_AGE = 16
AGENT, RELATION, AGENT_NUMBER = "agent_name", "agent_relation", "agent_id_number"
ON_RECORD = "authority_on_record"
GUARDIAN = "guardian"
# {code: message}, to be looked up where it is shown; a record may hold one that a newer version wrote.
AGENT_RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        "spouse": N_("spouse"),
        "child": N_("child"),
        "parent": N_("parent"),
        GUARDIAN: N_("guardian"),
        "relative": N_("other relative"),
        "staff": N_("village agent"),
        "other": N_("neighbour or somebody else"),
    }
)


class Agent(Value):
    """What is told of whoever applies for the applicant, beside the name on the form; "" for what is not told."""

    relation: str = ""
    id_number: str = ""


def agent_problems(agent: Agent, fields: Mapping[str, object], today: date) -> list[tuple[str, str]]:
    """What is wrong with the number of an agent: [(`agent.id_number`, sentence)]; [] when nothing is.

    fields  of the form
    """
    if not agent_named(fields):
        return []
    problem = agent_number_problem(agent.id_number, today)
    if not problem and is_applicants(agent.id_number, fields):
        problem = _("This is the number of the applicant, who needs no agent then")
    return [("agent.id_number", problem)] if problem else []


def agent_number_problem(number: str, today: date) -> str:
    """What is wrong with a number that may be left out; "" when nothing is."""
    try:
        if number.strip() and parse_id_number(number, today=today).age(today) < LEAST_AGE:
            return _("Whoever acts for another is at least %(years)s years old", years=LEAST_AGE)
    except BadRequest as error:
        return error.reason
    return ""


def is_applicants(number: str, fields: Mapping[str, object]) -> bool:
    """Whether a citizen's number, as it was typed, is the one a form or a case has of the applicant."""
    plain = canonical_number(USUAL, number)
    return bool(plain) and plain == canonical_number(USUAL, str(fields.get(NUMBER, "")))


def agent_fields(agent: Agent, fields: Mapping[str, object], today: date) -> dict[str, Any]:
    """What a case keeps of an agent that is in order; nothing where the form names none."""
    if not agent_named(fields):
        return {}
    number = parse_id_number(agent.id_number, today=today).text if agent.id_number.strip() else ""
    return {name: value for name, value in ((RELATION, agent.relation), (AGENT_NUMBER, number)) if value}


def agent_named(fields: Mapping[str, object]) -> str:
    """The agent's name as a form or a case has it; "" where nobody applies for the applicant."""
    name = fields.get(AGENT)
    return name.strip() if isinstance(name, str) else ""
