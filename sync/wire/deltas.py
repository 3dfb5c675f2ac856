"""A body told against one that the receiver holds: what is the same costs next to nothing.

    length of the body (varint) · 8 bytes of SHA-256(base, body) · one zstd frame without its magic, the base being
                                                                   its dictionary

Which base it is, both sides know by its revision. Where they mean different bytes all the same, the digest tells: it is
refused, and the body is to be sent whole.

source  RFC 8878, 5. Dictionary Format: raw content

Must not know: what a body is, which versions of it there are.
"""

import hashlib

import zstandard

from sync.errors import BadRequest
from sync.wire.frames import LARGEST_FRAME_BYTES, read_number, write_number
from sync.wire.packing import HARD

_DIGEST_BYTES = 8  # against mistakes, not against malice: a peer that means ill needs no collision to send nonsense
_LARGEST_WINDOW_LOG = LARGEST_FRAME_BYTES.bit_length()  # the body is its own window: what looks back further is noise
_FORMAT = zstandard.FORMAT_ZSTD1_MAGICLESS
# Bits of a frame's first byte by which it claims a length itself: zstd would believe it, and set aside that much.
_CLAIMS_LENGTH = 0b1110_0000


def pack_against(base: bytes, body: bytes) -> bytes:
    """Tell a body to one who holds the base; worth it where the two have much in common."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        HARD.level,
        source_size=len(body),
        dict_size=len(base),
        window_log=max(zstandard.WINDOWLOG_MIN, len(body).bit_length()),
        format=_FORMAT,
        write_content_size=False,
    )
    compressor = zstandard.ZstdCompressor(compression_params=parameters, dict_data=_as_dictionary(base))
    return write_number(len(body)) + _digest(base, body) + compressor.compress(body)


def unpack_against(base: bytes, delta: bytes, *, largest_bytes: int = LARGEST_FRAME_BYTES) -> bytes:
    """The body that was told.

    raises  BadRequest when it was told against another base, is damaged, or too large a body
    """
    told = read_number(delta)
    if told is None or told[0] > largest_bytes:
        raise BadRequest("a body told against another is cut off, or too large")
    length, begin = told
    digest, packed = delta[begin : begin + _DIGEST_BYTES], delta[begin + _DIGEST_BYTES :]
    body = _unpacked(base, packed, length)
    if body is None or len(body) != length or _digest(base, body) != digest:
        raise BadRequest("a body was told against another base than is held here")
    return body


def _unpacked(base: bytes, packed: bytes, length: int) -> bytes | None:
    if packed[:1] and packed[0] & _CLAIMS_LENGTH:
        return None
    decompressor = zstandard.ZstdDecompressor(
        dict_data=_as_dictionary(base), max_window_size=1 << _LARGEST_WINDOW_LOG, format=_FORMAT
    )
    try:
        return decompressor.decompress(packed, max_output_size=max(length, 1), allow_extra_data=False)
    except zstandard.ZstdError:
        return None


def _as_dictionary(base: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if base else None


def _digest(base: bytes, body: bytes) -> bytes:
    return hashlib.sha256(base + body).digest()[:_DIGEST_BYTES]
