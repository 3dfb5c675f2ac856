"""An exchange in the body of a request or an answer: frames, packed, under a type that names the dictionary.

    Content-Type: application/x-yizhan; d=3f2a9c0d

A node proposes the dictionary it likes best without asking; whoever has not got it says 415, and is sent what
needs none. The answer is packed as the question was; to whoever speaks version 4, with the offer that it answers behind
the dictionary: what the answer repeats of it, names, positions, the head of a chain, costs next to nothing. From
version 5 on both may have what was said before them there, too (`words`).

Must not know: what the frames say, sockets.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from sync.errors import BadRequest, UnsupportedType
from sync.wire.dictionaries.shelf import Dictionary, WithWords, find, names
from sync.wire.frames import Frame, FrameReader
from sync.wire.packing import EVEN, HARD, LITTLE, Effort, Packer, Unpacker

CONTENT_TYPE = "application/x-yizhan"
_TOLD_DIGITS = 8  # of a dictionary's name: enough to tell the few apart that will ever be shipped
_GATHERED_BYTES = 16 << 10
_LITTLE_BYTES = 4 << 10  # packed hard within 3 ms; what is eight times as long takes 24 ms, and saves a twentieth
_WORDS_BEHIND = 4  # the version of exchanges from which on
# A dictionary of one conversation is made ready for it alone, which takes as long as to pack it.
_MOST_WORDS_BYTES = 16 << 10
# Each frame says something new, a hash or a name at the least, and so takes some bytes however well it is packed. Of
# frames that say nothing thirty thousand bytes go into one, and looking at them takes us for ever.
_FREE_FRAMES = 20_000
_LEAST_FRAME_BYTES = 4
# Of zstd 23 bytes stand for a megabyte that has to be looked at, and an edit told against a version of a megabyte takes
# none to be written out a second time. What is told once is packed to a tenth, a catalogue to a twentieth, edits of
# large records to a hundredth or two, and an exchange tells some megabytes at the most.
_FREE_BYTES = 32 << 20
_MOST_UNPACKED = 100


def proposed() -> Dictionary | None:
    """The dictionary to propose; None while there is none."""
    known = names()
    return find(known[0]) if known else None


def type_of(dictionary: Dictionary | None) -> str:
    """What the body is called that is packed with it."""
    return CONTENT_TYPE if dictionary is None else f"{CONTENT_TYPE}; d={dictionary.name[:_TOLD_DIGITS]}"


def dictionary_of(content_type: str) -> Dictionary | None:
    """The dictionary a body was packed with; raises UnsupportedType for another type, or one that is not here."""
    kind, _, told = content_type.partition(";")
    if kind.strip() != CONTENT_TYPE:
        raise UnsupportedType(f"Content-Type must be {CONTENT_TYPE}")
    name = told.strip().removeprefix("d=")
    if not name:
        return None
    for known in names():
        if known.startswith(name) and len(name) == _TOLD_DIGITS:
            return find(known)
    raise UnsupportedType("this node has not got that dictionary")


def to_answer(offer: bytes, dictionary: Dictionary | None, *, version: int) -> Dictionary | None:
    """What an answer is packed with; version, of exchanges, that the asker speaks."""
    if dictionary is None or version < _WORDS_BEHIND or len(offer) > _MOST_WORDS_BYTES:
        return dictionary
    return WithWords(dictionary, offer)


def packed(
    frames: Iterable[tuple[bytes, bool]], dictionary: Dictionary | None = None, *, effort: Effort = HARD
) -> Iterator[bytes]:
    """Frames as one packed stream.

    frames   each with whether the other should have all up to it before more is made
    returns  pieces to be sent; behind each, all that was due can be read
    """
    packer = Packer(effort, dictionary)
    held: list[bytes] = []
    for frame, is_due in frames:
        held.append(packer.pack(frame))
        if is_due:
            held.append(packer.flush())
            yield b"".join(held)
            held = []
    yield b"".join((*held, packer.end()))


def measured(frames: Iterable[tuple[bytes, bool]]) -> tuple[bool, Iterable[tuple[bytes, bool]]]:
    """Whether frames are little all together, and the same frames."""
    coming = iter(frames)
    begun: list[tuple[bytes, bool]] = []
    size = 0
    for frame in coming:
        begun.append(frame)
        size += len(frame[0])
        if size > _LITTLE_BYTES:
            return False, chain(begun, coming)
    return True, begun


def packed_by_size(
    frames: Iterable[tuple[bytes, bool]],
    dictionary: Dictionary | None = None,
    *,
    effort: Effort = EVEN,
    in_crowd: bool = False,
) -> Iterator[bytes]:
    """The same, but hard and in one piece where there is little: that costs next to nothing, whatever the link is like.

    effort    for what is more; as it stands, that of one who talks to hundreds at once
    in_crowd  others are waiting: what makes an answer ready for hard packing, 2 ms, is spared for its few bytes
    """
    is_little, told = measured(frames)
    if not is_little:
        return packed(told, dictionary, effort=effort)
    whole = ((frame, False) for frame, _ in told)  # all of it is made already: nobody waits for a part
    return packed(whole, dictionary, effort=LITTLE if in_crowd else HARD)


def frames_of(pieces: Iterable[bytes], dictionary: Dictionary | None = None, *, answering: bytes = b"") -> "Frames":
    """The frames of a packed stream, as they arrive.

    answering  the offer that the stream answers
    """
    return Frames(pieces, dictionary, answering)


class Frames(Iterator[Frame]):
    """The frames of a packed stream, as they arrive. Guards that what it makes of us is in some proportion to it.

    Going through it raises BadRequest for what is no packed stream, or says next to nothing for its length.
    """

    def __init__(self, pieces: Iterable[bytes], dictionary: Dictionary | None, answering: bytes) -> None:
        self._frames_left = _FREE_FRAMES * _LEAST_FRAME_BYTES
        self._bytes_left = _FREE_BYTES
        self._frames = self._read(pieces, Unpacker(dictionary, answering))

    def __next__(self) -> Frame:
        return next(self._frames)

    def spend(self, size: int) -> None:
        """So many bytes were made of what stands in the frames; raises BadRequest when they are too many."""
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise BadRequest("a packed stream that stands for far more than anybody has to say in its length")

    def _read(self, pieces: Iterable[bytes], unpacker: Unpacker) -> Iterator[Frame]:
        reader = FrameReader()
        for piece in pieces:
            self._frames_left += len(piece)
            self._bytes_left += len(piece) * _MOST_UNPACKED
            for plain in unpacker.feed(piece):
                self.spend(len(plain))
                for frame in reader.feed(plain):
                    self._frames_left -= _LEAST_FRAME_BYTES
                    if self._frames_left < 0:
                        raise BadRequest("a packed stream of more frames than anybody has something to say in")
                    yield frame


def gathered(pieces: Iterator[bytes]) -> bytes | Iterator[bytes]:
    """A stream that turns out small as one piece, whose length can then be told; any other as it was."""
    begun: list[bytes] = []
    size = 0
    for piece in pieces:
        begun.append(piece)
        size += len(piece)
        if size >= _GATHERED_BYTES:
            return _continued(begun, pieces)
    return b"".join(begun)


def _continued(begun: list[bytes], pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield from begun
    begun.clear()
    yield from pieces
