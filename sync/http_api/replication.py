"""The replication service: jobs begun and ended at once, and what has become of all of them.

Only the stand-alone server has one. A node replicates with whom it is enrolled, and never to where
a caller tells it: that would make it a hand in its own network for strangers.

source  CouchDB API, "/_replicate", "/_scheduler"; `couch_replicator_httpd`

Must not know: how replication works, what jobs are.
"""

from sync.errors import BadRequest, NotFound, NotOffered
from sync.http_api.answers import Answer, json_answer
from sync.http_api.call import Call
from sync.replicator.documents import NAME, is_replicator
from sync.replicator.service import ReplicationService
from sync.replicator.specification import is_cancelling
from sync.replicator.telling import STATES
from sync.wire.problems import NoDatabase, UnreadableQuery

_MOST_JOBS = 100


def replicate(call: Call) -> Answer:
    """`POST /_replicate`: answers when the replication is done, or at once when it is `continuous`"""
    service = _service(call)
    fields = call.json_object()
    if is_cancelling(fields):
        return json_answer(service.cancel(fields))
    # Whoever waits holds a thread, like a feed; so the places are the same.
    gate = call.server.feeds
    gate.enter()
    try:
        job = service.begin(fields, user=call.caller.name)
        if job.specification.continuous:
            return json_answer({"ok": True, "_local_id": job.id}, 202)
        return json_answer(service.result(job))
    finally:
        gate.leave()


def jobs(call: Call) -> Answer:
    """`GET /_scheduler/jobs`"""
    told = _service(call).jobs()
    limit = call.query.count("limit")
    skip = min(call.query.count("skip") or 0, len(told))
    shown = told[skip:][: _MOST_JOBS if limit is None else limit]
    return json_answer({"total_rows": len(told), "offset": skip, "jobs": shown})


def job(call: Call, job: str) -> Answer:
    """`GET /_scheduler/jobs/{id}`"""
    return json_answer(_service(call).job(job))


def default_docs(call: Call) -> Answer:
    """`GET /_scheduler/docs`"""
    return docs(call, NAME)


def docs(call: Call, replicator: str) -> Answer:
    """`GET /_scheduler/docs/{replicator_db}`"""
    service = _service(call)
    if not is_replicator(replicator):
        raise BadRequest("Invalid path")
    states, limit = _states(call.query.text("states")), call.query.count("limit")
    try:
        told = service.documents(replicator, states)
    except NotFound:
        raise NoDatabase from None
    if call.query.flag("descending"):
        told = told[::-1]
    skip = min(call.query.count("skip") or 0, len(told))
    shown = told[skip:] if limit is None else told[skip : skip + limit]
    return json_answer({"total_rows": len(told), "offset": skip, "docs": shown})


def doc(call: Call, replicator: str, doc: str) -> Answer:
    """`GET /_scheduler/docs/{replicator_db}/{docid}`"""
    service = _service(call)
    if not is_replicator(replicator):  # `a/_replicator`, its slash not encoded
        return docs(call, f"{replicator}/{doc}")
    try:
        return json_answer(service.document(replicator, doc))
    except NotFound:
        raise NotFound("missing") from None


def plain_doc(call: Call, rest: str) -> Answer:
    """The same for `a/_replicator` and its documents when the slashes of the name are not encoded"""
    before, name, behind = rest.rpartition(f"/{NAME}")
    if not name or behind.count("/") > 1 or (behind and not behind.startswith("/")):
        raise BadRequest("Invalid path")
    return doc(call, before + name, behind[1:]) if behind else docs(call, before + name)


def _service(call: Call) -> ReplicationService:
    if call.server.replicator is None:
        raise NotOffered("A node replicates with nobody whom a caller names: replicate from your own side.")
    return call.server.replicator


def _states(asked: str | None) -> frozenset[str]:
    states = frozenset(state.strip().lower() for state in (asked or "").split(",") if state.strip())
    unknown = sorted(states - set(STATES))
    if unknown:
        raise UnreadableQuery(f"Unknown states [{','.join(unknown)}]. Choose from: [{','.join(STATES)}]")
    return states
