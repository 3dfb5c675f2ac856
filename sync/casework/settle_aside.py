"""Something that was set aside has been dealt with: it leaves the list, its bytes stay; who said so, and why, is noted.

Must not know: who may do this.
"""

from typing import Any

from sync.casework.settle_alarm import require_why
from sync.errors import NotFound
from sync.messages import _
from sync.node.node import Node
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.set_aside import find_aside, glance_at
from sync.store.ledger.set_aside import settle_aside as settle
from sync.store.transaction import Transaction


def settle_aside(node: Node, item: int, *, by: str, why: str) -> dict[str, Any]:
    """Settle one item; the same again changes nothing. Raises NotFound; Invalid naming `reason`."""
    now_ms, why = node.clock(), require_why(why)

    def work(tx: Transaction) -> dict[str, Any]:
        found = find_aside(tx, item)
        if found is None:
            raise NotFound(_("There is no such file"))
        if found.settled_ms is None:
            settle(tx, item, now_ms=now_ms, by=by, why=why)
            append_entry(tx, Entry(now_ms, by, "aside_settled", f"aside:{item}", why))
        return {"settled": item}

    return node.engine.write(work)


def aside_settled_as(node: Node, item: int) -> tuple[str, str]:
    """Who settled it, and what came of it as it is noted; "" where nobody has."""
    found = node.engine.read(lambda reader: glance_at(reader, item))
    return (found.settled_by, found.why) if found else ("", "")
