"""One photo of a case, every byte checked against the hash the record names it by; from above when it is not here.

Must not know: how it is shown.
"""

from sync.casework.fetch_photo import Shown, fetch_photo
from sync.casework.find_case import find_case
from sync.casework.hold_photos import photos_of
from sync.errors import NotFound
from sync.messages import _
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.store.ledger.audit import Entry, append_entry


def show_material(node: Node, case_id: str, number: int, *, by: str, fetcher: Fetcher | None = None) -> Shown:
    """A photo of a case by its number, from 1; that it was seen is audited.

    fetcher  brings it from above when it is not here; None where nobody is above
    raises   NotFound when case or photo are unknown; as `fetch_photo`
    """
    case = node.read(lambda reader: find_case(reader, node, case_id))
    photos = photos_of(case.fields)
    if not 1 <= number <= len(photos):
        raise NotFound(_("This case has no such photo of a material"))
    shown = fetch_photo(node, case_id, photos[number - 1]["blob"], fetcher)
    now_ms = node.clock()
    node.engine.post(lambda tx: append_entry(tx, Entry(now_ms, by, "material_read", case_id, str(number))))
    return shown
