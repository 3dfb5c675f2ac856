"""Clocks beside a slow and obvious calendar, day by day and hour by hour over two years, stopped at random.

`SEED=…` repeats a run that failed from the seed it printed.
"""

from datetime import date, datetime, time, timedelta

from fixtures.county import county
from sync.records.case_clock import read_clocks
from sync.records.clock import BEIJING
from sync.records.events import read_event
from sync.records.fold import course
from sync.records.items import Limit
from sync.records.limit_clock import Standing, Turn, read_limit
from sync.records.working_days import Unit
from tests.model.histories import SEED, chances
from tests.model.story import RECEIPT, Writer

CALENDAR = county().calendar
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=passed) for passed in range((LAST - FIRST).days + 1)]
WORKED = {day for day in EVERY_DAY if CALENDAR.is_working_day(day)}
HOUR = timedelta(hours=1)
RUNNING, PAUSED = Standing.RUNNING, Standing.PAUSED


def midnight(day):
    return datetime.combine(day, time(), BEIJING)


def slow_day_zero(moment):
    day = moment.date()
    if day in WORKED and moment.time() < time(17, 30):
        return day
    return next(one for one in EVERY_DAY if one > day and one in WORKED)


def slow_days(turns, *, until, natural):
    """(day, whether it counts) for each day at whose beginning the clock ran: said as the rule is said."""
    days = []
    for day in EVERY_DAY:
        if day > until:
            break
        before = [turn for turn in turns if turn.at <= midnight(day)]
        if not before or before[-1].standing is not RUNNING:
            continue
        started = before[-1]
        for turn in reversed(before):
            if turn.standing is not RUNNING:
                break
            started = turn
        if slow_day_zero(started.at) < day:
            days.append((day, natural or day in WORKED))
    return days


def slow_reading(turns, limit, now):
    """{used, overdue, due} by walking every day, beyond now for the due day."""
    natural = limit.unit is Unit.NATURAL_DAYS
    past = slow_days(turns, until=now.date(), natural=natural)
    used, overdue = 0, False
    for _, counts in past:
        overdue = overdue or used >= limit.amount
        used += counts
    due = None
    if turns and turns[-1].standing is RUNNING:
        filling = [day for day, counts in slow_days(turns, until=LAST, natural=natural) if counts]
        if not limit.amount:
            due = slow_day_zero(turns[0].at)
        elif len(filling) >= limit.amount:
            due = filling[limit.amount - 1]
    return used, overdue, due


def random_turns(chance, *, most=7):
    at = midnight(FIRST) + timedelta(days=chance.randrange(560), minutes=chance.randrange(24 * 60))
    turns, standing = [], RUNNING
    for _ in range(chance.randrange(1, most)):
        turns.append(Turn(at, standing))
        if chance.random() < 0.8:  # else it is told again what it does already
            standing = PAUSED if standing is RUNNING else RUNNING
        if chance.random() < 0.2:  # a day that was set has passed
            at = midnight(at.date() + timedelta(days=chance.randrange(1, 5)))
            continue
        at += chance.choice(
            (HOUR, timedelta(hours=9), timedelta(days=1), timedelta(days=4, hours=3), timedelta(days=12))
        )
    return turns, at


def test_days_are_counted_as_a_slow_calendar_counts_them():
    for seed, chance in chances(250, SEED):
        turns, end = random_turns(chance)
        limit = Limit(chance.choice((0, 1, 2, 3, 5, 10, 20)), chance.choice((Unit.WORKING_DAYS, Unit.NATURAL_DAYS)))
        now = end + timedelta(hours=chance.randrange(24 * 20))
        reading = read_limit(turns, limit=limit, calendar=CALENDAR, now=now)
        used, overdue, due = slow_reading(turns, limit, now)
        told = (reading.used, reading.remaining, reading.overdue)
        assert told == (used, limit.amount - used, overdue), f"SEED={seed} {turns} {now}"
        assert reading.due == due, f"SEED={seed} {turns} {limit} {now}"


