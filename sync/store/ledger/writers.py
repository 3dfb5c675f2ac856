"""Events by writer: our own chain, and which events of every writer this node holds.

Of each (writer, life) the hash of every event is kept, 40 bytes each: only so two different events
under one number, and a chain that does not link, are noticed the day they arrive. Both are alarms.

Must not know: what an event says.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sync.errors import Conflict
from sync.store.ledger.lives import CURRENT, current_life
from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class Position(Value):
    """Where our own chain stands: the life, its newest event's number (0 for none) and hash."""

    life: str
    number: int
    head: bytes | None


class Held(Value):
    """What is held of one writer's life.

    counter  highest number held; head, that event's hash
    missing  ranges (first, last) of numbers below it that are not held
    """

    writer: str
    life: str
    counter: int
    head: bytes
    missing: tuple[tuple[int, int], ...] = ()


class Clash(Value):
    """Two things that cannot both be true of one writer's number.

    kind     `two-events` for one number, or `broken-link` when `previous` names another hash
    known    what we hold; offered, what came
    """

    kind: str
    writer: str
    life: str
    number: int
    known: bytes
    offered: bytes


def own_position(reader: Reader) -> Position:
    """Where our own chain stands in the current life; raises NotFound before `init`."""
    row = reader.one(f"SELECT life, counter, head FROM own_chain WHERE life = {CURRENT}")
    if row is None:
        current_life(reader)  # says what is lacking, for each life begins with a chain
    assert row is not None
    return Position(*row)


def append_own(tx: Transaction, number: int, event_hash: bytes) -> None:
    """Move our own chain on by one event, in the transaction that writes it.

    number  must be the next; raises Conflict otherwise
    """
    moved = tx.one(
        "UPDATE own_chain SET counter = counter + 1, head = ? "
        f"WHERE counter = ? AND life = {CURRENT} RETURNING counter",
        (event_hash, number - 1),
    )
    if moved is None:
        raise Conflict(f"our next event is {own_position(tx).number + 1}, not {number}")


class Noted(Value):
    """What became of an event: whether it is held since a moment ago, and what it contradicts."""

    is_new: bool
    clash: Clash | None = None


class Link(NamedTuple):
    """An event of a chain: its number and hash, and the hash it names as the one before, None for number 1."""

    number: int
    hash: bytes
    previous: bytes | None


def note_events(tx: Transaction, writer: str, life: str, links: Sequence[Link]) -> list[Noted]:
    """What `note_event` makes of each of a life's events, in their order.

    Those that go on where all of it is held so far, as a station tells what it took in, are noted in one go.
    """
    going_on = _go_on(tx, writer, life, links)
    return [Noted(True)] * going_on + [
        note_event(tx, writer, life, number=one.number, event_hash=one.hash, previous=one.previous)
        for one in links[going_on:]
    ]


def _go_on(tx: Transaction, writer: str, life: str, links: Iterable[Link]) -> int:
    """Note those at the beginning that link to the newest event held, and to one another; how many these are."""
    chain, contiguous, highest = _chain(tx, writer, life)
    if contiguous < highest:
        return 0
    head, rows = _hash(tx, chain, highest), []
    for one in links:
        if (one.number, one.previous) != (highest + 1, head):
            break
        rows.append((chain, one.number, one.hash))
        highest, head = one.number, one.hash
    if rows:
        tx.execute_many("INSERT INTO held_events VALUES (?, ?, ?, NULL)", rows)
        tx.execute("UPDATE chains SET contiguous = ?1, highest = ?1 WHERE chain = ?2", (highest, chain))
    return len(rows)


def note_event(
    tx: Transaction, writer: str, life: str, *, number: int, event_hash: bytes, previous: bytes | None
) -> Noted:
    """Note that an event is held; the same again changes nothing.

    previous  the hash it names as the one before, None for number 1
    returns   with a Clash when it contradicts what we hold: a second event for a number is not noted, a
              broken link is (the event is held all the same)
    """
    chain, contiguous, highest = _chain(tx, writer, life)
    around = {
        row[0]: row[1:]
        for row in tx.execute(
            "SELECT number, hash, previous FROM held_events WHERE chain = ? AND number BETWEEN ? AND ?",
            (chain, number - 1, number + 1),
        )
    }
    if number in around:
        known: bytes = around[number][0]
        is_other = known != event_hash
        return Noted(False, Clash("two-events", writer, life, number, known, event_hash) if is_other else None)
    before: bytes | None = around[number - 1][0] if number - 1 in around else None
    tx.execute(
        "INSERT INTO held_events VALUES (?, ?, ?, ?)",
        (chain, number, event_hash, previous if before is None else None),
    )
    if number == contiguous + 1:
        contiguous = number if number >= highest else _contiguous(tx, chain, number)
    tx.execute(
        "UPDATE chains SET contiguous = ?, highest = ? WHERE chain = ?", (contiguous, max(highest, number), chain)
    )
    if before is not None and previous != before:
        return Noted(True, Clash("broken-link", writer, life, number, before, previous or b""))
    if number + 1 not in around:
        return Noted(True)
    suspicion = Clash("broken-link", writer, life, number + 1, event_hash, around[number + 1][1] or b"")
    return Noted(True, _link_behind(tx, chain, suspicion))


