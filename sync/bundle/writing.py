"""Writing a volume: what is told comes in segments, each signed, so that a volume cut off is worth its whole segments.

Must not know: what is told, files.
"""

import hashlib

from sync.bundle.envelope import Sealer, Sink, room_within, sealed_size
from sync.bundle.padding import rounded
from sync.bundle.parts import SIGNED_KIND, Part
from sync.trust.keys import KeyPair
from sync.trust.signing import sign_statement
from sync.values.json_text import dump
from sync.wire.conversation import ItemWriter, Kind
from sync.wire.frames import write_frame
from sync.wire.packing import EVEN, Packer

# The largest segment, with what stands before and behind it.
LEAST_VOLUME_BYTES = 2 << 20
_PIECE_BYTES = 1 << 20
# What stands behind the last segment: two signatures, two ends, and what the packed stream ends with.
_TAIL_BYTES = 1 << 10


class VolumeWriter:
    """One volume. Guards that it stays within its size, and that all of it is signed."""

    def __init__(self, sink: Sink, header: bytes, pair: KeyPair, *, receiver: bytes, size: int) -> None:
        """Begin.

        receiver  Ed25519 public key of the node it is for
        size      bytes of the sealed volume, at the most; `LEAST_VOLUME_BYTES` at least
        """
        self.items = ItemWriter()
        self._sealer = Sealer(sink, receiver)
        self._pair = pair
        self._size = size
        self._used = 0
        self._digest = hashlib.sha256()
        self._packer = Packer(EVEN)
        self._put(Part.HEAD, header)

    def has_room_for(self, frames: bytes) -> bool:
        """Whether another segment of these frames fits; however badly they pack."""
        worst = len(frames) + len(frames) // 64 + _TAIL_BYTES
        return self._used + worst + _TAIL_BYTES <= room_within(self._size)

    def write(self, frames: bytes) -> None:
        """A segment: it counts once all of it is there."""
        packed = self._packer.pack(frames) + self._packer.flush()
        for begin in range(0, len(packed), _PIECE_BYTES):
            self._put(Part.PIECE, packed[begin : begin + _PIECE_BYTES])
        self._sign()

    def end(self, *, is_last: bool) -> None:
        """The volume is whole; is_last, whether its set is, too."""
        self._put(Part.PIECE, self._packer.pack(write_frame(Kind.END)) + self._packer.end())
        self._put(Part.END, dump({"last": is_last}))
        self._sign()
        size = min(self._size, rounded(sealed_size(self._used))) if is_last else self._size
        left = room_within(size) - self._used
        while left > 0:
            zeros = bytes(min(left, _PIECE_BYTES))
            self._sealer.write(zeros)
            left -= len(zeros)
        self._sealer.end()

    def _sign(self) -> None:
        signature = sign_statement(self._pair, SIGNED_KIND, self._digest.digest())
        self._put(Part.SIGNATURE, signature)

    def _put(self, part: Part, payload: bytes) -> None:
        frame = write_frame(part, payload)
        self._digest.update(frame)
        self._used += len(frame)
        self._sealer.write(frame)
