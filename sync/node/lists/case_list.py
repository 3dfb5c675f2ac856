"""The list of cases, a page at a time: in two orders, narrowed in many ways.

    received    the newest receipt first
    due         what is due soonest first, the earlier receipt before the later; behind them those without a clock

Must not know: who may see which case, what day it is unless told.
"""

from collections.abc import Sequence

from sync.node.lists.case_index import COLUMNS, CaseRow
from sync.records.limit_clock import Light
from sync.store.ledger.case_queue import NOT_KNOWN
from sync.store.transaction import Reader
from sync.typed import Changing, Value, field
from sync.values.cursors import read_cursor, write_cursor

_MOST_ROWS = 200
RECEIVED, DUE = ORDERS = ("received", "due")
NOBODY = ""  # as an assignee: a case that is on nobody's desk


class Narrow(Value):
    """Which cases; what is empty or None narrows nothing.

    sid, item    taken at this station; of this item
    states       in one of these
    assignees    given to one of these accounts as events name actors; `NOBODY` among them means given to nobody
    assigned_at, assigned_in  those given to somebody only where the account is one of this level, and the case one of
                 these stations'; of cases of before nobody knows the level, they are taken by the account alone
    others, others_at  not what one of these accounts of this level has
    turns, own_sid  to be done at one of these levels; what this station took is its own to do, too
    light, today the light on a day, 2025-10-10
    disputed     only those in which something is in dispute;  parked, in which edits wait to be taken or left
    due_on       due on this very day
    received_from, received_to  taken on these days or between
    among        only those of these ids
    """

    sid: str = ""
    item: str = ""
    states: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    assigned_at: str = ""
    assigned_in: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    others_at: str = ""
    turns: tuple[str, ...] = ()
    own_sid: str = ""
    light: Light | None = None
    today: str = ""
    disputed: bool = False
    parked: bool = False
    due_on: str = ""
    received_from: str = ""
    received_to: str = ""
    among: tuple[str, ...] | None = None


class CasePage(Value):
    """Rows in their order, and the cursor of the next page; "" behind the last."""

    rows: tuple[CaseRow, ...]
    next: str


ALL = Narrow()


class _Question(Changing):
    """The conditions of a query, and what stands in them."""

    conditions: list[str] = field(default_factory=lambda: ["1"])
    params: list[str] = field(default_factory=list)

    def add(self, condition: str, *params: str) -> None:
        self.conditions.append(condition)
        self.params += params

    def add_among(self, column: str, values: Sequence[str]) -> None:
        self.add(f"{column} IN ({', '.join('?' * len(values))})", *values)


def list_cases(
    reader: Reader, narrow: Narrow = ALL, *, order: str = RECEIVED, cursor: str = "", limit: int = 50
) -> CasePage:
    """A page of cases.

    order   one of `ORDERS`
    cursor  from the page before, of the same order; "" for the first
    raises  BadRequest on a cursor that is none
    """
    limit = max(1, min(limit, _MOST_ROWS))
    place = read_cursor(cursor, len(_WAYS[order][0].columns)) if cursor else []
    ways = _WAYS[order]
    if order == DUE and place and not place[0]:  # the last row of the page before had no clock
        ways, place = ways[1:], place[1:]
    rows: list[CaseRow] = []
    for way in ways:
        rows += _along(reader, way, narrow, place, limit + 1 - len(rows))
        if len(rows) > limit:
            break
        place = []
    page = tuple(rows[:limit])
    last = [getattr(page[-1], column) or "" for column in _WAYS[order][0].columns] if len(rows) > limit else []
    return CasePage(page, write_cursor(*last) if last else "")


class _Way(Value):
    """An order in which some of the cases stand, and the index along which they are found."""

    columns: tuple[str, ...]
    sign: str
    direction: str
    source: str
    only: str = ""


_NO_CLOCK = "due IS NULL"
_WAYS = {
    RECEIVED: (_Way(("received_at", "receipt_number", "id"), "<", "DESC", "cases"),),
    DUE: (
        _Way(
            ("due", "received_at", "receipt_number", "id"),
            *(">", "ASC", "cases INDEXED BY cases_by_due"),
            only="due IS NOT NULL",
        ),
        _Way(("received_at", "receipt_number", "id"), ">", "ASC", "cases", only=_NO_CLOCK),
    ),
}


def _along(reader: Reader, way: _Way, narrow: Narrow, place: Sequence[str], limit: int) -> list[CaseRow]:
    """The rows of one way behind a place; of the first place where it is empty."""
    asked, source = _asked(narrow), way.source
    if narrow.among == ():
        source = "cases"  # SQLite finds no way along an index to what is among nothing
    if way.only:
        asked.add(way.only)
    if way.only == _NO_CLOCK and narrow.turns:  # most that have no clock are over, and nobody's turn
        asked.add("turn != ''")
        source = "cases INDEXED BY cases_by_turn" if narrow.among != () else "cases"
    if place:
        asked.add(f"({', '.join(way.columns)}) {way.sign} ({', '.join('?' * len(place))})", *place)
    ordered = f"ORDER BY {', '.join(f'{column} {way.direction}' for column in way.columns)}"
    # First the ids, which the index alone may tell however far it has to be gone along.
    rows = reader.execute(
        f"SELECT {COLUMNS} FROM cases WHERE id IN "
        f"(SELECT id FROM {source} WHERE {' AND '.join(asked.conditions)} {ordered} LIMIT ?) {ordered}",
        (*asked.params, limit),
    )
    return [CaseRow(*row) for row in rows]


def _asked(narrow: Narrow) -> _Question:
    asked = _Question()
    if narrow.sid:
        asked.add("sid = ?", narrow.sid)
    if narrow.item:
        asked.add("item = ?", narrow.item)
    if narrow.states:
        asked.add_among("status", narrow.states)
    if narrow.assignees:
        asked.add_among("assignee", narrow.assignees)
    if narrow.assigned_at:
        asked.add("(assignee = '' OR assigned_at IN (?, ''))", narrow.assigned_at)
    if narrow.others:
        marks = ", ".join("?" * len(narrow.others))
        asked.add(f"NOT (assignee IN ({marks}) AND assigned_at IN (?, ''))", *narrow.others, narrow.others_at)
    if narrow.assigned_in:
        asked.add_among("sid", narrow.assigned_in)
    if narrow.turns:
        levels = ", ".join("?" * len(narrow.turns))
        asked.add(f"(turn IN ({levels}) OR (turn = 'village' AND sid = ?))", *narrow.turns, narrow.own_sid)
    if narrow.disputed:
        asked.add("disputes > 0")
    if narrow.parked:
        asked.add("parked > 0")
    if narrow.due_on:
        asked.add("due = ?", narrow.due_on)
    if narrow.received_from:
        asked.add("received_at >= ?", narrow.received_from)
    if narrow.received_to:
        asked.add("received_at < ?", f"{narrow.received_to}U")  # behind every time of that day, 2025-10-10T…
    if narrow.among is not None:
        asked.add_among("id", narrow.among)
    match narrow.light:
        case Light.RED:
            asked.add("due < ?", narrow.today)
        case Light.YELLOW:
            asked.add("due >= ? AND near <= ?", narrow.today, narrow.today)
        case Light.GREEN:
            asked.add("near > ? AND due != ?", narrow.today, NOT_KNOWN)
    return asked
