"""Multipart bodies as tests look at them: read to the end, whatever passes by taken whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from sync.typed import replace
from sync.values.contents import bytes_of
from sync.values.documents import Attachment, Document
from sync.wire.arriving import digest_of
from sync.wire.multipart import Multipart, Parts, read_related

MOST_BYTES = 1 << 20


def read_parts(body: bytes, content_type: str, *, at_once: int = 7) -> list[tuple[Mapping[str, str], bytes]]:
    """Headers and content of every part of a body that arrives some bytes at a time."""
    parts = Parts(in_bits(body, at_once), content_type)
    found = []
    while (part := parts.next()) is not None:
        headers, content = part
        found.append((headers, b"".join(content)))
    return found


def related(body: bytes, content_type: str, *, at_once: int = 7) -> tuple[Any, dict[str, bytes]]:
    """The JSON and the contents of a related body that arrives some bytes at a time."""
    fields, following = read_related(in_bits(body, at_once), content_type, most_bytes=MOST_BYTES)
    return fields, {name: bytes_of(content) for name, content in following.contents.items()}


def body_of(parts: Multipart) -> bytes:
    """A body as it would be sent, as long as it says it is."""
    body = b"".join(parts.pieces())
    assert parts.length == len(body)
    return body


def in_bits(body: bytes, at_once: int) -> Iterator[bytes]:
    """A body as a slow link brings it."""
    return (body[at : at + at_once] for at in range(0, len(body), at_once))


def whole(file: Attachment) -> Attachment:
    """The same attachment with its bytes."""
    if file.data is None:
        return file
    data = bytes_of(file.data)
    return replace(file, data=data, digest=digest_of(data), length=len(data))


def with_bytes(document: Document) -> Document:
    """The same document with the bytes of its attachments."""
    return replace(document, attachments=tuple(whole(file) for file in document.attachments))
