"""CouchDB's replication protocol, step by step, between any two databases.

The section numbers are those of the specification (CouchDB documentation, "Replication Protocol").
Steps that cost a round trip and teach nothing are left out, each with its reason at its place: on
our links a round trip is the better part of a second.

    replicate(source, target)                 one run
    Replicator(source, target).run()          the same; run again it remembers, and asks less

Must not know: HTTP, Flask, who is behind the databases, when to try again.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from uuid import uuid4

from sync.database import Database
from sync.errors import BadRequest, SyncError
from sync.replication.ahead import Ahead, Page
from sync.replication.batch import Carried, Carrier
from sync.replication.checkpoint import Entry, Session, common_ancestor, common_sessions, read_log, write_log
from sync.replication.identity import identity_of, replication_id
from sync.replication.memory import Memory, Run
from sync.replication.report import Options, Progress, Report
from sync.revisions.revision import Revision
from sync.typed import replace
from sync.values.changes import Changes
from sync.values.documents import Absent, Document, Wanted

_DEFAULT = Options()


class Replicator:
    """One replication between two databases, and what it remembers from run to run.

    After a run that went through, the next one starts where that ended without asking for the logs
    again: with nothing new it costs one request to the source and none to the target. Any error
    makes it forget, and it finds the common ancestor anew. One thread at a time.
    """

    def __init__(self, source: Database, target: Database, *, options: Options = _DEFAULT) -> None:
        self._source = source
        self._target = target
        self._options = options
        self._carrier = Carrier(source, target, options.limits, winners_only=options.winners_only)
        self._memory: Memory | None = None
        self._id = options.id
        self._log: bytes | None = None
        self._recorded_at = time.monotonic()

    @property
    def id(self) -> str:
        """Behind `_local/`: where both ends keep the log. May ask the databases who they are."""
        if self._id is None:
            # 2.4.2.3.1 Generate Replication ID
            source = self._options.source_identity or identity_of(self._source)
            target = self._options.target_identity or identity_of(self._target)
            if source == target:
                raise BadRequest("source and target are the same database")
            self._id = replication_id(source, target, doc_ids=self._options.doc_ids)
        return self._id

    @property
    def since(self) -> str | None:
        """The source's sequence up to which everything was carried; None when that is not known."""
        return self._memory.since if self._memory else None

    @property
    def log(self) -> bytes | None:
        """JSON text of the log as the source has it, found or written there; None when it has none."""
        return self._log

    def run(self, *, progress: Progress | None = None, stop: Callable[[], bool] | None = None) -> Report:
        """Carry over whatever the target lacks.

        progress  told of the report so far, each time something changed in it
        stop      asked between two parts of a batch; that batch is then carried again next time
        returns   the report; `error` is set when a link or a database failed, and nothing past what
                  the target has on disk was recorded
        """
        run = Run(self._source, self._target, progress=progress or _nobody, stop=stop or _never)
        try:
            memory = self._memory or self._find_common_ancestry()
            run.note(last_seq=memory.since)
            self._memory = None  # until it went through: after an error nobody knows what arrived
            self._memory = self._carry_or_begin_anew(memory, run)
        except SyncError as error:
            run.note(error=error)
        run.note()
        return run.report

    def _carry_or_begin_anew(self, memory: Memory, run: Run) -> Memory:
        try:
            return self._carry_all(memory, run)
        except _TargetReplaced:
            return self._carry_all(self._find_common_ancestry(), run)

    # 2.4.2.1 Verify Peers, 2.4.2.2 Get Peers Information: reading its log says whether a database is
    # there, and the rest of its information is of no use to us. Whoever wants the target to be created
    # does that before.

    def _find_common_ancestry(self) -> Memory:
        if not self._options.use_checkpoints:
            return self._begin(self._options.begin, (), None)
        # 2.4.2.3.2 Retrieve Replication Logs from Source and Target
        logs = [database.read_local(self.id) for database in (self._source, self._target)]
        self._log = logs[0].body if logs[0] else None
        source, target = (read_log(log.body if log else None) for log in logs)
        # 2.4.2.3.3 Compare Replication Logs
        common = common_sessions(source, target)
        since = common_ancestor(common) if common else self._options.begin
        return self._begin(since, common, logs[1].revision if logs[1] else None)

    def _begin(self, since: str, earlier: tuple[Entry, ...], log: Revision | None) -> Memory:
        self._recorded_at = time.monotonic()
        session = Session(id=uuid4().hex, start_time=_now(), start_last_seq=since)
        return Memory(since=since, recorded=since, session=session, earlier=earlier, log=log)

    def _carry_all(self, memory: Memory, run: Run) -> Memory:
        if run.is_stopped():
            return memory
        ends = self._source, self._target
        doc_ids, due = self._options.doc_ids, self._is_time_to_record
        with Ahead(self._carrier, *ends, doc_ids=doc_ids, records=due) as ahead:
            page: Page | None = None
            carried = Carried()
            for step in ahead.steps(memory.since):
                if step.page is not page:
                    page, carried = step.page, step.page.lacking
                    run.begin(page.changes, carried)
                if run.is_stopped():
                    break
                written = self._carrier.write(step.part, again=partial(self._again, ahead))
                carried += written
                run.add(written)
                if step.part.is_last:
                    memory = self._past(page.changes, carried, memory, run)
                    if carried.read and self._is_time_to_record():
                        memory = self._record(memory, run, ahead)
            # 2.4.2.4.4 Replication Completed
            return self._record(memory, run, ahead) if memory.since != memory.recorded else memory

    def _again(self, ahead: Ahead, wanted: Wanted) -> list[Document | Absent]:
        return ahead.ask(lambda: list(self._source.read([wanted])))

    def _past(self, changes: Changes, carried: Carried, memory: Memory, run: Run) -> Memory:
        """Where it stands when all of a page is on the target's disk."""
        if not changes.results:
            return self._passed_by(memory, changes)
        run.saw(changes)
        return memory.after(changes, carried)

    def _passed_by(self, memory: Memory, changes: Changes) -> Memory:
        """Where it stands behind changes that are none of its own: not to wait for what is past.

        That much is worth a checkpoint now and then, for beginning before them costs reading them
        again; but where all is to be carried, an empty page says nothing and is not recorded.
        """
        selects = self._options.part_only or self._options.doc_ids is not None
        if memory.recorded != memory.since or (selects and self._is_time_to_record()):
            return replace(memory, since=changes.last_seq)
        return replace(memory, since=changes.last_seq, recorded=changes.last_seq)

    def _is_time_to_record(self) -> bool:
        return time.monotonic() - self._recorded_at >= self._options.checkpoint_seconds

    def _record(self, memory: Memory, run: Run, ahead: Ahead) -> Memory:
        if not self._options.use_checkpoints:
            return replace(memory, recorded=memory.since)
        # 2.4.2.5.4 Record Replication Checkpoint: at the target first, so that the source never
        # remembers more than the target does.
        session = replace(memory.session, checkpoint=memory.session.checkpoint + 1)
        log = write_log(session, memory.since, _now(), memory.earlier)
        written = self._target.write_local(self.id, log)
        if not memory.is_followed_by(written):
            self._target.delete_local(self.id)  # it claims what this target has not got
            raise _TargetReplaced
        ahead.ask(lambda: self._source.write_local(self.id, log))
        self._log, self._recorded_at = log, time.monotonic()
        run.note(last_seq=memory.since, checkpoints=run.report.checkpoints + 1)
        return replace(memory, recorded=memory.since, session=session, log=written)


class _TargetReplaced(Exception):
    """The target is not the database we remember."""


def replicate(
    source: Database,
    target: Database,
    *,
    options: Options = _DEFAULT,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Report:
    """Carry over whatever the target lacks, once; see `Replicator.run`."""
    return Replicator(source, target, options=options).run(progress=progress, stop=stop)


def _now() -> str:
    return format_datetime(datetime.now(UTC), usegmt=True)


def _nobody(report: Report) -> None:
    """Watches nothing."""


def _never() -> bool:
    return False
