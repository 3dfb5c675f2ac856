"""Something that was set aside has been dealt with: it leaves the list, its bytes stay, and who said so is noted.

Must not know: who may do this.
"""

from sync.errors import NotFound
from sync.node.node import Node
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.set_aside import find_aside
from sync.store.ledger.set_aside import settle_aside as settle
from sync.store.transaction import Transaction


def settle_aside(node: Node, item: int, *, by: str) -> None:
    """Settle one item; the same again changes nothing. Raises NotFound."""
    now_ms = node.clock()

    def work(tx: Transaction) -> None:
        found = find_aside(tx, item)
        if found is None:
            raise NotFound("没有这份文件，可能已经处理过了")
        if found.settled_ms is None:
            settle(tx, item, now_ms=now_ms)
            append_entry(tx, Entry(now_ms, by, "aside_settled", f"aside:{item}"))

    node.engine.write(work)
