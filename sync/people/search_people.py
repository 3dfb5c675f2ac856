"""People by the end of a number, by name, by its sound and its initials.

Must not know: who asks, what else is searched.
"""

from typing import Any

from sync.node.node import Node
from sync.people.describe_person import describe_row
from sync.people.find_person import MERGED, VOID
from sync.records.readings.spelling import folded
from sync.records.search_words import LONGEST_ASKED, asked_for
from sync.store.ledger.people import PersonRow, find_people_words
from sync.store.transaction import Reader


def search_people(node: Node, asked: str, *, limit: int = 10) -> list[dict[str, Any]]:
    """Who fits, at most `limit`, the surest first, masked as in lists; those merged or voided are left out."""
    text = folded(asked[:LONGEST_ASKED])
    today = node.today()
    rows = node.engine.read(lambda reader: _found(reader, text, limit)) if text else ()
    return [describe_row(row, today) for row in rows]


def _found(reader: Reader, text: str, limit: int) -> tuple[PersonRow, ...]:
    found: dict[str, PersonRow] = {}
    for words, begins in asked_for(text):
        if len(found) >= limit:
            break
        rows = find_people_words(reader, words, begins=begins, limit=4 * limit)
        found |= {row.id: row for row in rows if row.status not in (MERGED, VOID) and row.id not in found}
    return tuple(found.values())[:limit]
