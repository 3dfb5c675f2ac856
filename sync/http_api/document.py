"""One document: read it, its revisions or its leaves; write, copy and delete it.

source  CouchDB API, /{db}/{docid}

Must not know: how documents are kept.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from uuid import uuid4

from sync.database import Database
from sync.errors import BadRequest, Forbidden, NotFound
from sync.http_api.answers import Answer, parts_answer, streamed, written
from sync.http_api.call import Call, Query
from sync.http_api.incoming import sent_document
from sync.http_api.reading import asides, read_one
from sync.http_api.writing import (
    destination,
    etagged,
    is_local,
    parent_of,
    put_edit,
    put_local,
    put_replica,
    read_local_edit,
)
from sync.revisions.revision import Revision, StrangeRevision, parse_revision, parse_told
from sync.typed import replace
from sync.values.documents import Absent, Document, Edit, Wanted
from sync.values.json_text import dump
from sync.wire.attachments import Following
from sync.wire.documents import document_pieces, read_edit, read_replica
from sync.wire.multipart import MIXED, RELATED, write_mixed, write_related
from sync.wire.names import LOCAL, check_doc_id

_ASIDES = {
    "conflicts": "_conflicts",
    "deleted_conflicts": "_deleted_conflicts",
    "revs_info": "_revs_info",
    "local_seq": "_local_seq",
}
_META = frozenset({"_conflicts", "_deleted_conflicts", "_revs_info"})


def read(call: Call, db: str, doc: str) -> Answer:
    """`GET /{db}/{docid}`"""
    database, query = call.database(db), call.query
    if query.has("open_revs") and (leaves := _leaves_named(query)) != ():
        return _open_revs(call, database, doc, leaves)
    revision = parse_revision(query.text("rev")) if query.has("rev") else None
    # Whoever wants the latest gets the winner, whatever revision is named; CouchDB's documentation says so too.
    named = None if revision is None or query.flag("latest") else revision
    document = _read(database, query, doc, named)
    # Of a revision named CouchDB tells nothing besides.
    extras = asides(database, document, _asked(query)) if named is None else {}
    headers = {} if extras else etagged(document.revision)
    if headers and _is_known(call, headers["ETag"]):
        return Answer(status=304, headers=headers)
    if RELATED in call.headers.get("Accept", "") and any(each.data is not None for each in document.attachments):
        return parts_answer(write_related(document, revisions=query.flag("revs"), extras=extras), headers)
    pieces = document_pieces(document, revisions=query.flag("revs"), extras=extras)
    return streamed(chain(pieces, [b"\n"]), headers=headers)


def _read(database: Database, query: Query, doc: str, named: Revision | None) -> Document:
    wanted = Wanted(
        doc,
        revisions=None if named is None else (named,),
        attachments=query.flag("attachments") or query.has("atts_since"),
        atts_since=_known_there(query.json("atts_since")),
    )
    if named is None and query.flag("deleted"):
        tree = database.tree(doc)
        wanted = replace(wanted, revisions=None if tree is None else (tree.winner.leaf,))
    return read_one(database, wanted)


def _is_known(call: Call, etag: str) -> bool:
    """Whether the caller says that it has this revision."""
    named = call.headers.get("If-None-Match", "").split(",")
    return etag in (each.strip().removeprefix("W/") for each in named)


def write(call: Call, db: str, doc: str) -> Answer:
    """`PUT /{db}/{docid}`"""
    database, query = call.database(db), call.query
    check_doc_id(doc)
    fields, following = sent_document(call)
    if not query.flag("new_edits", otherwise=True):
        if isinstance(fields, dict) and query.has("rev"):
            fields = {"_rev": query.text("rev"), **fields}
        revision = put_replica(database, _replica(fields, doc, following))
    else:
        edit = read_edit(fields, doc_id=doc, parent=parent_of(call, fields), following=following)
        revision = put_edit(database, edit)
    # CouchDB creates with 201, and deletes with 200 even so.
    status = 200 if fields.get("_deleted") else 201
    return written(doc, str(revision), status=status, address=call.location(db, doc))


def add(call: Call, db: str) -> Answer:
    """`POST /{db}`: a new document; without `_id` it gets one"""
    database = call.database(db)
    fields = call.json()
    if not isinstance(fields, dict):
        raise BadRequest("Document must be a JSON object")
    fields = {"_id": uuid4().hex, **fields}
    doc_id = check_doc_id(fields["_id"])
    if is_local(fields):
        revision = put_local(database, read_local_edit(fields))
    elif call.query.flag("new_edits", otherwise=True):
        revision = put_edit(database, read_edit(fields))
    else:
        revision = put_replica(database, read_replica(fields))
    answer = written(doc_id, str(revision), address=call.location(db, doc_id))
    del answer.headers["ETag"]  # CouchDB names here in the body alone what was written
    return answer


def remove(call: Call, db: str, doc: str) -> Answer:
    """`DELETE /{db}/{docid}?rev=`"""
    database = call.database(db)
    read_one(database, Wanted(doc))
    revision = put_edit(database, Edit(doc, parent_of(call, {}), deleted=True))
    return written(doc, str(revision), status=200)


def copy(call: Call, db: str, doc: str) -> Answer:
    """`COPY /{db}/{docid}` to the id in `Destination: other?rev=…`"""
    database = call.database(db)
    source = parent_of(call, {})
    target, parent = destination(call)
    document = read_one(database, Wanted(doc, None if source is None else (source,), attachments=True))
    edit = Edit(target, parent, body=document.body, deleted=document.deleted, attachments=document.attachments)
    revision = put_local(database, edit) if target.startswith(LOCAL) else put_edit(database, edit)
    return written(target, str(revision), address=call.location(db, target))


def _asked(query: Query) -> frozenset[str]:
    named = frozenset(member for name, member in _ASIDES.items() if query.flag(name))
    return named | _META if query.flag("meta") else named


def _leaves_named(query: Query) -> tuple[Revision, ...] | None:
    """The leaves asked for, each once, for all are held in memory; None for all of them."""
    if query.text("open_revs") == "all":
        return None
    return tuple(dict.fromkeys(_revisions(query.json("open_revs"))))


def _open_revs(call: Call, database: Database, doc: str, leaves: tuple[Revision, ...] | None) -> Answer:
    query = call.query
    wanted = Wanted(
        doc,
        revisions=leaves or (),
        latest=query.flag("latest"),
        # CouchDB gives contents here to those who take multipart, and its replicator counts on it
        attachments=query.flag("attachments") or query.has("atts_since") or _takes_mixed(call),
        atts_since=_known_there(query.json("atts_since")),
    )
    found = list(database.read([wanted]))
    if leaves is None and not any(isinstance(each, Document) for each in found):
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


def _replica(fields: Any, doc: str, following: Following | None) -> Document:
    """A replica sent by itself, as CouchDB's replicator sends one with a large file.

    raises  Forbidden on a revision that we do not take: that replicator goes on without what is forbidden, and gives up
            over any other word; else as `read_replica`
    """
    try:
        return read_replica(fields, doc_id=doc, following=following)
    except StrangeRevision as error:
        raise Forbidden(f"{error.reason}: none with such a revision is taken here") from None


def _takes_mixed(call: Call) -> bool:
    return MIXED in call.headers.get("Accept", "")


def _known_there(told: object) -> tuple[Revision, ...]:
    """Those of `atts_since` that can be ancestors here: CouchDB's replicator names what it has, strange ones too."""
    return parse_told(told)[0] if isinstance(told, list) else _revisions(told)


def _revisions(told: object) -> tuple[Revision, ...]:
    if told is None:
        return ()
    if not isinstance(told, list):
        raise BadRequest("Invalid list of revisions")
    return tuple(parse_revision(rev) for rev in told)