def test_hours_are_counted_as_a_slow_clock_counts_them():
    for seed, chance in chances(150, SEED):
        turns, end = random_turns(chance, most=5)
        turns = [turn._replace(at=turn.at.replace(minute=0)) for turn in turns]
        now = end.replace(minute=0) + timedelta(hours=chance.randrange(72))
        limit = Limit(chance.choice((1, 4, 8, 48)), Unit.HOURS)
        ran, going_on, moment, filled = 0, 0, turns[0].at, None
        while moment < now or (filled is None and turns[-1].standing is RUNNING):
            doing = [turn for turn in turns if turn.at <= moment][-1].standing
            moment += HOUR
            going_on += doing is RUNNING
            ran += doing is RUNNING and moment <= now
            if filled is None and going_on == limit.amount:
                filled = moment
        reading = read_limit(turns, limit=limit, calendar=CALENDAR, now=now)
        assert (reading.used, reading.overdue) == (ran, ran > limit.amount), f"SEED={seed} {turns} {now}"
        if reading.standing is RUNNING:
            assert reading.due == filled.date(), f"SEED={seed} {turns} {now}"


def random_case(chance):
    """A lawful way of a case through accepted and in_review, paused and resumed: (log, turns, when it ended)."""
    at = midnight(FIRST) + timedelta(days=chance.randrange(500), minutes=chance.randrange(8 * 60, 17 * 60))
    centre = Writer("centre", "centre")

    def does(act, **fields):
        event = centre.does(act, log, now=int(at.timestamp() * 1000), **fields)
        log.append(event)

    log, turns = [], []
    does("received", **{**RECEIPT, "received_at": at.isoformat()})
    at += timedelta(minutes=chance.randrange(1, 60))
    does("accepted")
    turns.append(Turn(at, RUNNING))
    at += timedelta(hours=chance.randrange(30))
    does("review_started")
    for _ in range(chance.randrange(4)):
        pause, resume = chance.choice((("supplement_asked", "supplemented"), ("special_started", "special_ended")))
        at += timedelta(hours=chance.randrange(24 * 6))
        does(pause)
        turns.append(Turn(at, PAUSED))
        at += timedelta(hours=chance.randrange(24 * 9))
        does(resume)
        turns.append(Turn(at, RUNNING))
        does(chance.choice(("noted", "corrected")))
    if chance.random() < 0.5:
        at += timedelta(hours=chance.randrange(24 * 9))
        does(chance.choice(("approved", "denied")))
        turns.append(Turn(at, Standing.STOPPED))
    return log, turns, at


def test_the_clocks_of_whole_cases_agree_with_the_slow_calendar():
    for seed, chance in chances(120, SEED):
        log, turns, end = random_case(chance)
        now = end + timedelta(hours=chance.randrange(24 * 20))
        promise, statutory = Limit(5, Unit.WORKING_DAYS), Limit(20, Unit.NATURAL_DAYS)
        clocks = read_clocks(
            course(1, "case", map(read_event, log)),
            received_at=log[0]["set"]["received_at"],
            promise=promise,
            statutory=statutory,
            calendar=CALENDAR,
            now=now,
        )
        assert not clocks.deemed_accepted
        for limit, reading in ((promise, clocks.promise), (statutory, clocks.statutory)):
            used, overdue, due = slow_reading(turns, limit, now)
            assert (reading.used, reading.overdue, reading.due) == (used, overdue, due), f"SEED={seed} {turns} {now}"
            stopped = turns[-1].standing is Standing.STOPPED
            assert reading.kept == (not overdue if stopped else None), f"SEED={seed}"


def test_an_answer_is_late_exactly_when_the_slow_calendar_says_so():
    for seed, chance in chances(150, SEED):
        received = midnight(FIRST) + timedelta(days=chance.randrange(600), minutes=chance.randrange(24 * 60))
        answered = received + timedelta(hours=chance.randrange(24 * 16))
        village = Writer("village")
        log = [
            village.does(
                "received",
                now=int(received.timestamp() * 1000),
                **{**RECEIPT, "received_at": received.isoformat()},
            )
        ]
        log.append(village.does("accepted", log, now=int(answered.timestamp() * 1000)))
        zero = slow_day_zero(received)
        due = [day for day in EVERY_DAY if day > zero and day in WORKED][4]
        clocks = read_clocks(
            course(1, "case", map(read_event, log)),
            received_at=received.isoformat(),
            promise=Limit(10, Unit.WORKING_DAYS),
            statutory=None,
            calendar=CALENDAR,
            now=answered,
        )
        late = answered.date() > due
        assert (clocks.deemed_accepted, clocks.answer.kept) == (late, not late), f"SEED={seed} {received} {answered}"
        assert clocks.counts_from == (received if late else answered).date(), f"SEED={seed}"
