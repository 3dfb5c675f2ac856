"""The documents of `_replicator`: each is a job for as long as it stands there, over restarts too.

    {"source": …, "target": …, "continuous": true}      begins a job when it is written, ends it when it is deleted
    {…, "_replication_state": "completed", …}           what has become of it, written into it

A document that another was copied to, or that a restart finds, begins its job anew, unless it says
that the job is done or cannot be. How things stand in between is told by `_scheduler/docs` alone.

source  CouchDB, `couch_replicator_doc_processor`, `couch_replicator_docs`

Must not know: HTTP, threads but its own, how a job is carried out.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sync.database import Database, Databases
from sync.errors import Conflict, NotFound, Refused, SyncError
from sync.replicator.job import Job, Origin
from sync.replicator.scheduler import Scheduler, backed_off
from sync.replicator.specification import Specification, read_specification
from sync.store.wakes import ANYTHING, Wakes
from sync.typed import Value, replace
from sync.values.changes import START, Span
from sync.values.documents import Document, Edit, Wanted
from sync.values.json_text import dump
from sync.values.traces import trace_of
from sync.wire.names import DESIGN

NAME = "_replicator"
STATE, REASON, STATS, TIME = (
    "_replication_state",
    "_replication_state_reason",
    "_replication_stats",
    "_replication_state_time",
)
COMPLETED, FAILED = "completed", "failed"
_PAGE = 100
# Writers elsewhere wake us with every commit; looking this often is soon enough and costs nothing.
_PAUSE_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 60.0
_ATTEMPTS = 10

_log = logging.getLogger(__name__)
Key = tuple[str, str]


class Tracked(Value):
    """A document whose job is to run.

    error    why it could not be given to the scheduler, which is tried again when `due` (monotonic)
    """

    specification: Specification
    job_id: str
    begun: float
    updated: float
    error: str | None = None
    errors: int = 0
    due: float = 0.0


def is_replicator(name: str) -> bool:
    """Whether documents of the database of that name are jobs."""
    return name == NAME or name.endswith("/" + NAME)


class Documents:
    """Follows the `_replicator` databases and keeps the scheduler in step with them."""

    def __init__(
        self,
        databases: Databases,
        wakes: Wakes,
        scheduler: Scheduler,
        *,
        server: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """wakes: those of the engine that keeps the databases; server: names it in replication ids."""
        self._databases = databases
        self._wakes = wakes
        self._scheduler = scheduler
        self._server = server
        self._clock = clock
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._tracked: dict[Key, Tracked] = {}
        self._seen: dict[str, _Seen] = {}
        self._thread = threading.Thread(target=self._follow, name="replicator-documents", daemon=True)

    def start(self) -> None:
        """Begin to follow; what stands in the databases is taken up first."""
        self._thread.start()

    def close(self) -> None:
        """Follow no more."""
        self._closing.set()
        if self._thread.is_alive():
            self._wakes.wake(())
            self._thread.join()

    def tracked(self, database: str, doc_id: str) -> Tracked | None:
        """What is known of a document whose job is to run; None for those that are done, and any other."""
        with self._lock:
            return self._tracked.get((database, doc_id))

    def completed(self, job: Job) -> None:
        """Write into a job's document that it is done; called by the job's own thread."""
        database, doc_id = job.origin.database, job.origin.document
        if database is None or doc_id is None:
            return
        stats = {**job.stats.told(), "start_time": iso8601(job.added)}

        def done(fields: dict[str, Any]) -> dict[str, Any]:
            fields.pop(REASON, None)
            return {**self._in_state(fields, COMPLETED), STATS: stats}

        try:
            self._rewrite(database, doc_id, job.specification, done)
        except SyncError as error:
            _log.error("what became of a replication could not be written down: %s", error.reason)

    def _failed(self, database: str, doc_id: str, specification: Specification | None, reason: str) -> None:
        def failed(fields: dict[str, Any]) -> dict[str, Any]:
            fields.pop(STATS, None)
            return {**self._in_state(fields, FAILED), REASON: reason}

        self._rewrite(database, doc_id, specification, failed)

    def _in_state(self, fields: dict[str, Any], state: str) -> dict[str, Any]:
        return {**fields, STATE: state, TIME: iso8601(self._clock())}

    def _rewrite(
        self,
        database: str,
        doc_id: str,
        specification: Specification | None,
        change: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> None:
        """Change a document, unless it asks for something else by now (`specification`; None: cannot be read)."""
        for _ in range(_ATTEMPTS):
            opened = self._databases.open(database)
            found = next(iter(opened.read([Wanted(doc_id)])), None)
            if not isinstance(found, Document) or _specification_of(found) != specification:
                return
            edit = Edit(doc_id, found.revision, dump(change(found.fields())), attachments=found.attachments)
            outcome = opened.write([edit])[0]
            if not isinstance(outcome.error, Conflict):
                return

    def _follow(self) -> None:
        while not self._closing.is_set():
            count = self._wakes.count(ANYTHING)
            try:
                self._look()
                self._try_again()
            except SyncError as error:
                if not self._closing.is_set():
                    _log.error("the replicator's documents could not be read: %s", error.reason)
            except Exception as fault:  # one document too strange for us must not end all others' jobs
                _log.error("%s while following the replicator's documents\n%s", type(fault).__name__, trace_of(fault))
            self._wakes.wait(ANYTHING, count, timeout_seconds=self._patience())
            self._closing.wait(_PAUSE_SECONDS)

    def _look(self) -> None:
        names = [name for name in self._databases.names() if is_replicator(name)]
        for name in [each for each in self._seen if each not in names]:
            self._drop(name)
        for name in names:
            count = self._wakes.count(name)
            seen = self._seen.get(name)
            if seen is None or seen.count != count:
                try:
                    self._look_into(self._databases.open(name), seen or _Seen(), count)
                except NotFound:  # destroyed meanwhile
                    self._drop(name)

    def _look_into(self, database: Database, seen: "_Seen", count: int) -> None:
        instance = database.info().instance_start_time
        if seen.instance not in ("", instance):
            self._drop(database.name)
            seen = _Seen()
        while True:
            page = database.changes(seen.since, limit=_PAGE)
            for change in page.results:
                if change.deleted:
                    self._forget((database.name, change.id))
            living = [Wanted(change.id) for change in page.results if not change.deleted]
            for found in database.read(living):
                if isinstance(found, Document) and not found.id.startswith(DESIGN):
                    self._take_up(database.name, found)
            seen = self._seen[database.name] = _Seen(instance, page.last_seq, count)
            if not page.pending:
                return

    def _take_up(self, database: str, document: Document) -> None:
        key = (database, document.id)
        if document.fields().get(STATE) in (COMPLETED, FAILED):
            self._forget(key)
            return
        try:
            specification = read_specification(document.fields())
        except Refused as error:
            self._forget(key)
            self._failed(database, document.id, None, error.reason)
            return
        known = self._tracked.get(key)
        # Its job may have come to an end, by itself or at somebody's word, and the document been written again
        # before that was seen here.
        if known is not None and known.specification == specification and self._stands(known):
            return
        self._forget(key)
        now = self._clock()
        self._track(key, Tracked(specification, specification.job_id(self._server), now, now))
        self._submit(key)

    def _stands(self, tracked: Tracked) -> bool:
        return tracked.error is not None or self._scheduler.find(tracked.job_id) is not None

    def _submit(self, key: Key) -> None:
        """Give a document's job to the scheduler, which may have one by that id from somebody else."""
        tracked = self._tracked[key]
        origin = Origin(*key)
        job = self._scheduler.add(tracked.job_id, tracked.specification, origin)
        if job.origin == origin:
            self._track(key, replace(tracked, error=None, errors=0, updated=self._clock()))
            return
        told = f"Replication `{job.id}` specified by document `{key[1]}`"
        if job.origin.document is None:
            reason = f"{told} already running as a transient replication, started via `_replicate` API endpoint"
            errors = tracked.errors + 1
            due = time.monotonic() + backed_off(errors, True)
            self._track(key, replace(tracked, error=reason, errors=errors, due=due, updated=self._clock()))
            return
        with self._lock:
            del self._tracked[key]
        other = f"triggered by document `{job.origin.document}` from db `{job.origin.database}`"
        self._failed(*key, tracked.specification, f"{told} already started, {other}")

    def _try_again(self) -> None:
        now = time.monotonic()
        for key, tracked in list(self._tracked.items()):
            if tracked.error is not None and tracked.due <= now:
                self._submit(key)

    def _patience(self) -> float:
        due = [tracked.due for tracked in self._tracked.values() if tracked.error is not None]
        return min(max(min(due, default=float("inf")) - time.monotonic(), 0.0), _LONGEST_WAIT_SECONDS)

    def _track(self, key: Key, tracked: Tracked) -> None:
        with self._lock:
            self._tracked[key] = tracked

    def _forget(self, key: Key) -> None:
        with self._lock:
            tracked = self._tracked.pop(key, None)
        if tracked is not None:
            job = self._scheduler.find(tracked.job_id)
            if job is not None and (job.origin.database, job.origin.document) == key:
                self._scheduler.remove(tracked.job_id, wait=False)

    def _drop(self, name: str) -> None:
        """Forget a database and end the jobs of its documents."""
        self._seen.pop(name, None)
        for key in [key for key in self._tracked if key[0] == name]:
            self._forget(key)


class _Seen(Value):
    """How far a database was read: which life of it, up to which sequence, woken how often."""

    instance: str = ""
    since: str = START
    count: int = -1


def documents_of(database: Database) -> Iterator[Document]:
    """Every document that may be a job, in the order of ids."""
    ids = [row.id for row in database.list(Span()).rows if not row.id.startswith(DESIGN)]
    for start in range(0, len(ids), _PAGE):
        for found in database.read([Wanted(each) for each in ids[start : start + _PAGE]]):
            if isinstance(found, Document):
                yield found


def iso8601(at: float) -> str:
    """A wall time as CouchDB writes it here."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _specification_of(document: Document) -> Specification | None:
    fields: Mapping[str, Any] = document.fields()
    try:
        return read_specification(fields)
    except Refused:
        return None
