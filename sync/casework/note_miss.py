"""What was looked for and not found: noted where it is nobody's name or number, and listed.

These texts leave the station, so nothing of a person may be in them: of what looks like a number or a name nothing is
kept, nor of what has the name of anybody in it who is registered or has applied here.

Must not know: how anything is searched, who reads the list.
"""

from contextlib import suppress
from typing import Any

from sync.errors import StorageError
from sync.node.node import Node
from sync.records.clock import beijing, time_text
from sync.records.missed_words import may_be_noted, names_within
from sync.store.ledger.found_cases import find_case_words
from sync.store.ledger.missed_days import note_missed_on
from sync.store.ledger.misses import Miss, misses, note_miss
from sync.store.ledger.people import find_people_words
from sync.store.transaction import Reader, Transaction
from sync.values.cursors import read_cursor, read_number, write_cursor

MOST_MISSES = 1000


def note_missed(node: Node, asked: str) -> bool:
    """Note it, if it may be; returns whether it was. A disk that is full is no reason not to answer."""
    text = " ".join(asked.split())
    if not may_note(node, text):
        return False
    now_ms = node.clock()

    def work(tx: Transaction) -> None:
        note_miss(tx, text, now_ms=now_ms)
        note_missed_on(tx, beijing(now_ms).date().isoformat(), text)

    with suppress(StorageError):
        node.engine.write(work)
        return True
    return False


def may_note(node: Node, text: str) -> bool:
    """Whether a text says nothing of anybody: by itself, and by who is known here."""
    return may_be_noted(text) and not node.engine.read(lambda reader: _names_somebody(reader, text))


def _names_somebody(reader: Reader, text: str) -> bool:
    words = names_within(text)
    return bool(words) and bool(find_people_words(reader, words, limit=1) or find_case_words(reader, words, limit=1))


def list_misses(node: Node, *, cursor: str = "", limit: int = 100) -> dict[str, Any]:
    """A page of {"misses": [{"text", "times", "last_at"}, …], "next": cursor or None}, what was asked for most first.

    cursor  from the page before; "" for the first
    raises  BadRequest on a cursor that is none
    """
    behind = _read_place(cursor) if cursor else None
    found = node.engine.read(lambda reader: misses(reader, limit=limit + 1, behind=behind))
    page = found[:limit]
    return {
        "misses": [{"text": one.text, "times": one.times, "last_at": time_text(one.last_ms)} for one in page],
        "next": _place(page[-1]) if len(found) > limit else None,
    }


def _place(miss: Miss) -> str:
    return write_cursor(str(miss.times), str(miss.last_ms), miss.text)


def _read_place(cursor: str) -> Miss:
    times, last_ms, text = read_cursor(cursor, 3)
    return Miss(text, read_number(times), read_number(last_ms))
