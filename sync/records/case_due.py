"""The day a case is due, and its light, for lists of many cases: two days that stand whatever day it is.

    the answer, while nobody gave one; then what was promised, or the law's limit where it ends sooner, while it runs;
    else the day set for the state it stands in: a special procedure's end, a tolerance, a supplement

Lights are read from these days when somebody looks, so a list of a hundred thousand needs no clock.

Must not know: databases, calendars, how a clock is counted.
"""

from datetime import date, timedelta

from sync.records.case_clock import Clocks
from sync.records.case_dates import Dates
from sync.records.case_table import CLOSED
from sync.records.limit_clock import Light, Reading, Standing
from sync.typed import Value

# Of a day that was set nobody says when it is near; the day before is early enough to telephone. A default.
_NEAR = timedelta(days=1)


class Due(Value):
    """When a case is due.

    day   the last day in time;  near, the first day its light is yellow; both None where a year's calendar is missing
    """

    day: date | None
    near: date | None


def running_clock(clocks: Clocks, status: str) -> Reading | None:
    """The clock that runs in a state, None where none does: an answer that is owed goes before what is promised."""
    if status in CLOSED:
        return None
    for reading in (clocks.answer, clocks.decision):
        if reading is not None and reading.standing is Standing.RUNNING:
            return reading
    return None


def due_of(clocks: Clocks, status: str) -> Due | None:
    """When a case is due; None where nothing is."""
    running = running_clock(clocks, status)
    if running is not None:
        return Due(running.due, running.near)
    return None if status in CLOSED else _set_day(clocks.dates)


def light_on(today: date, *, day: date, near: date) -> Light:
    """The light of a case on a day."""
    if today > day:
        return Light.RED
    return Light.YELLOW if today >= near else Light.GREEN


def _set_day(dates: Dates) -> Due | None:
    if dates.special is not None:
        day = dates.special.expected_end
    elif dates.tolerance is not None:
        day = dates.tolerance.due
    elif dates.supplement is not None:
        day = dates.supplement.due
    else:
        return None
    return Due(day, None if day is None else day - _NEAR)
