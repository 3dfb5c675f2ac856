"""办件编号: the centre gives every case that has arrived its long number, once.

    11150624999900011T 4 150511001000 20250731 0001     the item's 实施编码, the day, that item's serial of the day

A number is never given twice. A centre that was restored cannot know what it gave in the life that was lost, so in a
new life it gives numbers of days that had not begun then: those waiting have theirs by the next morning.

Cases whose item has no 实施编码 keep their receipt number alone.

Must not know: when it is done.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date

from sync.errors import SyncError
from sync.node.acts.current import current
from sync.node.acts.recording import Act, record
from sync.node.lists.case_index import unnumbered_cases, unnumbered_items
from sync.node.node import Node
from sync.node.own_clock import note_time
from sync.records.clock import beijing
from sync.records.items import Item
from sync.records.log import record_from_document
from sync.store.ledger.case_serials import next_case_serial
from sync.store.ledger.lives import current_life
from sync.store.transaction import Reader, Transaction

_BY = "job:numbers"
_PAGE = 50
_FIRST_LIFE = "init"

_log = logging.getLogger(__name__)


def number_cases(node: Node) -> int:
    """Give numbers to the cases that wait for one; returns how many were given."""
    now_ms = node.clock()
    today = beijing(now_ms).date()
    life = node.read(current_life)
    if life.reason != _FIRST_LIFE and today <= beijing(life.begun_ms).date():
        return 0
    items = node.catalogue.items()  # within a transaction it is taken as last read
    waiting = node.read(lambda reader: _waiting(reader, items))
    pages = [waiting[start : start + _PAGE] for start in range(0, len(waiting), _PAGE)]
    return sum(_number_page(node, page, today, now_ms) for page in pages)


def _waiting(reader: Reader, items: Mapping[str, Item]) -> list[str]:
    """Those of items with an 实施编码 alone: the others would be opened again every minute, for ever."""
    codes = [code for code in unnumbered_items(reader) if code in items and items[code].task_code]
    return [case_id for code in codes for case_id in unnumbered_cases(reader, code)]


def _number_page(node: Node, page: Sequence[str], today: date, now_ms: int) -> int:
    return node.write(lambda tx: sum(_number(tx, node, case_id, today, now_ms) for case_id in page))


def _number(tx: Transaction, node: Node, case_id: str, today: date, now_ms: int) -> bool:
    """Number one case, unless it cannot be: it is in conflict with itself just now, or of a newer language."""
    stored = current(tx, node.documents, case_id)
    if stored is None:
        return False
    case = record_from_document(stored)
    item = node.catalogue.item_of(case.fields)
    if item is None or not item.task_code or not case.understood or "case_number" in case.fields:
        return False
    serial = next_case_serial(tx, item.task_code, today)
    fields = {"case_number": f"{item.task_code}{today:%Y%m%d}{serial:04}"}
    try:
        record(tx, node.documents, node.identity, Act(case_id, "numbered", fields, _BY, now_ms, note_time(tx, now_ms)))
    except SyncError as error:
        _log.info("a case is not numbered yet: %s", error.reason)
        return False
    return True
