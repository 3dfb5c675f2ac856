"""The list of cases a node holds: one row per case over all its home databases; `case_list` pages through it.

Derived from the records and from nothing else: it can be dropped and built anew at any time, and
is written in the transaction that writes the record, or as a record arrives.

Must not know: who may see which case.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sync.node.lists.case_due import case_due
from sync.node.lists.people_index import index_whose
from sync.node.lists.search_index import index_case_words
from sync.records.case_assignee import desk_of
from sync.records.log import Record
from sync.records.search_words import backwards
from sync.store.ledger.case_ends import put_case_ends
from sync.store.ledger.found_cases import numbered_cases
from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class CaseRow(Value):
    """One case in a list; names and fields as its state has them.

    assignee, turn, assigned_at  as `case_assignee` has them: who has it, whose turn it is, whose account that is
    due, near  as `ledger/case_queue` has them
    """

    id: str
    sid: str
    receipt_number: str
    received_at: str
    item: str
    item_name: str
    applicant_name: str
    status: str
    photos: int
    disputes: int
    case_number: str
    assignee: str = ""
    turn: str = ""
    due: str | None = None
    near: str | None = None
    assigned_at: str = ""
    parked: int = 0


COLUMNS = (
    "id, sid, receipt_number, received_at, item, item_name, applicant_name, status, photos, disputes, case_number, "
    "assignee, turn, due, near, assigned_at, parked"
)
# What of a case's fields is listed, and is found by.
_TOLD = ("receipt_number", "received_at", "item", "item_name", "applicant_name", "case_number")


def index_case(tx: Transaction, record: Record, *, sid: str, now_ms: int) -> None:
    """Put a case into the list as it stands now."""
    fields = record.fields
    told = {name: str(fields.get(name, "")) for name in _TOLD}
    desk = desk_of(record)
    values = (
        record.id,
        sid,
        *(told[name] for name in ("receipt_number", "received_at", "item", "item_name", "applicant_name")),
        record.status,
        sum(1 for _ in blobs_in(fields)),
        len(record.disputes),
        told["case_number"],
        desk.assignee,
        desk.turn,
        *case_due(tx, record, now_ms=now_ms),
        desk.level,
        len(record.parked_edits),
    )
    tx.execute(f"INSERT OR REPLACE INTO cases ({COLUMNS}) VALUES ({', '.join('?' * len(values))})", values)
    index_case_words(tx, record.id, **told)
    index_whose(tx, record.id, fields)
    ends: dict[tuple[str, str], int] = {}
    for event in record.events:
        place = (event.writer, event.life)
        ends[place] = max(ends.get(place, 0), event.number)
    put_case_ends(tx, record.id, ends)


def cases_of(reader: Reader, ids: Sequence[str]) -> tuple[CaseRow, ...]:
    """The rows of these cases, in the order of the ids; those not listed are left out."""
    rows = reader.execute(f"SELECT {COLUMNS} FROM cases WHERE id IN ({', '.join('?' * len(ids))})", tuple(ids))
    by_id = {row[0]: CaseRow(*row) for row in rows}
    return tuple(by_id[case_id] for case_id in ids if case_id in by_id)


def cases_numbered(reader: Reader, asked: str, *, limit: int = 10) -> tuple[tuple[str, str], ...]:
    """(id, receipt number) of the cases with this 办件编号, or whose receipt number ends so, the newest first.

    asked  letters and digits alone
    """
    return numbered_cases(reader, backwards(asked), asked, limit=limit)


def unnumbered_items(reader: Reader) -> tuple[str, ...]:
    """The items of the cases that the centre has given no number yet, each once."""
    return tuple(row[0] for row in reader.execute("SELECT DISTINCT item FROM cases WHERE case_number = ''"))


def unnumbered_cases(reader: Reader, item: str) -> tuple[str, ...]:
    """The ids of those of one item, the earliest receipt first."""
    rows = reader.execute("SELECT id FROM cases WHERE case_number = '' AND item = ? ORDER BY received_at, id", (item,))
    return tuple(row[0] for row in rows)


def count_cases(reader: Reader) -> int:
    """How many cases there are."""
    return int(reader.execute("SELECT count(*) FROM cases")[0][0])


def count_by_status(reader: Reader) -> dict[str, int]:
    """How many cases stand in each state."""
    return {row[0]: row[1] for row in reader.execute("SELECT status, count(*) FROM cases GROUP BY status")}


def count_by_station(reader: Reader, *, sid: str = "") -> dict[str, dict[str, int]]:
    """{sid: {state: how many}}; of one station alone when it is named."""
    only, params = ("WHERE sid = ?", (sid,)) if sid else ("", ())
    counts: dict[str, dict[str, int]] = {}
    for station, status, count in reader.execute(
        f"SELECT sid, status, count(*) FROM cases {only} GROUP BY sid, status", params
    ):
        counts.setdefault(station, {})[status] = count
    return counts


def devices_at(reader: Reader, region: str) -> tuple[str, ...]:
    """The device codes in the receipt numbers of a place, by its region code."""
    rows = reader.execute(
        "SELECT DISTINCT substr(receipt_number, 19, 2) FROM cases WHERE receipt_number BETWEEN ? AND ? || '~'",
        (region, region),
    )
    return tuple(device for (device,) in rows)


def blobs_in(fields: Any) -> Iterator[dict[str, Any]]:
    """Every blob a record's fields name, however deep: objects with a `blob`, in reading order."""
    if isinstance(fields, dict):
        if isinstance(fields.get("blob"), str):
            yield fields
            return
        fields = list(fields.values())
    if isinstance(fields, (list, tuple)):
        for one in fields:
            if isinstance(one, (dict, list, tuple)):  # most of what a record holds is words
                yield from blobs_in(one)
