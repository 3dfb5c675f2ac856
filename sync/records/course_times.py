"""When each stage of a record began, as far as wrong clocks let us know.

An event's time is what a device showed. No stage is taken to begin before the one told before it, or
later than now; and a doubtful time not later than a believed one that is told behind it. So neither a
clock that fell back to 2001 nor one that ran years ahead turns the days of a case around.

Must not know: what a stage means, the time of day that is now.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sync.records.clock import Quality
from sync.records.fold import Stage


class Timed(NamedTuple):
    """A stage and when it began."""

    stage: Stage
    at: datetime


def stage_times(course: Sequence[Stage], now: datetime) -> tuple[Timed, ...]:
    """Give each stage its time; they never go back, and none is later than now."""
    latest = now
    bounds: list[datetime] = []
    for stage in reversed(course):
        at = min(datetime.fromisoformat(stage.event.at), now)
        if stage.event.clock == Quality.DOUBTFUL:
            at = min(at, latest)
        else:
            latest = min(at, latest)
        bounds.append(at)
    timed: list[Timed] = []
    for stage, at in zip(course, reversed(bounds), strict=True):
        timed.append(Timed(stage, max(at, timed[-1].at) if timed else at))
    return tuple(timed)


def last_phase(timed: Sequence[Timed]) -> Sequence[Timed]:
    """The stages since a record came to the status it has now; the first is the one that brought it there."""
    start = len(timed)
    while start and timed[start - 1].stage.status == timed[-1].stage.status:
        start -= 1
    return timed[start:]
