"""What was asked for and not found: the words people have for what the catalogue calls otherwise, or does not have.

Must not know: what may be noted, who reads it.
"""

from sync.store.transaction import Reader, Transaction
from sync.typed import Value

_MOST = 2000  # texts; beyond them whatever was asked for least, and longest ago, makes room


class Miss(Value):
    """A text, how often it was asked for in vain, and when last."""

    text: str
    times: int
    last_ms: int


def note_miss(tx: Transaction, text: str, *, now_ms: int) -> None:
    """It was asked for once more."""
    tx.execute(
        "INSERT INTO misses VALUES (?, 1, ?) ON CONFLICT (text) DO UPDATE SET "
        "times = times + 1, last_ms = max(last_ms, excluded.last_ms)",
        (text, now_ms),
    )
    tx.execute(
        "DELETE FROM misses WHERE text IN (SELECT text FROM misses WHERE text <> ? "
        "ORDER BY times DESC, last_ms DESC LIMIT -1 OFFSET ?)",
        (text, _MOST - 1),
    )


def misses(reader: Reader, *, limit: int, behind: Miss | None = None) -> tuple[Miss, ...]:
    """Those asked for most, first; `behind` one of them, only what comes after it."""
    place = (1, "", 0, 0) if behind is None else (0, behind.text, behind.times, behind.last_ms)
    rows = reader.execute(
        "SELECT text, times, last_ms FROM misses WHERE ?1 OR (-times, -last_ms, text) > (-?3, -?4, ?2) "
        "ORDER BY times DESC, last_ms DESC, text LIMIT ?5",
        (*place, limit),
    )
    return tuple(Miss(*row) for row in rows)
