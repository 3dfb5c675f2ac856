"""争议 in plain words: what two people wrote unseen by each other (甲写…，乙写…), and whose word stood in the end.

Must not know: who may settle one, how it is shown.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.casework.describe_case import level_name, state_name
from sync.casework.describe_steps import label_of, step_value
from sync.casework.name_people import People, called
from sync.messages import N_, _, pgettext
from sync.records.events import Event, JsonObject
from sync.records.fold import fold
from sync.records.log import Record

STATUS = "status"
_ENDING = ("corrected", "settled")
_SIDES = N_("ABCDEFGHIJ")


def told_settled(case: Record, event: Event, labels: Mapping[str, str], people: People) -> dict[str, str]:
    """The disputes a step of a case has ended: {field: what was in dispute and whose word stood}."""
    ended = _ended_by(case, event)
    told = {}
    for dispute, raw in zip(_described(case, ended, labels), ended, strict=True):
        value = event.set[raw["field"]]
        side = next((row["event"] for row in raw["values"] if row["value"] == value), "")
        told[raw["field"]] = settled_sentence(dispute, side, people, instead=_shown(raw["field"], value))
    return told


def settled_sentence(dispute: Mapping[str, Any], event: str, people: People, *, instead: str = "") -> str:
    """What was in dispute, as `describe_disputes` has it, and whose word stands now.

    event    of the side that stands; "" where none of them does, but `instead`
    """
    sides = [
        _(
            "%(side)s (%(level)s %(who)s) wrote “%(value)s”",
            side=one["side"],
            level=one["level_name"],
            who=called(one["by"], one["level"], people),
            value=one["value"],
        )
        for one in dispute["sides"]
    ]
    told = pgettext("between clauses", ", ").join(sides)
    for one in dispute["sides"]:
        if one["event"] == event:
            return _(
                "“%(label)s” was in dispute: %(sides)s; %(side)s’s “%(value)s” stands",
                label=dispute["label"],
                sides=told,
                side=one["side"],
                value=one["value"],
            )
    return _(
        "“%(label)s” was in dispute: %(sides)s; changed to “%(value)s”",
        label=dispute["label"],
        sides=told,
        value=instead,
    )


def _ended_by(case: Record, event: Event) -> tuple[JsonObject, ...]:
    """The disputes that stood as whoever wrote it saw the case, and that it decides."""
    if event.type not in _ENDING or not event.set or not case.understood:
        return ()
    by_hash = {one.hash: one for one in case.events}
    past: dict[str, Event] = {}
    waiting = list(event.seen)
    while waiting:
        name = waiting.pop()
        if name not in past:
            past[name] = by_hash[name]
            waiting += by_hash[name].seen
    if not any(len(one.seen) > 1 for one in (*past.values(), event)):
        return ()  # nobody wrote unseen by another
    before = fold(case.fold, case.type, past.values())
    return tuple(one for one in before.disputes if one["field"] in event.set)


def describe_disputes(case: Record, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every dispute: {"field", "label", "sides": [{"side", "event", "value", "by", "level", "level_name",
    "at", "stands"}]}.

    labels  what the form calls its fields
    """
    return _described(case, case.disputes, labels)


def _described(case: Record, disputes: Iterable[JsonObject], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    events = {event.hash: event for event in case.events}
    told = []
    for one in disputes:
        sides = []
        for side, row in zip(_(_SIDES), one["values"], strict=False):
            event = events[row["event"]]
            sides.append(
                {
                    "side": side,
                    "event": event.hash,
                    "value": _shown(one["field"], row["value"]),
                    "by": event.by.removeprefix("acct:"),
                    "level": event.level,
                    "level_name": level_name(event.level),
                    "at": event.at,
                    "stands": event.hash == one["chosen"],
                }
            )
        told.append({"field": one["field"], "label": _label(one["field"], labels), "sides": sides})
    return told


def _label(field: str, labels: Mapping[str, str]) -> str:
    ours = {STATUS: _("State"), "received_at": _("Received at"), "materials": _("Materials")}
    return labels.get(field) or ours.get(field) or label_of(field)


def _shown(field: str, value: Any) -> str:
    if field == STATUS:
        return state_name(str(value))
    if isinstance(value, list):
        return _(", ").join(str(one.get("name", "")) if isinstance(one, dict) else str(one) for one in value)
    return str(step_value(field, value))
