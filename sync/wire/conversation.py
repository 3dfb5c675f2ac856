"""An exchange as frames: an offer or an answer, and behind it documents and marks, until the end.

    offer    {…}                     opens what the caller says
    answer   {…}                     opens what the other says back
    in       name of a database      what follows is of this one
    document {"_id", "_revisions", …}
    chunk    16 kB of a photo          a document, too: its id and revision are worked out from its content
    mark     position in the teller's feed
    end                              all was said; without it the teller was cut off

Frames of a kind that is not known are passed over: a later version may say more.

Must not know: how frames travel, what the documents mean.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator
from enum import IntEnum

from sync.errors import BadRequest, LinkDown
from sync.records.ids import chunk_body, chunk_id, content_revision, sha256_hex
from sync.revisions.tree import Branch
from sync.values.conversation import Item, Mark, Told
from sync.values.documents import Document
from sync.values.json_text import parse, parse_object
from sync.wire.documents import document_pieces, read_replica
from sync.wire.frames import Frame, write_frame

_CHUNK = chunk_id("")


class Kind(IntEnum):
    """What a frame is; numbers are for good."""

    OFFER = 1
    ANSWER = 2
    IN = 3
    DOCUMENT = 4
    MARK = 5
    END = 6
    CHUNK = 7


def write_conversation(opening: Kind, text: bytes, items: Iterable[Item]) -> Iterator[tuple[bytes, bool]]:
    """Frame after frame, and with each whether the other should have it before more is made."""
    yield write_frame(opening, text), True
    name = ""
    for item in items:
        if item.name != name:
            name = item.name
            yield write_frame(Kind.IN, name.encode()), False
        if isinstance(item, Told):
            yield _write_document(item.document), False
        else:
            yield write_frame(Kind.MARK, item.position.encode()), True
    yield write_frame(Kind.END, b""), True


def read_opening(frames: Iterator[Frame], expected: Kind) -> bytes:
    """The text of the offer or answer at the beginning; raises BadRequest when something else stands there."""
    for frame in frames:
        if frame.kind == expected:
            return frame.payload
        break
    raise BadRequest("an exchange begins with what each node says of itself")


def read_items(frames: Iterator[Frame]) -> Iterator[Item]:
    """What is told behind the opening.

    raises  BadRequest for what is no document or stands in no database, LinkDown when the end is missing
    """
    name = ""
    for frame in frames:
        if frame.kind == Kind.END:
            for _ in frames:  # to the end of the stream, or its connection could not be used again
                pass
            return
        if frame.kind == Kind.IN:
            name = _text(frame.payload)
        elif frame.kind == Kind.MARK:
            yield Mark(_in(name), _text(frame.payload))
        elif frame.kind == Kind.DOCUMENT:
            yield Told(_in(name), read_replica(parse(frame.payload)))
        elif frame.kind == Kind.CHUNK:
            yield Told(_in(name), _chunk_of(frame.payload))
        elif not frame.is_optional:
            raise BadRequest("an exchange of a version that this node does not know")
    raise LinkDown("the exchange broke off")


def _write_document(document: Document) -> bytes:
    content = _content_of(document)
    if content is not None:
        return write_frame(Kind.CHUNK, content)
    return write_frame(Kind.DOCUMENT, b"".join(document_pieces(document, revisions=True)))


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
