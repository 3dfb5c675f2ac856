"""A document or an attachment as it arrives in the body of a request.

A document is JSON, or JSON with its contents behind it. Contents are not read here: they pass on to the
database piece by piece, each held to what was announced and to the server's limit.

Must not know: databases.
"""

from typing import Any

from sync.http_api.bodies import told_length
from sync.http_api.call import Call
from sync.values.contents import Content, Passing
from sync.wire.arriving import as_announced, limited
from sync.wire.attachments import Following
from sync.wire.multipart import RELATED, read_related
from sync.wire.problems import AttachmentTooLarge


def sent_document(call: Call) -> tuple[Any, Following | None]:
    """The JSON value, and what follows it; raises BadRequest, TooLarge."""
    if call.content_type() != RELATED:
        return call.any_json(), None
    told = call.headers.get("Content-Type", "")
    return read_related(call.body_pieces(), told, most_bytes=call.server.max_attachment_bytes)


def sent_content(call: Call, name: str) -> Content:
    """The body as the content of an attachment.

    raises  AttachmentTooLarge, UnsupportedType; when it is read also ContentMismatch, BadRequest, LinkDown
    """
    most, length = call.server.max_attachment_bytes, told_length(call.request)
    if length is not None and length > most:
        raise AttachmentTooLarge(name)
    digest = call.headers.get("Content-MD5", "").strip()
    pieces = as_announced(call.body_pieces(), length=None, digest=f"md5-{digest}" if digest else "")
    return Passing(limited(pieces, most, name), length)
