"""代办人 at the step 申请人: what is asked beside his name, as inputs, as they were sent, and as 确认收件 shows it.

Must not know: under which authority he acts, routes, where drafts are kept.
"""

from collections.abc import Mapping
from typing import Any

from edge_node.desk.inputs import input_of
from edge_node.messages import _
from edge_node.services.draft import Typed
from edge_node.services.matter import Matter
from sync.records.agents import AGENT, AGENT_RELATIONS, Agent
from sync.records.form import Field
from sync.records.masks import masked
from sync.records.person_words import word_of

OF_AGENT = "agent."  # how the inputs' names begin
_NAMES = ("relation", "id_number")


def is_of_agent(field: Field) -> bool:
    """Whether a field of a matter is the name of an agent; of a 一件事 it may stand under an item's code."""
    return field.name.rpartition(".")[2] == AGENT


def agent_inputs(matter: Matter, typed: Typed) -> dict[str, Any] | None:
    """What the template draws; None where nothing that is applied for has an agent on its form."""
    names = [input_of(field) for field in matter.fields if is_of_agent(field)]
    if not names:
        return None
    relations = [("", _("nobody, the applicant came")), *((code, _(name)) for code, name in AGENT_RELATIONS.items())]
    told = {name: typed.agent.get(name, "") for name in _NAMES}
    return {"names": names, "relations": relations, **told}


def agent_sent(form: Mapping[str, str]) -> dict[str, str]:
    """What a form says: {name of an input without its beginning: value}; nothing of what it has not."""
    return {name: form[f"{OF_AGENT}{name}"].strip() for name in _NAMES if f"{OF_AGENT}{name}" in form}


def agent_of(typed: Typed) -> Agent:
    """What a draft tells of an agent."""
    relation = typed.agent.get("relation", "")
    return Agent(relation if relation in AGENT_RELATIONS else "", typed.agent.get("id_number", ""))


def relation_problems(matter: Matter, typed: Typed) -> dict[str, str]:
    """What is wrong with what an agent is to the applicant, by the inputs' names: who comes for another says so."""
    names = [field.name for field in matter.fields if is_of_agent(field)]
    is_named = any(typed.fields.get(name, "").strip() for name in names)
    is_told = bool(agent_of(typed).relation)
    if is_named and not is_told:
        return {f"{OF_AGENT}relation": _("Choose what the agent is to the applicant")}
    if is_told and names and not is_named:
        return {f"fields.{names[0]}": _("Fill in who it is, or choose that the applicant came")}
    return {}


def agent_told(matter: Matter, typed: Typed) -> list[tuple[str, str]]:
    """What is told of an agent beside his name, masked: [(label, value)]."""
    agent, labels = agent_of(typed), agent_labels()
    if not any(is_of_agent(field) and typed.fields.get(field.name, "").strip() for field in matter.fields):
        return []
    told = {
        "relation": word_of(AGENT_RELATIONS, agent.relation),
        "id_number": str(masked("id_number", agent.id_number)),
    }
    return [(labels[f"{OF_AGENT}{name}"], value) for name, value in told.items() if value]


def agent_labels() -> dict[str, str]:
    """What the inputs are called."""
    return {
        f"{OF_AGENT}relation": _("The agent is the applicant’s"),
        f"{OF_AGENT}id_number": _("Citizen number of the agent"),
    }
