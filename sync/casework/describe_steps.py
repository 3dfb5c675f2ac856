"""What the steps of a case have set beside the form, as screens and papers call it.

Must not know: who asks.
"""

from collections.abc import Mapping
from typing import Any

from sync.casework.describe_case import level_name
from sync.casework.name_people import STRANGERS, People, account_of, called
from sync.messages import N_, _
from sync.records.agents import AGENT_RELATIONS, ON_RECORD, RELATION
from sync.records.applicant_paper import KIND
from sync.records.case_assignee import ASSIGNED_AT, given_level
from sync.records.events import Event
from sync.records.id_papers import PAPER_KINDS
from sync.records.items import Item, carried_limit
from sync.records.masks import masked
from sync.records.person_words import word_of
from sync.records.states import CONTEXT_FIELDS

# What stands in a case for clocks and notices, and is told there.
_TOLD_ELSEWHERE = frozenset((ASSIGNED_AT, "gaps", "special_days", "special_unit"))
# What a screen tells of a case beside the fields of its form.
TOLD_APART = frozenset(
    (
        *("item", "item_version", "item_name", "receipt_number", "case_number", "received_at", "channel", "materials"),
        *("promise", "statutory", "person", "prefilled", *CONTEXT_FIELDS, *_TOLD_ELSEWHERE),
        *("applicant_source", "bundle", "bundle_name", "bundle_number", "bundle_cases", "situations"),
        ON_RECORD,
    )
)
METHODS = {
    "pickup": N_("picked up"),
    "visit": N_("delivered at home"),
    "post": N_("by post"),
    "direct": N_("handed over"),
    "notice": N_("announced in public"),
}
# Told in words in place of the code the case keeps; nothing of it is hidden.
CODED = frozenset((KIND, RELATION, "assignee", "delivery_method", "forwarded_to", "receiver_relation"))
LABELS: Mapping[str, str] = {
    "assignee": N_("Assignee"),
    "forwarded_to": N_("To which level"),
    "supplement_due": N_("To be supplemented by"),
    "tolerance_materials": N_("Materials tolerated"),
    "tolerance_due": N_("Tolerated until"),
    "special_kind": N_("Special procedures"),
    "special_basis": N_("Basis of the special procedure"),
    "authority": N_("Scope of the authority"),
    "agent_name": N_("Name of the agent"),
    RELATION: N_("The agent is the applicant’s"),
    "agent_id_number": N_("Citizen number of the agent"),
    "witness_name": N_("Witness"),
    "delivery_method": N_("Way of delivery"),
    "receiver_name": N_("Received by (name)"),
    "receiver_relation": N_("The receiver is the applicant’s"),
    "receiver_id_number": N_("Citizen number of the receiver"),
    "remedy": N_("Redress"),
}


def label_of(name: str) -> str:
    """What screens call a field of a step; its name where it has none."""
    return _(LABELS[name]) if name in LABELS else name


def labels_of(fields: Mapping[str, Any], item: Item | None) -> dict[str, str]:
    """{field: what the form calls it}, in the form's order; a field no form knows is called by its name."""
    shown = [name for name in fields if name not in TOLD_APART and fields[name] != ""]
    known = {field.name: field.label for field in item.fields if field.name in shown} if item else {}
    return {**known, **{name: label_of(name) for name in shown if name not in known}}


def step_value(name: str, value: Any) -> Any:
    """A field as a screen shows it, people masked."""
    if name == "authority" and isinstance(value, dict):
        return _("%(scope)s, until %(day)s", scope=value.get("scope", ""), day=value.get("until", ""))
    if name == "delivery_method":
        return _(METHODS[str(value)]) if str(value) in METHODS else value
    if name == KIND:
        return word_of(PAPER_KINDS, str(value))
    if name in (RELATION, "receiver_relation"):
        return word_of(AGENT_RELATIONS, str(value))
    if name == "forwarded_to":
        return level_name(str(value))
    if name == "assignee":
        return account_of(str(value))
    if isinstance(value, list):
        return _(", ").join(map(str, value))
    return masked(name, value)


def said_by(event: Event, people: People = STRANGERS, item: Item | None = None) -> list[str]:
    """What an event says in its fields that belongs beside its note: gaps, opinions, steps, to whom and how.

    people  what those are called who sign in here
    item    whose form says what the fields are called that were put right
    """
    if event.type in ("corrected", "settled"):
        labels = [field.label for field in item.fields if field.name in event.set] if item else []
        return [_("changed: %(fields)s", fields=_(", ").join(labels))] if labels else []
    if event.type in ("supplemented", "materials_added"):
        labels = [field.label for field in item.fields if field.name in event.set] if item else []
        return [_("filled in: %(fields)s", fields=_(", ").join(labels))] if labels else []
    gaps = event.set.get("gaps")
    if event.type == "supplement_asked" and isinstance(gaps, list):
        told = [(str(one.get("material", "")), str(one.get("what", ""))) for one in gaps if isinstance(one, dict)]
        return [
            _("%(name)s: %(sentence)s", name=material, sentence=what) if material else what for material, what in told
        ]
    if event.type == "tolerated":
        materials = step_value("tolerance_materials", event.set.get("tolerance_materials", ""))
        return [_("%(materials)s, to follow by %(day)s", materials=materials, day=event.set.get("tolerance_due", ""))]
    if event.type == "special_started":
        return [_special(event.set)]
    if event.type == "passed_on":
        level = given_level(event)
        person = called(str(event.set.get("assignee", "")), level, people)
        if level != event.level:
            return [_("given back to %(level)s, %(person)s", level=level_name(level), person=person)]
        return [_("passed on to %(person)s", person=person)]
    if event.type == "delivered" and "delivery_method" in event.set:
        how = (
            step_value(name, event.set.get(name, ""))
            for name in ("delivery_method", "receiver_name", "receiver_relation")
        )
        return [str(one) for one in how if one]
    return [str(event.set[name]) for name in ("opinion", "step", "case_number") if name in event.set]


def _special(given: Mapping[str, Any]) -> str:
    """A special procedure: what, for how long, on which basis; without the length where none is kept that is one."""
    kind, basis = given.get("special_kind", ""), given.get("special_basis", "")
    days = carried_limit({"days": f"{given.get('special_days', '')}{given.get('special_unit', '')}"}, "days")
    if days is None:
        return _("%(kind)s, on the basis of: %(basis)s", kind=kind, basis=basis)
    return _("%(kind)s, %(days)s, on the basis of: %(basis)s", kind=kind, days=days.label, basis=basis)
