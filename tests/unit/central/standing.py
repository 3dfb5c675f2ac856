"""What stands at the centre: whatever a refused request may not have moved."""

from typing import Any

from sync.node.node import Node
from sync.store.ledger.certificates import all_certificates
from sync.store.transaction import Reader

# Being signed in, and refused, is told in the audit and in sessions; everything else is somebody's work.
_TABLES = (
    "stations",
    "issued_devices",
    "answers",
    "cases",
    "settings",
    "statements",
    "set_aside",
    "alarms",
    "accounts",
)


def what_stands(node: Node) -> dict[str, Any]:
    """Sequences of every database, the register, and the rows of the ledger."""

    def work(reader: Reader) -> dict[str, Any]:
        rows = {table: sorted(map(repr, reader.execute(f"SELECT * FROM {table}"))) for table in _TABLES}
        return {**rows, "certificates": all_certificates(reader)}

    seqs = {name: node.databases.open(name).info().update_seq for name in node.databases.names()}
    return {**node.read(work), "sequences": seqs}
