"""Applications as clients send them."""

import base64
import struct
import zlib
from typing import Any

from fixtures.applications import sample_fields, sample_materials, whole_materials
from fixtures.county import county
from sync.records.items import Item

JPEG = b"\xff\xd8\xff\xe0" + b"a photo of nothing " * 2000 + b"\xff\xd9"


def png() -> bytes:
    """The smallest honest PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def item(name: str = "高龄津贴") -> Item:
    """An item of the sample county."""
    return county().item(name)


def application(
    name: str = "高龄津贴", *, number: int = 0, photos: tuple[bytes, ...] = (), follow: bool = False
) -> dict[str, Any]:
    """The body of `POST /cases`: complete and in order; photos are on the first paper.

    follow  without the papers that may follow later
    """
    wanted, person = item(name), county().people[number]
    handed = sample_materials(wanted) if follow else whole_materials(wanted)
    papers: list[dict[str, Any]] = [{"name": paper} for paper in handed]
    if photos:
        papers[0]["photos"] = [encoded(photo) for photo in photos]
    return {
        "item": wanted.code,
        "channel": "counter",
        "fields": sample_fields(wanted, person, number=number),
        "materials": papers,
    }


def encoded(photo: bytes, kind: str = "") -> dict[str, str]:
    """A photo as JSON carries it; `kind` claims something else than it is."""
    return {
        "type": kind or ("image/png" if photo.startswith(b"\x89PNG") else "image/jpeg"),
        "data": base64.b64encode(photo).decode("ascii"),
    }


def key(value: str) -> dict[str, str]:
    """The headers of a request under a key."""
    return {"Idempotency-Key": value}
