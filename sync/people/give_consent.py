"""同意 and 撤回: what a person agreed to, until when and by what means; 代办委托 item by item.

A consent that two people wrote differently unseen by each other is not leaned on until it is told anew.

Must not know: what a consent is asked for.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.errors import Invalid
from sync.node.acting import Doer
from sync.node.answer_once import Answer
from sync.node.node import Node
from sync.people.act_on_person import act_on_person
from sync.people.read_days import day_problem
from sync.records.clock import time_text
from sync.records.log import Record
from sync.records.person_table import CONSENT
from sync.records.person_words import CONSENTS, ERRAND, MEANS
from sync.store.transaction import Transaction

LONGEST_SCOPE = 200


def give_consent(
    node: Node,
    person_id: str,
    kind: str,
    doer: Doer,
    *,
    means: str,
    until: str = "",
    errand: Mapping[str, str] | None = None,
) -> Answer:
    """Note that a person agreed; see `act_on_person`.

    kind    in `CONSENTS`;  means, in `MEANS`;  until, YYYY-MM-DD, "" for no end (代办委托 has one)
    errand  for 代办委托: {item: code, agent: who goes, scope: what for}
    raises  Invalid naming every wrong field
    """
    problems = _problems(node, kind, means, until, errand or {}, node.today())
    if problems:
        raise Invalid("填写有误，请检查标出的各项", fields=problems)
    said: dict[str, Any] = {"at": time_text(node.clock()), "until": until, "by": means}
    if kind == ERRAND and errand is not None:
        said |= {"agent": errand["agent"].strip(), "scope": errand.get("scope", "").strip()}
    consent = {_name(kind, errand): {name: value for name, value in said.items() if value}}
    return act_on_person(node, person_id, "consented", lambda tx, person: consent, doer)


def withdraw_consent(node: Node, person_id: str, kind: str, doer: Doer, *, item: str = "") -> Answer:
    """Take a consent back; see `act_on_person`. Raises Invalid where none stands."""
    name = _name(kind, {"item": item} if kind == ERRAND else None)

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        said = person.fields.get(name)
        if not isinstance(said, dict) or "withdrawn_at" in said:
            raise Invalid("填写有误", fields=[("kind", "没有可以撤回的同意")])
        return {name: {"withdrawn_at": time_text(node.clock())}}

    return act_on_person(node, person_id, "consent_withdrawn", fill, doer)


def has_consent(person: Record, kind: str, today: date, *, item: str = "") -> bool:
    """Whether a consent stands today and nobody contradicts it."""
    name = _name(kind, {"item": item} if kind == ERRAND else None)
    return standing_of(person, name, today) == "stands"


def standing_of(person: Record, name: str, today: date) -> str:
    """`stands`, `withdrawn`, `ended`, `disputed`, or "" where nothing was ever said."""
    said = person.fields.get(name)
    if not isinstance(said, dict):
        return ""
    if any(one.get("field") == name for one in person.disputes):
        return "disputed"
    if "withdrawn_at" in said:
        return "withdrawn"
    until = str(said.get("until", ""))
    return "ended" if until and until < today.isoformat() else "stands"


def _name(kind: str, errand: Mapping[str, str] | None) -> str:
    return CONSENT + (f"{kind}:{errand['item']}" if kind == ERRAND and errand else kind)


def _problems(
    node: Node, kind: str, means: str, until: str, errand: Mapping[str, str], today: date
) -> list[tuple[str, str]]:
    problems = []
    if kind not in CONSENTS:
        problems.append(("kind", f"同意事项应为 {'、'.join(CONSENTS.values())} 之一"))
    if means not in MEANS:
        problems.append(("means", f"同意方式应为 {'、'.join(MEANS.values())} 之一"))
    if (until or kind == ERRAND) and (problem := day_problem(until, today)):
        problems.append(("until", problem))
    if kind == ERRAND:
        if errand.get("item") not in node.catalogue.items():
            problems.append(("item", "请选择委托办理的事项"))
        if not errand.get("agent", "").strip():
            problems.append(("agent", "请填写受托人"))
        if len(errand.get("scope", "")) > LONGEST_SCOPE or len(errand.get("agent", "")) > 50:
            problems.append(("scope", f"委托内容最多 {LONGEST_SCOPE} 个字，受托人最多 50 个字"))
    return problems
