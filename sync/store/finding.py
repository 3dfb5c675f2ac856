"""Answering queries in the embedded engine: plan, see what the index lacks, read its rows and the rest in slices.

What an index lacks is worked out over a snapshot, beside everyone else. When it is little, the question waits for
nobody: it is told beside the index, and the index is given it some time soon. When it is much, the index is brought on
first, in the writers' turn, a portion at a time: a first query over 100,000 documents takes its time, and nobody's
write waits long for it. A disk that takes no writes hinders no question: then all the index lacks is told beside it.

Must not know: HTTP, how entries lie in the file.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from sync.errors import Conflict, StorageError
from sync.mango.answering import Position, Row, answer
from sync.mango.planning import Plan, plan
from sync.store import indexes
from sync.store.building import LARGEST
from sync.store.indexes import Rest
from sync.store.lacking import Entry, Portion, lacks_at_most, next_portion, take_portion
from sync.store.place import Place, find_place
from sync.store.transaction import Reader, Transaction
from sync.store.working import Working
from sync.values.queries import Found, Index, Query

_ATTEMPTS = 3
_FEW, _MANY = 30, 300  # rows looked up at first and later: most queries want few


class _SweptAway(Exception):
    """The index was given up while it was being read; what was read of it is not all of it."""


def find(engine: Working, name: str, query: Query) -> Found:
    """Answer a query over the database of that name; see `Database.find`."""
    for _ in range(_ATTEMPTS):
        chosen, target, leftover = engine.read(partial(_prepared, name=name, query=query))
        if leftover and engine.trouble is None:
            engine.post(partial(_give_up, engine=engine, name=name))
        rest = None if chosen.is_scan or chosen.empty or not query.update else _rest(engine, name, chosen, target)
        try:
            return answer(query, chosen, partial(_rows, engine, name, query, chosen, rest))
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


def _rest(engine: Working, name: str, chosen: Plan, target: int) -> Rest:
    """What an index lacks of what was written up to a sequence, after it was brought so near that this is little."""
    index, digest = chosen.index, indexes.digest_of(chosen.index)
    while True:
        look = partial(_little, name=name, index=index, digest=digest, target=target)
        place, portion = engine.read(look)
        if portion is not None:
            if portion.after > portion.before and engine.trouble is None:
                engine.post(partial(_taken_soon, engine=engine, place=place, digest=digest, portion=portion))
            return _told(chosen, portion.before, portion.entries)
        if engine.trouble is not None or not _brought_on(engine, name, index, digest):
            return _all_of_it(engine, name, chosen, target)


def _little(reader: Reader, name: str, index: Index, digest: bytes, target: int) -> tuple[Place, Portion | None]:
    """All that an index lacks; None for a portion where that is much."""
    place = find_place(reader, name)
    kept = indexes.find_kept(reader, place, digest)
    seq = kept.seq if kept else 0
    if not lacks_at_most(reader, place, seq, LARGEST):
        return place, None
    portion = next_portion(reader, place, index, kept, limit=LARGEST + 1)
    # A database made anew by the same name meanwhile may never get as far as what was to be reached.
    return place, portion if portion.after >= min(target, place.update_seq) else None


def _brought_on(engine: Working, name: str, index: Index, digest: bytes) -> bool:
    """Bring an index on by a portion; False when the disk refuses."""
    with engine.building.turn() as limit:
        place, portion = engine.read(partial(_next, name=name, index=index, digest=digest, limit=limit))
        kept_writers = []

        def work(tx: Transaction) -> None:
            begun = time.monotonic()
            _taken(tx, place, digest, portion)
            tx.after_commit(lambda: kept_writers.append(time.monotonic() - begun))

        try:
            engine.write(work)
        except StorageError:
            return False
        engine.building.note(sum(kept_writers))
        return True


def _next(reader: Reader, name: str, index: Index, digest: bytes, limit: int) -> tuple[Place, Portion]:
    place = find_place(reader, name)
    return place, next_portion(reader, place, index, indexes.find_kept(reader, place, digest), limit=limit)


def _all_of_it(engine: Working, name: str, chosen: Plan, target: int) -> Rest:
    """All that an index lacks, however much; held of it is only what the plan asks for."""
    digest = indexes.digest_of(chosen.index)
    first: int | None = None
    since: int | None = None
    held: dict[str, Entry] = {}
    touches = _toucher(chosen)
    while True:
        place, portion = engine.read(partial(_slice, name=name, index=chosen.index, digest=digest, since=since))
        first = portion.before if first is None else first
        for entry in portion.entries:
            held.pop(entry.id, None)  # it may have changed once more, and even back
            if touches(entry):
                held[entry.id] = entry
        since = portion.after
        if since >= min(target, place.update_seq):
            return _told(chosen, first, held.values())


def _slice(reader: Reader, name: str, index: Index, digest: bytes, since: int | None) -> tuple[Place, Portion]:
    place = find_place(reader, name)
    kept = indexes.find_kept(reader, place, digest)
    return place, next_portion(reader, place, index, kept, limit=LARGEST, since=since)


def _told(chosen: Plan, since: int, entries: Iterable[Entry]) -> Rest:
    touching = list(filter(_toucher(chosen), entries))
    low, high = chosen.bounds()
    positions = [Position(each.key, each.id) for each in touching if each.key is not None and low <= each.key <= high]
    return Rest(
        since,
        frozenset(each.id for each in touching),
        tuple(sorted(positions, key=lambda position: position.order)),
    )


def _toucher(chosen: Plan) -> Callable[[Entry], bool]:
    """Says whether an entry changed, and stood or stands in the range of a plan."""
    low, high = chosen.bounds()
    return lambda entry: (
        entry.was != entry.key and any(key is not None and low <= key <= high for key in (entry.was, entry.key))
    )


def _taken_soon(tx: Transaction, engine: Working, place: Place, digest: bytes, portion: Portion) -> None:
    _taken(tx, place, digest, portion)
    tx.after_commit(engine.upkeep.notice)


def _taken(tx: Transaction, place: Place, digest: bytes, portion: Portion) -> None:
    if find_place(tx, place.name).database == place.database:
        take_portion(tx, place, digest, portion)


def _rows(
    engine: Working, name: str, query: Query, chosen: Plan, rest: Rest | None, after: Position | None
) -> Iterator[Row]:
    stretch = indexes.Stretch(chosen, after, query.descending, _FEW)
    while True:
        found, behind = engine.read(partial(_read_stretch, name=name, stretch=stretch, rest=rest))
        yield from found
        if behind is None:
            return
        stretch = indexes.Stretch(chosen, behind, query.descending, _MANY)


def _read_stretch(reader: Reader, name: str, stretch: indexes.Stretch, rest: Rest | None) -> indexes.Rows:
    place = find_place(reader, name)
    if stretch.chosen.is_scan:
        return indexes.scan_rows(reader, place, stretch)
    kept = indexes.find_kept(reader, place, indexes.digest_of(stretch.chosen.index))
    if rest is None:  # whoever does not want to wait gets what the index has, if there is one
        return indexes.index_rows(reader, place, kept.number, stretch, Rest()) if kept else ((), None)
    if (kept.seq if kept else 0) < rest.since:
        raise _SweptAway
    return indexes.index_rows(reader, place, kept.number if kept else 0, stretch, rest)
