"""What a JPEG or PNG file consists of, part by part, up to the picture's end and no further.

Behind the end a telephone puts what it likes: the same photo once more with where it was taken, a film with sound.
Within the file it is read as tolerantly as those who show pictures read it: what they pass over is passed over.

source  ITU-T T.81, B.1 and B.2; W3C PNG, 5

Must not know: what the parts mean, how pictures are decoded.
"""

import re
import struct
from collections.abc import Iterator

JPEG_START, PNG_START = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
SCAN, END = 0xDA, 0xD9
PNG_END = b"IEND"
_MARKER = re.compile(rb"\xff+([^\x00\xff])")
# Within a scan 0xff is followed by 0, or by a place to begin anew. Of the others those end it that may stand behind
# one: tables, a scan, notes, the end. What else looks like a marker is damage, over which the picture goes on.
_BEHIND_SCAN = re.compile(rb"\xff+([\xc4\xcc\xd9-\xdd\xe0-\xef\xfe])")
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers with no length behind them
_PNG_FRAME = 12  # length, name and checksum of a chunk


def jpeg_parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, part) behind the first two bytes; a scan goes on to what follows it.

    The last is (END, marker), or not, in a file that breaks off.
    """
    at, looking = 2, _MARKER
    while found := looking.search(content, at):
        marker, begin, looking = found[1][0], found.end() - 2, _MARKER
        at = found.end()
        if marker == END:
            yield END, b"\xff\xd9"
            return
        if marker in _ALONE or at + 2 > len(content):
            continue
        (length,) = struct.unpack_from(">H", content, at)
        if length < 2:
            continue
        at += length
        if marker == SCAN:
            looking = _BEHIND_SCAN
            behind = looking.search(content, at)
            at = behind.start() if behind else len(content)
        yield marker, content[begin:at]


def png_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, chunk) behind the signature, `PNG_END` the last; of a file that breaks off what there is of its last."""
    at, name = len(PNG_START), b""
    while name != PNG_END and at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + _PNG_FRAME + length
        yield name, content[at:end]
        at = end


def has_end(content: bytes) -> bool:
    """Whether a JPEG or PNG does not break off, whatever stands behind its end."""
    if content.startswith(PNG_START):
        return any(name == PNG_END for name, _chunk in png_parts(content))
    return any(marker == END for marker, _part in jpeg_parts(content))
