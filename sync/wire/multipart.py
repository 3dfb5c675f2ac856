"""Documents with their attachments as MIME parts: `multipart/related` both ways, `multipart/mixed` out.

CouchDB's replicator pushes a document with attachments as one related body: the JSON first, in it
`"follows": true`, then the contents in the order of `_attachments`. It reads leaves as a mixed body
of such documents. Contents pass through in pieces, whatever their size.

source  CouchDB API, "Creating Multiple Attachments"; RFC 2046, 5.1

Must not know: sockets, databases, Flask.
"""

from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote
from uuid import uuid4

from sync.errors import BadRequest, TooLarge
from sync.typed import Value
from sync.values.contents import PIECE_BYTES, Content, Data, Passing, Range, length_of, pieces_of
from sync.values.documents import Absent, Attachment, Document, Edit
from sync.values.json_text import dump, parse, require_few_values
from sync.wire.attachments import Following, follows
from sync.wire.documents import write_document, write_edit

RELATED = "multipart/related"
MIXED = "multipart/mixed"
_JSON_TYPE = b"application/json"
_LONGEST_BOUNDARY = 200  # RFC 2046 says 70; be liberal, but do not search for a novel
_LARGEST_HEAD_BYTES = 32 << 10
_LARGEST_JSON_BYTES = 64 << 20  # as much as a document may be that comes alone

Headers = Mapping[str, str]


class Multipart(Value):
    """A body to be sent: what stands between the contents at hand, the contents wherever they are."""

    content_type: str
    segments: tuple[Data, ...]

    @property
    def length(self) -> int | None:
        """Bytes; None when a content does not know its own."""
        lengths = [length_of(each) for each in self.segments]
        known = [each for each in lengths if each is not None]
        return sum(known) if len(known) == len(lengths) else None

    def pieces(self) -> Iterator[bytes]:
        """The body."""
        for each in self.segments:
            yield from pieces_of(each)


class Parts:
    """The parts of a multipart body as they arrive; each must be read before the next is to be had."""

    def __init__(self, pieces: Iterable[bytes], content_type: str) -> None:
        """Raises BadRequest when the content type names no boundary."""
        self._pieces = iter(pieces)
        self._mark = b"\r\n--" + _boundary(content_type)
        # A body may begin with its first mark, which then has no line before it.
        self._held = bytearray(b"\r\n")
        self._content = self._up_to_mark()

    def next(self) -> tuple[Headers, Iterator[bytes]] | None:
        """Headers and content of the next part; None behind the last. Raises BadRequest."""
        for _ in self._content:
            pass  # what nobody wanted of the part before
        self._hold(2)
        if self._held.startswith(b"--"):
            return None
        while (end := self._held.find(b"\r\n\r\n")) < 0:
            if len(self._held) > _LARGEST_HEAD_BYTES or self._mark in self._held:
                raise BadRequest("a part of a multipart body has no end of its headers")
            self._hold(len(self._held) + 1)
        headers = _read_headers(bytes(self._held[:end]))
        del self._held[: end + 4]
        self._content = self._up_to_mark()
        return headers, self._content

    def _up_to_mark(self) -> Iterator[bytes]:
        mark = self._mark
        while (at := self._held.find(mark)) < 0:
            surely = len(self._held) - len(mark) + 1  # behind that a mark may have begun
            if surely > 0:
                yield bytes(self._held[:surely])
                del self._held[:surely]
            self._hold(len(self._held) + 1)
        if at:
            yield bytes(self._held[:at])
        del self._held[: at + len(mark)]

    def _hold(self, size: int) -> None:
        while len(self._held) < size:
            piece = next(self._pieces, b"")
            if not piece:
                raise BadRequest("a multipart body is cut off or has no parts")
            self._held += piece


