"""One database to another, by whichever way costs least: frames between Yizhan servers, else CouchDB's protocol.

CouchDB's protocol asks five things before the first document goes; on a link of a second's round trip that takes longer
than two hundred documents do. A conveyance is one request for each megabyte: what is told comes behind a position that
both know. Where there is none, and the target has documents already, the two are compared by CouchDB's protocol; that
gives one. So it is where something is too large for a frame, and where the server does not understand, which is
remembered for a week.

Must not know: HTTP, what is told.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from sync.database import Database
from sync.errors import SyncError
from sync.remote.conveyance import Conveyance
from sync.remote.database import RemoteDatabase
from sync.replication.memory import Run
from sync.replication.pulling import Pull
from sync.replication.pushing import Push
from sync.replication.replicate import Replicator
from sync.replication.report import Progress, Report
from sync.values.addresses import is_loopback


def carry(
    source: Database, target: Database, *, progress: Progress | None = None, stop: Callable[[], bool] | None = None
) -> Report:
    """Carry over whatever the target lacks, once; see `Replicator.run`."""
    replicator = Replicator(source, target)
    way = _way(source, target, replicator)
    if way is None:
        return replicator.run(progress=progress, stop=stop)
    run = Run(source, target, progress=progress or _nobody, stop=stop or _never)
    try:
        if way.run(run):
            return run.report
        report = replicator.run(progress=lambda so_far: (progress or _nobody)(run.report + so_far), stop=stop)
        if report.ok and not report.stopped:
            way.prove(report.last_seq)
        return run.report + report
    except SyncError as error:
        run.note(error=error)
        return run.report


def _way(source: Database, target: Database, replicator: Replicator) -> Push | Pull | None:
    """How frames would go: over the way that is likely the worse; None between two of our own."""
    if isinstance(target, RemoteDatabase) and not (_is_far(source) and not _is_far(target)):
        return Push(source, Conveyance(target), replicator.id)
    if isinstance(source, RemoteDatabase):
        return Pull(Conveyance(source), target, replicator.id)
    return None


def _is_far(database: Database) -> bool:
    """Whether it is beyond this machine."""
    return isinstance(database, RemoteDatabase) and not is_loopback(urlsplit(database.transport.place).hostname or "")


def _nobody(report: Report) -> None:
    """Watches nothing."""


def _never() -> bool:
    return False
