"""One job: what it is to do, how it stands, and what has become of it.

    pending ──► running ──► (gone: done, or given up)
       ▲  ▲        │ │
       │  └────────┘ └──► crashing ──┐      stopped for others to have their turn · failed, and waiting
       └─────────────────────────────┘

A job is guarded by its scheduler's lock, except for what its thread alone writes while it runs: `stats`
and `ends`, which are replaced whole.

source  CouchDB, `couch_replicator_scheduler`

Must not know: threads, queues, databases.
"""

import threading
from collections import deque
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sync.errors import SyncError
from sync.replication.report import Report
from sync.replicator.opening import Ends
from sync.replicator.specification import Specification
from sync.typed import Changing, Value, asdict, field
from sync.values.changes import START
from sync.wire.problems import problem_of

_EVENTS_KEPT = 20  # CouchDB's `max_history`


class State(StrEnum):
    """How a job stands in the scheduler, in CouchDB's words."""

    PENDING = "pending"
    RUNNING = "running"
    CRASHING = "crashing"


class Event(Value):
    """Something that befell a job: `added`, `started`, `stopped` or `crashed`."""

    kind: str
    at: float
    reason: str | None = None


class Stats(Value):
    """What a job has done since it was added.

    changes_pending  rows of the source's feed ahead of it; None when the source has not said
    checkpointed_seq, source_seq  the source's sequences that are recorded, and that were gone through
    """

    revisions_checked: int = 0
    missing_revisions_found: int = 0
    docs_read: int = 0
    docs_written: int = 0
    doc_write_failures: int = 0
    changes_pending: int | None = None
    checkpointed_seq: str = START
    source_seq: str = START

    def plus(self, report: Report) -> "Stats":
        """The same with a run added."""
        return Stats(
            self.revisions_checked + report.revs_checked,
            self.missing_revisions_found + report.revs_missing,
            self.docs_read + report.docs_read,
            self.docs_written + report.docs_written,
            self.doc_write_failures + len(report.refused),
            report.changes_left,
            report.last_seq if report.last_seq != START else self.checkpointed_seq,
            report.seen_seq if report.seen_seq != START else self.source_seq,
        )

    def told(self) -> dict[str, Any]:
        """As CouchDB names them."""
        counts = {name: count for name, count in asdict(self).items() if not name.endswith("_seq")}
        seqs = {"checkpointed_source_seq": self.checkpointed_seq, "source_seq": self.source_seq}
        return {**counts, **seqs, "through_seq": self.source_seq}


class Origin(Value):
    """Who asked for a job.

    database, document  of `_replicator`, when a document did; both None for `_replicate`
    user                who asked there; None when nobody was signed in
    """

    database: str | None = None
    document: str | None = None
    user: str | None = None


class Job(Changing, eq=False):
    """One job; see above for who may change it.

    number   counts jobs of this process, to tell two lives of one id apart
    added    wall time
    errors   crashes in a row
    due      monotonic time before which a crashing job does not start
    turn     monotonic time when it was last started; 0 before
    started  wall time of the same
    halt     set when the job is to come to an end, for good or for a while
    ended    set when it is gone for good, with `answer` or `error`
    """

    id: str
    specification: Specification
    origin: Origin
    number: int
    added: float
    state: State = State.PENDING
    history: deque[Event] = field(default_factory=lambda: deque(maxlen=_EVENTS_KEPT))
    errors: int = 0
    error: SyncError | None = None
    due: float = 0.0
    turn: float = 0.0
    started: float = 0.0
    updated: float = 0.0
    stats: Stats = field(default_factory=Stats)
    ends: Ends | None = None
    is_idle: bool = False
    halt: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    answer: Mapping[str, Any] | None = None

    def note(self, kind: str, at: float, error: SyncError | None = None) -> None:
        """Write something into its history, newest first."""
        self.updated = at
        self.history.appendleft(Event(kind, at, None if error is None else reason_of(error)))


def reason_of(error: SyncError) -> str:
    """An error in one line: CouchDB's word, then the sentence."""
    problem = problem_of(error)
    return f"{problem['error']}: {problem['reason']}"
