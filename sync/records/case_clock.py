"""The clocks of a case: five working days to answer, what was promised, what the law allows.

    received   answer ─────► accepted          promise and law run from acceptance
               answer ran out, nobody spoke    accepted as it stands: both run from the receipt
               told what is missing            the answer stops, and begins anew with what is handed in
    a tolerance ran out             promise and law pause by the calendar, however late somebody comes to say so

Read from the stages a case went through (`fold.course`), so that clock and state never disagree.

Must not know: databases, screens, who publishes limits and calendars, the time of day that is now.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sync.errors import NotFound
from sync.messages import N_, _
from sync.records.case_dates import Dates, by_calendar, read_dates
from sync.records.clock import BEIJING
from sync.records.course_times import Timed, stage_times
from sync.records.fold import Stage
from sync.records.items import Limit
from sync.records.limit_clock import Light, Reading, Standing, Turn, left, read_limit
from sync.records.states import Clock
from sync.records.working_days import Calendar, Unit, due_day
from sync.typed import Value, replace

# 行政许可法 art. 32: gaps are told on the spot or within five working days, all at once.
ANSWER = Limit(5, Unit.WORKING_DAYS)
_NO_ANSWER = ("withdrawn", "terminated")  # what ends the waiting for an answer and is none
_PAUSED_FOR = {
    "special": N_("in a special procedure"),
    "supplement": N_("waiting for what is missing"),
    "supplement_before": N_("waiting for what is missing"),
    "tolerance": N_("The time of tolerance is over"),
}
_FROM_RECEIPT = N_("answer %(late)s; it counts as accepted from the day it was received")
_FROM_SUPPLEMENT = N_("answer %(late)s; it counts as accepted from the day what was missing came")


class Clocks(Value):
    """The clocks of a case.

    answer           since the newest receipt: the application's, or that of what was missing before acceptance
    promise          承诺时限;  statutory, 法定时限; None where the item has none
    deemed_accepted  the answer ran out: the application counts as accepted from its receipt
    counts_from      the day of the acceptance that counts, None before
    dates            what was set for the state the case stands in: special procedure, tolerance, supplement
    today            the day they were read
    """

    answer: Reading
    promise: Reading | None
    statutory: Reading | None
    deemed_accepted: bool
    counts_from: date | None
    dates: Dates
    today: date

    @property
    def decision(self) -> Reading | None:
        """What a decision is due by: what was promised, or the law's limit where there is none or it ends sooner.

        In other units than the promise, it does over long holidays. None where the item has neither.
        """
        promise, law = self.promise, self.statutory
        if promise is None or law is None:
            return promise or law
        return law if promise.due and law.due and law.due < promise.due else promise


class _Round(NamedTuple):
    """One time of waiting for an answer.

    at      the stage it began with;  start, the receipt it counts from;  end, None while it lasts
    late    whether nobody answered in time;  answered, whether what ended it was an answer
    """

    at: int
    start: datetime
    end: datetime | None
    late: bool
    answered: bool


def read_clocks(
    course: Sequence[Stage],
    *,
    received_at: str,
    promise: Limit | None,
    statutory: Limit | None,
    calendar: Calendar,
    now: datetime,
) -> Clocks:
    """Read the clocks of a case.

    course       its stages (`fold.course`)
    received_at  the receipt that stands, the case's field
    promise      the limits of the item in the version the case has
    now          with its offset
    source       the handbook, 3; 行政许可法 art. 32, 82
    """
    now = now.astimezone(BEIJING)
    received = min(datetime.fromisoformat(received_at), now)
    timed = stage_times(course, now)
    rounds = _rounds(timed, received, calendar, now)
    late = next((one for one in rounds if one.late), None)
    dates = read_dates(timed, calendar=calendar, today=now.date())
    turns = list(_turns(timed, late, now))

    def read(limit: Limit | None) -> Reading | None:
        return None if limit is None else read_limit(turns, limit=limit, calendar=calendar, now=now)

    return Clocks(
        answer=_answer(rounds, late, calendar, now),
        promise=read(promise),
        statutory=read(statutory),
        deemed_accepted=late is not None,
        counts_from=next((turn.at.date() for turn in turns if turn.standing is Standing.RUNNING), None),
        dates=dates,
        today=now.date(),
    )


def _rounds(timed: Sequence[Timed], received: datetime, calendar: Calendar, now: datetime) -> list[_Round]:
    rounds: list[_Round] = []
    begun: tuple[int, datetime] | None = None
    for index, (stage, at) in enumerate(timed):
        waits = stage.clock is Clock.ANSWER
        if waits and begun is None:
            begun = (index, at if rounds else received)
        elif not waits and begun is not None:
            late = _is_late(begun[1], at, calendar)
            rounds.append(_Round(*begun, at, late, stage.status not in _NO_ANSWER))
            begun = None
    if begun is not None:
        rounds.append(_Round(*begun, None, _is_late(begun[1], now, calendar), answered=False))
    return rounds


def _is_late(start: datetime, end: datetime, calendar: Calendar) -> bool:
    """Whether an answer was not given in time; where the calendar does not reach, nobody can say it was not."""
    try:
        return end.date() > due_day(calendar, start, ANSWER.amount, ANSWER.unit)
    except NotFound:
        return False


def _answer(rounds: Sequence[_Round], late: _Round | None, calendar: Calendar, now: datetime) -> Reading:
    """The answer that was not given in time, where there is one; else the newest."""
    if not rounds:
        return Reading(ANSWER, Standing.NOT_STARTED, _("The application is not received yet"), remaining=ANSWER.amount)
    asked = late or rounds[-1]
    turns = [Turn(asked.start, Standing.RUNNING)]
    if asked.end is not None:
        turns.append(Turn(asked.end, Standing.STOPPED, decided=asked.answered))
    reading = read_limit(turns, limit=ANSWER, calendar=calendar, now=now)
    if reading.used is None:
        return reading
    if late:
        over = left(reading)
        sentence = _(_FROM_RECEIPT, late=over) if late is rounds[0] else _(_FROM_SUPPLEMENT, late=over)
        return replace(reading, light=Light.RED, sentence=sentence)
    return replace(reading, sentence=_("answered in time")) if asked.answered else reading


def _turns(timed: Sequence[Timed], late: _Round | None, now: datetime) -> Iterator[Turn]:
    """What promise and law do from when on; `late`, the waiting for an answer nobody gave in time."""
    if late is not None:
        yield Turn(late.start, Standing.RUNNING)
        timed = timed[late.at :]
    accepted = False
    for stage, at in by_calendar(timed, now):
        accepted = accepted or stage.clock is Clock.RUNNING
        word = _PAUSED_FOR.get(stage.status, "")
        if stage.clock is Clock.RUNNING:
            yield Turn(at, Standing.RUNNING)
        elif stage.clock is Clock.PAUSED:
            yield Turn(at, Standing.PAUSED, word)
        elif stage.clock is Clock.ANSWER:
            yield Turn(at, Standing.RUNNING if late is not None else Standing.NOT_STARTED)
        elif stage.clock is Clock.STOPPED and not accepted:
            # Told what is missing before it was accepted: nothing runs yet, or, when that was told too late, waits.
            yield Turn(at, Standing.PAUSED if late is not None else Standing.NOT_STARTED, word)
        else:
            yield Turn(at, Standing.STOPPED, decided=stage.clock is Clock.STOPPED)
