"""Many documents in one request: write, read, and ask what is missing.

A replication batch is one `_revs_diff`, one `_bulk_get` and one `_bulk_docs`.

source  CouchDB API, "/{db}/_bulk_docs", "/{db}/_bulk_get", "/{db}/_revs_diff"

Must not know: how documents are kept.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from sync.database import Database
from sync.errors import BadRequest
from sync.http_api.answers import Answer, json_answer, streamed
from sync.http_api.call import Call
from sync.http_api.reading import read_each
from sync.revisions.revision import parse_revision
from sync.values.documents import Absent, Document, Edit, Outcome, Wanted
from sync.values.json_text import dump
from sync.wire.changes import read_offered, write_missing
from sync.wire.documents import document_pieces, read_edit, read_replica
from sync.wire.names import LOCAL
from sync.wire.problems import problem_of

_READ_AT_ONCE = 100  # documents of one `_bulk_get` held in memory, with their small attachments


def bulk_docs(call: Call, db: str) -> Answer:
    """`POST /{db}/_bulk_docs`; nothing is written unless every document can be read"""
    database = call.database(db)
    told = call.json_object()
    docs = _array(told, "docs", "POST body must include `docs` parameter.")
    new_edits = told.get("new_edits", True)
    if not isinstance(new_edits, bool):
        raise BadRequest("`new_edits` parameter must be a boolean.")
    if not new_edits:
        return _graft(database, docs)
    return _write(database, [_with_id(doc) for doc in docs])


def bulk_get(call: Call, db: str) -> Answer:
    """`POST /{db}/_bulk_get?revs&attachments&latest`"""
    database, query = call.database(db), call.query
    docs = _array(call.json_object(), "docs", "Missing JSON list of 'docs'.")
    latest, attachments, revs = query.flag("latest"), query.flag("attachments"), query.flag("revs")
    wanted = [_wanted(doc, latest, attachments) for doc in docs]
    return streamed(_bulk_rows(database, wanted, revs))


def revs_diff(call: Call, db: str) -> Answer:
    """`POST /{db}/_revs_diff`"""
    database = call.database(db)
    return json_answer(write_missing(database.missing(read_offered(call.json()))))


def missing_revs(call: Call, db: str) -> Answer:
    """`POST /{db}/_missing_revs`: the same without ancestors"""
    database = call.database(db)
    missing = database.missing(read_offered(call.json()))
    told = {doc_id: [str(revision) for revision in each.revisions] for doc_id, each in missing.items()}
    return json_answer({"missing_revs": told})


def _array(told: dict[str, Any], name: str, otherwise: str) -> list[Any]:
    if name not in told:
        raise BadRequest(otherwise)
    value = told[name]
    if not isinstance(value, list):
        raise BadRequest(f"`{name}` parameter must be an array.")
    return value


def _with_id(doc: Any) -> Any:
    if isinstance(doc, dict) and "_id" not in doc:
        return {"_id": uuid4().hex, **doc}
    return doc


def _write(database: Database, docs: Sequence[Any]) -> Answer:
    local = {place: _local_edit(doc) for place, doc in enumerate(docs) if _is_local(doc)}
    edits = [read_edit(doc) for place, doc in enumerate(docs) if place not in local]
    outcomes = iter(database.write(edits))
    rows = [
        _local_row(database, local[place]) if place in local else _row(next(outcomes)) for place in range(len(docs))
    ]
    return json_answer(rows, 201)


def _graft(database: Database, docs: Sequence[Any]) -> Answer:
    local = [_local_edit(doc) for doc in docs if _is_local(doc)]
    outcomes = database.graft([read_replica(doc) for doc in docs if not _is_local(doc)])
    for edit in local:
        _local_row(database, edit)
    # As in CouchDB, only what was refused is told: a replicator knows the revisions it sent.
    return json_answer([_row(outcome) for outcome in outcomes if outcome.error is not None], 201)


def _is_local(doc: Any) -> bool:
    return isinstance(doc, dict) and isinstance(doc.get("_id"), str) and doc["_id"].startswith(LOCAL)


def _local_edit(doc: dict[str, Any]) -> Edit:
    # Revisions of local documents are `0-N`, are compared with nothing, and follow no tree.
    return read_edit({name: value for name, value in doc.items() if name not in ("_rev", "_revisions")})


def _row(outcome: Outcome) -> dict[str, Any]:
    if outcome.error is not None:
        return {"id": outcome.id, **problem_of(outcome.error)}
    return {"ok": True, "id": outcome.id, "rev": str(outcome.revision)}


def _local_row(database: Database, edit: Edit) -> dict[str, Any]:
    local_id = edit.id.removeprefix(LOCAL)
    if edit.deleted:
        database.delete_local(local_id)
        return {"ok": True, "id": edit.id, "rev": "0-0"}
    return {"ok": True, "id": edit.id, "rev": str(database.write_local(local_id, edit.body))}


def _wanted(doc: Any, latest: bool, attachments: bool) -> Wanted:
    if not isinstance(doc, dict):
        raise BadRequest("`docs` must be an array of objects.")
    doc_id, rev, since = doc.get("id"), doc.get("rev"), doc.get("atts_since")
    if not isinstance(doc_id, str):
        raise BadRequest("document id missed")
    if since is not None and not isinstance(since, list):
        raise BadRequest("`atts_since` must be an array of revisions.")
    return Wanted(
        doc_id,
        revisions=() if rev is None else (parse_revision(rev),),
        latest=latest and rev is not None,
        attachments=attachments or since is not None,
        atts_since=tuple(parse_revision(each) for each in since or ()),
    )


def _bulk_rows(database: Database, wanted: Sequence[Wanted], revs: bool) -> Iterator[bytes]:
    yield b'{"results":['
    between = b"\n"
    for start in range(0, len(wanted), _READ_AT_ONCE):
        page = wanted[start : start + _READ_AT_ONCE]
        for each, found in zip(page, read_each(database, page), strict=True):
            yield between + b'{"id":' + dump(each.id) + b',"docs":['
            for place, one in enumerate(found or [_unknown(each)]):
                yield from _bulk_row(one, revs, b"," if place else b"")
            yield b"]}"
            between = b",\n"
    yield b"\n]}\n"


def _unknown(each: Wanted) -> Absent:
    return Absent(each.id, each.revisions[0] if each.revisions else None, "missing")


def _bulk_row(found: Document | Absent, revs: bool, before: bytes) -> Iterator[bytes]:
    if isinstance(found, Document):
        yield before + b'{"ok":'
        yield from document_pieces(found, revisions=revs)
        yield b"}"
        return
    rev = "undefined" if found.revision is None else str(found.revision)
    yield before + dump({"error": {"id": found.id, "rev": rev, "error": "not_found", "reason": found.reason}})
