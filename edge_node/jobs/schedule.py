"""The station's clockwork: its calls to the node above, and what is done once a day.

It runs in the process that owns the directory and in no other. Missed runs are caught up with one: a box that slept
for a night asks once when it wakes. A clock that is set back puts nothing off.

Must not know: when a call is wise, what is carried, what is done once a day.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from edge_node.jobs.calling import Calling, WayUp
from edge_node.jobs.pacing import Pace, Step
from sync.errors import SyncError
from sync.typed import Value

_log = logging.getLogger(__name__)
# Without a grace time APScheduler drops a run that is more than a second late.
_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
_DAY_HOURS = 24
_CALL = "call"
# Network time moves a clock by less; below this a job is due when its time has come.
_SLACK_SECONDS = 1.0


class Daily(Value):
    """Work that is done once a day, and for the first time so long after a start."""

    name: str
    work: Callable[[], object]
    after_seconds: float = 0.0

    def run(self) -> None:
        """Do it; what was foreseen to go wrong is logged."""
        try:
            self.work()
        except SyncError as error:
            _log.warning("%s: %s", self.name, error.reason)


class SteadyScheduler(BackgroundScheduler):  # type: ignore[misc]  # it says nothing of its types
    """A scheduler whose jobs are due when their time has passed, not when the clock shows it.

    APScheduler keeps the moments of its jobs as the clock shows them: on a box whose clock is set back by a year, for
    which an empty battery is enough, they would be due in a year. So they go back with it.
    """

    _behind = 0.0  # how far the clock stood behind a steady one when last looked at

    def start(self, *args: object, **kwargs: object) -> None:
        """Begin, with the clock as it stands."""
        self._behind = time.monotonic() - time.time()
        super().start(*args, **kwargs)

    def _process_jobs(self) -> float | None:
        behind = time.monotonic() - time.time()
        leap, self._behind = behind - self._behind, behind
        if leap > _SLACK_SECONDS:
            for job in self.get_jobs():
                if job.next_run_time is not None:
                    self.modify_job(job.id, next_run_time=job.next_run_time - timedelta(seconds=leap))
        try:
            seconds: float | None = super()._process_jobs()
        except JobLookupError:  # stopped between starting a job and removing it from those to come
            if self.running:
                raise
            return None
        return seconds


def _nobody(delay_seconds: float) -> None:
    """For who tells nobody."""


@contextmanager
def scheduled(
    way: WayUp, pace: Pace, first: Step, daily: Iterable[Daily] = (), *, planned: Callable[[float], None] = _nobody
) -> Iterator[Calling]:
    """Run the jobs while the block runs; the run under way then ends at its next mark.

    planned  called with the seconds after which the node above is called next
    """
    scheduler = SteadyScheduler(job_defaults=_DEFAULTS, executors={"default": ThreadPoolExecutor(2)}, timezone=UTC)

    def arm(delay_seconds: float) -> None:
        moment = datetime.now(UTC) + timedelta(seconds=delay_seconds)
        # A step arms the next at its own end; that one may be due before the scheduler has seen the first one end.
        planned(delay_seconds)
        scheduler.add_job(calling.step, "date", run_date=moment, id=_CALL, replace_existing=True, max_instances=2)

    calling = Calling(way, pace, arm=arm)
    for one in daily:
        begin = datetime.now(UTC) + timedelta(seconds=one.after_seconds)
        scheduler.add_job(one.run, "interval", hours=_DAY_HOURS, next_run_time=begin, id=one.name)
    calling.begin(first)
    scheduler.start()
    try:
        yield calling
    finally:
        way.end()
        calling.close()  # the scheduler holds its lock while it waits for the step under way, which would want it
        scheduler.shutdown(wait=True)
