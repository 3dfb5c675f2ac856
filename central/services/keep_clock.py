"""The centre's clock is the one the others are measured by: whoever runs the centre vouches for it.

Started, and once a day while it runs, the centre confirms its own clock to itself, as an agent does at
a desk. A clock that stands before what has certainly passed is left in doubt: a decision then says so.

Must not know: when it is called, how the machine keeps its time.
"""

from sync.casework.confirm_clock import begin_clock
from sync.node.heard_time import FLOOR
from sync.node.node import Node
from sync.records.clock import FLOOR_SLACK_MS
from sync.store.ledger.settings import setting
from sync.store.transaction import Transaction


def keep_clock(node: Node) -> bool:
    """Confirm the clock; False, and nothing written, when it stands before a time that has passed."""
    now_ms = node.clock()

    def work(tx: Transaction) -> bool:
        if now_ms < int(setting(tx, FLOOR) or 0) - FLOOR_SLACK_MS:
            return False
        begin_clock(tx, now_ms)
        return True

    return node.write(work)
