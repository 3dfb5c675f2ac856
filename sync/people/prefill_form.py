"""What an item's form need not ask of a person, and which papers he need not bring, as whoever fills it in is told.

The values stand in plain text, because they go into a form; so it is audited before they are shown.

Must not know: who may ask.
"""

from typing import Any

from sync.errors import NotFound
from sync.messages import _
from sync.node.node import Node
from sync.people.known_fields import known_fields
from sync.people.materials_on_file import MOST_DAYS, materials_on_file
from sync.store.ledger.audit import Entry, append_entry


def prefill_form(node: Node, person_id: str, item: str, *, by: str, most_days: int = MOST_DAYS) -> dict[str, Any]:
    """{"fields": {name: value}, "on_file": [{"name", "case", "receipt_number", "handed_at", "photos"}]}.

    item       its code
    most_days  how old a paper on file may be
    raises     NotFound where person or item are unknown
    """
    wanted = node.catalogue.items().get(item)
    if wanted is None:
        raise NotFound(_("The catalogue has no such item"))
    fields = known_fields(node, person_id, wanted)
    on_file = materials_on_file(node, person_id, wanted, most_days=most_days)
    now_ms = node.clock()
    node.engine.write(lambda tx: append_entry(tx, Entry(now_ms, by, "prefill_read", person_id, item)))
    return {
        "fields": fields,
        "on_file": [
            {
                "name": name,
                "case": found.case_id,
                "receipt_number": found.receipt_number,
                "handed_at": found.handed_at,
                "photos": len(found.photos),
            }
            for name, found in sorted(on_file.items())
        ],
    }
