"""工作日: the days that count, by the State Council's calendar with its working weekends (调休).

    Fri 26 Sep 2025 + 5  →  Fri 10 Oct     28 Sep (a Sunday) was worked, 1-8 Oct were not
    Sun 28 Sep 2025 + 5  →  Sat 11 Oct

A year's calendar is announced in the autumn before it. Until it is here, no one knows which days
will count: a year that is not covered raises, and is never guessed from weekends.

Must not know: clocks, where calendars are kept, which matter is being counted.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from sync.errors import NotFound
from sync.messages import N_, _
from sync.typed import Value

CLOSING_TIME = time(17, 30)  # no national rule says when a station's day ends; a default
_ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Unit(StrEnum):
    """What a limit is counted in, by the catalogue's letters."""

    WORKING_DAYS = "W"
    NATURAL_DAYS = "N"
    HOURS = "H"

    def length(self, amount: int) -> str:
        """So many of it, in words."""
        return _(_LENGTHS[self.value], amount=amount)


_LENGTHS = {"W": N_("%(amount)s working days"), "N": N_("%(amount)s days"), "H": N_("%(amount)s hours")}


class Calendar(Value):
    """The days that differ from an ordinary week, for the years covered.

    holidays          days off, whatever the weekday
    working_weekends  Saturdays and Sundays worked
    """

    years: frozenset[int]
    holidays: frozenset[date]
    working_weekends: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether the day counts; raises NotFound when its year is not covered."""
        if day.year not in self.years:
            raise NotFound(
                _("There is no calendar of %(year)s; working days cannot be counted", year=day.year),
                remedy=_("The new calendar comes once there is a link."),
            )
        return day in self.working_weekends or (day.weekday() < SATURDAY and day not in self.holidays)


def day_in_words(day: date) -> str:
    """A day as sentences name it, without its year."""
    return _("%(month)s/%(day)s", month=day.month, day=day.day)


@lru_cache(maxsize=1024)  # the cases of a day are counted from the same days
def add_working_days(calendar: Calendar, start: date, count: int) -> date:
    """The day on which `count` working days have passed; the starting day is not counted.

    raises  NotFound when the way leads into a year that is not covered
    """
    day = start
    while count > 0:
        day += _ONE_DAY
        count -= calendar.is_working_day(day)
    return day


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """How many working days lie after `start` up to `end`; below zero when `end` came first.

    raises  NotFound when the way leads through a year that is not covered
    """
    if end < start:
        return -working_days_between(calendar, end, start)
    span = (end - start).days
    return sum(calendar.is_working_day(start + timedelta(days=passed)) for passed in range(1, span + 1))


def day_zero(calendar: Calendar, received: datetime, *, closing: time = CLOSING_TIME) -> date:
    """The day a clock starts from: the day of receipt, or the next working day after hours.

    received  the time on the station's wall, fixed when it was taken and never when it was synced
    closing   an application taken at this time or later counts as taken on the next working day
    source    unknown to any rule; the handbook's default
    """
    day = received.date()
    if calendar.is_working_day(day) and received.time() < closing:
        return day
    return add_working_days(calendar, day, 1)


def due_day(calendar: Calendar, received: datetime, amount: int, unit: Unit) -> date:
    """The last day within a limit.

    raises  NotFound when the way leads into a year that is not covered
    """
    if unit is Unit.HOURS:
        return (received + timedelta(hours=amount)).date()
    start = day_zero(calendar, received)
    if unit is Unit.NATURAL_DAYS:
        return start + timedelta(days=amount)
    return add_working_days(calendar, start, amount)
