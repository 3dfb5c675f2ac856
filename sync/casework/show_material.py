"""One photo of a case, every byte checked against the hash the record names it by.

Must not know: how it is shown.
"""

from dataclasses import dataclass

from sync.blobs.reading import read_blob
from sync.casework.find_case import find_case, sid_of
from sync.casework.hold_photos import photos_of
from sync.casework.look_at_photo import photo_type
from sync.errors import NotFound
from sync.node.node import Node
from sync.records.ids import blobs_database
from sync.store.ledger.audit import Entry, append_entry

# What a record of a stranger's making calls its photo is not handed to a browser.
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo: its bytes, and what they are by content."""

    content: bytes
    media_type: str


def show_material(node: Node, case_id: str, number: int, *, by: str) -> Shown:
    """A photo of a case by its number, from 1; that it was seen is audited.

    raises  NotFound when case or photo are unknown, or the photo has not arrived here yet; Damaged
    """
    case = node.read(lambda reader: find_case(reader, node, case_id))
    photos = photos_of(case.fields)
    name = blobs_database(sid_of(case_id))
    if not 1 <= number <= len(photos):
        raise NotFound("这个办件没有这份材料照片")
    if name not in node.databases.names():
        raise NotFound("这份材料还没有到达本机")
    content = b"".join(read_blob(node.documents.database(name), photos[number - 1]["blob"]))
    now_ms = node.clock()
    node.engine.post(lambda tx: append_entry(tx, Entry(now_ms, by, "material_read", case_id, str(number))))
    return Shown(content, photo_type(content) or _UNKNOWN)
