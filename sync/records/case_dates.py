"""The days set for a case in the state it stands in: a special procedure's end, a promise's, a supplement's.

    special      special_days (in special_unit, working days as a rule) and special_basis of `special_started`
    tolerance    tolerance_due: the day up to which what is missing may follow (容缺)
    supplement   supplement_due, else ten natural days after the notice

A later event in the same state may set them anew. A tolerance does not run out once all papers that were promised
(tolerance_materials) have been handed in (`supplemented`): it waits for the desk. With only some of them it runs out as
if there were none; but no calendar returns the case of somebody who brought something, that people decide.

Must not know: what is promised, the time of day that is now.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sync.errors import NotFound
from sync.messages import _
from sync.records.clock import BEIJING
from sync.records.course_times import Timed, last_phase
from sync.records.fold import Stage
from sync.records.states import Clock
from sync.records.working_days import Calendar, Unit, add_working_days, day_in_words, due_day
from sync.typed import Value

# One place's practice for a mailed supplement; an event that says another day counts.
SUPPLEMENT_DAYS = 10
# A day that people set is no further away: a clock stands until then, and a mistyped year would stop it for good.
LONGEST_DAYS = 90
# 容缺 that has run out may still be made good within these working days; then the case is returned (退件).
RETURN_AFTER_DAYS = 15
# Whoever signs events may write any day; one at the end of all calendars cannot be counted from, and means nothing.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_AWAITING_CITIZEN = ("supplement_before", "supplement")


class Special(Value):
    """特别程序 that is going on: since when, on what basis, and when it should end (None: not said, or not known)."""

    since: date
    basis: str
    expected_end: date | None
    overdue: bool
    sentence: str


class Tolerance(Value):
    """容缺 that is not made good yet.

    due          the day promised, None when none was set;  days_left, natural ones, below zero when it has passed
    expired      it has passed and not all was handed in;  unsaid, and no `tolerance_expired` says so yet
    return_due   the last day to make it good all the same;  must_return, that has passed too and nothing came: 退件
    """

    due: date | None
    days_left: int | None
    expired: bool
    unsaid: bool
    return_due: date | None
    must_return: bool
    sentence: str


class Supplement(Value):
    """补正 the citizen was asked for: up to when, natural days left, and whether that has passed."""

    due: date
    days_left: int
    expired: bool
    sentence: str


class Dates(Value):
    """What of these a case has in the state it stands in; as a rule none, and never two."""

    special: Special | None = None
    tolerance: Tolerance | None = None
    supplement: Supplement | None = None


def read_dates(timed: Sequence[Timed], *, calendar: Calendar, today: date) -> Dates:
    """Read the days set for a case.

    timed   its stages (`course_times.stage_times`)
    source  the handbook, 3 and 4
    """
    phase = last_phase(timed)
    status = phase[-1].stage.status if phase else ""
    if status == "special":
        return Dates(special=_special(phase, calendar, today))
    if status == "tolerance":
        return Dates(tolerance=_tolerance(phase, calendar, today))
    if status in _AWAITING_CITIZEN:
        return Dates(supplement=_supplement(phase, today))
    return Dates()


def ran_out(due: date) -> datetime:
    """The moment from which a tolerance up to a day is over."""
    return datetime.combine(due + timedelta(days=1), time(), BEIJING)


def by_calendar(timed: Sequence[Timed], now: datetime) -> tuple[Timed, ...]:
    """The stages, as clocks go by them: a tolerance that ran out pauses from then on, whatever was said of it.

    What was done after it and before all papers came is as at the moment it ran out; and where nobody said that it had,
    as while a station is off, the stage that stood then is told once more, paused.
    """
    told: list[Timed] = []
    phase: list[Timed] = []
    due: date | None = None

    def tell(stage: Stage, at: datetime) -> None:
        told.append(Timed(stage, max(at, told[-1].at) if told else at))

    def pause_unsaid(at: datetime) -> None:
        if due is not None and at >= ran_out(due):
            tell(told[-1].stage._replace(clock=Clock.PAUSED), ran_out(due))

    for stage, at in timed:
        phase = [*phase, Timed(stage, at)] if stage.status == "tolerance" else []
        if not phase or (stage.event.type == "supplemented" and not _still_missing(phase)):
            pause_unsaid(at)
            due = None
        if phase and "tolerance_due" in stage.event.set:
            due = _as_date(stage.event.set["tolerance_due"])
        if due is not None and at >= ran_out(due):
            # Some of what was promised, or anything else: it goes on waiting.
            stage, at = stage._replace(clock=Clock.PAUSED), ran_out(due)
        tell(stage, at)
    pause_unsaid(now)
    return tuple(told)


def _special(phase: Sequence[Timed], calendar: Calendar, today: date) -> Special:
    days, unit = _last(phase, "special_days")[1], _last(phase, "special_unit")[1]
    basis = _last(phase, "special_basis")[1]
    since, end, sentence = phase[0].at, None, _("A special procedure is going on")
    if type(days) is int and 0 < days <= 3650:
        counted = Unit(unit) if unit in ("W", "N") else Unit.WORKING_DAYS
        try:
            end = due_day(calendar, since, days, counted)
            sentence = _("The special procedure ends on %(day)s as expected", day=day_in_words(end))
        except NotFound as unknown:
            sentence = unknown.reason
    overdue = end is not None and today > end
    if end is not None and overdue:
        sentence = _("The special procedure had to end on %(day)s and is overdue", day=day_in_words(end))
    return Special(since.date(), basis if isinstance(basis, str) else "", end, overdue, sentence)


def _tolerance(phase: Sequence[Timed], calendar: Calendar, today: date) -> Tolerance:
    at, value = _last(phase, "tolerance_due")
    due = _as_date(value)
    said = phase[-1].stage.clock is Clock.PAUSED
    handed_in = any(one.stage.event.type == "supplemented" for one in phase[at + 1 :])
    missing = _still_missing(phase)
    expired = said or (due is not None and today > due and not (handed_in and not missing))
    days_left = (due - today).days if due is not None else None
    return_due, must_return, unknown = None, False, ""
    if expired and due is not None:
        try:
            return_due = add_working_days(calendar, due, RETURN_AFTER_DAYS)
            must_return = today > return_due and not handed_in
        except NotFound as unreached:
            unknown = unreached.reason
    return Tolerance(
        due=due,
        days_left=days_left,
        expired=expired,
        unsaid=expired and not said,
        return_due=return_due,
        must_return=must_return,
        sentence=unknown
        or (
            _expired_sentence(return_due, today, handed_in, missing)
            if expired
            else _tolerance_sentence(due, days_left, handed_in, missing)
        ),
    )


def _still_missing(phase: Sequence[Timed]) -> tuple[str, ...]:
    """What was promised in these stages of a tolerance and not brought in them; nothing where nobody said what."""
    promised = _last(phase, "tolerance_materials")[1]
    rows = [row for one in phase for row in _list(one.stage.event.set.get("materials"))]
    brought = [row.get("name") for row in rows if isinstance(row, dict)]  # of whatever shape
    return tuple(name for name in _list(promised) if isinstance(name, str) and name not in brought)


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _expired_sentence(return_due: date | None, today: date, handed_in: bool, missing: Sequence[str]) -> str:
    if return_due is None:
        return _("The time of tolerance is over")
    if today <= return_due:
        return _(
            "The time of tolerance is over; the case goes on if the materials come by %(day)s",
            day=day_in_words(return_due),
        )
    if handed_in and missing:
        return _(
            "The time of tolerance is over and only some materials came, still missing: %(materials)s; have them "
            "brought or return the case",
            materials=_(", ").join(missing),
        )
    return _("The time of tolerance is over, the materials are still missing and the case has to be returned")


def _tolerance_sentence(due: date | None, days_left: int | None, handed_in: bool, missing: Sequence[str]) -> str:
    if handed_in and not missing:
        return _("The tolerated materials were handed in and are to be checked")
    if due is None or days_left is None:
        return _("No day was set for the tolerated materials")
    if not days_left:
        return _("The tolerated materials are due today")
    return _("%(days)s days left for the tolerated materials", days=days_left)


def _supplement(phase: Sequence[Timed], today: date) -> Supplement:
    due = _as_date(_last(phase, "supplement_due")[1])
    if due is None:
        due = phase[0].at.date() + timedelta(days=SUPPLEMENT_DAYS)
    days_left = (due - today).days
    if days_left < 0:
        sentence = _("What is missing is %(days)s days late", days=-days_left)
    elif days_left:
        sentence = _("%(days)s days left for what is missing", days=days_left)
    else:
        sentence = _("What is missing is due today")
    return Supplement(due, days_left, days_left < 0, sentence)


def _last(phase: Sequence[Timed], name: str) -> tuple[int, Any]:
    """Where in a phase a field was last set, and to what; (0, None) when it was not."""
    for index in reversed(range(len(phase))):
        if name in phase[index].stage.event.set:
            return index, phase[index].stage.event.set[name]
    return 0, None


def _as_date(value: object) -> date | None:
    """A day as events write it, `2025-10-10`; None for anything else, and for one that no calendar is counted from."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR else None
