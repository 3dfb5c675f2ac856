"""Events by writer: our own chain, and which events of every writer this node holds.

Of each (writer, life) the hash of every event is kept, 40 bytes each: only so two different events
under one number, and a chain that does not link, are noticed the day they arrive. Both are alarms.

Must not know: what an event says.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sync.errors import Conflict
from sync.store.ledger.lives import current_life
from sync.store.transaction import Reader, Transaction


@dataclass(frozen=True, slots=True)
class Position:
    """Where our own chain stands: the life, its newest event's number (0 for none) and hash."""

    life: str
    number: int
    head: bytes | None


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one writer's life.

    counter  highest number held; head, that event's hash
    missing  ranges (first, last) of numbers below it that are not held
    """

    writer: str
    life: str
    counter: int
    head: bytes
    missing: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
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
    life = current_life(reader).life
    counter, head = reader.execute("SELECT counter, head FROM own_chain WHERE life = ?", (life,))[0]
    return Position(life, counter, head)


def append_own(tx: Transaction, number: int, event_hash: bytes) -> None:
    """Move our own chain on by one event, in the transaction that writes it.

    number  must be the next; raises Conflict otherwise
    """
    own = own_position(tx)
    if number != own.number + 1:
        raise Conflict(f"our next event is {own.number + 1}, not {number}")
    tx.execute("UPDATE own_chain SET counter = ?, head = ? WHERE life = ?", (number, event_hash, own.life))


def note_event(
    tx: Transaction, writer: str, life: str, *, number: int, event_hash: bytes, previous: bytes | None
) -> Clash | None:
    """Note that an event is held; the same again changes nothing.

    previous  the hash it names as the one before, None for number 1
    returns   a Clash when it contradicts what we hold: a second event for a number is not noted, a
              broken link is (the event is held all the same)
    """
    chain, contiguous, highest = _chain(tx, writer, life)
    known = tx.one("SELECT hash FROM held_events WHERE chain = ? AND number = ?", (chain, number))
    if known is not None:
        return None if known[0] == event_hash else Clash("two-events", writer, life, number, known[0], event_hash)
    before = _hash(tx, chain, number - 1)
    tx.execute(
        "INSERT INTO held_events VALUES (?, ?, ?, ?)",
        (chain, number, event_hash, previous if before is None else None),
    )
    reached = _contiguous(tx, chain, contiguous)
    tx.execute("UPDATE chains SET contiguous = ?, highest = ? WHERE chain = ?", (reached, max(highest, number), chain))
    if before is not None and previous != before:
        return Clash("broken-link", writer, life, number, before, previous or b"")
    return _link_behind(tx, chain, Clash("broken-link", writer, life, number + 1, event_hash, b""))


def held_hash(reader: Reader, writer: str, life: str, number: int) -> bytes | None:
    """The hash of one held event; None when it is not held."""
    row = reader.one("SELECT chain FROM chains WHERE writer = ? AND life = ?", (writer, life))
    return None if row is None else _hash(reader, row[0], number)


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
    number = suspicion.number
    row = tx.one("SELECT previous FROM held_events WHERE chain = ? AND number = ?", (chain, number))
    if row is None:
        return None
    tx.execute("UPDATE held_events SET previous = NULL WHERE chain = ? AND number = ?", (chain, number))
    named = row[0] or b""
    if named == suspicion.known:
        return None
    return Clash(suspicion.kind, suspicion.writer, suspicion.life, number, suspicion.known, named)


def _gaps(reader: Reader, chain: int, contiguous: int) -> Iterator[tuple[int, int]]:
    expected = contiguous + 1
    for (number,) in reader.iterate(
        "SELECT number FROM held_events WHERE chain = ? AND number > ? ORDER BY number", (chain, contiguous)
    ):
        if number > expected:
            yield expected, number - 1
        expected = number + 1
