"""The cases this station keeps, a page at a time.

Must not know: who asks, how a page is shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.casework.describe_case import state_name
from sync.casework.find_case import find_cases
from sync.casework.hold_photos import held_here, photos_of
from sync.casework.name_people import account_of, assignee_called, people_on_roads
from sync.casework.name_stations import station_names
from sync.casework.read_clocks import clocks_of, listed_clock
from sync.casework.trace_custody import Road, custody_of, road_from
from sync.errors import StoreUnreachable
from sync.messages import N_, _
from sync.node.lists import case_list
from sync.node.lists.case_index import CaseRow
from sync.node.lists.case_list import ALL, RECEIVED, Narrow
from sync.node.node import Node
from sync.records.case_assignee import desk_of
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.records.masks import masked
from sync.records.working_days import Calendar
from sync.store.ledger.case_queue import NOT_KNOWN
from sync.typed import Value, replace

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
    people = people_on_roads(node, {row.sid for row in rows if row.assignee})
    roads = {sid: road_from(node, sid) for sid in {row.sid for row in rows}}
    cases = find_cases(node, [row.id for row in rows])
    here = {doc_id: found for doc_id, case in cases.items() if (found := _photos(node, case)) is not None}
    # One moment for all of them; clocks stand outside, for the catalogue reads itself anew when it has changed.
    custody = node.read(lambda reader: {doc_id: _custody(node, roads, cases[doc_id], here[doc_id]) for doc_id in here})
    stands = {doc_id: _stands(node, cases[doc_id], here[doc_id], custody[doc_id], calendar) for doc_id in here}
    has = {
        row.id: assignee_called(desk_of(cases[row.id]), people[row.sid])
        for row in rows
        if row.assignee and row.id in cases
    }
    return [_row(row, names, has.get(row.id, ""), stands.get(row.id) or _stands_somewhere(row)) for row in rows]


class _Photos(Value):
    """The photos of a case, by their roots in reading order, and those that are here whole."""

    roots: tuple[str, ...]
    here: frozenset[str]


def _photos(node: Node, case: Record) -> _Photos | None:
    """None where nobody can say, for the document store is away."""
    roots = tuple(photo["blob"] for photo in photos_of(case.fields))
    try:
        return _Photos(roots, held_here(node, sid_of(case.id), set(roots)))
    except StoreUnreachable:
        return None


def _custody(node: Node, roads: Mapping[str, Road], case: Record, photos: _Photos) -> dict[str, Any]:
    return custody_of(node, roads[sid_of(case.id)], case, held=(len(photos.here), len(set(photos.roots))))


def _stands(
    node: Node, case: Record, photos: _Photos, custody: Mapping[str, Any], calendar: Calendar
) -> dict[str, Any]:
    """How far a case has come, how many of its photos are here, and its clock."""
    held = sum(root in photos.here for root in photos.roots)
    return {
        "materials": {"held": held, "photos": len(photos.roots)},
        "custody": custody,
        "time": listed_clock(clocks_of(node, case, calendar), case.status),
    }


def _stands_somewhere(row: CaseRow) -> dict[str, Any]:
    """While the document store is away nobody can say."""
    custody = {"reached": "", "materials_held": 0, "materials": row.photos, "sentence": _(_UNKNOWN)}
    return {"materials": {"held": 0, "photos": row.photos}, "custody": custody, "time": None}


def _row(row: CaseRow, names: Mapping[str, str], has: str, stands: Mapping[str, Any]) -> dict[str, Any]:
    """has: what the one is called who has the case, where that is known."""
    account = account_of(row.assignee)
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
        "parked": row.parked,
        "assignee": account,
        "assignee_name": has or account,
        "turn": row.turn,
        "due": row.due if row.due != NOT_KNOWN else None,
        **stands,
    }
