"""The local documents that another node keeps in our databases: its checkpoints, apart from ours and everybody else's.

Whoever is admitted may write local documents of any name, and no guard judges them. So what one node has in one
database is one document of ours, named after it, and bounded: beyond that its oldest are let go of. That costs it a
comparison, and nobody else anything; our own checkpoints, and those of others, it neither sees nor reaches.

    _local/peer-<writer>   {"kept": [[id, revision, body as text], …]}, the one written last at the end

Must not know: what the documents say, how a node was recognised.
"""

import threading
from typing import Any

from sync.database import Database, Front
from sync.errors import BadRequest, TooLarge
from sync.revisions.revision import Revision
from sync.typed import Value
from sync.values.documents import LocalDocument
from sync.values.json_text import dump, parse_object

# A node has one checkpoint in a database for each life of either side, of 2 kB; CouchDB's own have 20 kB.
MOST_DOCUMENTS = 20
LARGEST_BYTES = 64 << 10
MOST_BYTES = 256 << 10  # a township that has sixty databases here, and fills them all, has 15 MB


class _Kept(Value):
    """One of them."""

    id: str
    revision: int
    body: str

    @property
    def size(self) -> int:
        """In bytes, about: a byte at the least for each character that is kept."""
        return len(self.id.encode()) + len(self.body.encode())


class LocalsOfPeers:
    """Opens a database to a peer. Guards that what is read to be written again was not written meanwhile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def within(self, database: Database, writer: str) -> Database:
        """The database as that writer sees it: with its own local documents, and no others."""
        return _Apart(database, f"peer-{writer}", self._lock)


class _Apart(Front):
    def __init__(self, behind: Database, name: str, lock: threading.Lock) -> None:
        super().__init__(behind)
        self._name = name
        self._lock = lock

    def read_local(self, local_id: str) -> LocalDocument | None:
        """One of the peer's own."""
        for one in self._kept():
            if one.id == local_id:
                return LocalDocument(local_id, Revision(0, str(one.revision)), one.body.encode())
        return None

    def write_local(self, local_id: str, body: bytes) -> Revision:
        """Replace one, and let go of the oldest where there is no room; raises TooLarge for one too large by itself."""
        text = _Kept(local_id, 1, body.decode())
        if text.size > LARGEST_BYTES:
            raise TooLarge(f"a local document of a node has at most {LARGEST_BYTES} bytes here")
        with self._lock:
            before = self._kept()
            revision = 1 + next((one.revision for one in before if one.id == local_id), 0)
            others = [one for one in before if one.id != local_id]
            self._keep([*others, _Kept(local_id, revision, text.body)])
        return Revision(0, str(revision))

    def delete_local(self, local_id: str) -> bool:
        """Remove one; False when it was not there."""
        with self._lock:
            before = self._kept()
            left = [one for one in before if one.id != local_id]
            if len(left) == len(before):
                return False
            self._keep(left)
        return True

    def _kept(self) -> list[_Kept]:
        found = self._behind.read_local(self._name)
        try:
            kept: Any = parse_object(found.body).get("kept") if found else []
        except BadRequest:
            kept = []
        return [_Kept(*one) for one in kept]

    def _keep(self, kept: list[_Kept]) -> None:
        while len(kept) > MOST_DOCUMENTS or sum(one.size for one in kept) > MOST_BYTES:
            kept = kept[1:]
        if kept:
            self._behind.write_local(self._name, dump({"kept": [[one.id, one.revision, one.body] for one in kept]}))
        else:
            self._behind.delete_local(self._name)
