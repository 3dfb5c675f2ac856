"""An exchange as frames: an offer or an answer, and behind it documents and marks, until the end.

    offer    {…}                     opens what the caller says
    answer   {…}                     opens what the other says back
    in       name of a database      what follows is of this one
    document {"_id", "_revisions", …}  with whatever a document may have
    record   a document without files: length of the head · {"id", "start", "ids"[, "deleted"][, "base"]} · its body in
             shorthand; told against its version `base`, only what is new in path and body; "" for a leaf whose digest
             is that of parent and body (`sync.values.digest`), to whoever speaks version 3
    chunk    16 kB of a photo: a document, too, whose id and revision are worked out from its content
    mark     position in the teller's feed
    end                              all was said; without it the teller was cut off
    statements {"statements"[, "to"]}  in a volume (`sync.bundle`), where nobody offers or answers

Optional frames of a kind that is not known are passed over, since a later version may say more; others end the reading.

Must not know: how frames travel, what the documents mean.
"""

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from itertools import chain
from typing import Any

from sync.errors import BadRequest, LinkDown, Refused
from sync.records.ids import chunk_body, chunk_id, content_revision, sha256_hex
from sync.revisions.revision import Revision, parse_revision
from sync.revisions.tree import Branch
from sync.typed import replace
from sync.values.conversation import Garbled, Item, Mark, Told
from sync.values.digest import revision_digest
from sync.values.documents import Document
from sync.values.json_text import dump, parse, parse_object
from sync.wire.bodies import Bodies
from sync.wire.documents import body_of, document_pieces, read_replica
from sync.wire.frames import LARGEST_FRAME_BYTES, Frame, read_number, write_frame, write_number

_CHUNK = chunk_id("")
_DIGESTS_WORKED_OUT = 3  # the version from which on
_ANY_DIGEST = "0" * 32
# What the text around a body in a frame comes to at the most; a document beyond it goes no road.
LARGEST_TOLD_BYTES = LARGEST_FRAME_BYTES - (32 << 10)


class Kind(IntEnum):
    """What a frame is; numbers are for good."""

    OFFER = 1
    ANSWER = 2
    IN = 3
    DOCUMENT = 4
    MARK = 5
    END = 6
    CHUNK = 7
    RECORD = 8
    STATEMENTS = 64


# (database, document id, revision) → that version; None when it is not here.
Held = Callable[[str, str, Revision], Document | None]


# (size) → None; told how many bytes were made of what was read, it raises BadRequest where they are too many.
Spend = Callable[[int], None]


def nothing_held(name: str, doc_id: str, revision: Revision) -> None:
    """For a conversation in which nothing is told against what is here."""


def spend_freely(size: int) -> None:
    """For frames of which it is known that they are few, or that they stand for nothing but themselves."""


_DOCUMENTS = (Kind.DOCUMENT, Kind.CHUNK, Kind.RECORD)


def write_conversation(
    opening: Kind, text: bytes, items: Iterable[Item], *, version: int = 1
) -> Iterator[tuple[bytes, bool]]:
    """Frame after frame, and with each whether the other should have it before more is made.

    version  of exchanges, that the other is known to understand
    """
    told = iter(items)
    first = next(told, None)
    yield write_frame(opening, text), first is not None
    writer = ItemWriter(version=version)
    for item in chain(() if first is None else (first,), told):
        yield writer.write(item), isinstance(item, Mark)
    yield write_frame(Kind.END), False


class ItemWriter:
    """Writes what is told behind an opening. Guards which database is spoken of, and which bodies have gone by."""

    def __init__(self, *, version: int = 1) -> None:
        """version: of exchanges, that the other is known to understand."""
        self._name = ""
        self._bodies = Bodies()
        self._may_leave_out = version >= _DIGESTS_WORKED_OUT

    def write(self, item: Item) -> bytes:
        """The frames of a document or a mark."""
        begun = b"" if item.name == self._name else write_frame(Kind.IN, item.name.encode())
        self._name = item.name
        if isinstance(item, Told):
            return begun + _write_document(item, self._bodies, may_leave_out=self._may_leave_out)
        if isinstance(item, Mark):
            return begun + write_frame(Kind.MARK, item.position.encode())
        return begun


def read_opening(frames: Iterator[Frame], expected: Kind) -> bytes:
    """The text of the offer or answer at the beginning; raises BadRequest when something else stands there."""
    for frame in frames:
        if frame.kind == expected:
            return frame.payload
        break
    raise BadRequest("an exchange begins with what each node says of itself")


def read_items(frames: Iterator[Frame], held: Held, *, spend: Spend = spend_freely) -> Iterator[Item]:
    """What is told behind the opening.

    held    finds the versions that documents are told against
    spend   is told what is made of the frames

    A document that cannot be read is told as such, and the others are read; but behind a record that could not be
    read none can, for they speak of it.

    raises  BadRequest for what is no exchange, LinkDown when the end is missing
    """
    name, bodies = "", Bodies()
    for frame in frames:
        if frame.kind == Kind.END:
            for _ in frames:  # to the end of the stream, or its connection could not be used again
                pass
            return
        if frame.kind == Kind.IN:
            name = _text(frame.payload)
        elif frame.kind == Kind.MARK:
            yield Mark(_in(name), _text(frame.payload))
        elif frame.kind in _DOCUMENTS:
            before = bodies.gone_through
            item = _read_document(frame, _in(name), bodies, held)
            spend(bodies.gone_through - before)
            yield item
            if isinstance(item, Garbled) and item.is_last:
                for _ in frames:
                    pass
                return
        elif not frame.is_optional:
            raise BadRequest("an exchange of a version that this node does not know")
    raise LinkDown("the exchange broke off")