class _Followers(dict[str, Content]):
    """What follows a document, by attachment name: in the order announced, or under names of their own.

    CouchDB goes by the order alone. A part that names another than the one wanted is put aside, on disk
    when it is large.
    """

    def __init__(self, parts: Parts, names: Iterable[str]) -> None:
        self._parts = parts
        self._due = list(names)
        self._aside: dict[str, IO[bytes]] = {}
        super().__init__({name: Passing(self._take(name)) for name in self._due})
        if not self._due:
            self._require_end()

    def _take(self, name: str) -> Iterator[bytes]:
        while name not in self._aside:
            part = self._parts.next()
            if part is None:
                raise BadRequest(f"The content of attachment '{name}' does not follow the document")
            headers, content = part
            told = _file_name(headers.get("content-disposition", ""))
            its = told if told in self._due else self._due[0]
            self._due.remove(its)
            if its == name:
                yield from content
                self._require_end()
                return
            self._aside[its] = _put_aside(content)
            self._require_end()
        with self._aside.pop(name) as file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    def _require_end(self) -> None:
        """Raise BadRequest when all that was announced has come and the body does not end."""
        if not self._due and self._parts.next() is not None:
            raise BadRequest("more parts follow the document than it announces")


def read_related(pieces: Iterable[bytes], content_type: str, *, most_bytes: int) -> tuple[Any, Following]:
    """Read a `multipart/related` document.

    most_bytes  of each content, unpacked
    returns     the JSON value, and what follows, which is still to pass
    raises      BadRequest, TooLarge; of what follows, when it is read
    """
    parts = Parts(pieces, content_type)
    first = parts.next()
    if first is None:
        raise BadRequest("a multipart document has no parts")
    text = bytearray()
    for piece in first[1]:
        text += piece
        if len(text) > _LARGEST_JSON_BYTES:
            raise TooLarge("the request entity is too large")
    fields = parse(require_few_values(bytes(text)))
    names = follows(fields.get("_attachments")) if isinstance(fields, dict) else []
    return fields, Following(_Followers(parts, names), most_bytes)


def write_related(document: Document, *, revisions: bool, extras: Mapping[str, Any] | None = None) -> Multipart:
    """A document with its contents behind it; see `write_document`."""
    text = write_document(document, revisions=revisions, extras=extras, follow=True)
    return _related(text, document.attachments)


def related_edit(edit: Edit) -> Multipart:
    """An edit with its contents behind it, as a client sends it."""
    return _related(write_edit(edit, follow=True), edit.attachments)


def _related(text: bytes, files: Iterable[Attachment]) -> Multipart:
    boundary = uuid4().hex
    parts: list[list[Data]] = [[_head({b"Content-Type": _JSON_TYPE}), text]]
    parts += [_attachment_part(each, each.data) for each in files if each.data is not None]
    return Multipart(f'{RELATED}; boundary="{boundary}"', tuple(_framed(parts, boundary)))


def write_mixed(found: Iterable[Document | Absent], *, revisions: bool) -> Multipart:
    """Leaves as CouchDB's replicator reads them."""
    boundary = uuid4().hex
    parts = [_mixed_part(each, revisions) for each in found]
    return Multipart(f'{MIXED}; boundary="{boundary}"', tuple(_framed(parts, boundary)))


def write_many(
    found: Iterable[Document | Mapping[str, Any]], *, kind: str, revisions: bool
) -> tuple[str, Iterator[bytes]]:
    """The documents of a `_bulk_get` as CouchDB tells them in parts, read while they are sent.

    found  documents, and for each that cannot be had what says why
    kind   MIXED or RELATED; the parts are the same

    Gives the content type and the body.
    """
    boundary = uuid4().hex
    framed = _framed((_one_of_many(each, revisions) for each in found), boundary)
    return f'{kind}; boundary="{boundary}"', (piece for data in framed for piece in pieces_of(data))


