"""容缺 that runs out is said once, by the calendar and not by whoever remembers: the clock stops, and in the end 退件.

Only what this station took is watched here, and only while the clock is believed: a leap of
years returns nobody's case. Where the village may not return an item, the case says that it is to be returned, and a
level above does it.

Must not know: when it is done.
"""

from collections.abc import Callable, Iterator

from edge_node.messages import _
from sync.casework.act_on_case import act_on_case
from sync.casework.find_case import find_cases
from sync.casework.read_clocks import clocks_of
from sync.errors import Forbidden
from sync.messages import N_
from sync.node.acts.acting import Doer
from sync.node.lists.case_index import CaseRow
from sync.node.lists.case_list import CasePage, Narrow, list_cases
from sync.node.node import Node
from sync.node.own_clock import read_clock
from sync.records.case_dates import Tolerance
from sync.store.transaction import Reader

_BY = "job:calendar"
_STATE = "tolerance"
_ROWS = 200
_SAID = N_("The tolerance has run out and the materials are not there; the clock stops")
_RETURNED = N_(
    "15 working days after the tolerance ran out the materials are still not there; returned as the rules say"
)


def watch_tolerances(node: Node) -> int:
    """Say what ran out and return what stayed so; returns how many events were written."""
    now_ms = node.clock()
    if not node.identity.sid or node.read(lambda reader: read_clock(reader, now_ms)).must_ask:
        return 0
    return sum(_settle(node, row.id) for row in list(_tolerated(node)))


def _tolerated(node: Node) -> Iterator[CaseRow]:
    cursor = ""
    while True:
        page = node.read(_page(node.identity.sid, cursor))
        yield from page.rows
        cursor = page.next
        if not cursor:
            return


def _page(sid: str, cursor: str) -> Callable[[Reader], CasePage]:
    return lambda reader: list_cases(reader, Narrow(sid=sid, states=(_STATE,)), cursor=cursor, limit=_ROWS)


def _settle(node: Node, case_id: str) -> bool:
    case = find_cases(node, [case_id]).get(case_id)
    clocks = clocks_of(node, case, node.catalogue.calendar()) if case is not None else None
    tolerance = clocks.dates.tolerance if clocks is not None else None
    event_type, why = _due_now(tolerance)
    if not event_type:
        return False
    try:
        act_on_case(node, case_id, lambda case: event_type, Doer(_BY, why))
    except Forbidden:  # the item lets a level above return it
        return False
    return True


def _due_now(tolerance: Tolerance | None) -> tuple[str, str]:
    if tolerance is None:
        return "", ""
    if tolerance.unsaid:
        return "tolerance_expired", _(_SAID)
    return ("returned", _(_RETURNED)) if tolerance.must_return else ("", "")
