"""What a camera writes beside a picture, taken out without touching the picture: where it was taken, with what, when.

What is kept is named, and all else goes: there are a dozen places for notes, and each telephone finds another one. What
shows the picture as it is stays: tables, scans, the profile of its colours, and which way up it is. What stands behind
the picture's end goes, too: there the same photo stands once more with its notes, or a film with sound.

Must not know: how pictures are decoded.
"""

import struct
import zlib

from sync.casework.picture_parts import JPEG_START, PNG_END, PNG_START, SCAN, jpeg_parts, png_parts

_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/"
_APP0, _APP1, _COMMENT = 0xE0, 0xE1, 0xFE
_APPS = range(_APP0, 0xF0)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_COLOURS_AT = 9  # in a frame's part, which has three bytes for each behind it
# Of the notes of applications: how large a dot is, the profile of the colours, and what the three colours are.
_KEPT = {_APP0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_TURNED = 0x0112
_SHORT = 3
# Chunks with a capital make the picture, these say what its colours and its dots are. One that moves stands still.
_PNG_EXIF = b"eXIf"
_PNG_HEAD = b"\0\0\0\rIHDR"  # how large the picture is: always the first chunk
_PNG_COLOURS = (b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"hIST", b"sPLT", b"cICP")
_PNG_KEPT = frozenset((*_PNG_COLOURS, b"mDCV", b"mDCv", b"cLLI", b"cLLi", b"pHYs"))


def without_metadata(content: bytes) -> bytes:
    """The same picture with nothing beside it but its colour profile, and nothing behind it."""
    if content.startswith(JPEG_START):
        return _bare_jpeg(content)
    if content.startswith(PNG_START):
        return _bare_png(content)
    return content


def _bare_jpeg(content: bytes) -> bytes:
    kept, turned, has_frame, has_scan = [], 1, False, False
    for marker, part in jpeg_parts(content):
        body = part[4:]
        if marker == _APP1 and body.startswith(_EXIF):
            turned = _turned(body[len(_EXIF) :])
        has_frame = has_frame or _is_frame(marker, part)
        has_scan = has_scan or (has_frame and marker == SCAN)
        if marker == _COMMENT or (marker in _APPS and not body.startswith(_KEPT.get(marker, b"\0nothing"))):
            continue
        kept.append(part)
    if not has_scan and not any(note in content for note in (_EXIF, _XMP)):
        return content  # nobody can show it as a picture, and it says nothing
    return b"".join((content[:2], _only_turned(turned), *kept))


def _is_frame(marker: int, part: bytes) -> bool:
    """Whether a part says how large a picture is and of how many colours (ITU-T T.81, B.2.2)."""
    return marker in _FRAMES and len(part) > _COLOURS_AT and len(part) == _COLOURS_AT + 1 + 3 * part[_COLOURS_AT]


def _bare_png(content: bytes) -> bytes:
    if not content.startswith(_PNG_HEAD, len(PNG_START)):
        return content  # as above
    kept, turned = [], 1
    for name, chunk in png_parts(content):
        if name == _PNG_EXIF:
            turned = _turned(chunk[8:-4])
        elif not name[0] & 0x20 or name in _PNG_KEPT:
            kept.append((name, chunk))
    upright = _png_chunk(_PNG_EXIF, _tiff(turned)) if turned != 1 else b""
    return PNG_START + b"".join(upright + chunk if name == PNG_END else chunk for name, chunk in kept)


def _turned(tiff: bytes) -> int:
    """Which way up the picture is, by the camera's note: 1 to 8."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2], "")
    if not order:
        return 1
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for entry in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * entry)
            if (tag, kind) == (_TURNED, _SHORT):
                return value if value in range(1, 9) else 1
    except struct.error:
        pass
    return 1


def _tiff(turned: int) -> bytes:
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _TURNED, _SHORT, 1, turned, 0, 0)


def _only_turned(turned: int) -> bytes:
    if turned == 1:
        return b""
    body = _EXIF + _tiff(turned)
    return struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
