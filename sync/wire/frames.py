"""Frames: what two nodes say in an exchange, one after the other, each whole or not at all.

    kind (1 byte) · length (varint, 7 bits a byte, least first) · payload (length bytes)

A stream of them may be cut anywhere and arrive in any pieces; a frame counts when its last byte is here, so what a
cut link leaves behind is worth all the frames before the one it broke off in.

Versions two apart understand each other by two rules. Every frame tells its length, so the reader hands on kinds it has
never heard of like all others. And a kind says by its number what is to become of it there: from `FIRST_OPTIONAL` up,
who does not know it passes over it (`is_optional`); below, who does not know it must say so and stop, because what
follows means nothing without it. A kind's number is never given a second meaning.

Must not know: what the kinds are, compression, sockets.
"""

from collections.abc import Iterator

from sync.errors import BadRequest, TooLarge
from sync.typed import Value

FIRST_OPTIONAL = 0x80
# A record has at most 1 MB and a chunk 16 kB; what stands beside them in a frame is a few hundred bytes.
LARGEST_FRAME_BYTES = (1 << 20) + (64 << 10)
_LENGTH_BYTES = 5  # enough for 2^35; more is no length but noise


class Frame(Value):
    """One frame; `kind` is a byte, 0 to 255."""

    kind: int
    payload: bytes

    @property
    def is_optional(self) -> bool:
        """Whether one who does not know the kind may pass over it."""
        return self.kind >= FIRST_OPTIONAL


def write_frame(kind: int, *parts: bytes) -> bytes:
    """A frame as it stands in the stream; its payload is the parts, joined.

    raises  TooLarge where no reader would take it
    """
    length = sum(map(len, parts))
    if length > LARGEST_FRAME_BYTES:
        raise TooLarge(f"a frame has at most {LARGEST_FRAME_BYTES} bytes")
    return b"".join((bytes((kind,)), write_number(length), *parts))


def write_number(number: int) -> bytes:
    """A whole number from 0 up as a varint."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def read_number(data: bytes | bytearray, start: int = 0) -> tuple[int, int] | None:
    """Read a varint; returns it and where what follows begins, None when it is not all here.

    raises  BadRequest when it is none, or not written as `write_number` writes it
    """
    number = 0
    for count in range(_LENGTH_BYTES):
        if start + count == len(data):
            return None
        byte = data[start + count]
        number |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            if byte == 0 and count:
                break
            return number, start + count + 1
    raise BadRequest("not a number as frames write it")


class FrameReader:
    """Reads a stream of frames as its bytes arrive. Guards the frame that is not all here yet, and its size."""

    def __init__(self, *, largest_bytes: int = LARGEST_FRAME_BYTES) -> None:
        """Refuse frames whose payload is larger than `largest_bytes`."""
        self._largest = largest_bytes
        self._held = bytearray()
        self._awaited = 0  # bytes that must be held before looking again is worth it

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take the bytes that have arrived; returns the frames that they make whole, to be gone through at once.

        raises  while they are gone through, behind the last good one: BadRequest on what is no frame or too
                large a one, as soon as its head is here
        """
        self._held += data
        return self._whole() if len(self._held) >= self._awaited else iter(())

    def _whole(self) -> Iterator[Frame]:
        start, behind = 0, len(self._held)
        try:
            while start < behind:
                found = self._head(start)
                if found is None or found[1] > behind:
                    self._awaited = 0 if found is None else found[1] - start
                    break
                begin, end = found
                frame = Frame(self._held[start], bytes(self._held[begin:end]))
                start, self._awaited = end, 0
                yield frame
        finally:
            del self._held[:start]

    @property
    def is_within_frame(self) -> bool:
        """Whether the stream, if it ended here, would have broken off: some of a frame is here, and not all."""
        return bool(self._held)

    def end(self) -> None:
        """The stream has ended; raises BadRequest when it broke off within a frame."""
        if self._held:
            raise BadRequest("the stream broke off within a frame")

    def _head(self, start: int) -> tuple[int, int] | None:
        """Where the payload of the frame that begins at `start` begins and ends; None while that is not told."""
        told = read_number(self._held, start + 1)
        if told is None:
            return None
        length, begin = told
        if length > self._largest:
            raise BadRequest(f"a frame has at most {self._largest} bytes, this one claims {length}")
        return begin, begin + length
