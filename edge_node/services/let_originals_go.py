"""Which photos as they came may go: those whose fit version the centre has signed for, or at least is safe here.

Must not know: how they are kept.
"""

from collections.abc import Iterator, Sequence

from sync.casework.find_case import find_case
from sync.casework.hold_photos import held_here
from sync.casework.trace_custody import photos_at_centre
from sync.errors import NotFound
from sync.node.node import Node
from sync.people.find_person import find_person
from sync.records.ids import parse_record_id, sid_of
from sync.records.person_table import PERSON
from sync.store.ledger.originals import Original


def acknowledged(node: Node, kept: Sequence[Original]) -> frozenset[int]:
    """Those of which the centre's receipts say that it holds the fit version, whole."""
    there: dict[str, frozenset[str]] = {}
    for one in kept:
        if one.record not in there:
            there[one.record] = _at_centre(node, one.record)
    return frozenset(one.original for one in kept if one.root in there[one.record])


def replaceable(node: Node, kept: Sequence[Original]) -> Iterator[Original]:
    """Those whose fit version is whole on our own disk, in the same order."""
    return (one for one in kept if held_here(node, sid_of(one.record), (one.root,)))


def _at_centre(node: Node, record: str) -> frozenset[str]:
    parts = parse_record_id(record)
    find = find_person if parts is not None and parts.type == PERSON else find_case
    try:
        return photos_at_centre(node, node.read(lambda reader: find(reader, node, record)))
    except NotFound:
        return frozenset()
