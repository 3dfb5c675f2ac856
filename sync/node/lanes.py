"""Lanes: what goes before what on a link that may break at any moment.

    statements · alerts   who is trusted no more, what has arrived, the flood that is coming
    records               what citizens and officials did
    catalogue             what may be applied for
    photos                the bytes, small ones first

Statements open an exchange; the others follow in this order, and one that comes meanwhile overtakes a photo at the next
chunk.

Must not know: how anything is told.
"""

from enum import IntEnum

from sync.records.alerts import PREFIX
from sync.records.ids import parse_database


class Lane(IntEnum):
    """The lower goes first."""

    ALERTS = 0
    RECORDS = 1
    CATALOGUE = 2
    PHOTOS = 3


def lane_of(name: str, doc_id: str = "") -> Lane:
    """The lane of a document, or of a database as a whole."""
    parsed = parse_database(name)
    kind = "" if parsed is None else parsed.kind
    if kind == "blobs":
        return Lane.PHOTOS
    if kind == "public":
        return Lane.ALERTS if is_alert(doc_id) else Lane.CATALOGUE
    return Lane.RECORDS


def is_alert(doc_id: str) -> bool:
    """Whether a document of `public` is an alert."""
    return doc_id.startswith(PREFIX)
