"""Listing documents by id, in the order of their UTF-8 bytes.

Must not know: threads, bodies.
"""

from collections.abc import Sequence

from sync.store.place import Place
from sync.store.transaction import Reader
from sync.store.tree_text import tree_from_text
from sync.values.changes import Listing, Row, Span


def list_span(reader: Reader, place: Place, span: Span) -> Listing:
    """Live documents of a span of ids; see `Database.list`."""
    condition, values = bounds(span)
    rows = reader.execute(
        f"SELECT id, tree FROM documents WHERE database = ? AND NOT deleted{condition} "
        f"ORDER BY id {'DESC' if span.descending else 'ASC'} LIMIT ? OFFSET ?",
        (place.database, *values, -1 if span.limit is None else span.limit, span.skip),
    )
    total = live_count(reader, place)
    offset = min(_before(reader, place, span) + span.skip, total)
    return Listing(tuple(Row(doc_id, tree_from_text(text).winner.leaf) for doc_id, text in rows), total, offset)


def look_up_ids(reader: Reader, place: Place, ids: Sequence[str]) -> Listing:
    """One row per id asked for; see `Database.look_up`."""
    found = reader.execute_many(
        "SELECT id, tree, EXISTS (SELECT 1 FROM let_go WHERE let_go.seq = documents.seq) "
        "FROM documents WHERE database = ? AND id = ?",
        [(place.database, doc_id) for doc_id in ids],
    )
    known = {doc_id: (tree_from_text(text), bool(is_away)) for doc_id, text, is_away in found}
    rows = []
    for doc_id in ids:
        tree, is_away = known.get(doc_id, (None, False))
        rows.append(Row(doc_id, tree.winner.leaf, tree.deleted, is_away) if tree else Row(doc_id, None))
    return Listing(tuple(rows), live_count(reader, place), 0)


def live_count(reader: Reader, place: Place) -> int:
    """How many live documents the database has."""
    row = reader.one("SELECT doc_count FROM databases WHERE database = ?", (place.database,))
    return int(row[0]) if row else 0


def bounds(span: Span) -> tuple[str, tuple[str, ...]]:
    """The SQL condition on `id` that a span stands for, and its values."""
    start, end = ("<=", ">=") if span.descending else (">=", "<=")
    conditions, values = "", []
    if span.start is not None:
        conditions += f" AND id {start} ?"
        values.append(span.start)
    if span.end is not None:
        conditions += f" AND id {end if span.inclusive_end else end[0]} ?"
        values.append(span.end)
    return conditions, tuple(values)


def _before(reader: Reader, place: Place, span: Span) -> int:
    """Live documents ahead of the span: all ahead of it less the deleted ones, both counted along an index."""
    if span.start is None:
        return 0
    ahead = f"FROM documents WHERE database = ?1 AND id {'>' if span.descending else '<'} ?2"
    row = reader.one(
        f"SELECT (SELECT count(*) {ahead}) - (SELECT count(*) {ahead} AND deleted)", (place.database, span.start)
    )
    return int(row[0]) if row else 0
