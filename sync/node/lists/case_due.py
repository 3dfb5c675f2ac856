"""When a case is due, for the list of cases: by the item's version and the calendars as they stand on the shelf.

Asked in the transaction that lists a case, so the shelf is read there and not the catalogue in memory; what was read of
it is remembered by its bytes. A calendar that arrives notes every case whose day it may move (`ledger/shelf`); they are
counted anew in small pieces.

Must not know: who looks at the list.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sync.errors import BadRequest, StoreUnreachable
from sync.node.node import Node
from sync.records.case_assignee import desk_of
from sync.records.case_clock import read_clocks
from sync.records.case_due import Due, due_of
from sync.records.case_table import CLOSED
from sync.records.clock import beijing
from sync.records.fold import course
from sync.records.ids import parse_record_id, station_database
from sync.records.items import Item, Limit, carried_limit
from sync.records.log import Record, record_from_document
from sync.records.published import CALENDAR, ITEM, calendar_in, item_in
from sync.records.working_days import Calendar
from sync.store.ledger.case_queue import NOT_KNOWN, put_due
from sync.store.ledger.shelf import body_of, newest_bodies
from sync.store.ledger.unindexed import note_indexed, unindexed
from sync.store.transaction import Reader, Transaction
from sync.values.documents import Document, Wanted

WAITS = "due"  # the kind of `unindexed`
_AT_A_TIME = 50


def case_due(reader: Reader, case: Record, *, now_ms: int) -> tuple[str | None, str | None]:
    """(due, near) as the list keeps them: days, `NOT_KNOWN` beyond the calendar, None where nothing is due.

    now_ms  what the node's clock shows: no step of a case is taken to be later
    """
    received_at = case.fields.get("received_at")
    if not case.understood or case.status in CLOSED or not isinstance(received_at, str):
        return None, None
    promise, statutory = _limits(reader, case.fields)
    try:
        clocks = read_clocks(
            course(case.fold, case.type, case.events),
            received_at=received_at,
            promise=promise,
            statutory=statutory,
            calendar=_calendar(reader),
            now=beijing(now_ms),
        )
        return _texts(due_of(clocks, case.status))
    except (BadRequest, ValueError, OverflowError):  # a time that is none: the case is listed all the same
        return None, None


def recount_due(node: Node) -> None:
    """Work out again the days of the cases that wait for it."""

    def waiting(reader: Reader) -> tuple[str, ...]:
        return unindexed(reader, WAITS, limit=_AT_A_TIME)

    try:
        while node.engine.read(waiting):
            node.write(_recounting(node, waiting))
    except StoreUnreachable:
        return  # the cases are elsewhere and away; they wait


def _recounting(node: Node, waiting: Callable[[Reader], tuple[str, ...]]) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        ids = waiting(tx)
        homes: dict[str, list[str]] = {}
        for case_id in ids:
            parts = parse_record_id(case_id)
            if parts is not None:
                homes.setdefault(station_database(parts.sid), []).append(case_id)
        for name in node.databases.among(homes):
            wanted = homes[name]
            for found in node.documents.database(name).read_in(tx, [Wanted(one) for one in wanted]):
                if isinstance(found, Document) and not found.deleted:
                    _recount(tx, found, node.clock())
        note_indexed(tx, WAITS, ids)

    return work


def _recount(tx: Transaction, document: Document, now_ms: int) -> None:
    try:
        case = record_from_document(document)
    except BadRequest:
        return  # such a one is not in the list
    due, near = case_due(tx, case, now_ms=now_ms)
    desk = desk_of(case)
    put_due(tx, case.id, due, near, assignee=desk.assignee, assigned_at=desk.level, turn=desk.turn)


def _texts(due: Due | None) -> tuple[str | None, str | None]:
    if due is None:
        return None, None
    if due.day is None or due.near is None:
        return NOT_KNOWN, NOT_KNOWN
    return due.day.isoformat(), due.near.isoformat()


def _limits(reader: Reader, fields: Mapping[str, Any]) -> tuple[Limit | None, Limit | None]:
    """(promise, statutory) of the item's version the case was opened with; where that is not here, what it carries."""
    code, version = fields.get("item"), fields.get("item_version")
    body = body_of(reader, ITEM, code, version) if isinstance(code, str) and type(version) is int else None
    if body is not None:
        item = _item(body)
        return item.promise, item.statutory
    return carried_limit(fields, "promise"), carried_limit(fields, "statutory")


def _calendar(reader: Reader) -> Calendar:
    return _calendar_of(tuple(newest_bodies(reader, CALENDAR).items()))


@lru_cache(maxsize=4)
def _calendar_of(bodies: tuple[tuple[str, bytes], ...]) -> Calendar:
    return calendar_in(dict(bodies))


@lru_cache(maxsize=128)
def _item(body: bytes) -> Item:
    return item_in(body)
