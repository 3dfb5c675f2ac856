"""The cases this station keeps, a page at a time.

Must not know: who asks, how a page is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sync.casework.describe_case import state_name
from sync.casework.find_case import find_cases
from sync.casework.hold_photos import held_here, photos_of
from sync.casework.name_stations import station_names
from sync.casework.read_clocks import clocks_of, listed_clock
from sync.casework.trace_custody import Road, custody_of, road_from
from sync.errors import StoreUnreachable
from sync.messages import N_, _
from sync.node import case_list
from sync.node.case_index import CaseRow
from sync.node.case_list import ALL, RECEIVED, Narrow
from sync.node.node import Node
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.records.masks import masked
from sync.records.working_days import Calendar
from sync.store.ledger.case_queue import NOT_KNOWN

_UNKNOWN = N_("The document store cannot be reached for the moment")


def list_cases(
    node: Node, narrow: Narrow = ALL, *, order: str = RECEIVED, cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """A page of cases, people masked: {"cases": [...], "next": cursor or None}.

    narrow   only those; its lights are today's
    order    one of `case_list.ORDERS`: the newest receipt first, or what is due soonest
    cursor   from the page before; "" for the first
    raises   BadRequest on a cursor that is none

    While a document store outside the directory is away the list stands all the same, from what the ledger knows.
    """
    narrow = replace(narrow, today=node.today().isoformat())
    page = node.read(lambda reader: case_list.list_cases(reader, narrow, order=order, cursor=cursor, limit=limit))
    return {"cases": describe_rows(node, page.rows), "next": page.next or None}


def describe_rows(node: Node, rows: Sequence[CaseRow]) -> list[dict[str, Any]]:
    """Rows of the list as everybody is told them, people masked."""
    names, calendar = station_names(node), node.catalogue.calendar()
    roads = {sid: road_from(node, sid) for sid in {row.sid for row in rows}}
    cases = find_cases(node, [row.id for row in rows])
    photos = {row.id: _photos(node, cases.get(row.id)) for row in rows}

    def describe(row: CaseRow) -> dict[str, Any]:
        case, kept = cases.get(row.id), photos[row.id]
        stands = _stands(node, roads[row.sid], case, kept, calendar) if case and kept else _stands_somewhere(row)
        return _row(row, names, stands)

    return node.read(lambda reader: [describe(row) for row in rows])  # one moment for all of them


@dataclass(frozen=True, slots=True)
class _Photos:
    """The photos of a case, by their roots in reading order, and those that are here whole."""

    roots: tuple[str, ...]
    here: frozenset[str]


def _photos(node: Node, case: Record | None) -> _Photos | None:
    """None where nobody can say, for the document store is away."""
    if case is None:
        return None
    roots = tuple(photo["blob"] for photo in photos_of(case.fields))
    try:
        return _Photos(roots, held_here(node, sid_of(case.id), set(roots)))
    except StoreUnreachable:
        return None


def _stands(node: Node, road: Road, case: Record, photos: _Photos, calendar: Calendar) -> dict[str, Any]:
    """How far a case has come, how many of its photos are here, and its clock."""
    roots, here = photos.roots, photos.here
    return {
        "materials": {"held": sum(root in here for root in roots), "photos": len(roots)},
        "custody": custody_of(node, road, case, held=(len(here), len(set(roots)))),
        "time": listed_clock(clocks_of(node, case, calendar), case.status),
    }


def _stands_somewhere(row: CaseRow) -> dict[str, Any]:
    custody = {"reached": "", "materials_held": 0, "materials": row.photos, "sentence": _(_UNKNOWN)}
    return {"materials": {"held": 0, "photos": row.photos}, "custody": custody, "time": None}


def _row(row: CaseRow, names: Mapping[str, str], stands: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "receipt_number": row.receipt_number,
        "case_number": row.case_number,
        "received_at": row.received_at,
        "state": row.status,
        "state_name": state_name(row.status),
        "item": row.item,
        "item_name": row.item_name,
        "applicant": masked("applicant_name", row.applicant_name),
        "station": row.sid,
        "station_name": names.get(row.sid, row.sid),
        "disputes": row.disputes,
        "assignee": row.assignee.removeprefix("acct:"),
        "turn": row.turn,
        "due": row.due if row.due != NOT_KNOWN else None,
        **stands,
    }
