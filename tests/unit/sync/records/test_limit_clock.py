"""One limit along a clock that starts, pauses and stops; days by the calendar, working weekends included."""

from datetime import date, datetime

import pytest

from fixtures.county import county
from sync.records.clock import BEIJING
from sync.records.items import Limit
from sync.records.limit_clock import Light, Standing, Turn, read_limit
from sync.records.working_days import Unit

CALENDAR = county().calendar
RUNNING, PAUSED, STOPPED = Standing.RUNNING, Standing.PAUSED, Standing.STOPPED


def at(text):
    """`09-26 15:04` of 2025, or with a year before it."""
    return datetime.fromisoformat(text if len(text) > 11 else f"2025-{text}").replace(tzinfo=BEIJING)


def read(amount, now, *turns, unit=Unit.WORKING_DAYS):
    """turns: (when, standing) or (when, standing, word)."""
    told = [Turn(at(when), standing, *rest) for when, standing, *rest in turns]
    return read_limit(told, limit=Limit(amount, unit), calendar=CALENDAR, now=at(now))


def decided(when):
    return Turn(at(when), STOPPED, decided=True)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("09-26 15:04", 5, date(2025, 10, 10)),  # the handbook's vectors
        ("09-28 09:00", 5, date(2025, 10, 11)),
        ("09-26 17:30", 5, date(2025, 10, 11)),  # after closing: Sunday the 28th, which is worked, is day zero
        ("10-03 10:00", 1, date(2025, 10, 10)),
        ("09-26 09:00", 0, date(2025, 9, 26)),
        ("09-26 18:00", 0, date(2025, 9, 28)),
    ],
)
def test_a_running_clock_is_due_by_the_calendar(start, amount, due):
    assert read(amount, start, (start, RUNNING)).due == due


@pytest.mark.parametrize(
    ("now", "remaining", "light", "sentence"),
    [
        ("09-26 16:00", 5, Light.GREEN, "剩余 5 个工作日"),
        ("09-27 12:00", 5, Light.GREEN, "剩余 5 个工作日"),
        ("09-28 08:00", 4, Light.GREEN, "剩余 4 个工作日"),
        ("10-05 12:00", 2, Light.GREEN, "剩余 2 个工作日"),
        ("10-09 00:00", 1, Light.YELLOW, "剩余 1 个工作日"),
        ("10-10 23:59", 0, Light.YELLOW, "今天到期"),
        ("10-11 00:00", -1, Light.RED, "超期 1 个工作日"),
        ("10-13 09:00", -2, Light.RED, "超期 2 个工作日"),
    ],
)
def test_what_is_left_and_its_light(now, remaining, light, sentence):
    reading = read(5, now, ("09-26 15:04", RUNNING))
    assert (reading.remaining, reading.light, reading.sentence) == (remaining, light, sentence)
    assert (reading.used, reading.standing) == (5 - remaining, RUNNING)
    assert reading.due == date(2025, 10, 10)


def test_the_day_after_is_overdue_though_nobody_works():
    reading = read(1, "10-18 10:00", ("10-16 09:00", RUNNING))  # due on a Friday, read on Saturday
    assert (reading.remaining, reading.light, reading.sentence) == (0, Light.RED, "已超期，不足 1 个工作日")
    kept = read_limit(
        [Turn(at("10-16 09:00"), RUNNING), decided("10-18 10:00")],
        limit=Limit(1, Unit.WORKING_DAYS),
        calendar=CALENDAR,
        now=at("10-20 09:00"),
    )
    assert (kept.kept, kept.sentence) == (False, "用时 1 个工作日，已超期，不足 1 个工作日")


@pytest.mark.parametrize(("amount", "yellow_at"), [(5, 1), (10, 2), (22, 4), (3, 1)])
def test_it_is_yellow_for_the_last_fifth(amount, yellow_at):
    lights = {}
    for day in range(1, 32):
        reading = read(amount, f"07-{day:02} 12:00", ("07-01 09:00", RUNNING))
        if reading.remaining >= 0 and not reading.overdue:
            lights[reading.remaining] = reading.light
    assert {left for left, light in lights.items() if light is Light.YELLOW} == set(range(yellow_at + 1))


def test_a_pause_takes_effect_at_once_and_going_on_takes_a_day_zero():
    turns = [("10-13 09:00", RUNNING), ("10-15 10:00", PAUSED, "补正"), ("10-20 09:00", RUNNING)]
    paused = read(5, "10-17 09:00", *turns[:2])
    assert (paused.used, paused.due, paused.paused_since) == (2, None, date(2025, 10, 15))
    assert paused.sentence == "计时暂停（补正），剩余 3 个工作日"
    going_on = read(5, "10-20 12:00", *turns)
    assert (going_on.used, going_on.due) == (2, date(2025, 10, 23))
    assert read(5, "10-24 12:00", *turns).sentence == "超期 1 个工作日"


def test_a_pause_within_a_day_loses_no_day():
    turns = [("10-13 09:00", RUNNING), ("10-15 10:00", PAUSED), ("10-15 15:00", RUNNING)]
    assert read(5, "10-16 09:00", *turns).due == read(5, "10-16 09:00", turns[0]).due


