"""明文查看: the fields of a case unmasked, for a reason, audited before they are shown.

What a dispute is about is shown, too, and what edits that wait would set: masked, both sides mostly look alike.

Must not know: who may do it.
"""

from collections.abc import Mapping
from typing import Any

from sync.casework.find_case import find_case
from sync.node.node import Node
from sync.records.disputes import sides_of
from sync.records.masks import mask_text
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Transaction


def reveal_identity(node: Node, case_id: str, *, by: str, reason: str) -> dict[str, Any]:
    """The text fields of a case as they were filled in, what its disputes are about, and what waits; raises NotFound.

    returns  {"id", "fields": {name: value}, "disputes": {field: {event: value}}, "parked": {event: {field: value}}}
    """

    def work(tx: Transaction) -> dict[str, Any]:
        case = find_case(tx, node, case_id)
        waiting = {edit["event"] for edit in case.parked_edits}
        append_entry(tx, Entry(node.clock(), by, "identity_revealed", case_id, mask_text(reason)))
        return {
            "id": case_id,
            "fields": _texts(case.fields),
            "disputes": {one["field"]: sides_of(one) for one in case.disputes if one["field"] in case.fields},
            "parked": {event.hash: _texts(event.set) for event in case.events if event.hash in waiting},
        }

    return node.write(work)


def _texts(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if isinstance(value, str)}
