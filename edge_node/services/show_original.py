"""A photo of a case, or of what a person signed, as it came, before it was made fit to be filed; only while it is kept
on this machine.

Must not know: how it is shown.
"""

from edge_node.messages import _
from sync.casework.fetch_photo import Shown
from sync.casework.find_case import find_case
from sync.casework.hold_photos import photos_of
from sync.casework.see_person import require_named
from sync.errors import NotFound
from sync.messages import N_
from sync.node.node import Node
from sync.people.find_person import all_ids
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.originals import Original, original_bytes, originals_of
from sync.store.transaction import Reader

_NONE = N_(
    "This photo has no original: it fitted when it was handed in, or it was cleared away after the centre had signed"
)


def show_original(node: Node, case_id: str, number: int, *, by: str) -> Shown:
    """The original of a photo by the photo's number, from 1; that it was seen is audited.

    raises  NotFound when case or photo are unknown, or no original of it is here
    """

    def work(reader: Reader) -> Shown:
        kept = _by_number(reader, node, case_id).get(number)
        if kept is None:
            raise NotFound(_(_NONE))
        return Shown(original_bytes(reader, kept.original), kept.media_type)

    shown = node.read(work)
    now_ms = node.clock()
    node.engine.post(lambda tx: append_entry(tx, Entry(now_ms, by, "original_read", case_id, str(number))))
    return shown


def show_person_original(node: Node, person_id: str, root: str, *, by: str) -> Shown:
    """The original of a photo that a person's record names; that it was seen is audited.

    root    of the photo, as consents name theirs
    raises  NotFound when person or photo are unknown, or no original of it is here
    """
    require_named(node, person_id, root)

    def work(reader: Reader) -> Shown:
        originals = (one for person in all_ids(reader, person_id) for one in originals_of(reader, person))
        kept = [one for one in originals if one.root == root]
        if not kept:
            raise NotFound(_(_NONE))
        return Shown(original_bytes(reader, kept[0].original), kept[0].media_type)

    shown = node.read(work)
    now_ms = node.clock()
    node.engine.post(lambda tx: append_entry(tx, Entry(now_ms, by, "original_read", person_id, root)))
    return shown


def original_sizes(node: Node, case_id: str) -> dict[int, int]:
    """{number of the photo: bytes of its original} for those of a case whose original is here; raises NotFound."""
    return node.read(lambda reader: {n: kept.size for n, kept in _by_number(reader, node, case_id).items()})


def _by_number(reader: Reader, node: Node, case_id: str) -> dict[int, Original]:
    kept = {one.root: one for one in originals_of(reader, case_id)}
    photos = photos_of(find_case(reader, node, case_id).fields)
    roots = ((number, photo["blob"]) for number, photo in enumerate(photos, start=1))
    return {number: kept[root] for number, root in roots if root in kept}
