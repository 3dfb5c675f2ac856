"""公示: a public notice hangs as long as it has to, and nobody takes it down before.

Its days are those of the item where the catalogue has them, or those set for the case where these are more: what was
told in writing stands. It may be ended on the last of them. What nobody can count is not held against anybody: days
of a year whose calendar is missing, or a beginning noted by a clock that nobody vouches for.

Must not know: who may ask, other special procedures (they end when they are done).
"""

from collections.abc import Iterator
from datetime import date, datetime

from sync.casework.errors import ClockDoubtful
from sync.errors import NotFound
from sync.messages import _
from sync.node.heard_time import FLOOR
from sync.node.node import Node
from sync.node.own_clock import read_clock
from sync.records.clock import Quality, beijing, minute_text, time_text
from sync.records.events import Event
from sync.records.fold import course
from sync.records.items import Limit, carried_limit
from sync.records.log import Record
from sync.records.working_days import day_in_words, due_day
from sync.store.ledger.settings import setting
from sync.store.transaction import Reader

POSTING = "公示"  # data
_SPECIAL = "special"


def why_posted(node: Node, case: Record) -> str:
    """Why the special procedure of a case is not to be ended yet; "" where it may be."""
    until = _posted_until(node, case)
    if until is None or node.day_reached() >= until:
        return ""
    return _(
        "The public notice hangs until %(day)s and cannot be ended before; objections are noted as an opinion",
        day=day_in_words(until),
    )


def require_sure_day(reader: Reader, node: Node, case: Record) -> None:
    """Refuse to end a public notice by a clock that nobody vouches for; raises ClockDoubtful."""
    until, now_ms = _posted_until(node, case), node.clock()
    if until is None:
        return
    reading, floor = read_clock(reader, now_ms), int(setting(reader, FLOOR) or 0)
    if reading.must_ask and beijing(floor).date() < until:
        shown = minute_text(time_text(now_ms))
        raise ClockDoubtful(_("%(reason)s. This machine shows %(time)s now", reason=reading.reason, time=shown))


def _posted_until(node: Node, case: Record) -> date | None:
    """The last day of a public notice that hangs; None where none does, or nobody can say."""
    began = _began(case)
    if began is None or began.clock == Quality.DOUBTFUL or case.fields.get("special_kind") != POSTING:
        return None
    since, calendar = datetime.fromisoformat(began.at), node.catalogue.calendar()
    try:
        return max((due_day(calendar, since, one.amount, one.unit) for one in _lengths(node, case)), default=None)
    except NotFound:
        return None


def _lengths(node: Node, case: Record) -> Iterator[Limit]:
    item = node.catalogue.item_of(case.fields)
    yield from (one.days for one in (item.special if item else ()) if one.name == POSTING)
    set_for = f"{case.fields.get('special_days', '')}{case.fields.get('special_unit', '')}"
    told = carried_limit({"days": set_for}, "days")
    if told is not None:
        yield told


def _began(case: Record) -> Event | None:
    """What began the special procedure a case stands in."""
    if case.status != _SPECIAL:
        return None
    began: Event | None = None
    for stage in course(case.fold, case.type, case.events):
        if stage.status != _SPECIAL:
            began = None
        elif began is None:
            began = stage.event
    return began
