"""照片缺损: which photos are not whole here any more, whose they are, and where they may be had.

Must not know: how it is shown.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from sync.blobs.reading import read_list
from sync.casework.name_stations import station_names
from sync.custody.gathering import facts_of, heard_from, hops_above
from sync.custody.materials import materials_of
from sync.custody.standing import whole_blobs
from sync.errors import Damaged, NotFound, StorageError
from sync.node.node import Node
from sync.node.vouching.lost_photos import lacking, naming_events
from sync.node.vouching.photos_from_backup import is_in_backup
from sync.node.vouching.safety import newest_backup
from sync.node.vouching.statements import own_of
from sync.records.clock import time_text
from sync.records.events import Event
from sync.records.ids import parse_database
from sync.store.backup import reading
from sync.store.ledger.lost_photos import LostPhoto, lost_photos
from sync.store.transaction import Reader

_MOST = 100


def list_lost_photos(node: Node) -> dict[str, Any]:
    """What is lacking, what was noticed first first, at most a hundred.

    returns  {"count", "photos": [{"record", "station", "since", "pieces", "of", "unreadable", "held_by",
             "in_backup"}]}: pieces, how many of so many are lacking, of 0 where the list of them is; held_by, names of
             stations that have signed for the photo; in_backup, whether the newest backup has all that is lacking
    """
    lost = node.read(lost_photos)
    names, named = station_names(node), _named(node, lost[:_MOST])
    kept = _kept_in_backup(node, lost[:_MOST])
    rows = [_row(node, one, names, named.get(one.root, []), in_backup=one in kept) for one in lost[:_MOST]]
    return {"count": len(lost), "photos": rows}


def _row(
    node: Node, one: LostPhoto, names: dict[str, str], named: list[tuple[str, Event]], *, in_backup: bool
) -> dict[str, Any]:
    sid, found = _sid(one), lacking(node, one.database, one.root)
    of = 0
    with suppress(NotFound, Damaged):
        of = len(set(read_list(node.documents.database(one.database), one.root).chunks))
    return {
        "record": named[0][0] if named else "",
        "station": names.get(sid, sid),
        "since": time_text(one.since_ms),
        "pieces": len(found.gone) + len(found.unreadable),
        "of": of,
        "unreadable": len(found.unreadable),
        "held_by": node.read(lambda reader: _held_by(reader, node, one, [event for _, event in named])),
        "in_backup": in_backup,
    }


def _named(node: Node, lost: tuple[LostPhoto, ...]) -> dict[str, list[tuple[str, Event]]]:
    """{root: (record, event) that name it}; each station's records are gone through once."""
    named: dict[str, list[tuple[str, Event]]] = {}
    for sid in {_sid(one) for one in lost}:
        for one in (each for each in lost if _sid(each) == sid):
            named.setdefault(one.root, [])
        for doc_id, event in naming_events(node, sid, named.keys()):
            for root in named.keys() & set(materials_of(event.set)):
                named[root].append((doc_id, event))
    return named


def _sid(one: LostPhoto) -> str:
    name = parse_database(one.database)
    assert name is not None, "photos are in databases of photos"
    return name.sid


def _held_by(reader: Reader, node: Node, one: LostPhoto, events: list[Event]) -> list[str]:
    """Stations on the way of a photo that have signed for it, the nearest to it first."""
    own = own_of(node.identity)
    hops = hops_above(reader, own, _sid(one))
    facts = facts_of(reader, own, events)
    heard = heard_from(reader, hops, {fact.sid for fact in facts})
    others = [hop for hop in hops if hop.sid != own.sid]
    return [hop.name or hop.sid for hop in others if facts and one.root in whole_blobs(hop, facts, heard)]


def _kept_in_backup(node: Node, lost: tuple[LostPhoto, ...]) -> frozenset[LostPhoto]:
    known = node.read(newest_backup)
    if known is None or not lost:
        return frozenset()
    with suppress(NotFound, StorageError, OSError), reading(Path(known.file), node.keys) as copy:
        return frozenset(one for one in lost if is_in_backup(node, copy, one))
    return frozenset()
