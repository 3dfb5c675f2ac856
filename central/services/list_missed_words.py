"""没查到的说法: what people looked for at the stations and did not find, so that it becomes a word of an item.

Must not know: how it came here, how it is shown.
"""

from typing import Any

from sync.casework.name_stations import station_names
from sync.casework.search import items_called
from sync.node.node import Node
from sync.store.ledger.missed_words import MissedWord, missed_words
from sync.values.cursors import read_cursor, read_number, write_cursor

MOST_WORDS = 200
_NAMED = 5  # stations whose names are told


def list_missed_words(node: Node, *, cursor: str = "", limit: int = MOST_WORDS) -> dict[str, Any]:
    """A page of what was missed most, first.

    cursor   from the page before; "" for the first
    returns  {"words": [{"text", "times", "stations", "station_names", "since", "last_day", "item"}], "next"}: stations,
             how many; station_names, of the first few; item, the name of what is found by it since, "" for nothing
    raises   BadRequest on a cursor that is none
    """
    behind = _place(cursor) if cursor else None
    found = node.engine.read(lambda reader: missed_words(reader, limit=limit + 1, behind=behind))
    page, names = found[:limit], station_names(node)
    items = items_called(node, (one.text for one in page))
    more = write_cursor(str(page[-1].times), page[-1].text) if len(found) > limit else None
    return {"words": [_row(one, names, items) for one in page], "next": more}


def _place(cursor: str) -> tuple[int, str]:
    times, text = read_cursor(cursor, 2)
    return read_number(times), text


def _row(one: MissedWord, names: dict[str, str], items: dict[str, str]) -> dict[str, Any]:
    return {
        "text": one.text,
        "times": one.times,
        "stations": len(one.sids),
        "station_names": sorted(names.get(sid, sid) for sid in one.sids)[:_NAMED],
        "since": one.first_day,
        "last_day": one.last_day,
        "item": items.get(one.text, ""),
    }
