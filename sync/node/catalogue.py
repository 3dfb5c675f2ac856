"""The service catalogue as documents of `public`: one per item, the same bytes wherever they came from.

A station reads the catalogue it has, however old; a newer one replaces it when it arrives. Because
bodies are canonical and revisions follow from content, a catalogue brought on a USB stick and the
same catalogue replicated later are one and the same.

Must not know: who may publish, what is done with an item.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from sync.database import Database
from sync.errors import BadRequest, StoreUnreachable
from sync.records.catalogue import Item, load_items
from sync.records.ids import PUBLIC
from sync.store.documents import Documents
from sync.store.ledger.kept_items import keep_items, kept_items
from sync.store.transaction import Reader, Transaction
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


class Shelf(Protocol):
    """Where the catalogue last read is kept: the engine."""

    def read(self, work: Callable[[Reader], dict[str, bytes]]) -> dict[str, bytes]:
        """Run work over a snapshot."""
        ...

    def write(self, work: Callable[[Transaction], None]) -> None:
        """Run work in a transaction."""
        ...


class Catalogue:
    """The items of `public`, read again only when somebody wrote there.

    shelf  where a copy is kept when documents are elsewhere, so that applications are taken while they are away
    """

    def __init__(self, documents: Documents, shelf: Shelf | None = None) -> None:
        self._database = documents.database(PUBLIC)
        self._wakes = documents.wakes
        self._shelf = shelf
        self._lock = threading.Lock()
        self._read_at: int | None = None
        self._items: Mapping[str, Item] = MappingProxyType({})

    def items(self) -> Mapping[str, Item]:
        """Every item by its code; as last read, while the database cannot be reached."""
        count = self._wakes.count(PUBLIC)
        if count == self._read_at:
            return self._items
        try:
            self._take(_bodies(self._database), count)
        except StoreUnreachable:
            if self._shelf is None:
                raise
            if self._read_at is None:
                self._take(self._shelf.read(kept_items), None)
        return self._items

    def _take(self, bodies: Mapping[str, bytes], count: int | None) -> None:
        items = MappingProxyType(_items(bodies))
        if self._shelf is not None and count is not None and bodies != self._shelf.read(kept_items):
            self._shelf.write(lambda tx: keep_items(tx, bodies))
        with self._lock:
            self._items, self._read_at = items, count


def _bodies(database: Database) -> dict[str, bytes]:
    rows = database.list(Span(start=_PREFIX, end=_BEYOND, inclusive_end=False)).rows
    found = database.read([Wanted(row.id, (row.revision,)) for row in rows if row.revision is not None])
    return {document.id: document.body for document in found if isinstance(document, Document)}


def _items(bodies: Mapping[str, bytes]) -> dict[str, Item]:
    items: dict[str, Item] = {}
    for doc_id, text in bodies.items():
        try:
            body = parse_object(text)
            (item,) = load_items(dump({"notice": body.get("notice"), "items": [body.get("item")]}))
        except BadRequest as error:
            # Of a later version perhaps; the other items, and all that is judged by them, go on.
            _log.warning("%s cannot be read: %s", doc_id, error.reason)
            continue
        items[item.code] = item
    return items