def is_next(reader: Reader, writer: str, life: str, number: int) -> bool:
    """Whether all of a life's events before this number are held, and none behind them."""
    where = "writer = ? AND life = ? AND contiguous = ? AND highest = contiguous"
    return reader.one(f"SELECT 1 FROM chains WHERE {where}", (writer, life, number - 1)) is not None


def held_hash(reader: Reader, writer: str, life: str, number: int) -> bytes | None:
    """The hash of one held event; None when it is not held."""
    row = reader.one("SELECT chain FROM chains WHERE writer = ? AND life = ?", (writer, life))
    return None if row is None else _hash(reader, row[0], number)


def held_any(reader: Reader, writer: str, life: str) -> bool:
    """Whether an event of a writer's life is held."""
    row = reader.one("SELECT 1 FROM chains WHERE writer = ? AND life = ? AND highest > 0", (writer, life))
    return row is not None


def held_of(reader: Reader, writers: Iterable[str]) -> Iterator[Held]:
    """What is held of these writers, by writer and life."""
    for writer in sorted(set(writers)):
        rows = reader.execute(
            "SELECT chain, life, contiguous, highest FROM chains WHERE writer = ? AND highest > 0 ORDER BY life",
            (writer,),
        )
        for chain, life, contiguous, highest in rows:
            head = _hash(reader, chain, highest) or b""
            yield Held(writer, life, highest, head, tuple(_gaps(reader, chain, contiguous)))


def highest_of_all(reader: Reader) -> dict[tuple[str, str], int]:
    """{(writer, life): the highest number held}, of everybody."""
    return {
        (row[0], row[1]): row[2] for row in reader.execute("SELECT writer, life, highest FROM chains WHERE highest > 0")
    }


def count_gaps_by_writer(reader: Reader) -> dict[str, int]:
    """{writer: how many events below the highest that is held are not}; those without are not named."""
    rows = reader.execute(
        "SELECT writer, sum(highest - contiguous - (SELECT count(*) FROM held_events AS held "
        "WHERE held.chain = chains.chain AND held.number > chains.contiguous)) "
        "FROM chains WHERE contiguous < highest GROUP BY writer"
    )
    return {row[0]: row[1] for row in rows}


def all_writers(reader: Reader) -> tuple[str, ...]:
    """Every writer an event is held of, certified or not."""
    return tuple(row[0] for row in reader.execute("SELECT DISTINCT writer FROM chains ORDER BY writer"))


def chain_number(tx: Transaction, writer: str, life: str) -> int:
    """The row id other tables of the ledger know a writer's life by."""
    return _chain(tx, writer, life)[0]


def _chain(tx: Transaction, writer: str, life: str) -> tuple[int, int, int]:
    row = tx.one("SELECT chain, contiguous, highest FROM chains WHERE writer = ? AND life = ?", (writer, life))
    if row is None:
        row = tx.execute("INSERT INTO chains VALUES (NULL, ?, ?, 0, 0) RETURNING chain, 0, 0", (writer, life))[0]
    return row[0], row[1], row[2]


def _hash(reader: Reader, chain: int, number: int) -> bytes | None:
    row = reader.one("SELECT hash FROM held_events WHERE chain = ? AND number = ?", (chain, number))
    return None if row is None else row[0]


def _contiguous(tx: Transaction, chain: int, contiguous: int) -> int:
    """Walk on over what is held without a gap."""
    for (number,) in tx.iterate(
        "SELECT number FROM held_events WHERE chain = ? AND number > ? ORDER BY number", (chain, contiguous)
    ):
        if number != contiguous + 1:
            break
        contiguous = number
    return contiguous


def _link_behind(tx: Transaction, chain: int, suspicion: Clash) -> Clash | None:
    """Check the event behind, which came first and kept the hash it named for this moment."""
    tx.execute("UPDATE held_events SET previous = NULL WHERE chain = ? AND number = ?", (chain, suspicion.number))
    return None if suspicion.offered == suspicion.known else suspicion


def _gaps(reader: Reader, chain: int, contiguous: int) -> Iterator[tuple[int, int]]:
    expected = contiguous + 1
    for (number,) in reader.iterate(
        "SELECT number FROM held_events WHERE chain = ? AND number > ? ORDER BY number", (chain, contiguous)
    ):
        if number > expected:
            yield expected, number - 1
        expected = number + 1
