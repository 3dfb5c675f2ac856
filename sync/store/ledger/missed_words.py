"""What stations below say was not found there: by word, how often, at how many of them, since when.

Must not know: how it came here, who may see it.
"""

from collections.abc import Iterable

from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class MissedWord(Value):
    """A word, how often it was asked for in vain, at which stations, and on which days first and last."""

    text: str
    times: int
    sids: tuple[str, ...]
    first_day: str
    last_day: str


def put_missed(tx: Transaction, signer: str, day: str, *, sid: str, words: Iterable[tuple[str, int]]) -> None:
    """Of that day somebody says this, and nothing else any more."""
    drop_missed(tx, signer, day)
    rows = [(signer, day, text, sid, times) for text, times in words]
    tx.execute_many("INSERT INTO missed_words VALUES (?, ?, ?, ?, ?)", rows)


def drop_missed(tx: Transaction, signer: str, day: str) -> None:
    """Forget what somebody said of a day."""
    tx.execute("DELETE FROM missed_words WHERE signer = ? AND day = ?", (signer, day))


def missed_words(reader: Reader, *, limit: int, behind: tuple[int, str] | None = None) -> tuple[MissedWord, ...]:
    """What was missed most, first; `behind` (times, text) of one of them, only what comes after it."""
    times, text = behind or (0, "")
    rows = reader.execute(
        "SELECT text, sum(times) AS counted, group_concat(DISTINCT sid), min(day), max(day) FROM missed_words "
        "GROUP BY text HAVING ?1 OR (-counted, text) > (-?2, ?3) ORDER BY counted DESC, text LIMIT ?4",
        (behind is None, times, text, limit),
    )
    return tuple(MissedWord(row[0], row[1], tuple(sorted(row[2].split(","))), row[3], row[4]) for row in rows)


def count_missed_words(reader: Reader) -> int:
    """How many words."""
    return int(reader.execute("SELECT count(DISTINCT text) FROM missed_words")[0][0])
