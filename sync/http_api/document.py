"""One document: read it, its revisions or its leaves; write, copy and delete it.

source  CouchDB API, /{db}/{docid}

Must not know: how documents are kept.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from uuid import uuid4

from sync.database import Database
from sync.errors import BadRequest, NotFound
from sync.http_api.answers import Answer, json_answer, parts_answer, streamed, written
from sync.http_api.call import Call, Query
from sync.http_api.incoming import sent_document
from sync.http_api.reading import asides, read_one
from sync.http_api.writing import etagged, parent_of, put_edit, put_replica
from sync.revisions.revision import Revision, parse_revision
from sync.values.documents import Absent, Document, Edit, Wanted
from sync.values.json_text import dump
from sync.wire.documents import document_pieces, read_edit, read_replica
from sync.wire.multipart import MIXED, RELATED, write_mixed, write_related
from sync.wire.names import check_doc_id

_ASIDES = {
    "conflicts": "_conflicts",
    "deleted_conflicts": "_deleted_conflicts",
    "revs_info": "_revs_info",
    "local_seq": "_local_seq",
}
_META = frozenset({"_conflicts", "_deleted_conflicts", "_revs_info"})
# With any of these an answer is more than its revision, so the revision cannot be its ETag.
_RESHAPING = (*_ASIDES, "revs", "meta", "attachments", "atts_since", "latest", "rev")


def read(call: Call, db: str, doc: str) -> Answer:
    """`GET /{db}/{docid}`"""
    database, query = call.database(db), call.query
    if query.has("open_revs"):
        return _open_revs(call, database, doc)
    revision = parse_revision(query.text("rev")) if query.has("rev") else None
    wanted = Wanted(
        doc,
        revisions=None if revision is None else (revision,),
        latest=revision is not None and query.flag("latest"),
        attachments=query.flag("attachments") or query.has("atts_since"),
        atts_since=_revisions(query.json("atts_since"), "atts_since"),
    )
    document = read_one(database, wanted)
    headers = {} if query.has(*_RESHAPING) else etagged(document.revision)
    if headers and call.headers.get("If-None-Match") in (headers["ETag"], str(document.revision)):
        return Answer(status=304, headers=headers)
    extras = asides(database, document, _asked(query))
    if RELATED in call.headers.get("Accept", "") and any(each.data is not None for each in document.attachments):
        return parts_answer(write_related(document, revisions=query.flag("revs"), extras=extras), headers)
    pieces = document_pieces(document, revisions=query.flag("revs"), extras=extras)
    return streamed(chain(pieces, [b"\n"]), headers=headers)


def write(call: Call, db: str, doc: str) -> Answer:
    """`PUT /{db}/{docid}`"""
    database = call.database(db)
    check_doc_id(doc)
    fields, following = sent_document(call)
    address = call.location(db, doc)
    if not call.query.flag("new_edits", otherwise=True):
        revision = put_replica(database, read_replica(fields, doc_id=doc, following=following))
    else:
        edit = read_edit(fields, doc_id=doc, parent=parent_of(call, fields), following=following)
        revision = put_edit(database, edit)
    # CouchDB creates with 201, and deletes with 200 even so.
    status = 200 if fields.get("_deleted") else 201
    return written(doc, str(revision), status=status, address=address)


def add(call: Call, db: str) -> Answer:
    """`POST /{db}`: a new document; without `_id` it gets one"""
    database = call.database(db)
    fields = call.json()
    if not isinstance(fields, dict):
        raise BadRequest("Document must be a JSON object")
    doc_id = check_doc_id(fields.get("_id", uuid4().hex))
    if not call.query.flag("new_edits", otherwise=True):
        revision = put_replica(database, read_replica(fields, doc_id=doc_id))
    else:
        revision = put_edit(database, read_edit(fields, doc_id=doc_id))
    return written(doc_id, str(revision), address=call.location(db, doc_id))


def remove(call: Call, db: str, doc: str) -> Answer:
    """`DELETE /{db}/{docid}?rev=`"""
    database = call.database(db)
    read_one(database, Wanted(doc))
    revision = put_edit(database, Edit(doc, parent_of(call, {}), deleted=True))
    return written(doc, str(revision), status=200)


def copy(call: Call, db: str, doc: str) -> Answer:
    """`COPY /{db}/{docid}` to the id in `Destination: other?rev=…`"""
    database = call.database(db)
    target, _, rest = call.headers.get("Destination", "").partition("?")
    if not target:
        raise BadRequest("Destination header is mandatory for COPY.")
    check_doc_id(target)
    parent = parse_revision(rest.removeprefix("rev=")) if rest else None
    source = parse_revision(call.query.text("rev")) if call.query.has("rev") else None
    document = read_one(database, Wanted(doc, None if source is None else (source,), attachments=True))
    edit = Edit(target, parent, body=document.body, attachments=document.attachments)
    return written(target, str(put_edit(database, edit)), address=call.location(db, target))


def _asked(query: Query) -> frozenset[str]:
    named = frozenset(member for name, member in _ASIDES.items() if query.flag(name))
    return named | _META if query.flag("meta") else named


def _open_revs(call: Call, database: Database, doc: str) -> Answer:
    query = call.query
    every = query.text("open_revs") == "all"
    revisions = () if every else _revisions(query.json("open_revs"), "open_revs")
    if not every and not revisions:
        return json_answer([])
    wanted = Wanted(
        doc,
        revisions=revisions,
        latest=query.flag("latest"),
        # CouchDB gives contents here to those who take multipart, and its replicator counts on it
        attachments=query.flag("attachments") or query.has("atts_since") or _takes_mixed(call),
        atts_since=_revisions(query.json("atts_since"), "atts_since"),
    )
    found = list(database.read([wanted]))
    if every and not any(isinstance(each, Document) for each in found):
        raise NotFound("missing")
    if _takes_mixed(call):
        return parts_answer(write_mixed(found, revisions=query.flag("revs")))
    return streamed(_open_rows(found, query.flag("revs")))


def _open_rows(found: Iterable[Document | Absent], revs: bool) -> Iterator[bytes]:
    yield b"["
    for place, each in enumerate(found):
        before = b"," if place else b""
        if isinstance(each, Document):
            yield before + b'{"ok":'
            yield from document_pieces(each, revisions=revs)
            yield b"}"
        else:
            yield before + dump({"missing": str(each.revision)})
    yield b"]\n"


def _takes_mixed(call: Call) -> bool:
    return MIXED in call.headers.get("Accept", "")


def _revisions(told: object, name: str) -> tuple[Revision, ...]:
    if told is None:
        return ()
    if not isinstance(told, list):
        raise BadRequest(f"`{name}` must be a JSON array of revisions")
    return tuple(parse_revision(rev) for rev in told)
