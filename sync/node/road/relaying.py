"""What a node below asks for and we have not got: it is fetched from above, and the asker comes again.

Must not know: HTTP, how it is fetched.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sync.database import Database, Databases, Front
from sync.records.ids import parse_content_id
from sync.values.documents import Absent, Document, Wanted

# (database, id of a chunk list or a chunk)
Fetch = Callable[[str, str], object]


class Relaying(Front):
    """A database that has what was read of it in vain fetched from above: chunks and chunk lists, nothing else."""

    def __init__(self, database: Database, fetch: Fetch) -> None:
        super().__init__(database)
        self._fetch = fetch

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        """As the database behind says; what it lacks is here soon."""
        for found in self._behind.read(wanted):
            if isinstance(found, Absent) and parse_content_id(found.id) is not None:
                self._fetch(self.name, found.id)
            yield found


class RelayingDatabases:
    """The databases a node below us may touch, each of them relaying (`sync.database.Databases`)."""

    def __init__(self, behind: Databases, fetch: Fetch) -> None:
        self._behind = behind
        self._fetch = fetch

    def names(self) -> Sequence[str]:
        """As those behind say."""
        return self._behind.names()

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """As those behind say."""
        return self._behind.among(names)

    def open(self, name: str) -> Database:
        """The database of that name; raises NotFound."""
        return Relaying(self._behind.open(name), self._fetch)

    def create(self, name: str) -> Database:
        """As those behind say."""
        return self._behind.create(name)

    def destroy(self, name: str) -> None:
        """As those behind say."""
        self._behind.destroy(name)
