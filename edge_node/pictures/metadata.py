"""What a camera writes beside a picture, taken out without touching the picture: where it was taken, with what, when.

A JPEG is segments up to its first scan, a PNG is chunks. Of what is taken out of a JPEG one thing is put back: which
way up the picture is, and nothing else. A file that is not what it seems is given back as it came.

Must not know: how pictures are decoded.
"""

import struct
from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_EXIF, _MULTI = b"Exif\0\0", b"MPF\0"
_APP1, _APP2, _APP13, _COMMENT = 0xE1, 0xE2, 0xED, 0xFE
_SCAN = 0xDA
_TURNED = 0x0112
_SHORT = 3
_PNG_NOTES = frozenset((b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"))
_PNG_FRAME = 12  # length, name and checksum of a chunk


def without_metadata(content: bytes) -> bytes:
    """The same picture with nothing beside it but its colour profile."""
    try:
        if content.startswith(_JPEG):
            return _bare_jpeg(content)
        if content.startswith(_PNG):
            return b"".join(piece for name, piece in _chunks(content) if name not in _PNG_NOTES)
    except (struct.error, ValueError):
        pass
    return content


def _bare_jpeg(content: bytes) -> bytes:
    kept, turned, is_noted = [], 1, False
    for marker, piece in _segments(content):
        body = piece[4:]
        if marker == _APP1 and body.startswith(_EXIF):
            turned = _turned(body[len(_EXIF) :])
        if marker in (_APP1, _APP13, _COMMENT) or (marker == _APP2 and body.startswith(_MULTI)):
            is_noted = True
            continue
        kept.append(piece)
    if not is_noted:
        return content
    return b"".join((content[:2], _only_turned(turned), *kept))


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, segment) behind the first two bytes; the last is everything from the first scan on."""
    at = 2
    while True:
        lead, marker, length = struct.unpack_from(">BBH", content, at)
        if lead != 0xFF or length < 2:
            raise ValueError("no segment")
        if marker == _SCAN:
            yield marker, content[at:]
            return
        yield marker, content[at : at + 2 + length]
        at += 2 + length


def _turned(tiff: bytes) -> int:
    """Which way up the picture is, by the camera's note: 1 to 8."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2], "")
    if not order:
        return 1
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for entry in range(count):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * entry)
        if (tag, kind) == (_TURNED, _SHORT):
            return value if value in range(1, 9) else 1
    return 1


def _only_turned(turned: int) -> bytes:
    if turned == 1:
        return b""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _TURNED, _SHORT, 1, turned, 0, 0)
    body = _EXIF + tiff
    return struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, piece): the signature, each chunk, and what stands behind the last."""
    yield b"", content[: len(_PNG)]
    at, name = len(_PNG), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + _PNG_FRAME + length
        if end > len(content):
            raise ValueError("no chunk")
        yield name, content[at:end]
        at = end
    yield b"", content[at:]
