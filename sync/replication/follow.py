"""Live replication: carry over, wait for a change, carry over, and try again when a link was cut.

Must not know: how replication works, HTTP.
"""

import random
import threading
from collections.abc import Callable, Iterator

from sync.database import Database
from sync.errors import SyncError
from sync.replication.replicate import Replicator
from sync.replication.report import Progress, Report

# CouchDB ends a waiting feed after 60 s at the latest; half of that leaves room for a slow link, and
# asking to stop takes effect no later.
WAIT_SECONDS = 25.0
_FIRST_DELAY_SECONDS = 1.0
_LONGEST_DELAY_SECONDS = 60.0


def follow(
    replicator: Replicator,
    source: Database,
    *,
    stop: threading.Event,
    progress: Progress | None = None,
    wait_seconds: float = WAIT_SECONDS,
    delays: Callable[[], Iterator[float]] | None = None,
) -> Iterator[Report]:
    """Replicate until `stop`, giving a report after each run that did or failed at something.

    source  the replicator's, where changes are awaited
    delays  seconds to wait after the first, second, ... failure in a row; None for backing off
    raises  the error of a run or of the waiting, when waiting does not help
    """
    failures = (delays or backing_off)()
    while not stop.is_set():
        report = replicator.run(progress=progress, stop=stop.is_set)
        error = report.error
        if error is None or report.docs_written:  # a link that carried something is worth trying soon
            failures = (delays or backing_off)()
        if error is not None or report.changes_seen:
            yield report
        if error is None:
            try:
                await_more(replicator, source, stop=stop, wait_seconds=wait_seconds)
            except SyncError as broken:
                error = broken
        if error is None:
            continue
        if not error.waiting_helps:
            raise error
        stop.wait(next(failures))


def await_more(
    replicator: Replicator, source: Database, *, stop: threading.Event, wait_seconds: float = WAIT_SECONDS
) -> None:
    """Wait until the source has something the replicator has not seen, or `stop`.

    wait_seconds  how long `stop` may go unnoticed
    raises        whatever the source raises
    """
    since = replicator.since
    while since is not None and not stop.is_set():
        if source.await_change(since, timeout_seconds=wait_seconds):
            return


def backing_off(
    *, first_seconds: float = _FIRST_DELAY_SECONDS, longest_seconds: float = _LONGEST_DELAY_SECONDS
) -> Iterator[float]:
    """Seconds to wait after each failure: doubling, and never quite the same at two nodes.

    Without the jitter five thousand stations would come back together when the centre does.
    """
    delay = first_seconds
    while True:
        yield delay * random.uniform(0.5, 1.0)
        delay = min(delay * 2, longest_seconds)
