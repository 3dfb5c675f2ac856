"""Everybody registered at the stations kept here, in the order of their names' sound, a page at a time.

Must not know: who asks, how a page is shown.
"""

from typing import Any

from sync.node.node import Node
from sync.people.describe_person import describe_row
from sync.store.ledger.people import PersonRow, people_page, person_row
from sync.store.transaction import Reader
from sync.values.cursors import no_cursor, read_cursor, write_cursor

MOST_ROWS = 200


def list_people(node: Node, *, cursor: str = "", limit: int = 50, state: str = "", station: str = "") -> dict[str, Any]:
    """A page of people, masked: {"people": [...], "next": cursor or None}.

    cursor   from the page before; "" for the first
    state    only those in it;  station, only those of this sid; "" for all
    raises   BadRequest on a cursor that is none
    """
    limit = max(1, min(limit, MOST_ROWS))

    def work(reader: Reader) -> tuple[PersonRow, ...]:
        after = _place(reader, cursor) if cursor else ("", "")
        return people_page(reader, sid=station, status=state, after=after, limit=limit + 1)

    rows = node.engine.read(work)
    today = node.today()
    page = rows[:limit]
    more = write_cursor(page[-1].id) if len(rows) > limit else None
    return {"people": [describe_row(row, today) for row in page], "next": more}


def _place(reader: Reader, cursor: str) -> tuple[str, str]:
    # The sound of a name is the name: it must not stand in an address, so a cursor holds the id alone.
    row = person_row(reader, *read_cursor(cursor, 1))
    if row is None:
        raise no_cursor()
    return row.sound, row.id
