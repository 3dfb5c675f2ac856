"""What a replication is asked for, and what it tells.

Must not know: databases, how replication works.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sync.errors import SyncError
from sync.replication.pace import USUAL_LIMITS, Limits
from sync.revisions.revision import Revision
from sync.typed import Value, replace
from sync.values.changes import START


class Options(Value):
    """How to replicate.

    source_identity  what names the source for ever, such as a node's id and a database's name. The
                     checkpoint hangs on it, so it should not change with an address. None: ask the database
    target_identity  likewise
    id               what both ends keep the log under, where the asker has made it (`replication_id`); the
                     identities are not asked then. None: make it of identities and selection
    doc_ids          replicate these documents only; None for all
    part_only        the source given shows a part of its changes, so that a feed goes on where nothing is seen
    winners_only     replicate each document's winning revision only
    begin            the source's sequence to begin at when both ends remember no session
    use_checkpoints  keep a log at both ends; otherwise every run starts at `begin`
    checkpoint_seconds  how long progress may go unrecorded while batches are carried; what is carried is
                     recorded at the end of a run in any case
    limits           how large batches may grow
    """

    source_identity: str | None = None
    target_identity: str | None = None
    id: str | None = None
    doc_ids: tuple[str, ...] | None = None
    part_only: bool = False
    winners_only: bool = False
    begin: str = START
    use_checkpoints: bool = True
    checkpoint_seconds: float = 0.0
    limits: Limits = USUAL_LIMITS


class Refusal(Value):
    """One revision that did not pass, and why; `revision` None when it is not known."""

    id: str
    revision: Revision | None
    reason: str


class Report(Value):
    """One run, finished or so far.

    changes_seen  rows of the changes feed gone through
    changes_left  rows behind them; None when the source does not say
    revs_checked  revisions the target was asked about; revs_missing, those it lacked
    docs_read     revisions fetched from the source
    docs_written  of those, revisions the target has on disk
    refused       of those, revisions the target would not take, and revisions the source could not give
    checkpoints   how often progress was recorded at both ends
    last_seq      the source's sequence up to which the target has everything that it takes
    seen_seq      the one up to which its changes were gone through; ahead of `last_seq` until that is recorded
    error         what ended the run early; None when it went through
    stopped       whether it was asked to stop
    """

    changes_seen: int = 0
    changes_left: int | None = None
    revs_checked: int = 0
    revs_missing: int = 0
    docs_read: int = 0
    docs_written: int = 0
    refused: tuple[Refusal, ...] = ()
    checkpoints: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    round_trips: int = 0
    seconds: float = 0.0
    last_seq: str = START
    seen_seq: str = START
    error: SyncError | None = None
    stopped: bool = False

    def __add__(self, later: "Report") -> "Report":
        """Both as one, the later having gone on where this one ended."""
        return replace(later, **{name: getattr(self, name) + getattr(later, name) for name in _COUNTED})

    @property
    def ok(self) -> bool:
        """Whether the run went through; documents refused do not change that."""
        return self.error is None

    def checked(self) -> "Report":
        """The report itself; raises the error that ended the run."""
        if self.error is not None:
            raise self.error
        return self


_COUNTED = (
    "revs_checked",
    "revs_missing",
    "docs_read",
    "docs_written",
    "refused",
    "bytes_sent",
    "bytes_received",
    "round_trips",
    "seconds",
)
Progress = Callable[[Report], None]


def report_as_json(report: Report) -> Mapping[str, Any]:
    """The report as plain values for JSON text."""
    error = report.error
    return {
        "ok": report.ok,
        "stopped": report.stopped,
        "docs_read": report.docs_read,
        "docs_written": report.docs_written,
        "refused": [
            {"id": each.id, "rev": str(each.revision) if each.revision else None, "reason": each.reason}
            for each in report.refused
        ],
        "changes_seen": report.changes_seen,
        "changes_left": report.changes_left,
        "checkpoints": report.checkpoints,
        "bytes_sent": report.bytes_sent,
        "bytes_received": report.bytes_received,
        "round_trips": report.round_trips,
        "seconds": round(report.seconds, 3),
        "last_seq": report.last_seq,
        "error": None if error is None else {"error": type(error).__name__, "reason": error.reason},
    }
