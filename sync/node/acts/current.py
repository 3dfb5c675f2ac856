"""A record as it stands, also while it lies here in several copies that nobody has merged yet.

Another's copy that arrives may win over the one that somebody here has just written into, and lies beside it until the
node's caretaker has merged both. Whoever read the winner alone would not see his own act, and a screen would call the
case arrived by what its winner says. So a record is read as its copies make it together, which is what every node will
write, and an act builds upon that.

Must not know: what is in a record, who asks.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from sync.records.ids import parse_record_id, station_database
from sync.records.merge import Merged, merge
from sync.store.documents import BoundDatabase, Documents
from sync.store.transaction import Reader, Transaction
from sync.values.documents import Absent, Document, Wanted


def current(reader: Reader, documents: Documents, doc_id: str) -> Document | None:
    """A record as it stands; None when there is none, or it was deleted."""
    parts = parse_record_id(doc_id)
    return None if parts is None else next(current_among(reader, documents, parts.sid, [doc_id]), None)


def current_among(reader: Reader, documents: Documents, sid: str, ids: Iterable[str]) -> Iterator[Document]:
    """Those of several records of a station that are there, in the order asked."""
    for leaves in _leaves_of(reader, documents.database(station_database(sid)), ids):
        document = _together(leaves)
        if document is not None:
            yield document


def bring_together(tx: Transaction, database: BoundDatabase, doc_id: str) -> Document | None:
    """`current`, with the merge written that it takes; raises Refused when the store would not take it."""
    leaves = next(_leaves_of(tx, database, [doc_id]), ())
    merged = _merged(leaves)
    if merged is None:
        return _winner(leaves)
    for outcome in database.graft_in(tx, merged.to_graft):
        if outcome.error is not None:
            raise outcome.error
    return merged.document


def _leaves_of(reader: Reader, database: BoundDatabase, ids: Iterable[str]) -> Iterator[tuple[Document | Absent, ...]]:
    found = database.read_in(reader, [Wanted(doc_id, revisions=()) for doc_id in ids])
    return (tuple(leaves) for _, leaves in groupby(found, key=lambda one: one.id))


def _together(leaves: tuple[Document | Absent, ...]) -> Document | None:
    merged = _merged(leaves)
    return _winner(leaves) if merged is None else merged.document


def _merged(leaves: tuple[Document | Absent, ...]) -> Merged | None:
    """None where there is nothing to merge, or not all of it can be read here, or it is not understood."""
    documents = [leaf for leaf in leaves if isinstance(leaf, Document)]
    if len(documents) < len(leaves) or len(documents) < 2:
        return None
    merged = merge(documents)
    return merged if isinstance(merged, Merged) else None


def _winner(leaves: tuple[Document | Absent, ...]) -> Document | None:
    """The winner is the first of the leaves (`sync.store.choosing`)."""
    first = leaves[0] if leaves else None
    return first if isinstance(first, Document) and not first.deleted else None
