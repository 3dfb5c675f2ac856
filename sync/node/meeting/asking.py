"""Reading a database of the node above, at once and by name.

A node that started anew takes the present block of counters for heard; it is asked once more in the next.

Must not know: what is read, what for.
"""

from collections.abc import Sequence

from sync.database import Database
from sync.errors import Unauthorized
from sync.node.meeting.calling import WayUp
from sync.values.documents import Document, Wanted


class Above:
    """A database of the node above."""

    def __init__(self, way: WayUp, database: Database) -> None:
        self._way = way
        self._database = database

    def read(self, wanted: Sequence[Wanted]) -> list[Document]:
        """What is there of what is wanted; raises LinkError, Unauthorized when it does not know us."""
        try:
            return self._read(wanted)
        except Unauthorized:
            self._way.signer.skip()
            return self._read(wanted)

    def _read(self, wanted: Sequence[Wanted]) -> list[Document]:
        return [one for one in self._database.read(wanted) if isinstance(one, Document)]
