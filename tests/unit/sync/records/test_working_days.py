"""Working days by the State Council's calendar, working weekends included, and never by guess."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.county import county
from sync.errors import BadRequest, NotFound
from sync.records.calendar_rows import load_calendar
from sync.records.working_days import (
    Calendar,
    Unit,
    add_working_days,
    day_zero,
    due_day,
    working_days_between,
)

CALENDAR = county().calendar
CHINA = timezone(timedelta(hours=8))


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2025, 9, 26), 5, date(2025, 10, 10)),
        (date(2025, 9, 28), 5, date(2025, 10, 11)),
        (date(2025, 9, 26), 1, date(2025, 9, 28)),  # a Sunday that is worked
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2025, 7, 31), 0, date(2025, 7, 31)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
    ],
)
def test_working_days_are_counted_over_holidays_and_worked_weekends(start: date, count: int, end: date) -> None:
    assert add_working_days(CALENDAR, start, count) == end
    assert working_days_between(CALENDAR, start, end) == count
    assert working_days_between(CALENDAR, end, start) == -count


def test_a_year_that_is_not_covered_is_said_and_never_guessed() -> None:
    with pytest.raises(NotFound, match="2027") as caught:
        add_working_days(CALENDAR, date(2026, 12, 30), 5)
    assert "同步" in caught.value.remedy
    assert add_working_days(CALENDAR, date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(NotFound, match="2024"):
        CALENDAR.is_working_day(date(2024, 12, 31))


@pytest.mark.parametrize(
    ("received", "start"),
    [
        (at(2025, 9, 26, 9, 0), date(2025, 9, 26)),
        (at(2025, 9, 26, 17, 29), date(2025, 9, 26)),
        (at(2025, 9, 26, 17, 30), date(2025, 9, 28)),
        (at(2025, 9, 27, 10, 0), date(2025, 9, 28)),  # a free Saturday before a worked Sunday
        (at(2025, 10, 3, 10, 0), date(2025, 10, 9)),
    ],
)
def test_after_hours_the_clock_starts_on_the_next_working_day(received: datetime, start: date) -> None:
    assert day_zero(CALENDAR, received) == start


@pytest.mark.parametrize(
    ("received", "amount", "unit", "due"),
    [
        (at(2025, 9, 26, 9), 5, Unit.WORKING_DAYS, date(2025, 10, 10)),
        (at(2025, 9, 27, 9), 5, Unit.WORKING_DAYS, date(2025, 10, 11)),
        (at(2025, 9, 26, 9), 0, Unit.WORKING_DAYS, date(2025, 9, 26)),
        (at(2025, 9, 26, 9), 10, Unit.NATURAL_DAYS, date(2025, 10, 6)),
        (at(2025, 9, 26, 20), 8, Unit.HOURS, date(2025, 9, 27)),
    ],
)
def test_a_limit_ends_on_a_day(received: datetime, amount: int, unit: Unit, due: date) -> None:
    assert due_day(CALENDAR, received, amount, unit) == due


@given(st.dates(date(2025, 1, 1), date(2026, 6, 30)), st.integers(1, 60))
def test_a_due_day_is_a_working_day_and_counts_back(start: date, count: int) -> None:
    due = add_working_days(CALENDAR, start, count)
    assert CALENDAR.is_working_day(due)
    assert working_days_between(CALENDAR, start, due) == count


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"years": []}',
        '{"years": {"2025": {}}}',
        '{"years": {"2025": []}}',
        '{"years": {"x": {"holidays": [], "working_weekends": []}}}',
        '{"years": {"2025": {"holidays": ["2026-01-01"], "working_weekends": []}}}',
        '{"years": {"2025": {"holidays": ["2025-02-30"], "working_weekends": []}}}',
        '{"years": {"2025": {"holidays": [20250101], "working_weekends": []}}}',
        '{"years": {"2025": {"holidays": [], "working_weekends": ["2025-09-26"]}}}',
        '{"years": {"2025": {"holidays": ["2025-09-28"], "working_weekends": ["2025-09-28"]}}}',
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        load_calendar(text)


@given(st.integers(0, 60))
def test_so_many_working_days_are_by_any_calendar_at_least_as_many_days(count: int) -> None:
    """A promise whose calendar is missing is kept by whoever is done after as many days."""
    start = date(2025, 9, 1)
    worked = frozenset(start + timedelta(days=day) for day in range(100))
    without_a_rest = Calendar(frozenset({2025}), frozenset(), worked)
    assert add_working_days(without_a_rest, start, count) == start + timedelta(days=count)
    assert add_working_days(CALENDAR, start, count) >= start + timedelta(days=count)