def _read_document(frame: Frame, name: str, bodies: Bodies, held: Held) -> Told | Garbled:
    try:
        if frame.kind == Kind.CHUNK:
            return Told(name, _chunk_of(frame.payload))
        if frame.kind == Kind.RECORD:
            return Told(name, _read_record(frame.payload, name, bodies, held))
        return Told(name, read_replica(parse(frame.payload)))
    except Refused as error:
        return Garbled(name, frame.payload, error.reason, is_last=frame.kind == Kind.RECORD)


def _write_document(told: Told, bodies: Bodies, *, may_leave_out: bool) -> bytes:
    document = told.document
    content = _content_of(document)
    if content is not None:
        return write_frame(Kind.CHUNK, content)
    if document.attachments or told.plain:
        return write_frame(Kind.DOCUMENT, b"".join(document_pieces(document, revisions=True)))
    path = document.path
    head: dict[str, Any] = {"id": document.id, "start": path.generation, "ids": path.digests}
    base = None
    if told.base is not None:
        revision, base = told.base
        head["ids"], head["base"] = path.digests[: path.generation - revision.generation], str(revision)
    if may_leave_out and _digest_that_follows(document) == path.digests[0]:
        head["ids"] = ("", *head["ids"][1:])
    if path.deleted:
        head["deleted"] = True
    text = dump(head)
    return write_frame(Kind.RECORD, write_number(len(text)), text, bodies.write(document.body, base=base))


def _read_record(payload: bytes, name: str, bodies: Bodies, held: Held) -> Document:
    told = read_number(payload)
    if told is None:
        raise BadRequest("a record without a head")
    length, begin = told
    head = parse_object(payload[begin : begin + length])
    ids = head.get("ids")
    is_left_out = isinstance(ids, list) and ids[:1] == [""]
    if isinstance(ids, list) and is_left_out:
        ids = [_ANY_DIGEST, *ids[1:]]
    members = {"_id": head.get("id"), "_revisions": {"start": head.get("start"), "ids": ids}}
    if head.get("deleted") is True:
        members["_deleted"] = True
    document, base = read_replica(members), None
    if "base" in head:
        version = held(name, document.id, parse_revision(head["base"]))
        if version is None:
            raise BadRequest("a version that it was told against is not here")
        document, base = _upon(document, version), version.body
    body, fields = _object(bodies.read(payload[begin + length :], base=base))
    document = replace(document, body=body)
    return _with_digest(document, fields) if is_left_out else document


def _with_digest(document: Document, fields: dict[str, Any]) -> Document:
    """The document with the revision that its parent and body make; raises BadRequest where no parent is told."""
    digest = _digest_that_follows(document, fields)
    if digest is None:
        raise BadRequest("a revision that follows from a parent which is not told")
    return replace(document, path=replace(document.path, digests=(digest, *document.path.digests[1:])))


def _digest_that_follows(document: Document, fields: dict[str, Any] | None = None) -> str | None:
    """What parent and body make; a merge's is another. None when nobody knows the parent any more.

    fields  what the body says, from who has just read it
    """
    path = document.path
    if path.generation == 1:
        parent = None
    elif len(path.digests) > 1:
        parent = Revision(path.generation - 1, path.digests[1])
    else:
        return None
    return revision_digest(parent, document.body, deleted=path.deleted, fields=fields)


def _upon(document: Document, version: Document) -> Document:
    """A document whose path was told down to a version, with the rest of its path."""
    path, below = document.path, version.path
    if path.generation - len(path.digests) != below.generation:
        raise BadRequest("a path that does not reach the version it was told down to")
    return replace(document, path=replace(path, digests=path.digests + below.digests))


def _object(body: bytes) -> tuple[bytes, dict[str, Any]]:
    """The body, and what it says; raises BadRequest when it is no JSON object, or has members that are not a body's."""
    fields = parse_object(body)
    if any(name.startswith("_") for name in fields):
        body = body_of(fields)
        fields = parse_object(body)
    return body, fields


def _content_of(document: Document) -> bytes | None:
    """The content of a chunk; None when it is none, or when its content alone does not say all of it."""
    if not document.id.startswith(_CHUNK):
        return None
    try:
        content = b64decode(parse_object(document.body).get("data", ""), validate=True)
        return content if _chunk_of(content) == document else None
    except (BadRequest, TypeError, ValueError):
        return None


def _chunk_of(content: bytes) -> Document:
    digest = sha256_hex(content)
    revision = content_revision(digest)
    return Document(chunk_id(digest), Branch(revision.generation, (revision.digest,)), chunk_body(content))


def _in(name: str) -> str:
    if not name:
        raise BadRequest("a document or a mark of no database")
    return name


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise BadRequest("a name or position that is not UTF-8") from None
