"""Reading a volume: nothing is given out before the signature behind it was found to fit.

Memory holds what stands between two signatures, and there is a limit to that.

Must not know: whom to believe, what becomes of what is told, files.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from sync.bundle.envelope import opened
from sync.bundle.header import Header, read_header
from sync.bundle.parts import SIGNED_KIND, Part
from sync.bundle.refusals import BrokenVolume, NotForUs
from sync.errors import Unauthorized
from sync.messages import _
from sync.trust.keys import KeyPair
from sync.trust.signing import verify_statement
from sync.values.json_text import parse_object
from sync.wire.frames import Frame, FrameReader, write_frame
from sync.wire.stream import frames_of

# A segment has at most a quarter of this, and usually a thirtieth.
_MOST_UNSIGNED_BYTES = 4 << 20
# What a part is taken to have at the least: one that says nothing takes two bytes of a stick, and as long to look at as
# any other. Of honest ones there are five or six to a segment.
_LEAST_PART_BYTES = 1 << 10

# The public key of who wrote a header; raises Refused when it is nobody to be believed
KeyOf = Callable[[Header], bytes]


class Volume:
    """One volume, as far as it has been read.

    header    what stands at its head
    is_whole  whether all of it was read, and nothing of it had been changed
    is_last   whether it is the last of its set; False while that is not known
    """

    def __init__(self, stream: BinaryIO, pair: KeyPair, key_of: KeyOf) -> None:
        """Read as far as the first signature.

        raises  NotAVolume, NotForUs, BrokenVolume; Unauthorized when the signature does not fit; what `key_of` raises
        """
        self.is_whole = self.is_last = False
        self._parts = _parts(opened(stream, pair))
        self._digest = hashlib.sha256()
        head = self._next(Part.HEAD)
        self.header = read_header(head)
        if self.header.to != pair.writer:
            raise NotForUs(_("It is not for this node"))
        self._key = key_of(self.header)
        self._first = self._segment()

    def frames(self) -> Iterator[Frame]:
        """The frames of what is told, once; raises BrokenVolume behind the last that counts when it is cut off."""
        return frames_of(self._segments())

    def _segments(self) -> Iterator[bytes]:
        segment = self._first
        while True:
            yield from segment
            if self.is_whole:
                return
            segment = self._segment()

    def _segment(self) -> list[bytes]:
        """The pieces up to the next signature, which fits."""
        pieces: list[bytes] = []
        size, end = 0, None
        for frame in self._parts:
            if frame.kind == Part.SIGNATURE:
                self._require(frame.payload)
                self._note(frame)
                if end is not None:
                    self._finish(end)
                return pieces
            size += max(len(frame.payload), _LEAST_PART_BYTES)
            if size > _MOST_UNSIGNED_BYTES:
                raise BrokenVolume(_("Too long a part of the file is not signed"))
            self._note(frame)
            if frame.kind == Part.PIECE:
                pieces.append(frame.payload)
            elif frame.kind == Part.END:
                end = frame.payload
            elif not frame.is_optional:
                raise BrokenVolume(_("This file was written by a newer version, update this machine first"))
        raise BrokenVolume(_("The file is not whole, or damaged"))

    def _require(self, signature: bytes) -> None:
        if not verify_statement(self._key, SIGNED_KIND, self._digest.digest(), signature=signature):
            raise Unauthorized(_("The signature of the file is wrong, it was not taken"))

    def _finish(self, end: bytes) -> None:
        """Go through the zeros at the end: a byte changed there shows as well."""
        for _part in self._parts:
            pass
        self.is_last = parse_object(end).get("last") is True
        self.is_whole = True

    def _next(self, part: Part) -> bytes:
        frame = next(self._parts, None)
        if frame is None or frame.kind != part:
            raise BrokenVolume(_("The file is not whole, or damaged"))
        self._note(frame)
        return frame.payload

    def _note(self, frame: Frame) -> None:
        self._digest.update(write_frame(frame.kind, frame.payload))


def _parts(chunks: Iterator[bytes]) -> Iterator[Frame]:
    """The parts in some chunks; behind the end and its signature there are none, but the chunks are gone through."""
    reader, seen_end = FrameReader(), False
    for chunk in chunks:
        for frame in reader.feed(chunk):
            yield frame
            if seen_end and frame.kind == Part.SIGNATURE:
                for _chunk in chunks:
                    pass
                return
            seen_end = seen_end or frame.kind == Part.END
