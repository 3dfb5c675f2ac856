"""A hash chain: each link is made from the one before and its own content.

Whoever knows the last link can tell whether anything before it was changed, removed or put in.

Must not know: what the content is, or where links are kept.
"""

import base64
import hashlib

from sync.errors import BadRequest

LINK_BYTES = 32
BEGINNING = bytes(LINK_BYTES)  # stands before the first link
_DOMAIN = b"yizhan chain 1\n"


def link(previous: bytes, content: bytes) -> bytes:
    """The link for a content behind a previous link: 32 bytes."""
    return hashlib.sha256(_DOMAIN + previous + hashlib.sha256(content).digest()).digest()


def digest_text(digest: bytes) -> str:
    """Bytes as unpadded base64url; a SHA-256 becomes 43 characters."""
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def read_digest(text: object, *, length: int = LINK_BYTES) -> bytes:
    """Bytes from unpadded base64url.

    raises  BadRequest unless the text is exactly how `length` bytes are written
    """
    if isinstance(text, str) and text.isascii():
        try:
            digest = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            digest = b""
        # Written back, because a lenient decoder takes several texts for the same bytes.
        if len(digest) == length and digest_text(digest) == text:
            return digest
    raise BadRequest(f"not the base64url text of {length} bytes")
