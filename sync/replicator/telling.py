"""Jobs and documents as `_active_tasks` and `_scheduler` tell them. No password is in what is told.

source  CouchDB API, "/_active_tasks", "/_scheduler/jobs", "/_scheduler/docs"

Must not know: databases, how jobs are kept.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import Refused
from sync.replicator.documents import COMPLETED, FAILED, REASON, STATE, STATS, TIME, Tracked, iso8601
from sync.replicator.endpoints import read_endpoint
from sync.replicator.job import Event, Job, State, reason_of

# The states `_scheduler/docs` can be asked for.
STATES = ("initializing", "error", "running", "pending", "crashing", "completed", "failed")

Told = dict[str, Any]


class Teller:
    """Tells of jobs at one server."""

    def __init__(self, *, node: str, address: str, process: int) -> None:
        """node: the server's name for itself; address: where it is; process: its process id."""
        self._node = node
        self._address = address
        self._process = process

    def job(self, job: Job) -> Told:
        """One row of `_scheduler/jobs`."""
        return {
            "database": job.origin.database,
            "id": job.id,
            "pid": self._pid(job),
            "source": job.specification.source.shown(self._address),
            "target": job.specification.target.shown(self._address),
            "user": job.origin.user,
            "doc_id": job.origin.document,
            "info": job.stats.told() if job.turn else None,
            "history": [_event(each) for each in job.history],
            "node": self._node,
            "start_time": iso8601(job.added),
        }

    def task(self, job: Job) -> Told:
        """One row of `_active_tasks`."""
        asked = job.specification
        return {
            "type": "replication",
            "node": self._node,
            "pid": self._pid(job),
            "replication_id": job.id,
            "database": job.origin.database,
            "doc_id": job.origin.document,
            "user": job.origin.user,
            "source": asked.source.shown(self._address),
            "target": asked.target.shown(self._address),
            "continuous": asked.continuous,
            "checkpoint_interval": int(asked.checkpoint_seconds * 1000),
            **job.stats.told(),
            "started_on": int(job.started),
            "updated_on": int(max(job.started, job.updated)),
        }

    def document(self, database: str, doc_id: str, fields: Told, tracked: Tracked | None, job: Job | None) -> Told:
        """One row of `_scheduler/docs`; `state` is None when nothing is to become of the document."""
        row: Told = {
            "database": database,
            "doc_id": doc_id,
            "id": tracked.job_id if tracked else None,
            "node": self._node,
            "source": self._shown(fields.get("source")),
            "target": self._shown(fields.get("target")),
        }
        if job is not None:
            return {**row, **self._of_job(job)}
        return {**row, **(_of_tracked(tracked) if tracked else _of_fields(fields))}

    def _of_job(self, job: Job) -> Told:
        crashing = job.state is State.CRASHING and job.error is not None
        return {
            "state": job.state.value,
            "info": {"error": reason_of(job.error)} if crashing and job.error else job.stats.told(),
            "error_count": job.errors,
            "last_updated": iso8601(job.updated),
            "start_time": iso8601(job.added),
            "source_proxy": None,
            "target_proxy": None,
        }

    def _pid(self, job: Job) -> str | None:
        return f"{self._process}.{job.number}" if job.state is State.RUNNING else None

    def _shown(self, end: Any) -> str | None:
        try:
            return read_endpoint(end).shown(self._address)
        except Refused:  # and not as it stands there, for it may hold a password
            return None


def _of_tracked(tracked: Tracked) -> Told:
    return {
        "state": "error" if tracked.error else "initializing",
        "info": {"error": tracked.error} if tracked.error else None,
        "error_count": tracked.errors,
        "last_updated": iso8601(tracked.updated),
        "start_time": iso8601(tracked.begun),
    }


def _of_fields(fields: Mapping[str, Any]) -> Told:
    state, at = fields.get(STATE), fields.get(TIME)
    if state == COMPLETED:
        stats = fields.get(STATS)
        info = dict(stats) if isinstance(stats, dict) else {}
        begun = info.pop("start_time", None)
        return {"state": state, "info": info, "error_count": 0, "last_updated": at, "start_time": begun}
    if state == FAILED:
        info = {"error": fields.get(REASON)}
        return {"state": state, "info": info, "error_count": 1, "last_updated": at, "start_time": at}
    return {"state": None, "info": None, "error_count": 0, "last_updated": None, "start_time": None}


def _event(event: Event) -> Told:
    reason = {} if event.reason is None else {"reason": event.reason}
    return {"timestamp": iso8601(event.at), "type": event.kind, **reason}
