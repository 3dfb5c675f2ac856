"""The service catalogue as documents of `public`: one per item, the same bytes wherever they came from.

A station reads the catalogue it has, however old; a newer one replaces it when it arrives. Because
bodies are canonical and revisions follow from content, a catalogue brought on a USB stick and the
same catalogue replicated later are one and the same.

Must not know: who may publish, what is done with an item.
"""

import logging
import threading
from collections.abc import Mapping
from types import MappingProxyType

from sync.database import Database
from sync.errors import BadRequest
from sync.records.catalogue import Item, load_items
from sync.values.changes import Span
from sync.values.documents import Document, Edit, Wanted
from sync.values.json_text import canonical, dump, parse_object

_PREFIX = "item:"
_BEYOND = "item;"  # the first text after every "item:…"

_log = logging.getLogger(__name__)


def import_items(database: Database, text: bytes) -> int:
    """Put a catalogue's items into `public`; those that stand there already are left alone.

    text     a catalogue as `sync.records.catalogue.load_items` reads it
    returns  how many items are new or changed
    raises   BadRequest naming the row that is wrong; nothing is written then
    """
    load_items(text)
    whole = parse_object(text)
    bodies = {
        f"{_PREFIX}{row['code']}": canonical({"type": "item", "notice": whole["notice"], "item": row})
        for row in whole["items"]
    }
    stored = {one.id: one for one in database.read([Wanted(doc_id) for doc_id in bodies]) if isinstance(one, Document)}
    edits = [
        Edit(doc_id, stored[doc_id].revision if doc_id in stored else None, body)
        for doc_id, body in bodies.items()
        if doc_id not in stored or stored[doc_id].body != body
    ]
    for outcome in database.write(edits):
        if outcome.error is not None:
            raise outcome.error
    return len(edits)


class Catalogue:
    """The items of a `public` database, read again only when it changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._read_at = ""
        self._items: Mapping[str, Item] = MappingProxyType({})

    def items(self) -> Mapping[str, Item]:
        """Every item by its code."""
        seq = self._database.info().update_seq
        with self._lock:
            if seq != self._read_at:
                self._items = MappingProxyType(_read(self._database))
                self._read_at = seq
            return self._items


def _read(database: Database) -> dict[str, Item]:
    rows = database.list(Span(start=_PREFIX, end=_BEYOND, inclusive_end=False)).rows
    items: dict[str, Item] = {}
    for document in database.read([Wanted(row.id) for row in rows]):
        if isinstance(document, Document):
            body = document.fields()
            try:
                (item,) = load_items(dump({"notice": body.get("notice"), "items": [body.get("item")]}))
            except BadRequest as error:
                # Of a later version perhaps; the other items, and all that is judged by them, go on.
                _log.warning("%s cannot be read: %s", document.id, error.reason)
                continue
            items[item.code] = item
    return items
