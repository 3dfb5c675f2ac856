"""One limit counted along a clock that starts, pauses, goes on and stops: what is used, what is left, its light.

    running   a day counts when the clock ran at its beginning and it is a working day (for `N` any day);
              a start, and each going on, takes effect on its day zero (`working_days.day_zero`), which does not count
    paused    at once: the day of the pause still counts, when the clock ran at its beginning; of a pause at midnight it
              did not
    on time   up to the end of the day that fills the limit; a limit of 0 (即办) is filled on day zero
    hours     limits in `H` count every hour the clock runs

Where a year's calendar is missing nothing is guessed: what cannot be known is None, and the sentence says why.

Must not know: what a case is, whose limit it is, the time of day that is now.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sync.errors import NotFound
from sync.messages import _
from sync.records.items import Limit
from sync.records.working_days import Calendar, Unit, add_working_days, day_in_words, day_zero
from sync.typed import Value, replace

# 黄: a fifth of the limit is left, or the last unit of it; no rule says when 临近到期 begins. A default.
YELLOW_FRACTION = 5
_YELLOW_AT_LEAST = 1
_ONE_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_AN_INSTANT = timedelta.resolution


class Light(StrEnum):
    """电子监察: 绿 in time, 黄 near due, 红 overdue."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Standing(StrEnum):
    """What a clock does now."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Turn(NamedTuple):
    """From when on a clock does what; `word` is the message that says why it pauses.

    decided  whether it stopped because what the limit is for was done
    """

    at: datetime
    standing: Standing
    word: str = ""
    decided: bool = False


class Reading(Value):
    """A clock as it is read.

    limit         what is counted against
    due           the last day in time, while it runs and the calendar reaches so far
    near          the first day on which, running on, its light is yellow
    used          whole units up to now;  remaining, of the limit, below zero when overdue; None where unknown
    overdue       whether the limit has passed, though it may be by less than a whole unit
    kept          of a decided one, whether the limit was kept; None while nothing is decided
    paused_since  the day
    sentence      for screens
    """

    limit: Limit
    standing: Standing
    sentence: str
    light: Light = Light.GREEN
    due: date | None = None
    near: date | None = None
    used: int | None = 0
    remaining: int | None = None
    overdue: bool = False
    kept: bool | None = None
    paused_since: date | None = None


class _Span(NamedTuple):
    """While a clock ran; `end` is None while it runs."""

    start: datetime
    end: datetime | None


class _Count(NamedTuple):
    used: int
    overdue: bool


def read_limit(turns: Iterable[Turn], *, limit: Limit, calendar: Calendar, now: datetime) -> Reading:
    """Read a clock.

    turns  in the order of their times, none after now; a turn to what the clock does already changes nothing
    now    at +08:00, as the times of the turns are
    """
    turns = _changes(turns)
    standing = turns[-1].standing if turns else Standing.NOT_STARTED
    spans = _spans(turns)
    if not spans or standing is Standing.NOT_STARTED:
        stopped = standing is Standing.STOPPED
        sentence = _("counted no longer") if stopped else _("counted from acceptance on")
        return Reading(limit, standing, sentence, remaining=limit.amount)
    since = turns[-1].at.date() if standing is Standing.PAUSED else None
    try:
        used, overdue = _count(spans, limit, calendar, now)
    except NotFound as unknown:
        return Reading(limit, standing, unknown.reason, used=None, paused_since=since)
    reading = Reading(
        limit, standing, "", used=used, remaining=limit.amount - used, overdue=overdue, paused_since=since
    )
    reading = replace(reading, light=_light(reading), sentence=left(reading))
    match standing:
        case Standing.RUNNING:
            return _running(reading, spans, calendar, now.date())
        case Standing.PAUSED:
            return replace(reading, sentence=_paused(turns[-1].word, reading.sentence))
        case _:
            return _stopped(reading, decided=turns[-1].decided)


def left(reading: Reading) -> str:
    """What is left of a limit, or by how much it is overdue, in words."""
    remaining, unit = reading.remaining or 0, reading.limit.unit
    if remaining < 0:
        return _("overdue by %(length)s", length=unit.length(-remaining))
    if reading.overdue:
        return _("overdue by less than %(length)s", length=unit.length(1))
    return _("%(length)s left", length=unit.length(remaining))


def _paused(word: str, sentence: str) -> str:
    if not word:
        return _("the clock is paused, %(left)s", left=sentence)
    return _("the clock is paused (%(why)s), %(left)s", why=_(word), left=sentence)


def _running(reading: Reading, spans: Sequence[_Span], calendar: Calendar, today: date) -> Reading:
    try:
        due = _due(spans, reading.limit, calendar)
        near = _near(spans, reading.limit, calendar, due)
    except NotFound as unknown:
        return replace(reading, sentence=unknown.reason)
    reading = replace(reading, due=due, near=near)
    if reading.remaining == 0 and not reading.overdue:
        sentence = _("Due today") if due == today else _("due on %(day)s", day=day_in_words(due))
        return replace(reading, sentence=sentence)
    return reading


def _stopped(reading: Reading, *, decided: bool) -> Reading:
    if not decided:
        return replace(reading, light=Light.GREEN, sentence=_("counted no longer"))
    kept = not reading.overdue
    light = Light.GREEN if kept else Light.RED
    outcome = _("within the limit") if kept else left(reading)
    return replace(reading, light=light, kept=kept, sentence=_spent(reading, outcome))


def _spent(reading: Reading, outcome: str) -> str:
    used, unit = reading.used, reading.limit.unit
    if not used:
        return _("took less than %(length)s, %(outcome)s", length=unit.length(1), outcome=outcome)
    return _("took %(length)s, %(outcome)s", length=unit.length(used), outcome=outcome)


def _light(reading: Reading) -> Light:
    remaining, amount = reading.remaining or 0, reading.limit.amount
    if reading.overdue:
        return Light.RED
    near = remaining * YELLOW_FRACTION <= amount or remaining <= _YELLOW_AT_LEAST
    return Light.YELLOW if near else Light.GREEN


def _changes(turns: Iterable[Turn]) -> list[Turn]:
    """Those turns that change what the clock does."""
    changes: list[Turn] = []
    for turn in turns:
        if not changes or changes[-1].standing is not turn.standing:
            changes.append(turn)
        elif turn.decided:
            changes[-1] = changes[-1]._replace(decided=True)
    return changes


def _spans(changes: Sequence[Turn]) -> list[_Span]:
    ends = [*(turn.at for turn in changes[1:]), None]
    return [_Span(turn.at, end) for turn, end in zip(changes, ends, strict=False) if turn.standing is Standing.RUNNING]


def _count(spans: Sequence[_Span], limit: Limit, calendar: Calendar, now: datetime) -> _Count:
    if _by_hours(limit):
        run = sum(((span.end or now) - span.start for span in spans), timedelta())
        return _Count(run // _HOUR, run > limit.amount * _HOUR)
    used, filled, overdue = 0, not limit.amount, False
    for day in _days_run(spans, calendar, until=now.date()):
        overdue = overdue or filled
        used += _counts(day, limit, calendar)
        filled = used >= limit.amount
    return _Count(used, overdue)


def _due(spans: Sequence[_Span], limit: Limit, calendar: Calendar) -> date:
    """The day that fills the limit, when the clock goes on running."""
    if _by_hours(limit):
        missing = limit.amount * _HOUR
        for span in spans[:-1]:
            run = (span.end or span.start) - span.start
            if run >= missing:
                return (span.start + missing).date()
            missing -= run
        return (spans[-1].start + missing).date()
    units = limit.amount
    if not units:
        return day_zero(calendar, spans[0].start)
    for day in _days_run(spans[:-1], calendar, until=date.max):
        units -= _counts(day, limit, calendar)
        if not units:
            return day
    start = day_zero(calendar, spans[-1].start)
    if limit.unit is Unit.NATURAL_DAYS:
        return start + timedelta(days=units)
    return add_working_days(calendar, start, units)


def _near(spans: Sequence[_Span], limit: Limit, calendar: Calendar, due: date) -> date:
    """The day after which no more is left than makes the light yellow; of hours, the day they end."""
    if _by_hours(limit):
        return due
    yellow = max(_YELLOW_AT_LEAST, limit.amount // YELLOW_FRACTION)
    return _due(spans, replace(limit, amount=max(0, limit.amount - yellow)), calendar)


def _days_run(spans: Iterable[_Span], calendar: Calendar, *, until: date) -> Iterator[date]:
    """The days at whose beginning the clock ran."""
    for span in spans:
        day = day_zero(calendar, span.start)
        last = (span.end - _AN_INSTANT).date() if span.end else until
        while day < last:
            day += _ONE_DAY
            yield day


def _counts(day: date, limit: Limit, calendar: Calendar) -> bool:
    return limit.unit is Unit.NATURAL_DAYS or calendar.is_working_day(day)


def _by_hours(limit: Limit) -> bool:
    return limit.unit is Unit.HOURS and limit.amount > 0
