"""`_attachments`: files on a document, inline as base64, as stubs, or following in a multipart body.

A digest is the MD5 of the content, whatever the content type. Apache CouchDB takes the MD5 of the
gzipped content for text types, so digests of the two may differ: a digest names a content on one
server and is not compared between servers.

source  CouchDB API, /{db}/{docid}, "Attachments"

Must not know: sockets, databases, where contents are kept.
"""

import binascii
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from hashlib import md5
from typing import Any

from sync.errors import BadRequest, TooLarge
from sync.values.documents import Attachment
from sync.wire.names import check_attachment_name
from sync.wire.problems import InvalidDocument

DEFAULT_TYPE = "application/octet-stream"
# As much as one request may carry plain: a small body must not unpack to more than memory holds.
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


def digest_of(data: bytes) -> str:
    """`md5-<base64>`, as CouchDB names a content."""
    return "md5-" + b64encode(md5(data, usedforsecurity=False).digest()).decode("ascii")


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


def read_attachments(
    members: object, *, generation: int, following: Mapping[str, bytes] | None = None
) -> tuple[Attachment, ...]:
    """Read the value of `_attachments`.

    generation  of the revision that carries them; for content that names no `revpos`
    following   contents of the parts behind a multipart document, by attachment name
    raises      BadRequest, InvalidDocument; TooLarge when contents unpack to more than we hold at once
    """
    if not isinstance(members, dict):
        raise InvalidDocument("`_attachments` must be an object")
    plain = _unpacked(members, following or {})
    return tuple(_read_one(check_attachment_name(name), member, generation, plain) for name, member in members.items())


def follows(members: object) -> list[str]:
    """Names of the attachments whose content follows, in the order of the parts."""
    if not isinstance(members, dict):
        return []
    return [name for name, member in members.items() if isinstance(member, dict) and member.get("follows") is True]


def write_attachments(attachments: Sequence[Attachment], *, follow: bool = False) -> dict[str, Any]:
    """The value of `_attachments`: contents inline (or announced to follow), the others as stubs."""
    return {each.name: _write_one(each, follow) for each in attachments}


def _read_one(name: str, member: object, generation: int, following: Mapping[str, bytes]) -> Attachment:
    if not isinstance(member, dict):
        raise InvalidDocument(f"Attachment '{name}' must be an object")
    content_type = member.get("content_type", DEFAULT_TYPE)
    if not isinstance(content_type, str):
        raise InvalidDocument(f"The content_type of attachment '{name}' must be a string")
    revpos = _natural(member.get("revpos", generation), name, "revpos")
    if member.get("stub") is True:
        return _stub(name, content_type, revpos, member)
    if member.get("follows") is True:
        data = following.get(name)
        if data is None:
            raise BadRequest(f"The content of attachment '{name}' does not follow the document")
    else:
        if _is_packed(member):
            raise BadRequest(f"Attachment '{name}' is packed: send its data plain, or let it follow the document")
        data = _decode(name, member.get("data"))
    return Attachment(name, content_type, digest_of(data), len(data), revpos, data)


def _unpacked(members: Mapping[str, Any], following: Mapping[str, bytes]) -> dict[str, bytes]:
    """The contents as they are: CouchDB keeps text types gzipped, and its replicator sends them so."""
    plain = dict(following)
    left = MOST_UNPACKED_BYTES
    for name, member in members.items():
        if name in plain and isinstance(member, dict) and _is_packed(member):
            plain[name] = _gunzipped(name, plain[name], left)
            left -= len(plain[name])
    return plain


def _is_packed(member: Mapping[str, Any]) -> bool:
    encoding = member.get("encoding", "identity")
    if encoding not in ("identity", "gzip"):
        raise BadRequest(f"Unknown encoding of an attachment: {encoding!r}; use gzip or none")
    return bool(encoding == "gzip")


def _gunzipped(name: str, data: bytes, most: int) -> bytes:
    unpack = zlib.decompressobj(_GZIP)
    try:
        plain = unpack.decompress(data, most + 1)
    except zlib.error:
        raise BadRequest(f"The content of attachment '{name}' is not gzip") from None
    if len(plain) > most:
        raise TooLarge(f"The attachments unpack to more than {MOST_UNPACKED_BYTES} bytes")
    if not unpack.eof:
        raise BadRequest(f"The content of attachment '{name}' is cut off")
    return plain


def _stub(name: str, content_type: str, revpos: int, member: Mapping[str, Any]) -> Attachment:
    digest = member.get("digest", "")
    if not isinstance(digest, str):
        raise InvalidDocument(f"The digest of attachment '{name}' must be a string")
    return Attachment(name, content_type, digest, _natural(member.get("length", 0), name, "length"), revpos)


def _natural(value: object, name: str, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise InvalidDocument(f"The {what} of attachment '{name}' must be a natural number")
    return value


def _decode(name: str, text: object) -> bytes:
    if not isinstance(text, str):
        raise BadRequest(f"Attachment '{name}' has no data")
    try:
        return b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise BadRequest(f"Invalid attachment data for {name}: not base64") from None


def _write_one(each: Attachment, follow: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"content_type": each.content_type, "digest": each.digest}
    if each.revpos:  # CouchDB takes no stub of another generation than it has, and any stub that names none
        told["revpos"] = each.revpos
    if each.data is None:
        return {**told, "length": each.length, "stub": True}
    if follow:
        return {**told, "length": each.length, "follows": True}
    return {**told, "data": b64encode(each.data).decode("ascii")}
