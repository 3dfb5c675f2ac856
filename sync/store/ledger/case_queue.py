"""The list of cases as a queue: by the day they are due, and how many are late, near, due today.

    due     the last day in time, 2025-10-10; NULL where no clock runs; `NOT_KNOWN` where one does and no calendar says
    near    the first day its light is yellow

Only cases with a clock stand in the queue's index, so it stays as small as the work that is open.

Must not know: how a day is counted, what day it is.
"""

from collections.abc import Sequence

from sync.store.transaction import Reader, Transaction
from sync.typed import Value

NOT_KNOWN = "?"  # sorts behind every day


class Lights(Value):
    """How many cases of a station (of all for "") have which light; today, how many are due on this very day.

    unknown  a clock runs, and no calendar says up to when
    """

    sid: str
    red: int
    yellow: int
    green: int
    today: int
    unknown: int


def put_due(
    tx: Transaction, case_id: str, due: str | None, near: str | None, *, assignee: str, assigned_at: str, turn: str
) -> None:
    """A case that is listed is due then, and with those."""
    tx.execute(
        "UPDATE cases SET due = ?, near = ?, assignee = ?, assigned_at = ?, turn = ? WHERE id = ?",
        (due, near, assignee, assigned_at, turn, case_id),
    )


_LIGHTS = (
    "coalesce(sum(due < ?1), 0), coalesce(sum(due >= ?1 AND near <= ?1), 0), "
    "coalesce(sum(near > ?1 AND due != ?2), 0), coalesce(sum(due = ?1), 0), coalesce(sum(due = ?2), 0) "
    "FROM cases INDEXED BY cases_by_due WHERE due IS NOT NULL"
)


def count_lights(reader: Reader, today: str) -> dict[str, Lights]:
    """{sid: how its cases stand on a day}, of the stations that have any with a clock: one way through the index."""
    rows = reader.execute(f"SELECT sid, {_LIGHTS} GROUP BY sid", (today, NOT_KNOWN))
    return {row[0]: Lights(*row) for row in rows}


def count_lights_together(reader: Reader, today: str, *, sid: str = "") -> Lights:
    """The same of all stations as one, or of one of them."""
    only, params = (" AND sid = ?3", (sid,)) if sid else ("", ())
    ((*counts,),) = reader.execute(f"SELECT {_LIGHTS}{only}", (today, NOT_KNOWN, *params))
    return Lights(sid, *counts)


def count_turns(reader: Reader, *, turn: str, own_sid: str, others: Sequence[str]) -> dict[str, int]:
    """{state: how many cases wait in it} for somebody at a level; `village` at the station that took them.

    own_sid    the station that asks: what it took itself is its own to do, too
    others     accounts of that level whose cases are theirs to do
    """
    marks = ", ".join("?" * len(others))
    rows = reader.execute(
        "SELECT status, count(*) FROM cases INDEXED BY cases_by_turn WHERE turn != '' "
        f"AND (turn = ? OR (turn = 'village' AND sid = ?)) "
        f"AND NOT (assignee IN ({marks}) AND assigned_at IN (?, '')) GROUP BY status",
        (turn, own_sid, *others, turn),
    )
    return {row[0]: row[1] for row in rows}


def count_disputed(reader: Reader, *, sid: str = "") -> int:
    """How many cases something is in dispute in; of one station alone when it is named."""
    only, params = (" AND sid = ?", (sid,)) if sid else ("", ())
    rows = reader.execute(f"SELECT count(*) FROM cases INDEXED BY cases_disputed WHERE disputes > 0{only}", params)
    return int(rows[0][0])


def count_parked(reader: Reader, *, sid: str = "") -> int:
    """In how many cases edits wait to be taken or left; of one station alone when it is named."""
    only, params = (" AND sid = ?", (sid,)) if sid else ("", ())
    rows = reader.execute(f"SELECT count(*) FROM cases INDEXED BY cases_parked WHERE parked > 0{only}", params)
    return int(rows[0][0])


def count_received(reader: Reader, since: str) -> dict[str, int]:
    """{sid: how many cases were received} at or after a time, as events write it, or a day."""
    return {
        row[0]: row[1]
        for row in reader.execute("SELECT sid, count(*) FROM cases WHERE received_at >= ? GROUP BY sid", (since,))
    }


def given_cases(reader: Reader, *, sid: str = "", limit: int) -> tuple[tuple[str, str, str], ...]:
    """(assignee, the level whose account it is, sid) of the cases that were given to somebody, each once.

    sid  of those of one station alone; "" for all
    """
    by, only, params = ("cases_of_station", "sid = ? AND ", (sid,)) if sid else ("cases_given", "", ())
    rows = reader.execute(
        f"SELECT DISTINCT assignee, assigned_at, sid FROM cases INDEXED BY {by} WHERE {only}assignee != '' LIMIT ?",
        (*params, limit),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def items_of_cases(reader: Reader, *, limit: int) -> tuple[str, ...]:
    """The items of which there are cases, each once: a step down the index for each, however many cases there are."""
    rows = reader.execute(
        "WITH RECURSIVE each (item) AS (SELECT min(item) FROM cases UNION ALL "
        "SELECT (SELECT min(item) FROM cases WHERE item > each.item) FROM each WHERE each.item IS NOT NULL) "
        "SELECT item FROM each WHERE item > '' LIMIT ?",
        (limit,),
    )
    return tuple(row[0] for row in rows)
