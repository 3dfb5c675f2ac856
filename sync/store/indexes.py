"""The entries of indexes in the file: one row per document and index, in the order of the keys.

An index is kept by the digest of its definition, so two design documents that say the same share it, and one
that changes gets another. It is brought up to date when it is asked, never when documents are written:
an index nobody asks costs writers nothing. `indexes.seq` says up to which sequence it has been brought; what it
lacks (`sync.store.lacking`) can be told beside it.

One that is declared nowhere any more loses its digest, is found by nobody from then on, and is swept away in slices.

Must not know: queries, threads.
"""

import hashlib
from collections.abc import Sequence

from sync.mango.answering import Position, Row, sees_conflicts
from sync.mango.design import indexes_in
from sync.mango.planning import Plan
from sync.store.place import Place
from sync.store.reading import read_winner
from sync.store.transaction import Reader, Transaction
from sync.typed import Value, replace
from sync.values.json_text import dump
from sync.values.queries import Index
from sync.wire.names import DESIGN

# Part of every digest: another way to make keys must make all indexes anew.
_KEYS_VERSION = 1
_ROW_SLICE_BYTES = 1 << 20


class Kept(Value):
    """An index as the file has it."""

    number: int
    seq: int


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
    version = _KEYS_VERSION + sees_conflicts(index)  # indexes of an earlier program know none
    return hashlib.sha256(dump([version, list(index.fields), dict(index.partial)])).digest()


def find_kept(reader: Reader, place: Place, digest: bytes) -> Kept | None:
    """An index by its definition; None when nobody has asked it yet."""
    row = reader.one("SELECT number, seq FROM indexes WHERE database = ? AND digest = ?", (place.database, digest))
    return Kept(*row) if row else None


class Rest(Value):
    """What an index lacks of a plan's range, to be told beside what it has.

    since      the sequence an index must have reached for the two to be all; at 0 the rest is all by itself
    elsewhere  ids whose rows in the index are not to be believed
    positions  where those documents stand instead, in order
    """

    since: int = 0
    elsewhere: frozenset[str] = frozenset()
    positions: tuple[Position, ...] = ()


class Stretch(Value):
    """The rows of a plan behind a position (None for all of them), in one direction, so many at most."""

    chosen: Plan
    after: Position | None
    descending: bool
    limit: int

    def is_ahead(self, position: Position) -> bool:
        """Whether a position lies behind the one where the stretch begins."""
        if self.after is None:
            return True
        return position.order < self.after.order if self.descending else position.order > self.after.order


# Rows, and the position behind which there are more; None when there are none.
Rows = tuple[Sequence[Row], Position | None]


def index_rows(reader: Reader, place: Place, number: int, stretch: Stretch, rest: Rest) -> Rows:
    """The next rows of an index, and of what it lacks."""
    entries = _entries(reader, number, stretch)
    end = entries[-1] if len(entries) == stretch.limit else None
    beside = [each for each in rest.positions if stretch.is_ahead(each)]
    if end is not None:
        beyond = replace(stretch, after=end)
        beside = [each for each in beside if not beyond.is_ahead(each)]
    if beside or rest.elsewhere:
        known = [each for each in entries if each.id not in rest.elsewhere]
        entries = sorted([*known, *beside], key=lambda each: each.order, reverse=stretch.descending)
    return _looked_up(reader, place, entries, end)


def scan_rows(reader: Reader, place: Place, stretch: Stretch) -> Rows:
    """The next documents by id."""
    positions = _ids(reader, place, stretch)
    return _looked_up(reader, place, positions, positions[-1] if len(positions) == stretch.limit else None)


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


def _looked_up(reader: Reader, place: Place, positions: Sequence[Position], end: Position | None) -> Rows:
    """The rows at positions behind the last of which `end` stands; fewer of them where they weigh too much."""
    weight = 0
    rows = []
    for position in positions:
        found = read_winner(reader, place, position.id)
        rows.append(Row(position, *found) if found else Row(position, None))
        weight += len(found[0].body) if found else 0
        if weight > _ROW_SLICE_BYTES:
            return rows, position
    return rows, end
