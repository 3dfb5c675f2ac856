"""An alarm has been looked into: it leaves the list, and who said so is noted.

Must not know: who may do this.
"""

from typing import Any

from sync.errors import NotFound
from sync.node.node import Node
from sync.store.ledger.alarms import find_alarm
from sync.store.ledger.alarms import settle_alarm as settle
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Transaction


def settle_alarm(node: Node, alarm: int, *, by: str) -> dict[str, Any]:
    """Settle one; the same again changes nothing. Raises NotFound."""
    now_ms = node.clock()

    def work(tx: Transaction) -> dict[str, Any]:
        found = find_alarm(tx, alarm)
        if found is None:
            raise NotFound("没有这条告警", remedy="请先用 alarms 查看编号。")
        if found.settled_ms is None:
            settle(tx, alarm, now_ms=now_ms)
            append_entry(tx, Entry(now_ms, by, "alarm_settled", f"alarm:{alarm}"))
        return {"settled": alarm}

    return node.engine.write(work)
