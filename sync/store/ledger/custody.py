"""Signed statements, byte for byte, the newest about each subject; in the order they arrived.

The order of arrival is what peers keep a cursor of: a statement that replaces another moves to the
end, one that says nothing new moves nothing, so an idle network comes to rest.

Must not know: how a statement is verified, which of two is newer, what it says.
"""

from collections.abc import Callable, Collection

from sync.store.transaction import Reader, Row, Transaction
from sync.typed import Value
from sync.values.json_text import dump
from sync.values.statements import Signed


class Kept(Value):
    """A statement as it is kept.

    subject      what it is about, within its kind and signer;  station, the sid it concerns
    arrival      rises with every statement kept or replaced on this node
    heard_ms     when it arrived
    fallen_from  payload of an earlier statement of the same subject that claimed what this one no longer does
    """

    signed: Signed
    subject: str
    station: str
    arrival: int
    heard_ms: int
    fallen_from: bytes | None


_COLUMNS = "kind, payload, signer, signature, subject, station, arrival, heard_ms, fallen_from"


def put_statement(
    tx: Transaction, signed: Signed, *, subject: str, station: str, now_ms: int, fallen_from: bytes | None = None
) -> None:
    """Keep a statement in place of the one about the same subject by the same signer."""
    tx.execute(
        "INSERT OR REPLACE INTO statements "
        "(kind, payload, signer, signature, subject, station, heard_ms, fallen_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (signed.kind, signed.payload, signed.signer, signed.signature, subject, station, now_ms, fallen_from),
    )


def drop_statement(tx: Transaction, kind: str, signer: str, *, subject: str) -> None:
    """Forget a statement; never the newest of all, for peers keep its place."""
    tx.execute(
        "DELETE FROM statements WHERE kind = ? AND signer = ? AND subject = ? "
        "AND arrival < (SELECT max(arrival) FROM statements)",
        (kind, signer, subject),
    )


def newest_statement(reader: Reader, kind: str, signer: str, *, subject: str) -> Kept | None:
    """The statement kept about a subject; None when there is none."""
    row = reader.one(
        f"SELECT {_COLUMNS} FROM statements WHERE kind = ? AND signer = ? AND subject = ?", (kind, signer, subject)
    )
    return None if row is None else _kept(row)


def next_statement(reader: Reader, kind: str, signer: str, *, subject: str) -> Kept | None:
    """The first kept, in the order of what they are about, that is not before a subject; None when there is none."""
    row = reader.one(
        f"SELECT {_COLUMNS} FROM statements WHERE kind = ? AND signer = ? AND subject >= ? ORDER BY subject LIMIT 1",
        (kind, signer, subject),
    )
    return None if row is None else _kept(row)


def statements_of(reader: Reader, kind: str, signers: Collection[str]) -> tuple[Kept, ...]:
    """Every statement of a kind kept by these signers, whatever it is about, by signer and subject."""
    sql = f"SELECT {_COLUMNS} FROM statements WHERE kind = ? AND signer = ? ORDER BY subject"
    return tuple(_kept(row) for signer in sorted(set(signers)) for row in reader.execute(sql, (kind, signer)))


def statements_of_kind(reader: Reader, kind: str) -> tuple[Kept, ...]:
    """Every statement of a kind that is kept."""
    return tuple(_kept(row) for row in reader.execute(f"SELECT {_COLUMNS} FROM statements WHERE kind = ?", (kind,)))


def statements_of_own(reader: Reader, kind: str) -> tuple[Kept, ...]:
    """Every statement of a kind that its signer made about its own station."""
    sql = f"SELECT {_COLUMNS} FROM statements JOIN certificates ON writer = signer AND sid = station WHERE kind = ?"
    return tuple(_kept(row) for row in reader.execute(sql, (kind,)))


def heard_by_signer(reader: Reader, kinds: Collection[str]) -> dict[str, int]:
    """{who signed: when the newest of these kinds arrived}, of everybody."""
    marks = ", ".join("?" * len(kinds))
    rows = reader.execute(
        f"SELECT signer, max(heard_ms) FROM statements WHERE kind IN ({marks}) GROUP BY signer", tuple(kinds)
    )
    return {row[0]: row[1] for row in rows}


def count_unborn(reader: Reader, kind: str, signer: str) -> int:
    """How many lives a signer speaks of, each a subject of this kind, of which no event of its is held here."""
    row = reader.one(
        "SELECT count(*) FROM statements WHERE kind = ? AND signer = ? AND NOT EXISTS "
        "(SELECT 1 FROM chains WHERE writer = signer AND life = subject AND highest > 0)",
        (kind, signer),
    )
    return int(row[0]) if row else 0


def count_of_unborn(reader: Reader, kind: str, signer: str, *, but: str) -> tuple[int, int]:
    """Of statements whose subject is a station and a life first: (lives, statements) of which no event is held here.

    but  a life that is not counted among the lives
    """
    (row,) = reader.execute(
        "SELECT count(DISTINCT nullif(told, ?)), count(*) FROM "
        "(SELECT signer, substr(subject, instr(subject, ' ') + 1, 16) AS told FROM statements "
        "WHERE kind = ? AND signer = ?) "
        "WHERE NOT EXISTS (SELECT 1 FROM chains WHERE writer = signer AND life = told AND highest > 0)",
        (but, kind, signer),
    )
    return int(row[0]), int(row[1])


def forget_statement(tx: Transaction, kept: Kept) -> None:
    """A statement is needed no more; nobody is told."""
    tx.execute("DELETE FROM statements WHERE arrival = ?", (kept.arrival,))


def statements_about(
    reader: Reader, stations: Collection[str], arrival: int, *, wanted: Callable[[Kept], bool], limit: int
) -> tuple[tuple[Signed, ...], int]:
    """Statements that concern some stations and arrived behind a position, oldest first; of others nothing is read.

    wanted   which of them
    limit    how many at most; what is passed over does not count
    returns  the statements, and the position to go on from: beyond what was passed over, too
    """
    found: list[Signed] = []
    sql = (
        f"SELECT {_COLUMNS} FROM statements WHERE arrival > ? AND station IN (SELECT value FROM json_each(?)) "
        "ORDER BY arrival"
    )
    for row in reader.iterate(sql, (arrival, dump(sorted(stations)).decode())):
        kept = _kept(row)
        if wanted(kept):
            found.append(kept.signed)
        arrival = kept.arrival
        if len(found) == limit:
            break
    return tuple(found), arrival


def last_arrival(reader: Reader) -> int:
    """The newest position; 0 while nothing is kept."""
    row = reader.one("SELECT max(arrival) FROM statements")
    return int(row[0] or 0) if row else 0


def _kept(row: Row) -> Kept:
    return Kept(Signed(*row[:4]), *row[4:])
