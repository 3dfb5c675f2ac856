"""The centre's clockwork: once a day, and at the start, its clock is confirmed and what is old is swept; every
half an hour it is seen whether a backup is due, and whether pieces of photos that cannot be read have to make room for
sound ones; every minute cases that arrived get their numbers.

It runs in the process that owns the directory and in no other. A machine that slept catches up with
one run.

Must not know: what the jobs do.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from central.services.back_up_centre import back_up_when_due
from central.services.keep_clock import keep_clock
from central.services.number_cases import number_cases
from central.settings import Settings
from sync.errors import SyncError
from sync.node.acts.answer_once import forget_old_answers
from sync.node.node import Node
from sync.node.vouching.lost_photos import give_up_unreadable
from sync.node.vouching.quitting import tidy_avowals

_log = logging.getLogger(__name__)
# Without a grace time APScheduler drops a run that is more than a second late.
_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
_DAY_SECONDS = 24 * 3600
_BACKUP_SECONDS = 30 * 60


@contextmanager
def scheduled(node: Node, settings: Settings) -> Iterator[None]:
    """Run the jobs while the block runs; what is under way is finished first."""
    scheduler = BackgroundScheduler(job_defaults=_DEFAULTS, executors={"default": ThreadPoolExecutor(1)}, timezone=UTC)
    jobs: dict[str, tuple[int, Callable[[], object]]] = {
        "clock": (_DAY_SECONDS, lambda: confirm_clock(node)),
        "sweep": (_DAY_SECONDS, lambda: forget_old_answers(node)),
        "avowals": (_DAY_SECONDS, lambda: tidy_avowals(node)),
        "photos": (_BACKUP_SECONDS, lambda: give_up_unreadable(node)),
        "backup": (_BACKUP_SECONDS, lambda: back_up(node, settings)),
    }
    if settings.number_seconds > 0:
        jobs["numbers"] = (settings.number_seconds, lambda: number_cases(node))
    for name, (seconds, work) in jobs.items():
        scheduler.add_job(_logged(name, work), "interval", seconds=seconds, next_run_time=datetime.now(UTC), id=name)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def confirm_clock(node: Node) -> None:
    """Confirm the clock, and warn the operator of one that stands in the past."""
    if not keep_clock(node):
        _log.warning("the clock stands before a time that has passed; correct it and restart")


def back_up(node: Node, settings: Settings) -> None:
    """Make a backup when it is due, and look after the one there is."""
    back_up_when_due(
        node,
        settings.backup_directory,
        hour=settings.backup_hour,
        keep=settings.backups_kept,
        trust_same_disk=settings.backup_same_disk,
    )


def _logged(name: str, work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        except SyncError as error:
            _log.warning("%s: %s", name, error.reason)

    return run
