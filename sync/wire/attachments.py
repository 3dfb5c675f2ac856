"""`_attachments`: files on a document, inline as base64, as stubs, or following in a multipart body.

A digest is the MD5 of the content, whatever the content type. Apache CouchDB takes the MD5 of the
gzipped content for text types, so digests of the two may differ: a digest names a content on one
server and is not compared between servers.

source  CouchDB API, /{db}/{docid}, "Attachments"

Must not know: sockets, databases, where contents are kept.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from sync.errors import BadRequest
from sync.typed import Value
from sync.values.contents import Content, Passing, bytes_of
from sync.values.documents import Attachment
from sync.wire.arriving import as_announced, digest_of, limited, unpacked
from sync.wire.names import check_attachment_name
from sync.wire.problems import InvalidDocument

DEFAULT_TYPE = "application/octet-stream"
_BETWEEN_LINES = b" \t\r\n"


class Following(Value):
    """What stands behind a multipart document: contents by attachment name, and how large each may be unpacked."""

    contents: Mapping[str, Content]
    most_bytes: int


def attachment(name: str, content_type: str, data: bytes, *, generation: int) -> Attachment:
    """An attachment with its content; `generation` is that of the revision that brings it."""
    return Attachment(
        name=check_attachment_name(name),
        content_type=content_type,
        digest=digest_of(data),
        length=len(data),
        revpos=generation,
        data=data,
    )


def read_attachments(members: object, *, generation: int, following: Following | None = None) -> tuple[Attachment, ...]:
    """Read the value of `_attachments`.

    generation  of the revision that carries them; for content that names no `revpos`
    following   what stands behind a multipart document
    returns     those that follow are still passing by, and must be taken in this order
    raises      BadRequest, InvalidDocument
    """
    if not isinstance(members, dict):
        raise InvalidDocument("Bad special document member: _attachments")
    here = following or Following({}, 0)
    return tuple(_read_one(check_attachment_name(name), member, generation, here) for name, member in members.items())


def follows(members: object) -> list[str]:
    """Names of the attachments whose content follows, in the order of the parts."""
    if not isinstance(members, dict):
        return []
    return [name for name, member in members.items() if isinstance(member, dict) and member.get("follows") is True]


def write_attachments(attachments: Sequence[Attachment], *, follow: bool = False) -> dict[str, Any]:
    """The value of `_attachments`: contents inline (or announced to follow), the others as stubs."""
    return {each.name: _write_one(each, follow) for each in attachments}


def _read_one(name: str, member: object, generation: int, following: Following) -> Attachment:
    if not isinstance(member, dict):
        raise InvalidDocument(f"Attachment '{name}' must be an object")
    content_type = member.get("content_type", DEFAULT_TYPE)
    if not isinstance(content_type, str):
        raise InvalidDocument(f"The content_type of attachment '{name}' must be a string")
    if member.get("stub") is True:
        return _stub(name, content_type, member)
    revpos = _natural(member.get("revpos", generation), name, "revpos")
    if member.get("follows") is True:
        if name not in following.contents:
            raise BadRequest(f"The content of attachment '{name}' does not follow the document")
        return Attachment(name, content_type, "", 0, revpos, _follower(name, member, following))
    if _is_packed(member):
        raise BadRequest(f"Attachment '{name}' is packed: send its data plain, or let it follow the document")
    data = _decode(name, member.get("data"))
    return Attachment(name, content_type, digest_of(data), len(data), revpos, data)


def _follower(name: str, member: Mapping[str, Any], following: Following) -> Passing:
    """A content as it is: CouchDB keeps text types gzipped, and its replicator sends them so, with that digest."""
    packed = _is_packed(member)
    announced = member.get("encoded_length", member.get("length")) if packed else member.get("length")
    length = None if announced is None else _natural(announced, name, "length")
    pieces = as_announced(following.contents[name].pieces(), length=length, digest=_digest(name, member))
    if packed:
        pieces = unpacked(pieces, f"The content of attachment '{name}'")
    return Passing(limited(pieces, following.most_bytes, name), None if packed else length)


def _is_packed(member: Mapping[str, Any]) -> bool:
    encoding = member.get("encoding", "identity")
    if encoding not in ("identity", "gzip"):
        raise BadRequest(f"Unknown encoding of an attachment: {encoding!r}; use gzip or none")
    return bool(encoding == "gzip")


def _stub(name: str, content_type: str, member: Mapping[str, Any]) -> Attachment:
    revpos, length = (_natural(member.get(what, 0), name, what) for what in ("revpos", "length"))
    return Attachment(name, content_type, _digest(name, member), length, revpos)


def _digest(name: str, member: Mapping[str, Any]) -> str:
    digest = member.get("digest", "")
    if not isinstance(digest, str):
        raise InvalidDocument(f"The digest of attachment '{name}' must be a string")
    return digest


def _natural(value: object, name: str, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise InvalidDocument(f"The {what} of attachment '{name}' must be a natural number")
    return value


def _decode(name: str, text: object) -> bytes:
    try:
        told = text.encode("ascii") if isinstance(text, str) else b"no data"
        try:
            return _exactly(told)
        except binascii.Error:  # many write it in lines, as in mail; few do, so nobody else is made to wait for them
            return _exactly(told.translate(None, _BETWEEN_LINES))
    except (binascii.Error, UnicodeEncodeError):
        raise BadRequest(f"Invalid attachment data for {name}") from None


def _exactly(told: bytes) -> bytes:
    content = b64decode(told, validate=True)
    if len(told) != (len(content) + 2) // 3 * 4:  # Python passes over padding that nothing asks for
        raise binascii.Error
    return content


def _write_one(each: Attachment, follow: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"content_type": each.content_type}
    if each.revpos:  # CouchDB takes no stub of another generation than it has, and any stub that names none
        told["revpos"] = each.revpos
    told["digest"] = each.digest
    if each.data is None:
        return {**told, "length": each.length, "stub": True}
    if follow:
        return {**told, "length": each.length, "follows": True}
    return {**told, "data": b64encode(bytes_of(each.data)).decode("ascii")}
