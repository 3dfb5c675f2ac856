"""The body of a request as it arrives: in pieces, or whole where it must be.

Must not know: routes, what a body means.
"""

from collections.abc import Callable, Iterator

from werkzeug.wrappers import Request

from sync.errors import LinkDown, TooLarge, UnsupportedType
from sync.wire.arriving import unpacked

_PIECE_BYTES = 64 << 10


def body_pieces(request: Request) -> Iterator[bytes]:
    """The body, gunzipped, once; nothing is read before the first piece is asked for.

    raises  UnsupportedType at once; LinkDown, BadRequest when it breaks off or is not what it says
    """
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise UnsupportedType("Only gzip and identity content-encodings are supported")
    # A chunked body has no length; where it ends only the server knows, and its stream ends there.
    chunked = request.headers.get("Transfer-Encoding", "").lower() == "chunked"
    stream = request.environ["wsgi.input"]
    # A chunk at a time where there are some: whoever sends while it makes wants each heard as it comes.
    arriving = _arriving(getattr(stream, "read1", stream.read), None if chunked else request.content_length or 0)
    return unpacked(arriving, "the body") if encoding == "gzip" else arriving


def packed_pieces(request: Request) -> Iterator[bytes]:
    """The body of frames, which are packed already; raises UnsupportedType for gzip around them, and as `body_pieces`.

    A kilobyte of gzip may hold a megabyte of zstd, which may stand for anything.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise UnsupportedType("Frames are packed already, and taken with no other content-encoding")
    return body_pieces(request)


def read_body(request: Request, max_bytes: int) -> bytes:
    """The body whole; raises TooLarge, and what `body_pieces` raises."""
    if (request.content_length or 0) > max_bytes:
        raise TooLarge("the request entity is too large")
    pieces, size = [], 0
    for piece in body_pieces(request):
        size += len(piece)
        if size > max_bytes:
            raise TooLarge("the request entity is too large")
        pieces.append(piece)
    return b"".join(pieces)


def told_length(request: Request) -> int | None:
    """How long the body will be; None when that is not told, or is told of the packed one."""
    return None if request.headers.get("Content-Encoding") else request.content_length


def _arriving(read: Callable[[int], bytes], length: int | None) -> Iterator[bytes]:
    left = length
    while left is None or left > 0:
        try:
            piece = read(_PIECE_BYTES if left is None else min(left, _PIECE_BYTES))
        except ConnectionError:
            # A link that breaks is ordinary here: no fault of ours, and nobody is left to be told.
            raise LinkDown("the request broke off") from None
        if not piece and left is None:
            return
        if not piece:
            raise LinkDown("the request broke off")
        left = None if left is None else left - len(piece)
        yield piece
