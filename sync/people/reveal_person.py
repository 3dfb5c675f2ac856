"""明文查看: what is registered of a person unmasked, for a reason, audited before it is shown.

What a dispute is about is shown, too: masked, both sides of it mostly look alike.

Must not know: who may do it.
"""

from typing import Any

from sync.node.node import Node
from sync.people.find_person import find_person
from sync.people.standing_consents import consents_of
from sync.records.disputes import sides_of
from sync.records.masks import mask_text
from sync.records.person_words import ERRAND, LABELS
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Transaction


def reveal_person(node: Node, person_id: str, *, by: str, reason: str) -> dict[str, Any]:
    """The fields as they were told, and what their disputes are about; raises NotFound.

    returns  {"id", "fields": {name: value}, "disputes": {field: {event: value}}, "errands": {item: {"agent",
             "agent_id_number"}}}, the last those of 代办委托
    """
    today = node.today()

    def work(tx: Transaction) -> dict[str, Any]:
        person = find_person(tx, node, person_id)
        append_entry(tx, Entry(node.clock(), by, "identity_revealed", person_id, mask_text(reason)))
        told = {name: person.fields.get(name) for name in LABELS}
        return {
            "id": person_id,
            "fields": {name: value for name, value in told.items() if isinstance(value, str)},
            "disputes": {one["field"]: sides_of(one) for one in person.disputes if one["field"] in LABELS},
            "errands": {
                one.item: {name: str(one.said.get(name, "")) for name in ("agent", "agent_id_number")}
                for one in consents_of(tx, node, person, today)
                if one.kind == ERRAND and "agent" in one.said
            },
        }

    return node.write(work)
