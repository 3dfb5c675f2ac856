"""明文查看: the fields of a case unmasked, for a reason, audited before they are shown.

Must not know: who may do it.
"""

from typing import Any

from sync.casework.find_case import find_case
from sync.node.node import Node
from sync.records.masks import mask_text
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Transaction


def reveal_identity(node: Node, case_id: str, *, by: str, reason: str) -> dict[str, Any]:
    """The text fields of a case as they were filled in: {"id", "fields": {name: value}}; raises NotFound."""

    def work(tx: Transaction) -> dict[str, Any]:
        case = find_case(tx, node, case_id)
        append_entry(tx, Entry(node.clock(), by, "identity_revealed", case_id, mask_text(reason)))
        return {
            "id": case_id,
            "fields": {name: value for name, value in case.fields.items() if isinstance(value, str)},
        }

    return node.write(work)
