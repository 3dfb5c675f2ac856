"""The station's clockwork: every few seconds the upstream is asked, once a day what is old is swept.

It runs in the process that owns the directory and in no other. Missed runs are caught up with one:
a box that slept for a night asks once when it wakes.

Must not know: what is carried.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from edge_node.services.synchronise import Courier
from sync.casework.answer_once import forget_old_answers
from sync.errors import LinkError, SyncError
from sync.node.node import Node

_log = logging.getLogger(__name__)
# Without a grace time APScheduler drops a run that is more than a second late.
_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
_SWEEP_HOURS = 24


@contextmanager
def scheduled(node: Node, courier: Courier, *, sync_interval_seconds: int) -> Iterator[None]:
    """Run the jobs while the block runs; the run under way ends at its next batch."""
    scheduler = BackgroundScheduler(job_defaults=_DEFAULTS, executors={"default": ThreadPoolExecutor(2)}, timezone=UTC)
    now = datetime.now(UTC)
    scheduler.add_job(
        quiet(courier.synchronise), "interval", seconds=sync_interval_seconds, next_run_time=now, id="synchronise"
    )
    scheduler.add_job(lambda: forget_old_answers(node), "interval", hours=_SWEEP_HOURS, next_run_time=now, id="sweep")
    scheduler.start()
    try:
        yield
    finally:
        courier.end()
        scheduler.shutdown(wait=True)


def quiet(work: Callable[[], object]) -> Callable[[], None]:
    """Work whose failures are foreseen: a dead link is no news, any other refusal is logged when it changes."""
    last = ""

    def run() -> None:
        nonlocal last
        try:
            work()
            last = ""
        except LinkError:
            last = ""
        except SyncError as error:
            told = f"{type(error).__name__}: {error.reason}"
            if told != last:
                _log.warning("synchronising: %s", told)
            last = told

    return run
