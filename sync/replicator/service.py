"""CouchDB's replication service at one server: what the HTTP API asks, and what runs when nobody asks.

    service = ReplicationService(engine.databases, engine.wakes, server=uuid)
    service.start("http://127.0.0.1:5984")      # the documents' jobs begin
    service.result(service.begin({"source": "a", "target": "https://…/b"}, user="chen"))
    service.close()                             # every job stops at its checkpoint

Whoever may ask is let to any address and any database: admit administrators alone.

Must not know: HTTP, who may ask.
"""

import contextlib
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sync.database import Databases
from sync.errors import FileExists, NotFound, PeerBusy
from sync.replicator.documents import NAME, Documents, documents_of
from sync.replicator.job import Job, Origin
from sync.replicator.scheduler import MOST_RUNNING, TURN_SECONDS, Delay, Scheduler, backed_off
from sync.replicator.specification import cancelled_id, read_specification
from sync.replicator.telling import Teller, Told
from sync.replicator.working import Worker
from sync.store.wakes import Wakes
from sync.values.documents import Document, Wanted

_NODE = "yizhan@127.0.0.1"  # a cluster of one


class ReplicationService:
    """The jobs of one server and whoever tells of them."""

    def __init__(
        self,
        databases: Databases,
        wakes: Wakes,
        *,
        server: str,
        most_running: int = MOST_RUNNING,
        turn_seconds: float = TURN_SECONDS,
        delay: Delay = backed_off,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Nothing runs before `start`.

        wakes         those of the engine that keeps the databases
        server        names this server for ever: the checkpoints hang on it
        most_running  jobs that have a thread at once; the others wait their turn
        delay         (failures in a row, whether waiting helps) -> seconds until a job is tried again
        """
        self._databases = databases
        self._server = server
        self._address = ""
        worker = Worker(databases, wakes, server=server, address=lambda: self._address, clock=clock)
        self._scheduler = Scheduler(
            worker.work,
            done=lambda job: self._documents.completed(job),
            most_running=most_running,
            turn_seconds=turn_seconds,
            delay=delay,
            clock=clock,
        )
        self._documents = Documents(databases, wakes, self._scheduler, server=server, clock=clock)
        self._teller = Teller(node=_NODE, address="", process=os.getpid())

    def start(self, address: str) -> None:
        """Begin; `address` is this server's own, without a slash at its end.

        The database for the jobs is made where there is none, as CouchDB's setup does.
        """
        self._address = address
        with contextlib.suppress(FileExists):
            self._databases.create(NAME)
        self._teller = Teller(node=_NODE, address=address, process=os.getpid())
        self._scheduler.start()
        self._documents.start()

    def close(self) -> None:
        """Stop everything, within seconds; whoever waits for a job is told to come back later."""
        self._documents.close()
        self._scheduler.close()

    def cancel(self, fields: Mapping[str, Any]) -> Told:
        """End the job a request names; raises NotFound, and as `read_specification`."""
        job_id = cancelled_id(fields, self._server)
        if not self._scheduler.remove(job_id):
            raise NotFound("missing")
        return {"ok": True, "_local_id": job_id}

    def begin(self, fields: Mapping[str, Any], *, user: str | None) -> Job:
        """Add the job a request asks for, or find the one there is; raises as `read_specification`."""
        specification = read_specification(fields)
        return self._scheduler.add(specification.job_id(self._server), specification, Origin(user=user))

    def result(self, job: Job) -> Mapping[str, Any]:
        """Wait until a job is over and give its report; raises what ended it."""
        job.ended.wait()
        if job.answer is None:
            raise job.error or PeerBusy("The replication ended without a result.")
        return job.answer

    def jobs(self) -> list[Told]:
        """Every job, in the order of ids."""
        return [self._teller.job(job) for job in self._scheduler.jobs()]

    def job(self, job_id: str) -> Told:
        """One job; raises NotFound."""
        job = self._scheduler.find(job_id.replace(" ", "+"))
        if job is None:
            raise NotFound("missing")
        return self._teller.job(job)

    def tasks(self) -> list[Told]:
        """The jobs that run now."""
        return [self._teller.task(job) for job in self._scheduler.running()]

    def documents(self, name: str, states: Collection[str]) -> Sequence[Told]:
        """What has become of the documents of a `_replicator` database, in the order of ids.

        states  those to tell of; none for all
        raises  NotFound when there is no such database
        """
        rows = (self._row(name, document) for document in documents_of(self._databases.open(name)))
        return [row for row in rows if row["state"] is not None and (not states or row["state"] in states)]

    def document(self, name: str, doc_id: str) -> Told:
        """What has become of one document; raises NotFound."""
        found = next(iter(self._databases.open(name).read([Wanted(doc_id)])), None)
        if not isinstance(found, Document):
            raise NotFound("missing")
        return self._row(name, found)

    def _row(self, name: str, document: Document) -> Told:
        tracked = self._documents.tracked(name, document.id)
        job = self._scheduler.find(tracked.job_id) if tracked else None
        if job is not None and (job.origin.database, job.origin.document) != (name, document.id):
            job = None
        return self._teller.document(name, document.id, document.fields(), tracked, job)
