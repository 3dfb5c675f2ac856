"""Bags of papers: their numbers, each given once; the list of bags; and which paper of a case went with which.

Must not know: what a number looks like, what a state means.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from sync.errors import Conflict
from sync.messages import _
from sync.store.ledger.numbers import LAST_SERIAL
from sync.store.transaction import Reader, Transaction
from sync.typed import Value
from sync.values.cursors import no_cursor


class Bag(Value):
    """A bag in the list; packed_at as events write times; papers and missing, how many."""

    id: str
    sid: str
    bag_number: str
    packed_at: str
    status: str
    papers: int
    missing: int


class BagPaper(Value):
    """A paper of a case in a bag: its place in the list, from 1, and whether it was not there."""

    place: int
    case_id: str
    material: str
    missing: bool


_COLUMNS = "id, sid, bag_number, packed_at, status, papers, missing"


def next_bag_serial(tx: Transaction, device: str, day: date) -> int:
    """The next serial of bags of a device code on a day, from 1; the transaction also writes what carries it.

    raises  Conflict when the day's serials are used up
    """
    taken = tx.one("SELECT last FROM bag_serials WHERE device = ? AND day = ?", (device, day.isoformat()))
    serial = 1 if taken is None else int(taken[0]) + 1
    if serial > LAST_SERIAL:
        raise Conflict(_("The numbers of bag slips are used up for today"))
    tx.execute(
        "INSERT INTO bag_serials VALUES (?, ?, ?) ON CONFLICT (device, day) DO UPDATE SET last = excluded.last",
        (device, day.isoformat(), serial),
    )
    return serial


def put_bag(tx: Transaction, bag: Bag, papers: Iterable[BagPaper]) -> None:
    """A bag stands so from now on."""
    tx.execute(
        f"INSERT OR REPLACE INTO bags ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (bag.id, bag.sid, bag.bag_number, bag.packed_at, bag.status, bag.papers, bag.missing),
    )
    tx.execute("DELETE FROM bag_papers WHERE bag = ?", (bag.id,))
    tx.execute_many(
        "INSERT INTO bag_papers VALUES (?, ?, ?, ?, ?)",
        [(bag.id, one.place, one.case_id, one.material, int(one.missing)) for one in papers],
    )


def list_bags(reader: Reader, *, statuses: Sequence[str] = (), after: str = "", limit: int) -> tuple[Bag, ...]:
    """Bags, the newest first.

    statuses  only those in one of these states
    after     the id of the last bag of the page before
    raises    BadRequest where that is no bag's
    """
    if after and reader.one("SELECT 1 FROM bags WHERE id = ?", (after,)) is None:
        raise no_cursor()
    conditions, params = ["1"], list(statuses)
    if statuses:
        conditions.append(f"status IN ({', '.join('?' * len(statuses))})")
    if after:
        conditions.append("(packed_at, id) < ((SELECT packed_at FROM bags WHERE id = ?), ?)")
        params += [after, after]
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM bags WHERE {' AND '.join(conditions)} ORDER BY packed_at DESC, id DESC LIMIT ?",
        (*params, limit),
    )
    return tuple(Bag(*row) for row in rows)


def count_by_status(reader: Reader) -> dict[str, int]:
    """{state: how many bags}."""
    return {row[0]: row[1] for row in reader.execute("SELECT status, count(*) FROM bags GROUP BY status")}


def bags_numbered(reader: Reader, asked: str, *, limit: int = 5) -> tuple[str, ...]:
    """The ids of the bags with this number, or whose number ends so, the newest first; letters and digits alone."""
    rows = reader.execute(
        "SELECT id FROM bags WHERE bag_number = ? OR substr(bag_number, ?) = ? ORDER BY packed_at DESC LIMIT ?",
        (asked, -len(asked), asked, limit),
    )
    return tuple(row[0] for row in rows)


def papers_of_cases(reader: Reader, case_ids: Sequence[str]) -> tuple[tuple[BagPaper, Bag], ...]:
    """Every paper of these cases that ever was in a bag, with the bag as it stands; the oldest bag first."""
    columns = ", ".join(f"bags.{name.strip()}" for name in _COLUMNS.split(","))
    rows = reader.execute(
        f"SELECT bag_papers.place, case_id, material, bag_papers.missing, {columns} FROM bag_papers "
        f"JOIN bags ON bags.id = bag WHERE case_id IN ({', '.join('?' * len(case_ids))}) "
        "ORDER BY packed_at, bags.id, bag_papers.place",
        tuple(case_ids),
    )
    return tuple((BagPaper(row[0], row[1], row[2], bool(row[3])), Bag(*row[4:])) for row in rows)
