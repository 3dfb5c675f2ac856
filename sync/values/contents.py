"""What is in a file: bytes at hand, or something read in pieces because memory may be too small for it.

A small content is its bytes, and nobody pays for large ones. A large one is a `Content`: it stays where it
is, in the store, on another server or in a socket, and whoever needs it takes one piece after the other.

Must not know: where contents are kept, how they travel.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from sync.typed import Value

# How much of a content is held at once, and the size of what is stored as one: some 32 pages of the file.
PIECE_BYTES = 128 << 10


@runtime_checkable
class Content(Protocol):
    """A content that is read in pieces."""

    @property
    def length(self) -> int | None:
        """Bytes; None when nobody can vouch for it before the end."""
        ...

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`; raises rather than giving fewer."""
        ...


Data = bytes | Content


class Passing(Value, eq=False):
    """A content that passes by, such as an upload: it can be taken once, from beginning to end."""

    stream: Iterator[bytes]
    length: int | None = None

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """All of it; there is no beginning in the middle."""
        if start or stop is not None:
            raise ValueError("a content that passes by has no parts")
        return self.stream


class Range(Value):
    """The bytes of a content from `first` up to `behind`, as a content of its own."""

    whole: Data
    first: int
    behind: int

    @property
    def length(self) -> int:
        """Bytes."""
        return self.behind - self.first

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes, counted from the range's own beginning."""
        stop = self.length if stop is None else min(stop, self.length)
        return pieces_of(self.whole, self.first + start, self.first + stop)


def pieces_of(data: Data, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` up to `stop`, in pieces."""
    if not isinstance(data, bytes):
        yield from data.pieces(start, stop)
    elif chosen := data[start:stop]:
        yield chosen


def bytes_of(data: Data) -> bytes:
    """The whole content in memory: for what is known to be small, or must be whole."""
    return data if isinstance(data, bytes) else b"".join(data.pieces())


def length_of(data: Data) -> int | None:
    """Bytes; None when that shows only at the end."""
    return len(data) if isinstance(data, bytes) else data.length


def evenly(pieces: Iterable[bytes], size: int = PIECE_BYTES) -> Iterator[bytes]:
    """The same bytes in pieces of one size, but for the last."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)
