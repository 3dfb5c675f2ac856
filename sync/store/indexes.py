"""The entries of indexes in the file: one row per document and index, in the order of the keys.

An index is kept by the digest of its definition, so two design documents that say the same share it, and one
that changes gets another. It is brought up to date when it is asked, never when documents are written:
an index nobody asks costs writers nothing. `indexes.seq` says up to which sequence it has been brought.

One that is declared nowhere any more loses its digest, is found by nobody from then on, and is swept away in slices.

Must not know: queries, threads.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.mango.answering import Position, Row, entry_key, entry_test
from sync.mango.design import indexes_in
from sync.mango.matching import members
from sync.mango.planning import Plan
from sync.store.place import Place
from sync.store.reading import read_winner
from sync.store.steps import Step
from sync.store.transaction import Reader, Transaction
from sync.values.json_text import dump
from sync.values.queries import Index
from sync.wire.names import DESIGN

STEPS: tuple[Step, ...] = (
    Step(
        "indexes-1",
        """
        CREATE TABLE indexes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            database INTEGER NOT NULL REFERENCES databases,
            digest BLOB, -- of the definition; NULL while an index is being swept away
            seq INTEGER NOT NULL,
            UNIQUE (database, digest)
        ) STRICT;

        CREATE TABLE index_entries (
            number INTEGER NOT NULL REFERENCES indexes,
            key BLOB NOT NULL, -- compares as CouchDB collates the values
            id TEXT NOT NULL,
            PRIMARY KEY (number, key, id)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX index_entries_by_id ON index_entries (number, id);
        """,
    ),
)

# Part of every digest: another way to make keys must make all indexes anew.
_KEYS_VERSION = 1
_ROW_SLICE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """An index as the file has it."""

    number: int
    seq: int


@dataclass(frozen=True, slots=True)
class Portion:
    """What an index is to be given next.

    entries  (id, key) of each document that changed; None for one that has no place in it
    before, after  sequences it stands at without and with them
    """

    entries: tuple[tuple[str, bytes | None], ...]
    before: int
    after: int


def declared(reader: Reader, place: Place) -> list[Index]:
    """The indexes that design documents of a database declare."""
    rows = reader.execute(
        "SELECT id FROM documents WHERE database = ? AND id >= ? AND id < '_design0' AND NOT deleted",
        (place.database, DESIGN),
    )
    documents = (read_winner(reader, place, doc_id) for (doc_id,) in rows)
    return [index for found in documents if found for index in indexes_in(found[0].id, found[0].fields())]


def digest_of(index: Index) -> bytes:
    """What tells definitions apart: the fields and the partial selector, not the name."""
    return hashlib.sha256(dump([_KEYS_VERSION, list(index.fields), dict(index.partial)])).digest()


def find_kept(reader: Reader, place: Place, digest: bytes) -> Kept | None:
    """An index by its definition; None when nobody has asked it yet."""
    row = reader.one("SELECT number, seq FROM indexes WHERE database = ? AND digest = ?", (place.database, digest))
    return Kept(*row) if row else None


def next_portion(reader: Reader, place: Place, index: Index, seq: int, *, limit: int) -> Portion:
    """What changed in a database since an index was brought up to a sequence, or the first so many documents of it."""
    belongs = entry_test(index)
    rows = reader.execute(
        "SELECT id, deleted, seq FROM documents WHERE database = ? AND seq > ? ORDER BY seq LIMIT ?",
        (place.database, seq, limit),
    )
    entries = []
    for doc_id, deleted, _ in rows:
        found = None if deleted else read_winner(reader, place, doc_id)
        entries.append((doc_id, entry_key(index, belongs, members(found[0])) if found else None))
    after = int(rows[-1][2]) if len(rows) == limit else max(place.update_seq, seq)
    return Portion(tuple(entries), seq, after)


def take_portion(tx: Transaction, place: Place, digest: bytes, portion: Portion) -> None:
    """Bring an index on by a portion; nothing happens when it stands elsewhere by now."""
    tx.execute("INSERT OR IGNORE INTO indexes (database, digest, seq) VALUES (?, ?, 0)", (place.database, digest))
    kept = find_kept(tx, place, digest)
    if kept is None or kept.seq != portion.before:
        return
    if portion.before:  # a new index has nothing to be replaced
        tx.execute_many(
            "DELETE FROM index_entries WHERE number = ? AND id = ?",
            [(kept.number, doc_id) for doc_id, _ in portion.entries],
        )
    tx.execute_many(
        "INSERT INTO index_entries VALUES (?, ?, ?)",
        # In the order of the keys, so that the pages of the tree are filled one after the other.
        sorted((kept.number, key, doc_id) for doc_id, key in portion.entries if key is not None),
    )
    tx.execute("UPDATE indexes SET seq = ? WHERE number = ?", (portion.after, kept.number))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rows of a plan behind a position (None for all of them), in one direction, so many at most."""

    chosen: Plan
    after: Position | None
    descending: bool
    limit: int


def index_rows(reader: Reader, place: Place, number: int, stretch: Stretch) -> list[Row]:
    """The next rows of an index; none when there are no more."""
    return list(_looked_up(reader, place, _entries(reader, number, stretch)))


def scan_rows(reader: Reader, place: Place, stretch: Stretch) -> list[Row]:
    """The next documents by id; none when there are no more."""
    return list(_looked_up(reader, place, _ids(reader, place, stretch)))


def obsolete(reader: Reader, place: Place, known: Sequence[Index]) -> list[int]:
    """The numbers of indexes that are kept, but are none of those known to be declared."""
    wanted = {digest_of(index) for index in known}
    rows = reader.execute("SELECT number, digest FROM indexes WHERE database = ?", (place.database,))
    return [number for number, digest in rows if digest is not None and digest not in wanted]


def hide(tx: Transaction, numbers: Sequence[int]) -> None:
    """Let indexes be found by nobody, to be swept away."""
    tx.execute_many("UPDATE indexes SET digest = NULL WHERE number = ?", [(number,) for number in numbers])


def _entries(reader: Reader, number: int, stretch: Stretch) -> list[Position]:
    low, high = stretch.chosen.bounds()
    direction, edge, behind = ("DESC", "<=", "<") if stretch.descending else ("ASC", ">=", ">")
    conditions = "number = ? AND key >= ? AND key <= ?"
    values: list[object] = [number, low, high]
    if stretch.after is not None:
        # By the comparison of rows alone SQLite would not begin at the key.
        conditions += f" AND key {edge} ? AND (key, id) {behind} (?, ?)"
        values += [stretch.after.key, stretch.after.key, stretch.after.id]
    rows = reader.execute(
        f"SELECT key, id FROM index_entries WHERE {conditions} ORDER BY key {direction}, id {direction} LIMIT ?",
        [*values, stretch.limit],
    )
    return [Position(key, doc_id) for key, doc_id in rows]


def _ids(reader: Reader, place: Place, stretch: Stretch) -> list[Position]:
    ids = stretch.chosen.ids()
    if ids is None:
        return []
    behind = "<" if stretch.descending else ">"
    bounds = [("id >= ?", ids[0]), ("id <= ?", ids[1]), (f"id {behind} ?", stretch.after and stretch.after.id)]
    known = [(condition, value) for condition, value in bounds if value is not None]
    rows = reader.execute(
        f"SELECT id FROM documents WHERE {' AND '.join(['database = ?', 'NOT deleted', *dict(known)])} "
        f"ORDER BY id {'DESC' if stretch.descending else 'ASC'} LIMIT ?",
        [place.database, *(value for _, value in known), stretch.limit],
    )
    return [Position(b"", doc_id) for (doc_id,) in rows]


def _looked_up(reader: Reader, place: Place, positions: Sequence[Position]) -> Iterator[Row]:
    weight = 0
    for position in positions:
        found = read_winner(reader, place, position.id)
        yield Row(position, *found) if found else Row(position, None)
        weight += len(found[0].body) if found else 0
        if weight > _ROW_SLICE_BYTES:
            return
