"""One direction of an exchange, packed: a single zstd stream over all its frames, read as far as it has arrived.

One stream, because two hundred applications have their words in common: packed one by one they are twice as long.
`Packer.flush` makes all that was packed before it readable; what a cut link leaves behind is then read to that byte.

Reading is bounded however hostile the bytes are. A few bytes of zstd may stand for gigabytes, but one block of it
never for more than 128 kB: so the stream is cut into its blocks here, and they are unpacked one at a time.

    frame head (magic, window, perhaps the dictionary's number)   block head (3 bytes) · block   block head · block   …

Both sides may have a dictionary of words that records are made of (`sync.wire.dictionaries`), without which the first
record costs what the next ten cost together. Which one is agreed upon beforehand, by its SHA-256; a stream packed with
another one is refused. Behind it may stand words that both have, such as what the stream answers.

source  RFC 8878, 3.1.1 Zstandard Frames

Must not know: frames, sockets, what is packed.
"""

from collections.abc import Iterator
from functools import cache

import zstandard

from sync.errors import BadRequest
from sync.typed import Value
from sync.wire.dictionaries.shelf import Dictionary, WithWords, number_with_words

# The receiver keeps as much of what it unpacked as the window says, 2^20 bytes of it at most: on a machine with 1 GB
# a hundred streams at once are 100 MB. Newer versions may pack with a wider window than ours, up to this.
LARGEST_WINDOW_LOG = 20
_MAGIC = b"\x28\xb5\x2f\xfd"
_LONGEST_HEAD = 18
_BLOCK_HEAD_BYTES = 3
_LARGEST_BLOCK_BYTES = 128 << 10
_REPEATED, _RESERVED = 1, 3  # types of blocks: one byte many times, and none that there is
_CHECKSUM_BYTES = 4


class Effort(Value):
    """How hard to pack.

    level       zstd's
    window_log  how far back what was packed is remembered, as a power of two; sender and receiver pay for it in memory
    """

    level: int
    window_log: int


# Measured on 2,000 cases, 3.7 MB: time for a MB of JSON, what is left of it, and what one stream holds in memory.
QUICK = Effort(1, 17)  # 6 ms, 11.8 %, 0.5 MB: loopback and cables, where the processor is the scarcest thing
EVEN = Effort(7, 17)  # 20 ms, 11.3 %, 1.2 MB: for one that talks to hundreds at once
LITTLE = Effort(7, 14)  # as even, for up to 16 kB: the tables of more take longer to clear than a short answer to pack
HARD = Effort(19, 18)  # 800 ms, 10.2 %, 5.5 MB: a weak link needs ten times that to carry it

# An old desk computer is a third as fast as where that was measured; up to these speeds even it keeps the link busy.
_HARD_UP_TO_BITS, _EVEN_UP_TO_BITS = 200_000, 8_000_000


def effort_for(bits_per_second: float) -> Effort:
    """How hard to pack for a link of that speed: as hard as keeps it busy."""
    if bits_per_second <= _HARD_UP_TO_BITS:
        return HARD
    return EVEN if bits_per_second <= _EVEN_UP_TO_BITS else QUICK


def _parameters(effort: Effort) -> zstandard.ZstdCompressionParameters:
    return zstandard.ZstdCompressionParameters.from_level(
        effort.level,
        source_size=1 << effort.window_log,
        window_log=effort.window_log,
        write_content_size=False,
        write_dict_id=True,
    )


@cache
def _prepared(dictionary: Dictionary, effort: Effort) -> zstandard.ZstdCompressionDict:
    """A dictionary made ready for an effort once: for each stream anew that costs more than packing a small one."""
    prepared = zstandard.ZstdCompressionDict(dictionary.loaded().as_bytes(), dict_type=zstandard.DICT_TYPE_FULLDICT)
    prepared.precompute_compress(compression_params=_parameters(effort))
    return prepared


