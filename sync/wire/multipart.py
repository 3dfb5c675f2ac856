"""Documents with their attachments as MIME parts: `multipart/related` in, `multipart/mixed` out.

CouchDB's replicator pushes a document with attachments as one related body: the JSON first, in it
`"follows": true`, then the contents in the order of `_attachments`. It reads leaves as a mixed body
of such documents.

source  CouchDB API, "Creating Multiple Attachments"; RFC 2046, 5.1

Must not know: sockets, databases, Flask.
"""

from collections.abc import Iterable
from email.message import Message
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from sync.errors import BadRequest
from sync.values.documents import Absent, Attachment, Document
from sync.values.json_text import dump, parse
from sync.wire.attachments import follows
from sync.wire.documents import write_document

RELATED = "multipart/related"
MIXED = "multipart/mixed"
_JSON_TYPE = b"application/json"
_LONGEST_BOUNDARY = 200  # RFC 2046 says 70; be liberal, but do not search for a novel


def read_related(body: bytes, content_type: str) -> tuple[Any, dict[str, bytes]]:
    """Read a `multipart/related` document.

    returns  the JSON value, and the contents that follow by attachment name
    raises   BadRequest
    """
    parts = read_parts(body, content_type)
    if not parts:
        raise BadRequest("a multipart document has no parts")
    fields = parse(parts[0][1])
    names = follows(fields.get("_attachments")) if isinstance(fields, dict) else []
    if len(names) != len(parts) - 1:
        raise BadRequest(f"{len(names)} attachments are to follow, and {len(parts) - 1} do")
    contents = {}
    for place, (headers, content) in enumerate(parts[1:]):
        name = _file_name(headers.get("content-disposition", "")) or names[place]
        contents[name if name in names else names[place]] = content
    return fields, contents


def read_parts(body: bytes, content_type: str) -> list[tuple[dict[str, str], bytes]]:
    """Split a multipart body into (headers, content) of each part; raises BadRequest."""
    mark = b"--" + _boundary(content_type)
    if body.startswith(mark):
        body = b"\r\n" + body
    pieces = body.split(b"\r\n" + mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise BadRequest("a multipart body is cut off or has no parts")
    return [_read_part(piece) for piece in pieces[1:-1]]


def write_related(document: Document, *, revisions: bool) -> tuple[bytes, str]:
    """A document with its contents behind it; returns the body and its boundary."""
    boundary = uuid4().hex
    mark = boundary.encode("ascii")
    pieces = [_part([(b"Content-Type", _JSON_TYPE)], write_document(document, revisions=revisions, follow=True))]
    pieces += [_attachment_part(each) for each in document.attachments if each.data is not None]
    return _joined(pieces, mark), boundary


def write_mixed(found: Iterable[Document | Absent], *, revisions: bool) -> tuple[bytes, str]:
    """Leaves as CouchDB's replicator reads them; returns the body and its boundary."""
    boundary = uuid4().hex
    pieces = [_mixed_part(each, revisions) for each in found]
    return _joined(pieces, boundary.encode("ascii")), boundary


def _mixed_part(found: Document | Absent, revisions: bool) -> bytes:
    if isinstance(found, Absent):
        return _part([(b"Content-Type", _JSON_TYPE + b'; error="true"')], dump({"missing": str(found.revision)}))
    if not any(each.data is not None for each in found.attachments):
        return _part([(b"Content-Type", _JSON_TYPE)], write_document(found, revisions=revisions))
    body, boundary = write_related(found, revisions=revisions)
    return _part([(b"Content-Type", f'{RELATED}; boundary="{boundary}"'.encode("ascii"))], body)


def _attachment_part(each: Attachment) -> bytes:
    content = each.data or b""
    # The name may hold anything; in a header it must not end the line or the quotation.
    quoted = each.name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", " ")
    kind = each.content_type.replace("\r", " ").replace("\n", " ")
    return _part(
        [
            (b"Content-Disposition", b'attachment; filename="' + quoted.encode("utf-8") + b'"'),
            (b"Content-Type", kind.encode("utf-8")),
            (b"Content-Length", str(len(content)).encode("ascii")),
        ],
        content,
    )


def _part(headers: Iterable[tuple[bytes, bytes]], content: bytes) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers) + b"\r\n" + content


def _joined(pieces: Iterable[bytes], mark: bytes) -> bytes:
    return b"".join(b"--" + mark + b"\r\n" + piece + b"\r\n" for piece in pieces) + b"--" + mark + b"--"


def _boundary(content_type: str) -> bytes:
    message = Message()
    message["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    boundary = message.get_boundary()
    if not boundary or len(boundary) > _LONGEST_BOUNDARY:
        raise BadRequest("a multipart body without a boundary")
    return boundary.encode("utf-8", "surrogateescape")


def _read_part(piece: bytes) -> tuple[dict[str, str], bytes]:
    head, gap, content = piece.partition(b"\r\n\r\n")
    if not gap:
        raise BadRequest("a part of a multipart body has no end of its headers")
    headers = {}
    for line in head.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon:
            headers[name.strip().lower().decode("latin-1")] = value.strip().decode("utf-8", "replace")
    return headers, content


def _file_name(disposition: str) -> str | None:
    _, found, rest = disposition.partition('filename="')
    if not found:
        return None
    name, end, _ = rest.replace('\\"', "\0").partition('"')
    plain = name.replace("\0", '"').replace("\\\\", "\\")
    return unquote(plain) if end else None
