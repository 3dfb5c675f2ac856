"""Many documents in one request: write, read, and ask what is missing.

A replication batch is one `_revs_diff`, one `_bulk_get` and one `_bulk_docs`.

source  CouchDB API, "/{db}/_bulk_docs", "/{db}/_bulk_get", "/{db}/_revs_diff"

Must not know: how documents are kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from sync.database import Database
from sync.errors import BadRequest, NotOffered, SyncError, TooLarge
from sync.http_api.answers import JSON_TYPE, Answer, json_answer, streamed
from sync.http_api.call import Call
from sync.http_api.reading import absence_of, read_each
from sync.http_api.writing import is_local, put_local, read_local_edit
from sync.revisions.revision import StrangeRevision, parse_revision, parse_told
from sync.values.contents import evenly
from sync.values.documents import Absent, Document, Edit, Outcome, Wanted
from sync.values.json_text import dump
from sync.wire.changes import read_offered, write_missing
from sync.wire.documents import document_pieces, read_edit, read_replica
from sync.wire.multipart import MIXED, RELATED, write_many
from sync.wire.names import check_doc_id
from sync.wire.problems import problem_of

# As many empty documents are 150 kB, and take 50 MB and some seconds; a replicator halves what is too large.
_MOST_DOCS = 50_000

_Refusal = dict[str, Any]


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
    return _write(database, [_with_id(doc) for doc in docs], together=told.get("all_or_nothing") is True)


def bulk_get(call: Call, db: str) -> Answer:
    """`POST /{db}/_bulk_get?revs&attachments&latest`: JSON, or parts for who takes no JSON"""
    database, query = call.database(db), call.query
    docs = _array(call.json_object(), "docs", "Missing JSON list of 'docs'.")
    latest, revs = query.flag("latest"), query.flag("revs")
    attachments = query.flag("attachments") if query.has("attachments") else None
    kind = _parts_wished(call)
    # CouchDB gives contents in parts, whatever is said of them.
    found = _found(database, [_wanted(doc, latest, attachments if kind is None else True) for doc in docs])
    # Each piece that is sent costs both sides more than a document of this size does.
    if kind is None:
        return streamed(evenly(_bulk_rows(found, revs)))
    content_type, pieces = write_many((one for _, told in found for one in told), kind=kind, revisions=revs)
    return streamed(evenly(pieces), headers={"Content-Type": content_type})


def revs_diff(call: Call, db: str) -> Answer:
    """`POST /{db}/_revs_diff`"""
    database = call.database(db)
    offered, strange = read_offered(_few_revisions(call.json()))
    return json_answer(write_missing(database.missing(offered), strange))


def missing_revs(call: Call, db: str) -> Answer:
    """`POST /{db}/_missing_revs`: the same without ancestors"""
    database = call.database(db)
    offered, strange = read_offered(_few_revisions(call.json()))
    told = write_missing(database.missing(offered), strange)
    return json_answer({"missing_revs": {doc_id: each["missing"] for doc_id, each in told.items()}})


def _array(told: dict[str, Any], name: str, otherwise: str) -> list[Any]:
    if name not in told:
        raise BadRequest(otherwise)
    value = told[name]
    if not isinstance(value, list):
        raise BadRequest(f"`{name}` parameter must be an array.")
    if len(value) > _MOST_DOCS:
        raise TooLarge(f"a request has at most {_MOST_DOCS} documents")
    return value


def _few_revisions(told: Any) -> Any:
    """The same; raises TooLarge when it names more revisions than a batch has: each is looked for by itself."""
    if isinstance(told, dict):
        named = sum(max(1, len(revs)) for revs in told.values() if isinstance(revs, list))
        if named > _MOST_DOCS:
            raise TooLarge(f"a request names at most {_MOST_DOCS} revisions")
    return told


def _with_id(doc: Any) -> Any:
    if isinstance(doc, dict) and "_id" not in doc:
        return {"_id": uuid4().hex, **doc}
    return doc


def _write(database: Database, docs: Sequence[Any], *, together: bool) -> Answer:
    local = {place: read_local_edit(doc) for place, doc in enumerate(docs) if is_local(doc)}
    edits = [read_edit(doc) for place, doc in enumerate(docs) if place not in local]
    if together and docs:  # whoever counts on it must not find a part of the batch written
        return json_answer([_not_together(doc) for doc in docs], 417)
    outcomes = iter(database.write(edits))
    rows = [
        _local_row(database, local[place]) if place in local else _row(next(outcomes)) for place in range(len(docs))
    ]
    return json_answer(rows, 201)


def _graft(database: Database, docs: Sequence[Any]) -> Answer:
    local = [read_local_edit(doc) for doc in docs if is_local(doc)]
    replicas, refused = _read_replicas(doc for doc in docs if not is_local(doc))
    outcomes = database.graft(replicas)
    for edit in local:
        _local_row(database, edit)
    # As in CouchDB, only what was refused is told: a replicator knows the revisions it sent.
    return json_answer(refused + [_row(outcome) for outcome in outcomes if outcome.error is not None], 201)


def _read_replicas(docs: Iterable[Any]) -> tuple[list[Document], list[dict[str, Any]]]:
    """What can be read, and a row for each whose revision CouchDB alone takes: its replicator goes on without it."""
    replicas, refused = [], []
    for doc in docs:
        try:
            replicas.append(read_replica(doc))
        except StrangeRevision as error:
            refused.append({name[1:]: doc[name] for name in ("_id", "_rev") if name in doc} | problem_of(error))
    return replicas, refused


def _row(outcome: Outcome) -> dict[str, Any]:
    if outcome.error is not None:
        return {"id": outcome.id, **problem_of(outcome.error)}
    return {"ok": True, "id": outcome.id, "rev": str(outcome.revision)}


def _not_together(doc: Mapping[str, Any]) -> dict[str, Any]:
    refused = problem_of(NotOffered("all_or_nothing is not supported"))
    return {"id": doc["_id"], "rev": doc.get("_rev", "0-"), **refused}


def _local_row(database: Database, edit: Edit) -> dict[str, Any]:
    return {"ok": True, "id": edit.id, "rev": str(put_local(database, edit))}


def _parts_wished(call: Call) -> str | None:
    """The kind of parts to answer in; None for who takes JSON, or neither."""
    told = call.headers.get("Accept", "")
    if "multipart/" not in told:
        return None
    accepted = parse_accept_header(told, MIMEAccept)
    if accepted.quality(JSON_TYPE):
        return None
    return next((kind for kind in (MIXED, RELATED) if accepted.quality(kind)), None)


def _wanted(doc: Any, latest: bool, attachments: bool | None) -> Wanted | _Refusal:
    """What is asked for, or why it cannot be.

    attachments  whether contents are wanted; None: where revisions are named that hold some
    """
    if not isinstance(doc, dict) or "id" not in doc:
        return _refusal(None, None, BadRequest("document must be a JSON object"))
    doc_id, rev, since = doc["id"], doc.get("rev"), doc.get("atts_since")
    try:
        check_doc_id(doc_id)
    except BadRequest as error:
        return _refusal(doc_id, None, error)
    try:
        if since is not None and not isinstance(since, list):
            raise BadRequest("Invalid list of revisions")
        return Wanted(
            doc_id,
            revisions=() if rev is None else (parse_revision(rev),),
            latest=latest and rev is not None,
            # CouchDB's replicator names revisions, or none, and wants stubs all the same: it fetches contents later.
            attachments=bool(since) if attachments is None else attachments,
            atts_since=parse_told(since or ())[0],
        )
    except BadRequest as error:
        return _refusal(doc_id, rev, error)


def _refusal(doc_id: Any, rev: Any, error: SyncError) -> _Refusal:
    return {"id": doc_id, "rev": rev, **problem_of(error)}


def _found(
    database: Database, asked: Sequence[Wanted | _Refusal]
) -> Iterator[tuple[Any, Iterable[Document | _Refusal]]]:
    """The id of each that was asked for, and what there is of it."""
    groups = read_each(database, [each for each in asked if isinstance(each, Wanted)])
    for each in asked:
        if isinstance(each, Wanted):
            yield each.id, map(_or_why_not, next(groups) or [_unknown(each)])
        else:
            yield each["id"], [each]


def _unknown(each: Wanted) -> Absent:
    return Absent(each.id, each.revisions[0] if each.revisions else None, "missing")


def _or_why_not(found: Document | Absent) -> Document | _Refusal:
    if isinstance(found, Document):
        return found
    return _refusal(found.id, "undefined" if found.revision is None else str(found.revision), absence_of(found))


def _bulk_rows(found: Iterable[tuple[Any, Iterable[Document | _Refusal]]], revs: bool) -> Iterator[bytes]:
    yield b'{"results":['
    between = b"\n"
    for doc_id, told in found:
        yield between + b'{"id":' + dump(doc_id) + b',"docs":['
        for place, one in enumerate(told):
            yield from _bulk_row(one, revs, b"," if place else b"")
        yield b"]}"
        between = b",\n"
    yield b"\n]}\n"


def _bulk_row(one: Document | _Refusal, revs: bool, before: bytes) -> Iterator[bytes]:
    if isinstance(one, Document):
        yield before + b'{"ok":'
        yield from document_pieces(one, revisions=revs)
        yield b"}"
    else:
        yield before + dump({"error": one})
