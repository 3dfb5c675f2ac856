"""Versions of documents that the node above and we both hold, for what is told next to be told against them.

Kept in memory: forgotten, it costs bytes and nothing else. Which version the other holds, only what it took or told
itself shows; a parent in the tree may never have been told.

Must not know: how anything is told.
"""

from collections import OrderedDict

from sync.values.conversation import Base
from sync.values.documents import Document

# The cases that are under work at a station, with a day's worth of margin.
_MOST_DOCUMENTS = 2_000
_MOST_BYTES = 8 << 20


class SharedVersions:
    """The newest version of each document that both hold."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str], Document] = OrderedDict()
        self._bytes = 0

    def note(self, name: str, document: Document) -> None:
        """Both hold this one now."""
        self._forget(name, document.id)
        if document.deleted or document.attachments:
            return
        self._held[(name, document.id)] = document
        self._bytes += len(document.body)
        while len(self._held) > _MOST_DOCUMENTS or self._bytes > _MOST_BYTES:
            self._forget(*next(iter(self._held)))

    def base_of(self, name: str, document: Document) -> Base | None:
        """What a document can be told against: a version on its own path."""
        held = self._held.get((name, document.id))
        if held is None or not document.path.knows(held.revision) or held.revision == document.revision:
            return None
        return held.revision, held.body

    def clear(self) -> None:
        """Nobody knows any more what the other holds."""
        self._held.clear()
        self._bytes = 0

    def _forget(self, name: str, doc_id: str) -> None:
        former = self._held.pop((name, doc_id), None)
        self._bytes -= 0 if former is None else len(former.body)
