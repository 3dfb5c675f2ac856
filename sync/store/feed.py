"""The changes feed, and what a database lacks of what a replica offers.

A page costs what is on it: one walk along the index of (database, sequence). How many changes lie
behind a page is counted along the same index, over its shorter side.

Must not know: threads, who waits for changes.
"""

from collections.abc import Collection, Mapping, Sequence

from sync.revisions.revision import Revision
from sync.store.place import Place, sequences
from sync.store.sequences import Sequences
from sync.store.transaction import Reader, Row
from sync.store.tree_text import tree_from_text
from sync.values.changes import START, Change, Changes, Missing


def changes_after(
    reader: Reader, place: Place, since: str, *, limit: int | None, descending: bool, doc_ids: Collection[str] | None
) -> Changes:
    """One page of the feed; see `Database.changes`."""
    order = sequences(reader)
    # As in CouchDB, backwards begins at the end and leads to the beginning, wherever one was.
    after = order.number(START if descending else since)
    if doc_ids is not None:
        return _of_documents(reader, place, order, after, limit=limit, descending=descending, doc_ids=doc_ids)
    rows = reader.execute(
        "SELECT seq, id, deleted, tree FROM documents WHERE database = ? AND seq > ? "
        f"ORDER BY seq {'DESC' if descending else 'ASC'} LIMIT ?",
        (place.database, after, -1 if limit is None else limit),
    )
    full = limit is not None and len(rows) >= limit
    pending = _behind(reader, place, rows, after, descending=descending) if full else 0
    return _page(order, rows, _last(place, rows, after, full=full or descending), pending)


def _of_documents(
    reader: Reader,
    place: Place,
    order: Sequences,
    after: int,
    *,
    limit: int | None,
    descending: bool,
    doc_ids: Collection[str],
) -> Changes:
    found = reader.execute_many(
        "SELECT seq, id, deleted, tree FROM documents WHERE database = ? AND id = ? AND seq > ?",
        [(place.database, doc_id, after) for doc_id in dict.fromkeys(doc_ids)],
    )
    found.sort(reverse=descending)
    rows = found if limit is None else found[:limit]
    cut = len(rows) < len(found)
    return _page(order, rows, _last(place, rows, after, full=cut or descending), len(found) - len(rows))


def changes_before(reader: Reader, place: Place, seq: str, *, limit: int) -> Sequence[Change]:
    """The newest changes before a sequence, newest first."""
    order = sequences(reader)
    rows = reader.execute(
        "SELECT seq, id, deleted, tree FROM documents WHERE database = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
        (place.database, order.number(seq), limit),
    )
    return _changes(order, rows)


def changed_after(reader: Reader, place: Place, since: str) -> bool:
    """Whether anything changed after a sequence."""
    return place.update_seq > sequences(reader).number(since)


def weigh_after(reader: Reader, place: Place, since: str, *, counted: str = "") -> tuple[int, int]:
    """(documents whose id begins so, bytes of all documents) that changed after a sequence; no body is read."""
    (row,) = reader.execute(
        "SELECT coalesce(sum(substr(id, 1, ?) = ?), 0), coalesce(sum(weight), 0) FROM documents "
        "WHERE database = ? AND seq > ?",
        (len(counted), counted, place.database, sequences(reader).number(since)),
    )
    return int(row[0]), int(row[1])


def missing_of(reader: Reader, place: Place, offered: Mapping[str, Sequence[Revision]]) -> Mapping[str, Missing]:
    """What the database lacks of what is offered; see `Database.missing`."""
    rows = reader.execute_many(
        "SELECT id, tree FROM documents WHERE database = ? AND id = ?",
        [(place.database, doc_id) for doc_id in offered],
    )
    known = {doc_id: tree_from_text(text) for doc_id, text in rows}
    answer = {}
    for doc_id, revisions in offered.items():
        tree = known.get(doc_id)
        lacking = tree.missing(revisions) if tree else tuple(revisions)
        if lacking:
            answer[doc_id] = Missing(lacking, tree.possible_ancestors(lacking) if tree else ())
    return answer


def _page(order: Sequences, rows: Sequence[Row], last: int, pending: int) -> Changes:
    return Changes(_changes(order, rows), order.text(last), pending)


def _changes(order: Sequences, rows: Sequence[Row]) -> tuple[Change, ...]:
    return tuple(
        Change(doc_id, order.text(seq), tree_from_text(text).leaves(), bool(deleted))
        for seq, doc_id, deleted, text in rows
    )


def _last(place: Place, rows: Sequence[Row], after: int, *, full: bool) -> int:
    """Where to continue: behind the last row of a page that was cut, otherwise behind everything."""
    if full:
        return int(rows[-1][0]) if rows else after
    return max(after, place.update_seq)


def _behind(reader: Reader, place: Place, rows: Sequence[Row], after: int, *, descending: bool) -> int:
    edge = int(rows[-1][0]) if rows else after
    if descending and rows:
        return _later(reader, place, after) - _later(reader, place, edge - 1)
    return _later(reader, place, edge)


def _later(reader: Reader, place: Place, number: int) -> int:
    """How many documents changed last after a sequence, counted over the side that looks shorter."""
    if number * 2 > place.update_seq:
        return _count(reader, "seq > ?", place, number)
    (total,) = reader.execute("SELECT doc_count + doc_del_count FROM databases WHERE database = ?", (place.database,))
    return int(total[0]) - (_count(reader, "seq <= ?", place, number) if number else 0)


def _count(reader: Reader, condition: str, place: Place, number: int) -> int:
    (row,) = reader.execute(
        f"SELECT count(*) FROM documents WHERE database = ? AND {condition}", (place.database, number)
    )
    return int(row[0])
