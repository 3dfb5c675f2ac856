"""Request bodies on cheroot in little memory, however they are sent and whether or not anybody reads them.

Cheroot holds a whole chunk of a chunked body, which may be all of it, and to keep a connection reads at once
what an early answer left unread. Here a body is read as it is asked for; a rest that is small is read away in
pieces, so that the client hears the answer, and after a large one the connection ends.

Must not know: routes, what the application is.
"""

import io
import re
from contextlib import suppress
from typing import Any, NoReturn, Protocol

from sync.errors import TooLarge

_PIECE_BYTES = 64 << 10
# As much as an application reads without being asked twice; beyond it a client sends for nothing.
_MOST_DRAINED_BYTES = 64 << 20
_LONGEST_LINE_BYTES = 1 << 10
# Nobody we know sends any; some kilobytes are what a head would be allowed for as much.
_MOST_TRAILERS = 32
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")


class _Stream(Protocol):
    def read(self, size: int) -> bytes: ...

    def readline(self, size: int) -> bytes: ...


class ChunkedBody:
    """A body in chunks, as a file that ends where the last chunk ends.

    source  RFC 9112, 7.1
    """

    def __init__(self, stream: _Stream, most_bytes: int) -> None:
        """`most_bytes` 0 means any number."""
        self._stream: _Stream = stream
        self._most_bytes = most_bytes
        self._size = 0
        self._left = 0  # of the chunk under way
        self.ended = False

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes, and all that is left when it is negative; b"" at the end.

        raises  ConnectionError when the body breaks off or is no chunks, TooLarge
        """
        pieces = []
        while size and not self.ended:
            if not self._left:
                self._begin_chunk()
                continue
            piece = self._stream.read(min(self._left, _PIECE_BYTES, size if size > 0 else _PIECE_BYTES))
            if not piece:
                raise ConnectionError("the body broke off")
            self._left -= len(piece)
            size -= len(piece) if size > 0 else 0
            pieces.append(piece)
            if not self._left:
                self._end_chunk()
        return b"".join(pieces)

    def read1(self, size: int = -1) -> bytes:
        """Up to so many bytes of one chunk, as it came, without waiting for another; b"" at the end."""
        if not self._left and not self.ended:
            self._begin_chunk()
        return self.read(min(self._left, size) if size >= 0 else self._left)

    def readline(self, size: int = -1) -> bytes:
        """Up to the end of a line, byte by byte: nobody sends lines of any length here."""
        line = b""
        while not line.endswith(b"\n") and len(line) != size and (byte := self.read(1)):
            line += byte
        return line

    def __iter__(self) -> "ChunkedBody":
        return self

    def __next__(self) -> bytes:
        """The next line."""
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def _begin_chunk(self) -> None:
        told = _SIZE.fullmatch(self._stream.readline(_LONGEST_LINE_BYTES))
        if told is None:
            self._give_up()
        self._left = int(told[1], 16)
        self._size += self._left
        if self._most_bytes and self._size > self._most_bytes:
            raise TooLarge("The body is larger than is taken.")
        if not self._left:
            self._pass_over_trailers()
            self.ended = True

    def _pass_over_trailers(self) -> None:
        """Behind the last chunk, up to the empty line: we know none."""
        for _ in range(_MOST_TRAILERS + 1):
            line = self._stream.readline(_LONGEST_LINE_BYTES)
            if line == b"\r\n":
                return
            if not line.endswith(b"\r\n"):
                break
        self._give_up()

    def _end_chunk(self) -> None:
        if self._stream.readline(_LONGEST_LINE_BYTES) != b"\r\n":
            self._give_up()

    def _give_up(self) -> NoReturn:
        """What follows is no part of anything, whatever it looks like: nothing more is read of it."""
        self._stream = io.BytesIO()
        raise ConnectionError("the body is not in chunks")


def is_unread(body: Any) -> bool:
    """Whether more of a body, in chunks or of a known length, may still come."""
    if isinstance(body, ChunkedBody):
        return not body.ended
    return getattr(body, "remaining", 0) > 0


def read_away(body: Any) -> bool:
    """Read what is left of a body, if that is not too much; gives whether it is at its end now."""
    if getattr(body, "remaining", 0) > _MOST_DRAINED_BYTES:
        return False
    size = 0
    with suppress(OSError, TooLarge):
        while is_unread(body) and size <= _MOST_DRAINED_BYTES and (piece := body.read(_PIECE_BYTES)):
            size += len(piece)
    return not is_unread(body)
