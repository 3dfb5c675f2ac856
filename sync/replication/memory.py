"""What a replication keeps in mind: between two batches, and during one run.

Must not know: the protocol's order of steps.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from sync.database import Database
from sync.remote.traffic import Measured, Traffic
from sync.replication.batch import Carried
from sync.replication.checkpoint import Entry, Session
from sync.replication.report import Progress, Refusal, Report
from sync.revisions.revision import Revision
from sync.typed import Value, replace
from sync.values.changes import Changes
from sync.values.conversation import SetAside


class Memory(Value):
    """Where a replication stands.

    since     the source's sequence up to which everything was carried
    recorded  the sequence both ends were last told; differs while batches brought nothing new
    session   what this session has done
    earlier   sessions both ends knew before this one
    log       the target's log as last read or written; None while there is none
    """

    since: str
    recorded: str
    session: Session
    earlier: tuple[Entry, ...]
    log: Revision | None = None

    def is_followed_by(self, written: Revision) -> bool:
        """Whether a revision of the target's log is the next after the one we know.

        When it is not, the target was created anew or restored since, and has less than we remember.
        Local revisions count from 1, on every server we know; where they do not, nothing can be told.
        """
        known = self.log.digest if self.log else "0"
        if not (known.isdigit() and written.digest.isdigit()):
            return True
        return int(written.digest) == int(known) + 1

    def after(self, changes: Changes, carried: Carried) -> "Memory":
        """Where it stands when a batch was carried."""
        session = replace(
            self.session,
            missing_checked=self.session.missing_checked + carried.checked,
            missing_found=self.session.missing_found + carried.found,
            docs_read=self.session.docs_read + carried.read,
            docs_written=self.session.docs_written + carried.written,
            doc_write_failures=self.session.doc_write_failures + len(carried.refused),
        )
        return replace(self, since=changes.last_seq, session=session)


class Run:
    """The report of a run while it is being made."""

    def __init__(self, source: Database, target: Database, *, progress: Progress, stop: Callable[[], bool]) -> None:
        # A set: two databases behind one connection are not counted twice.
        self._meters = {end.meter for end in (source, target) if isinstance(end, Measured)}
        self._traffic_before = self._traffic()
        self._begun = time.monotonic()
        self._progress = progress
        self._stop = stop
        self.report = Report()

    def is_stopped(self) -> bool:
        """Whether the run was asked to end; noted in the report."""
        if not self.report.stopped and self._stop():
            self.note(stopped=True)
        return self.report.stopped

    def add(self, carried: Carried) -> None:
        """Note what was carried."""
        report = self.report
        self.note(
            revs_checked=report.revs_checked + carried.checked,
            revs_missing=report.revs_missing + carried.found,
            docs_read=report.docs_read + carried.read,
            docs_written=report.docs_written + carried.written,
            refused=report.refused + carried.refused,
        )

    def expect(self, changes: int) -> None:
        """Note how many changes lie ahead, of which each will be told."""
        self.note(changes_left=changes)

    def telling(self, told: int) -> None:
        """Note how much of what lies ahead has been told by now, whether or not it was taken in."""
        report = self.report
        ahead = report.changes_seen + (report.changes_left or 0)
        self.note(docs_read=told, changes_seen=told, changes_left=max(0, ahead - told))

    def carried(self, told: int, set_aside: Iterable[SetAside]) -> None:
        """Note what was told in all, and what more of it was not taken in."""
        refused = self.report.refused + tuple(Refusal(one.id, one.revision, one.reason) for one in set_aside)
        self.telling(told)
        self.note(revs_missing=told, docs_written=told - len(refused), refused=refused)

    def begin(self, changes: Changes, lacking: Carried) -> None:
        """Note what the target lacks of a page, and how much lies ahead."""
        if changes.pending is not None and changes.results:
            self.note(changes_left=changes.pending + len(changes.results))
        self.add(lacking)

    def saw(self, changes: Changes) -> None:
        """Note that a page was gone through."""
        self.note(
            changes_seen=self.report.changes_seen + len(changes.results),
            changes_left=changes.pending,
            seen_seq=changes.last_seq,
        )

    def note(self, **changes: Any) -> None:
        """Change the report, and show it to whoever watches."""
        cost = self._traffic() - self._traffic_before
        self.report = replace(
            self.report,
            seconds=time.monotonic() - self._begun,
            bytes_sent=cost.bytes_sent,
            bytes_received=cost.bytes_received,
            round_trips=cost.round_trips,
            **changes,
        )
        self._progress(self.report)

    def _traffic(self) -> Traffic:
        return sum((meter.reading for meter in self._meters), start=Traffic())