def write_ranges(content: Data, content_type: str, ranges: Iterable[tuple[int, int]], length: int) -> Multipart:
    """Several ranges of one content, as `multipart/byteranges`.

    ranges  (first byte, last byte)
    source  RFC 9110, 14.6
    """
    boundary = uuid4().hex
    parts: list[list[Data]] = [
        [
            _head(
                {
                    b"Content-Type": content_type.encode(),
                    b"Content-Range": f"bytes {first}-{last}/{length}".encode("ascii"),
                }
            ),
            Range(content, first, last + 1),
        ]
        for first, last in ranges
    ]
    return Multipart(f'multipart/byteranges; boundary="{boundary}"', tuple(_framed(parts, boundary)))


def _mixed_part(found: Document | Absent, revisions: bool) -> list[Data]:
    if isinstance(found, Absent):
        return _refusal({"missing": str(found.revision)})
    return _document_part(found, revisions, {})


def _one_of_many(found: Document | Mapping[str, Any], revisions: bool) -> list[Data]:
    if not isinstance(found, Document):
        return _refusal(found)
    named = {b"X-Doc-Id": _on_one_line(found.id), b"X-Rev-Id": str(found.revision).encode("utf-8")}
    return _document_part(found, revisions, named)


def _refusal(told: Mapping[str, Any]) -> list[Data]:
    return [_head({b"Content-Type": _JSON_TYPE + b'; error="true"'}), dump(told)]


def _document_part(found: Document, revisions: bool, named: Mapping[bytes, bytes]) -> list[Data]:
    """One document; `named` are further headers of one whose contents stand behind it."""
    if not any(each.data is not None for each in found.attachments):
        return [_head({b"Content-Type": _JSON_TYPE}), write_document(found, revisions=revisions)]
    related = write_related(found, revisions=revisions)
    return [_head({**named, b"Content-Type": related.content_type.encode("ascii")}), *related.segments]


def _attachment_part(each: Attachment, content: Data) -> list[Data]:
    # The name may hold anything; in a header it must not end the line or the quotation.
    quoted = each.name.replace("\\", "\\\\").replace('"', '\\"')
    headers = {
        b"Content-Disposition": b'attachment; filename="' + _on_one_line(quoted) + b'"',
        b"Content-Type": _on_one_line(each.content_type),
        b"Content-Length": str(each.length).encode("ascii"),
    }
    return [_head(headers), content]


def _on_one_line(text: str) -> bytes:
    return text.replace("\r", " ").replace("\n", " ").encode("utf-8")


def _head(headers: Mapping[bytes, bytes]) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers.items()) + b"\r\n"


def _framed(parts: Iterable[Iterable[Data]], boundary: str) -> Iterator[Data]:
    """Parts between their boundaries, each made when its turn comes."""
    mark = b"--" + boundary.encode("ascii")
    for part in parts:
        yield mark + b"\r\n"
        yield from part
        yield b"\r\n"
    yield mark + b"--"


def _boundary(content_type: str) -> bytes:
    message = Message()
    message["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    boundary = message.get_boundary()
    if not boundary or len(boundary) > _LONGEST_BOUNDARY:
        raise BadRequest("a multipart body without a boundary")
    return boundary.encode("utf-8", "surrogateescape")


def _read_headers(head: bytes) -> dict[str, str]:
    headers = {}
    for line in head.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon:
            headers[name.strip().lower().decode("latin-1")] = value.strip().decode("utf-8", "replace")
    return headers


def _file_name(disposition: str) -> str | None:
    _, found, rest = disposition.partition('filename="')
    if not found:
        return None
    name, end, _ = rest.replace('\\"', "\0").partition('"')
    plain = name.replace("\0", '"').replace("\\\\", "\\")
    return unquote(plain) if end else None


def _put_aside(content: Iterable[bytes]) -> IO[bytes]:
    file = SpooledTemporaryFile(max_size=PIECE_BYTES)  # noqa: SIM115 - closed by whoever reads it
    for piece in content:
        file.write(piece)
    file.seek(0)
    return file
