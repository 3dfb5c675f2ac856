"""The list of cases as a queue: by the day they are due, and how many are late, near, due today.

    due     the last day in time, 2025-10-10; NULL where no clock runs; `NOT_KNOWN` where one does and no calendar says
    near    the first day its light is yellow

Only cases with a clock stand in the queue's index, so it stays as small as the work that is open.

Must not know: how a day is counted, what day it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.store.transaction import Reader, Transaction

NOT_KNOWN = "?"  # sorts behind every day


@dataclass(frozen=True, slots=True)
class Lights:
    """How many cases of a station (of all for "") have which light; today, how many are due on this very day.

    unknown  a clock runs, and no calendar says up to when
    """

    sid: str
    red: int
    yellow: int
    green: int
    today: int
    unknown: int


def put_due(tx: Transaction, case_id: str, due: str | None, near: str | None) -> None:
    """A case that is listed is due then."""
    tx.execute("UPDATE cases SET due = ?, near = ? WHERE id = ?", (due, near, case_id))


def count_lights(reader: Reader, today: str) -> dict[str, Lights]:
    """{sid: how its cases stand on a day}, of the stations that have any with a clock: one way through the index."""
    return {row[0]: Lights(*row) for row in _counted(reader, today)}


def _counted(reader: Reader, today: str) -> Iterator[tuple[str, int, int, int, int, int]]:
    rows = reader.execute(
        "SELECT sid, sum(due < ?1), sum(due >= ?1 AND near <= ?1), sum(near > ?1 AND due != ?2), sum(due = ?1), "
        "sum(due = ?2) FROM cases INDEXED BY cases_by_due WHERE due IS NOT NULL GROUP BY sid",
        (today, NOT_KNOWN),
    )
    yield from ((row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows)
