"""What cannot be true and yet was signed or written: shown to the supervisor until someone settles it.

Must not know: how it was found out.
"""

from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class Alarm(Value):
    """A contradiction about one event number of a writer's life.

    kind     `two-events`, `broken-link`, `two-heads`, `two-receipts`, `two-lives`, `turned-back`,
             `not-ours`, `false-signature`
    known    what was known; offered, what contradicts it (hashes, as text)
    source   where the contradiction came from: a database and document, or a signer
    settled_by, why  who looked into it, and what came of that; "" while nobody has
    """

    kind: str
    writer: str
    life: str
    number: int
    known: str
    offered: str
    source: str
    at_ms: int
    alarm: int = 0
    settled_ms: int | None = None
    settled_by: str = ""
    why: str = ""


_COLUMNS = "kind, writer, life, number, known, offered, source, at_ms, alarm, settled_ms, settled_by, why"
MOST_REPEATED = 16
_BEYOND = (1 << 63) - 1  # every number is less


def raise_alarm(tx: Transaction, alarm: Alarm) -> bool:
    """Note a contradiction; False when that very one is known already, settled or not."""
    values = (alarm.kind, alarm.writer, alarm.life, alarm.number, alarm.known, alarm.offered)
    rows = tx.execute(
        "INSERT INTO alarms (kind, writer, life, number, known, offered, source, at_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING alarm",
        (*values, alarm.source, alarm.at_ms),
    )
    return bool(rows)


def raise_repeated(tx: Transaction, alarm: Alarm) -> bool:
    """Note what may be contradicted in ever new ways, as by ever new lives; False where enough of it is open already.

    That a writer does so is known then; once somebody has settled one, the next is noted anew.
    """
    row = tx.one(
        "SELECT count(*) FROM alarms WHERE kind = ? AND writer = ? AND settled_ms IS NULL", (alarm.kind, alarm.writer)
    )
    return (row is None or row[0] < MOST_REPEATED) and raise_alarm(tx, alarm)


def is_open_from(reader: Reader, kind: str, writer: str, life: str, source: str) -> bool:
    """Whether an alarm of a kind about a writer's life, from one source, waits for someone."""
    row = reader.one(
        "SELECT 1 FROM alarms WHERE kind = ? AND writer = ? AND life = ? AND source = ? AND settled_ms IS NULL LIMIT 1",
        (kind, writer, life, source),
    )
    return row is not None


def open_alarms(reader: Reader, *, before: int = _BEYOND, limit: int = 100) -> tuple[Alarm, ...]:
    """Alarms nobody has settled, newest first, before a number."""
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM alarms WHERE settled_ms IS NULL AND alarm < ? ORDER BY alarm DESC LIMIT ?",
        (before, limit),
    )
    return tuple(Alarm(*row) for row in rows)


def settled_alarms(reader: Reader, *, before: int = _BEYOND, limit: int = 100) -> tuple[Alarm, ...]:
    """Alarms somebody has settled, newest first, before a number."""
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM alarms WHERE settled_ms IS NOT NULL AND alarm < ? ORDER BY alarm DESC LIMIT ?",
        (before, limit),
    )
    return tuple(Alarm(*row) for row in rows)


def count_alarms(reader: Reader) -> int:
    """How many nobody has settled."""
    return int(reader.execute("SELECT count(*) FROM alarms WHERE settled_ms IS NULL")[0][0])


def find_alarm(reader: Reader, alarm: int) -> Alarm | None:
    """One alarm, settled or not."""
    row = reader.one(f"SELECT {_COLUMNS} FROM alarms WHERE alarm = ?", (alarm,)) if alarm < _BEYOND else None
    return None if row is None else Alarm(*row)


def settle_alarm(tx: Transaction, alarm: int, *, by: str, why: str, now_ms: int) -> None:
    """Someone has looked into it."""
    tx.execute(
        "UPDATE alarms SET settled_ms = ?, settled_by = ?, why = ? WHERE alarm = ? AND settled_ms IS NULL",
        (now_ms, by, why, alarm),
    )


def count_alarms_by_writer(reader: Reader) -> dict[str, int]:
    """{whose events they are about: how many are open}."""
    return dict(reader.execute("SELECT writer, count(*) FROM alarms WHERE settled_ms IS NULL GROUP BY writer"))
