"""What stands in a node: whatever a refused request may not have moved."""

from typing import Any

from sync.node.node import Node
from sync.store.ledger.writers import own_position
from sync.store.transaction import Reader

# Being signed in, and refused, is told in the audit and in sessions; everything else is somebody's application.
_TABLES = ("serials", "device_codes", "answers", "cases", "settings", "statements", "set_aside", "alarms", "accounts")


def what_stands(node: Node) -> dict[str, Any]:
    """Sequences of every database, counters, and the rows of the ledger."""

    def work(reader: Reader) -> dict[str, Any]:
        rows = {table: sorted(map(repr, reader.execute(f"SELECT * FROM {table}"))) for table in _TABLES}
        return {**rows, "own": own_position(reader)}

    seqs = {name: node.databases.open(name).info().update_seq for name in node.databases.names()}
    return {**node.read(work), "sequences": seqs}
