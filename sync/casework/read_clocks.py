"""How much time a case has left, as screens and clients are told.

The limits are those of the item's version the case was opened with; where that is not here, those the case carries.

Must not know: routes, how a clock is drawn.
"""

from collections.abc import Mapping
from typing import Any

from sync.messages import _
from sync.node.node import Node
from sync.records.case_clock import Clocks, read_clocks
from sync.records.case_due import Due, due_of, light_on, running_clock
from sync.records.case_table import CLOSED
from sync.records.clock import beijing
from sync.records.fold import course
from sync.records.items import Limit, carried_limit
from sync.records.limit_clock import Light, Reading, Standing
from sync.records.log import Record
from sync.records.working_days import Calendar, Unit
from sync.typed import Value


class Limits(Value):
    """What a case is measured by; None where nothing is set."""

    promise: Limit | None
    statutory: Limit | None


def limits_of(node: Node, fields: Mapping[str, Any]) -> Limits:
    """The limits of a case."""
    item = node.catalogue.item_of(fields)
    if item is not None:
        return Limits(item.promise, item.statutory)
    return Limits(carried_limit(fields, "promise"), carried_limit(fields, "statutory"))


def clocks_of(node: Node, case: Record, calendar: Calendar) -> Clocks | None:
    """The clocks of a case now; None for one this version does not understand, or that was never received."""
    received_at = case.fields.get("received_at")
    if not case.understood or not isinstance(received_at, str):
        return None
    limits = limits_of(node, case.fields)
    return read_clocks(
        course(case.fold, case.type, case.events),
        received_at=received_at,
        promise=limits.promise,
        statutory=limits.statutory,
        calendar=calendar,
        now=beijing(node.clock()),
    )


def describe_clocks(clocks: Clocks | None, status: str) -> dict[str, Any]:
    """{"now", "answer", "promise", "statutory", "deemed_accepted", "accepted_on", "notes"} for people and clients.

    now    the clock that matters in this state: {sentence, light, due, remaining, unit}; None where none does
    notes  what else is to be watched: days set for a supplement, 容缺, a special procedure
    """
    if clocks is None:
        return {"now": None}
    return {
        "now": current_clock(clocks, status),
        "answer": _told(clocks.answer),
        "promise": _told(clocks.promise),
        "statutory": _told(clocks.statutory),
        "deemed_accepted": clocks.deemed_accepted,
        "accepted_on": None if clocks.counts_from is None else clocks.counts_from.isoformat(),
        "notes": _notes(clocks),
    }


def current_clock(clocks: Clocks | None, status: str) -> dict[str, Any] | None:
    """The clock that matters in a state: the answer until there is one, then what a decision is due by."""
    if clocks is None or status in CLOSED:
        return None
    waits_for_answer = clocks.answer.standing is Standing.RUNNING and not clocks.deemed_accepted
    if waits_for_answer:
        told = _told(clocks.answer)
        return None if told is None else {**told, "sentence": _("answer %(clock)s", clock=told["sentence"])}
    return _told(clocks.decision)


def listed_clock(clocks: Clocks | None, status: str) -> dict[str, Any] | None:
    """The clock a list is sorted by, in words: what runs, else the day that was set; None where nothing is due.

    An answer that is owed stays red until it is given, though the case counts as accepted meanwhile.
    """
    if clocks is None:
        return None
    running = running_clock(clocks, status)
    if running is not None:
        told = _told(running)
        if told is None or running is not clocks.answer or clocks.deemed_accepted:  # what says so names the answer
            return told
        return {**told, "sentence": _("answer %(clock)s", clock=told["sentence"])}
    due = due_of(clocks, status)
    return current_clock(clocks, status) if due is None else _set_day(clocks, due)


def _set_day(clocks: Clocks, due: Due) -> dict[str, Any]:
    dates, day = clocks.dates, due.day
    set_for = dates.special or dates.tolerance or dates.supplement
    light = Light.GREEN if day is None or due.near is None else light_on(clocks.today, day=day, near=due.near)
    return {
        "sentence": set_for.sentence if set_for else "",
        "light": light.value,
        "standing": Standing.RUNNING.value,
        "limit": "",
        "due": None if day is None else day.isoformat(),
        "used": None,
        "remaining": None if day is None else (day - clocks.today).days,
        "unit": Unit.NATURAL_DAYS.value,
        "kept": None,
    }


def _told(reading: Reading | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    return {
        "sentence": reading.sentence,
        "light": reading.light.value,
        "standing": reading.standing.value,
        "limit": reading.limit.label,
        "due": None if reading.due is None else reading.due.isoformat(),
        "used": reading.used,
        "remaining": reading.remaining,
        "unit": reading.limit.unit.value,
        "kept": reading.kept,
    }


def _notes(clocks: Clocks) -> list[dict[str, Any]]:
    """What was set for the state it stands in: {sentence, is_late}."""
    dates = clocks.dates
    notes = []
    if clocks.deemed_accepted:
        notes.append(
            {
                "sentence": _(
                    "No answer within five working days: the application counts as accepted from the day it was "
                    "received"
                ),
                "is_late": True,
            }
        )
    if dates.special is not None:
        notes.append({"sentence": dates.special.sentence, "is_late": dates.special.overdue})
    if dates.tolerance is not None:
        notes.append({"sentence": dates.tolerance.sentence, "is_late": dates.tolerance.expired})
    if dates.supplement is not None:
        notes.append({"sentence": dates.supplement.sentence, "is_late": dates.supplement.expired})
    return notes
