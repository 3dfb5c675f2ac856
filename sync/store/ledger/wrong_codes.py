"""Wrong query codes: how often somebody was wrong lately, about a number or from an address. On disk, so that a
power cut forgives nobody.

Must not know: how often is too often, what a code is.
"""

from sync.store.transaction import Reader, Transaction

_MOST = 2000  # subjects; beyond them those that are forgotten soonest make room


def note_wrong_code(tx: Transaction, about: str, *, now_ms: int, kept_ms: int) -> int:
    """Once more; returns how often by now. What nobody was wrong about for `kept_ms` is forgotten."""
    tx.execute("DELETE FROM wrong_codes WHERE until_ms <= ?", (now_ms,))
    tx.execute(
        "INSERT INTO wrong_codes VALUES (?, 1, ?) ON CONFLICT (about) DO UPDATE SET "
        "times = times + 1, until_ms = excluded.until_ms",
        (about, now_ms + kept_ms),
    )
    tx.execute(
        "DELETE FROM wrong_codes WHERE about IN "
        "(SELECT about FROM wrong_codes WHERE about <> ? ORDER BY until_ms DESC LIMIT -1 OFFSET ?)",
        (about, _MOST - 1),
    )
    return wrong_codes(tx, about, now_ms=now_ms)[0]


def wrong_codes(reader: Reader, about: str, *, now_ms: int) -> tuple[int, int]:
    """(how often, milliseconds until that is forgotten); (0, 0) when it is."""
    row = reader.one("SELECT times, until_ms FROM wrong_codes WHERE about = ?", (about,))
    return (int(row[0]), int(row[1]) - now_ms) if row is not None and row[1] > now_ms else (0, 0)


def shorten_waits(tx: Transaction, *, now_ms: int, kept_ms: int) -> None:
    """Nothing is kept longer than that from now: the clock was set back since."""
    tx.execute("UPDATE wrong_codes SET until_ms = ? WHERE until_ms > ?", (now_ms + kept_ms, now_ms + kept_ms))


def forgive_wrong_codes(tx: Transaction, about: str) -> None:
    """Whoever was wrong about it knows the code after all."""
    tx.execute("DELETE FROM wrong_codes WHERE about = ?", (about,))