def test_a_clock_that_was_overdue_when_it_paused_says_so():
    reading = read(1, "10-20 09:00", ("10-13 09:00", RUNNING), ("10-15 10:00", PAUSED, "特别程序"))
    assert (reading.light, reading.sentence) == (Light.RED, "计时暂停（特别程序），超期 1 个工作日")


@pytest.mark.parametrize(
    ("end", "kept", "light", "sentence"),
    [
        ("10-13 16:00", True, Light.GREEN, "用时不足 1 个工作日，在时限内"),
        ("10-15 16:00", True, Light.GREEN, "用时 2 个工作日，在时限内"),
        ("10-17 23:00", True, Light.GREEN, "用时 4 个工作日，在时限内"),
        ("10-20 09:00", False, Light.RED, "用时 5 个工作日，超期 1 个工作日"),
    ],
)
def test_a_decided_clock_says_whether_the_limit_was_kept(end, kept, light, sentence):
    turns = [Turn(at("10-13 09:00"), RUNNING), decided(end)]
    reading = read_limit(turns, limit=Limit(4, Unit.WORKING_DAYS), calendar=CALENDAR, now=at("12-01 09:00"))
    assert (reading.kept, reading.light, reading.sentence, reading.due) == (kept, light, sentence, None)


def test_a_clock_that_stopped_without_a_decision_keeps_nothing():
    reading = read(1, "12-01 09:00", ("10-13 09:00", RUNNING), ("10-17 09:00", STOPPED))
    assert (reading.kept, reading.light, reading.sentence) == (None, Light.GREEN, "不再计时")
    assert read(1, "12-01 09:00", ("10-17 09:00", STOPPED)).sentence == "不再计时"


def test_what_has_not_begun_says_so():
    assert read(5, "10-17 09:00").sentence == "受理后开始计时"
    again = read(5, "10-17 09:00", ("10-13 09:00", RUNNING), ("10-14 09:00", Standing.NOT_STARTED))
    assert (again.sentence, again.remaining) == ("受理后开始计时", 5)


def test_natural_days_count_holidays():
    reading = read(10, "10-01 09:00", ("09-26 09:00", RUNNING), unit=Unit.NATURAL_DAYS)
    assert (reading.due, reading.remaining, reading.sentence) == (date(2025, 10, 6), 5, "剩余 5 日")


@pytest.mark.parametrize(
    ("now", "sentence", "light"),
    [
        ("10-13 09:30", "剩余 8 小时", Light.GREEN),
        ("10-13 16:30", "剩余 1 小时", Light.YELLOW),
        ("10-13 17:00", "今天到期", Light.YELLOW),
        ("10-13 17:30", "已超期，不足 1 小时", Light.RED),
        ("10-13 19:00", "超期 2 小时", Light.RED),
    ],
)
def test_hours_run_while_the_clock_runs(now, sentence, light):
    reading = read(8, now, ("10-13 09:00", RUNNING), unit=Unit.HOURS)
    assert (reading.sentence, reading.light, reading.due) == (sentence, light, date(2025, 10, 13))


def test_hours_stand_still_while_the_clock_does():
    turns = [("10-13 09:00", RUNNING), ("10-13 12:00", PAUSED), ("10-14 20:00", RUNNING)]
    reading = read(8, "10-14 21:00", *turns, unit=Unit.HOURS)
    assert (reading.used, reading.due) == (4, date(2025, 10, 15))
    assert read(2, "10-14 21:00", *turns, unit=Unit.HOURS).due == date(2025, 10, 13)


def test_on_the_spot_means_the_same_day():
    assert read(0, "10-13 12:00", ("10-13 09:00", RUNNING)).sentence == "今天到期"
    assert read(0, "10-13 19:00", ("10-13 18:00", RUNNING)).sentence == "10 月 14 日到期"
    assert read(0, "10-14 12:00", ("10-13 09:00", RUNNING)).sentence == "超期 1 个工作日"
    assert read(0, "10-14 12:00", ("10-13 09:00", RUNNING), unit=Unit.HOURS).due == date(2025, 10, 13)


def test_a_year_without_a_calendar_is_said_and_never_guessed():
    reading = read(5, "2026-12-30 09:00", ("2026-12-29 09:00", RUNNING))
    assert (reading.due, reading.remaining) == (None, 4)
    assert reading.sentence == "没有 2027 年的工作日历，不能推算工作日"
    unknown = read(5, "2027-01-05 09:00", ("2026-12-29 09:00", RUNNING))
    assert (unknown.due, unknown.remaining, unknown.used, unknown.light) == (None, None, None, Light.GREEN)
    assert "2027" in unknown.sentence
    assert read(3, "2027-01-05 09:00", ("2027-01-04 09:00", RUNNING)).sentence == unknown.sentence
    paused = read(3, "2027-01-05 09:00", ("2026-12-29 09:00", RUNNING), ("2027-01-04 09:00", PAUSED))
    assert (paused.paused_since, paused.used) == (date(2027, 1, 4), None)
