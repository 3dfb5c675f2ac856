"""Contents on their way in: checked against what was announced, unpacked, and cut off where they grow too large.

Each of these takes pieces and gives pieces, so that a content of any size passes through in little memory;
what is wrong shows at the latest at its end, before anybody has called it stored.

source  CouchDB, `couch_att:flush/2` and `couch_db:with_stream/3`, for the order and the sentences

Must not know: sockets, databases, where contents are kept.
"""

import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import md5

from sync.errors import BadRequest
from sync.values.contents import PIECE_BYTES
from sync.wire.problems import AttachmentTooLarge, ContentMismatch

GZIP = 16 + zlib.MAX_WBITS


def digest_text(digest: bytes) -> str:
    """`md5-<base64>`, as CouchDB names a content."""
    return "md5-" + b64encode(digest).decode("ascii")


def digest_of(data: bytes) -> str:
    """`md5-<base64>` of bytes at hand."""
    return digest_text(md5(data, usedforsecurity=False).digest())


def as_announced(pieces: Iterable[bytes], *, length: int | None, digest: str) -> Iterator[bytes]:
    """The same pieces; raises when they are not as long as was said, or not what was said.

    length  None when nothing was said
    digest  `md5-<base64>`, or "" likewise
    raises  BadRequest, ContentMismatch
    """
    size, seen = 0, md5(usedforsecurity=False)
    for piece in pieces:
        size += len(piece)
        if length is not None and size > length:
            raise BadRequest("attachment longer than expected")
        seen.update(piece)
        yield piece
    if length is not None and size < length:
        raise BadRequest("attachment shorter than expected")
    if digest.startswith("md5-") and digest != digest_text(seen.digest()):
        raise ContentMismatch("Possible message corruption.")


def unpacked(pieces: Iterable[bytes], what: str) -> Iterator[bytes]:
    """What was gzipped, plain, never more than a piece at once; raises BadRequest.

    what  is gzipped, for the sentence: "the body"
    """
    unpack = zlib.decompressobj(GZIP)
    try:
        for packed in pieces:
            while packed:
                plain = unpack.decompress(packed, PIECE_BYTES)
                if plain:
                    yield plain
                packed = unpack.unconsumed_tail
    except zlib.error:
        raise BadRequest(f"{what} is not gzip") from None
    if not unpack.eof:
        raise BadRequest(f"{what} is cut off")


def limited(pieces: Iterable[bytes], most_bytes: int, name: str) -> Iterator[bytes]:
    """The same pieces; raises AttachmentTooLarge, with the name, as soon as they are more."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most_bytes:
            raise AttachmentTooLarge(name)
        yield piece
