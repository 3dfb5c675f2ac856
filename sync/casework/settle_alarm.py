"""An alarm has been looked into: it leaves the list; who said so, and what came of it, is noted.

Must not know: who may do this.
"""

from typing import Any

from sync.errors import Invalid, NotFound
from sync.messages import _
from sync.node.node import Node
from sync.store.ledger.alarms import find_alarm
from sync.store.ledger.alarms import settle_alarm as settle
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Transaction


def settle_alarm(node: Node, alarm: int, *, by: str, why: str) -> dict[str, Any]:
    """Settle one; the same again changes nothing. Raises NotFound; Invalid naming `reason` where it says nothing."""
    now_ms, why = node.clock(), require_why(why)

    def work(tx: Transaction) -> dict[str, Any]:
        found = find_alarm(tx, alarm)
        if found is None:
            raise NotFound(_("There is no such alarm"), remedy=_("Look up its number with alarms first."))
        if found.settled_ms is None:
            settle(tx, alarm, by=by, why=why, now_ms=now_ms)
            append_entry(tx, Entry(now_ms, by, "alarm_settled", f"alarm:{alarm}", why))
        return {"settled": alarm}

    return node.engine.write(work)


def alarm_settled_as(node: Node, alarm: int) -> tuple[str, str]:
    """Who settled an alarm, and what came of it as it is noted; "" where nobody has."""
    found = node.engine.read(lambda reader: find_alarm(reader, alarm))
    return (found.settled_by, found.why) if found else ("", "")


def require_why(why: str) -> str:
    """What came of looking into something, without blanks around it; raises Invalid where that is nothing."""
    if not why.strip():
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("reason", _("Write down what was found and how it was dealt with"))],
        )
    return why.strip()