class Packer:
    """Packs one direction. Guards the compressor's state: one stream from beginning to end."""

    def __init__(self, effort: Effort = HARD, dictionary: Dictionary | None = None) -> None:
        """Begin a stream; the receiver must have the dictionary, if there is one."""
        parameters = _parameters(effort)
        loaded = None
        if dictionary is not None:
            loaded = _prepared(dictionary, effort) if dictionary.is_kept else dictionary.loaded()
        self._stream = zstandard.ZstdCompressor(compression_params=parameters, dict_data=loaded).compressobj()

    def pack(self, data: bytes) -> bytes:
        """Take bytes; returns what can be sent so far, often nothing."""
        return self._stream.compress(data)

    def flush(self) -> bytes:
        """What is to be sent so that the receiver can read all that was packed; costs a few bytes each time."""
        return self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self) -> bytes:
        """What is to be sent at last. Nothing can be packed behind it."""
        return self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


class Unpacker:
    """Unpacks one direction as it arrives. Guards what of a block is not all here yet, and that there is one end."""

    def __init__(self, dictionary: Dictionary | None = None, words: bytes = b"") -> None:
        """Begin a stream that was packed with this dictionary, or with none.

        words  that may stand behind it
        """
        self._dictionary = dictionary
        self._words = words
        self._held = bytearray()
        self._stream: zstandard.ZstdDecompressionObj | None = None
        self._has_checksum = False

    @property
    def has_ended(self) -> bool:
        """Whether the sender's last word is here and unpacked."""
        return self._stream is not None and self._stream.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take the bytes that have arrived; returns what they unpack to, to be gone through at once.

        In pieces of at most 128 kB, each made when it is asked for.
        raises  while they are gone through, behind the last good piece, BadRequest: what arrived is not zstd, was
                packed with another dictionary or for a larger window, or stands behind the end
        """
        self._held += data
        return self._pieces()

    def end(self) -> None:
        """No more will arrive; raises BadRequest when the stream broke off."""
        if not self.has_ended:
            raise BadRequest("the packed stream broke off")

    def _pieces(self) -> Iterator[bytes]:
        while self._held:
            if self.has_ended:
                raise BadRequest("something stands behind the end of a packed stream")
            if self._stream is None:
                self._stream = self._opened()
                size = 0 if self._stream is None else zstandard.frame_header_size(self._held)
            else:
                size = self._block_bytes()
            if self._stream is None or not 0 < size <= len(self._held):
                return
            part = bytes(self._held[:size])
            del self._held[:size]
            try:
                plain = self._stream.decompress(part)
            except zstandard.ZstdError:
                raise BadRequest("a packed stream is damaged") from None
            if plain:
                yield plain

    def _opened(self) -> "zstandard.ZstdDecompressionObj | None":
        """What unpacks the stream whose head is held; None while the head is not all here."""
        head = bytes(self._held[:_LONGEST_HEAD])
        if not head.startswith(_MAGIC[: len(head)]):
            raise BadRequest("not a packed stream")
        try:
            told = zstandard.get_frame_parameters(head)
        except zstandard.ZstdError:
            if len(head) < _LONGEST_HEAD:
                return None
            raise BadRequest("a packed stream's head is damaged") from None
        if told.window_size > 1 << LARGEST_WINDOW_LOG:
            raise BadRequest(f"a packed stream may look back {1 << LARGEST_WINDOW_LOG} bytes, not {told.window_size}")
        dictionary = self._dictionary
        if dictionary is not None and self._words and told.dict_id == number_with_words(dictionary):
            dictionary = WithWords(dictionary, self._words)
        mine = 0 if dictionary is None else dictionary.number
        if told.dict_id != mine:
            raise BadRequest("a stream was packed with another dictionary than was agreed upon")
        self._has_checksum = told.has_checksum
        loaded = None if dictionary is None else dictionary.loaded()
        return zstandard.ZstdDecompressor(dict_data=loaded, max_window_size=1 << LARGEST_WINDOW_LOG).decompressobj()

    def _block_bytes(self) -> int:
        """The bytes of the next block, with its head and, behind the last, the checksum; 0 while they are not told."""
        if len(self._held) < _BLOCK_HEAD_BYTES:
            return 0
        head = int.from_bytes(self._held[:_BLOCK_HEAD_BYTES], "little")
        last, kind, size = head & 1, head >> 1 & 3, head >> 3
        if kind == _RESERVED or size > _LARGEST_BLOCK_BYTES:
            raise BadRequest("a packed stream is damaged")
        behind = _CHECKSUM_BYTES if last and self._has_checksum else 0
        return _BLOCK_HEAD_BYTES + (1 if kind == _REPEATED else size) + behind
