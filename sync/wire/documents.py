"""Documents on the wire: a JSON object whose reserved members begin with an underscore.

    {"_id", "_rev", "_deleted", "_revisions": {"start", "ids"}, "_attachments", ...the body}

Reading splits the reserved members from the body; writing splices them onto the body's bytes, which
are never parsed again.

source  CouchDB API, /{db}/{docid}; `couch_doc:from_json_obj/1` for the sentences

Must not know: sockets, databases, Flask.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from sync.errors import BadRequest
from sync.revisions.revision import Revision, StrangeRevision, is_strange, parse_revision
from sync.revisions.tree import Branch
from sync.typed import replace
from sync.values.contents import PIECE_BYTES, Content, evenly
from sync.values.documents import EMPTY_BODY, Attachment, Document, Edit, LocalDocument
from sync.values.json_text import dump
from sync.wire.attachments import Following, read_attachments, write_attachments
from sync.wire.names import LOCAL, check_doc_id
from sync.wire.problems import InvalidDocument

RESERVED = frozenset({"_id", "_rev", "_deleted", "_revisions", "_attachments"})
# What CouchDB adds when it is asked to; a client that writes back what it read sends them along.
IGNORED = frozenset({"_revs_info", "_conflicts", "_deleted_conflicts", "_local_seq"})
# What CouchDB's replicator writes into the documents it is told its jobs by. They are members of the
# body for all that they begin with an underscore, in any database.
KEPT = frozenset(
    {
        "_replication_id",
        "_replication_state",
        "_replication_state_reason",
        "_replication_state_time",
        "_replication_stats",
    }
)


def read_edit(
    fields: object, *, doc_id: str | None = None, parent: Revision | None = None, following: Following | None = None
) -> Edit:
    """Read what a writer sent who lets the database choose the revision.

    fields     the JSON value
    doc_id     from the address, above `_id`; without both raises IllegalDocId
    parent     from the address or `If-Match`, above `_rev`
    following  what stands behind a multipart document
    raises     BadRequest and its kin, in CouchDB's words
    """
    members = _require_object(fields)
    _require_lawful_id(members)
    told = _parent(members)
    parent = told if parent is None else parent
    generation = parent.generation + 1 if parent is not None else 1
    return Edit(
        id=check_doc_id(doc_id if doc_id is not None else members.get("_id")),
        parent=parent,
        body=body_of(members),
        deleted=_is_deleted(members),
        attachments=_attachments(members, generation, following),
    )


def read_replica(fields: object, *, doc_id: str | None = None, following: Following | None = None) -> Document:
    """Read a revision another database chose, with the path that leads to it.

    raises  BadRequest and its kin, in CouchDB's words
    """
    members = _require_object(fields)
    _require_lawful_id(members)
    path = _path(members)
    return Document(
        id=check_doc_id(doc_id if doc_id is not None else members.get("_id")),
        path=path,
        body=body_of(members),
        attachments=_attachments(members, path.generation, following),
    )


def body_of(members: Mapping[str, Any]) -> bytes:
    """The JSON text of an object without its reserved members; raises InvalidDocument on strange ones."""
    plain = {name: value for name, value in members.items() if not name.startswith("_") or name in KEPT}
    if len(plain) < len(members):
        for name in members:
            if name.startswith("_") and name not in RESERVED and name not in IGNORED and name not in KEPT:
                raise InvalidDocument(f"Bad special document member: {name}")
    return dump(plain) if plain else EMPTY_BODY


def write_document(
    document: Document, *, revisions: bool = False, extras: Mapping[str, Any] | None = None, follow: bool = False
) -> bytes:
    """A document as JSON text.

    revisions  with `_revisions`, the path
    extras     further reserved members (`_conflicts`, `_revs_info` …) by name
    follow     announce contents as parts to follow instead of writing them inline
    """
    told: dict[str, Any] = {"_id": document.id, "_rev": str(document.revision)}
    if document.deleted:
        told["_deleted"] = True
    if revisions:
        told["_revisions"] = revisions_of(document.path)
    if document.attachments:
        told["_attachments"] = write_attachments(document.attachments, follow=follow)
    if extras:
        told.update(extras)
    return splice(told, document.body)


def document_pieces(
    document: Document, *, revisions: bool = False, extras: Mapping[str, Any] | None = None
) -> Iterator[bytes]:
    """The same text in pieces, for a document whose contents may be larger than memory."""
    large = {file.name: file.data for file in document.attachments if isinstance(file.data, Content)}
    if not large:
        yield write_document(document, revisions=revisions, extras=extras)
        return
    # What stands for a content while the rest is written is chance, and so cannot stand anywhere else in it.
    marks = {name: uuid4().bytes for name in large}
    marked = tuple(
        replace(file, data=marks[file.name]) if file.name in large else file for file in document.attachments
    )
    text = write_document(replace(document, attachments=marked), revisions=revisions, extras=extras)
    for name, content in large.items():
        before, _, text = text.partition(b64encode(marks[name]))
        yield before
        for piece in evenly(content.pieces(), PIECE_BYTES // 4 * 3):  # base64 turns three bytes into four characters
            yield b64encode(piece)
    yield text


def write_edit(edit: Edit, *, follow: bool = False) -> bytes:
    """An edit as JSON text, as a client sends it; `follow` as for `write_document`."""
    told: dict[str, Any] = {"_id": edit.id}
    if edit.parent is not None:
        told["_rev"] = str(edit.parent)
    if edit.deleted:
        told["_deleted"] = True
    if edit.attachments:
        told["_attachments"] = write_attachments(edit.attachments, follow=follow)
    return splice(told, edit.body)


def write_local(document: LocalDocument, *, revisions: bool = False) -> bytes:
    """A local document as JSON text."""
    told: dict[str, Any] = {"_id": LOCAL + document.id, "_rev": str(document.revision)}
    if revisions:
        told["_revisions"] = {"start": 0, "ids": [document.revision.digest]}
    return splice(told, document.body)


def revisions_of(path: Branch) -> dict[str, Any]:
    """`_revisions`: the generation of the leaf, and the digests newest first."""
    return {"start": path.generation, "ids": list(path.digests)}


def splice(told: Mapping[str, Any], body: bytes) -> bytes:
    """One JSON object: the members `told`, then those of the body, whose bytes are kept."""
    head = dump(told)
    if body == EMPTY_BODY:
        return head
    inner = body.strip()[1:].lstrip()
    if inner == b"}":
        return head
    return head[:-1] + b"," + inner if told else b"{" + inner


def _require_object(fields: object) -> dict[str, Any]:
    if not isinstance(fields, dict):
        raise BadRequest("Document must be a JSON object")
    return fields


def _require_lawful_id(members: Mapping[str, Any]) -> None:
    """CouchDB reads `_id` though the address has the word, and refuses an unlawful one."""
    if "_id" in members:
        check_doc_id(members["_id"])


def _parent(members: Mapping[str, Any]) -> Revision | None:
    """The revision an edit says it builds on; one who sends back `_revisions` has said it there."""
    if "_revisions" in members:
        return read_revisions(members["_revisions"]).leaf
    return parse_revision(members["_rev"]) if "_rev" in members else None


def _is_deleted(members: Mapping[str, Any]) -> bool:
    deleted = members.get("_deleted", False)
    if not isinstance(deleted, bool):
        raise InvalidDocument("Bad special document member: _deleted")
    return deleted


def _attachments(members: Mapping[str, Any], generation: int, following: Following | None) -> tuple[Attachment, ...]:
    if "_attachments" not in members:
        return ()
    return read_attachments(members["_attachments"], generation=generation, following=following)


def _path(members: Mapping[str, Any]) -> Branch:
    named = parse_revision(members["_rev"]) if "_rev" in members else None
    deleted = _is_deleted(members)
    told = members.get("_revisions")
    if told is None:
        if named is None:
            raise BadRequest("When `new_edits: false`, the document needs `_rev` or `_revisions` specified")
        return Branch(named.generation, (named.digest,), deleted)
    path = read_revisions(told, deleted=deleted)
    if named is not None and named != path.leaf:
        raise InvalidDocument("`_rev` is not the first revision of `_revisions`")
    return path


def read_revisions(told: object, *, deleted: bool = False) -> Branch:
    """Read `_revisions`; raises InvalidDocument, and StrangeRevision for one that CouchDB takes."""
    if not isinstance(told, dict):
        raise InvalidDocument("_revisions isn't an object.")
    start, ids = told.get("start"), told.get("ids")
    if isinstance(start, bool) or not isinstance(start, int):
        raise InvalidDocument("_revisions.start isn't an integer.")
    if not isinstance(ids, list) or not ids:
        raise InvalidDocument("_revisions.ids isn't a array.")
    if not all(isinstance(digest, str) for digest in ids):
        raise InvalidDocument("RevId isn't a string")
    if is_strange(start, ids[0]) or not all(ids):
        raise StrangeRevision
    if start < len(ids):
        raise InvalidDocument("_revisions.start is smaller than the number of _revisions.ids")
    return Branch(start, tuple(ids), deleted)
