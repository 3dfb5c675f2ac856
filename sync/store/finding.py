"""Answering queries in the embedded engine: plan, bring the index up to date, read its rows in slices.

What an index lacks is worked out over a snapshot, beside everyone else, and only written in the writers'
turn, a portion at a time: a first query over 100,000 documents takes its time, and nobody's write waits long for
it. How large a portion may be shows in how long the last one took: entries come in anywhere in the tree, so a
slow disk takes few of them at a time.

Must not know: HTTP, how entries lie in the file.
"""

import time
from collections.abc import Iterator
from functools import partial

from sync.errors import Conflict
from sync.mango.answering import Position, Row, answer
from sync.mango.planning import Plan, plan
from sync.store import indexes
from sync.store.place import Place, find_place
from sync.store.transaction import Reader, Transaction
from sync.store.working import Working
from sync.values.queries import Found, Index, Query

_ATTEMPTS = 3
_PORTION_SECONDS = 0.02  # of everyone's time, flush included
_FIRST_PORTION, _SMALLEST_PORTION, _LARGEST_PORTION = 100, 20, 1000  # documents
_FEW, _MANY = 30, 300  # rows looked up at first and later: most queries want few


class _SweptAway(Exception):
    """The index was given up while it was being read; what was read of it is not all of it."""


def find(engine: Working, name: str, query: Query) -> Found:
    """Answer a query over the database of that name; see `Database.find`."""
    for _ in range(_ATTEMPTS):
        chosen, target, leftover = engine.read(partial(_prepared, name=name, query=query))
        if leftover:
            engine.post(partial(_give_up, engine=engine, name=name))
        if not (chosen.is_scan or chosen.empty) and query.update:
            _bring_up_to_date(engine, name, chosen.index, target)
        try:
            return answer(query, chosen, partial(_rows, engine, name, query, chosen))
        except _SweptAway:
            continue
    raise Conflict("The index was removed again and again while it was being read.")


def _prepared(reader: Reader, name: str, query: Query) -> tuple[Plan, int, bool]:
    """The plan, the sequence an index must have reached for it, and whether there are indexes to give up."""
    place = find_place(reader, name)
    known = indexes.declared(reader, place)
    return plan(query, known), place.update_seq, bool(indexes.obsolete(reader, place, known))


def _give_up(tx: Transaction, engine: Working, name: str) -> None:
    place = find_place(tx, name)
    indexes.hide(tx, indexes.obsolete(tx, place, indexes.declared(tx, place)))
    tx.after_commit(engine.upkeep.sweep)


def _bring_up_to_date(engine: Working, name: str, index: Index, target: int) -> None:
    """Bring an index to at least a sequence; what is written meanwhile is for the next query."""
    digest = indexes.digest_of(index)
    reached, limit = -1, _FIRST_PORTION
    while reached < target:
        # One at a time, so that many who ask at once do not all do the same.
        with engine.building:
            lacking = partial(_lacking, name=name, index=index, digest=digest, target=target, limit=limit)
            place, portion = engine.read(lacking)
            if portion is None:
                return
            begun = time.monotonic()
            engine.write(partial(_taken, name=name, place=place, digest=digest, portion=portion))
            limit = _next_limit(limit, time.monotonic() - begun)
            reached = portion.after


def _next_limit(limit: int, took: float) -> int:
    """How many documents the next portion may have, after one of so many took so long."""
    if took > _PORTION_SECONDS:
        return max(limit // 2, _SMALLEST_PORTION)
    return min(limit * 2, _LARGEST_PORTION) if took < _PORTION_SECONDS / 4 else limit


def _lacking(
    reader: Reader, name: str, index: Index, digest: bytes, target: int, limit: int
) -> tuple[Place, indexes.Portion | None]:
    place = find_place(reader, name)
    kept = indexes.find_kept(reader, place, digest)
    # A database made anew by the same name meanwhile may never get as far.
    if kept is not None and kept.seq >= min(target, place.update_seq):
        return place, None
    return place, indexes.next_portion(reader, place, index, kept.seq if kept else 0, limit=limit)


def _taken(tx: Transaction, name: str, place: Place, digest: bytes, portion: indexes.Portion) -> None:
    if find_place(tx, name).database == place.database:
        indexes.take_portion(tx, place, digest, portion)


def _rows(engine: Working, name: str, query: Query, chosen: Plan, after: Position | None) -> Iterator[Row]:
    limit = _FEW
    while True:
        stretch = indexes.Stretch(chosen, after, query.descending, limit)
        found = engine.read(partial(_read_stretch, name=name, stretch=stretch, update=query.update))
        yield from found
        if not found:
            return
        after, limit = found[-1].position, _MANY


def _read_stretch(reader: Reader, name: str, stretch: indexes.Stretch, update: bool) -> list[Row]:
    place = find_place(reader, name)
    if stretch.chosen.is_scan:
        return indexes.scan_rows(reader, place, stretch)
    kept = indexes.find_kept(reader, place, indexes.digest_of(stretch.chosen.index))
    if kept is not None:
        return indexes.index_rows(reader, place, kept.number, stretch)
    if update:
        raise _SweptAway
    return []  # nobody has asked it yet, and this one does not want to wait
