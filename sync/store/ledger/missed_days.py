"""What was not found here, by day, and whether that has been stated to the nodes above.

Must not know: what may be noted, how it is signed.
"""

from collections.abc import Sequence

from sync.store.transaction import Reader, Transaction

MOST_WORDS_A_DAY = 500  # beyond them whatever was asked for least that day makes room
MOST_DAYS = 60  # on which anything was missed


def note_missed_on(tx: Transaction, day: str, text: str) -> None:
    """It was asked for once more on a day."""
    tx.execute(
        "INSERT INTO missed_days (day, text, times) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET "
        "times = times + 1, stated = 0",
        (day, text),
    )
    tx.execute(
        "DELETE FROM missed_days WHERE day = ?1 AND text IN (SELECT text FROM missed_days WHERE day = ?1 "
        "AND text <> ?2 ORDER BY times DESC, text LIMIT -1 OFFSET ?3)",
        (day, text, MOST_WORDS_A_DAY - 1),
    )


def unstated_days(reader: Reader, *, today: str) -> tuple[str, ...]:
    """The days, today left out, of which there is something that has not been stated, the earliest first."""
    rows = reader.execute("SELECT DISTINCT day FROM missed_days WHERE stated = 0 AND day <> ? ORDER BY day", (today,))
    return tuple(row[0] for row in rows)


def missed_on(reader: Reader, day: str) -> tuple[tuple[str, int], ...]:
    """((text, times), …) of a day, the most frequent first."""
    rows = reader.execute("SELECT text, times FROM missed_days WHERE day = ? ORDER BY times DESC, text", (day,))
    return tuple((row[0], row[1]) for row in rows)


def note_stated(tx: Transaction, days: Sequence[str]) -> None:
    """These days have been stated; days long gone are forgotten."""
    tx.execute_many("UPDATE missed_days SET stated = 1 WHERE day = ?", [(day,) for day in days])
    tx.execute(
        "DELETE FROM missed_days WHERE stated = 1 AND day < (SELECT min(day) FROM "
        "(SELECT DISTINCT day FROM missed_days ORDER BY day DESC LIMIT ?))",
        (MOST_DAYS,),
    )
