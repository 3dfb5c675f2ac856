"""What some databases can do beyond the `Database` protocol, and CouchDB has a route for.

A database that lacks an ability answers 501 on its route; nothing else depends on it.

Must not know: which databases have it.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, runtime_checkable

from sync.database import Database
from sync.revisions.revision import Revision
from sync.users.governed import GovernedDatabase
from sync.values.changes import Change, Purged, Span
from sync.values.documents import LocalDocument


def able(database: Database) -> Database:
    """The database to ask what it can do besides.

    Rules about documents take no ability away; who may use one is said in the table of routes.
    """
    return database.able if isinstance(database, GovernedDatabase) else database


@runtime_checkable
class Limited(Protocol):
    """A database that remembers a chosen number of revisions per path."""

    def revs_limit(self) -> int:
        """How many revisions of each path are remembered."""
        ...

    def set_revs_limit(self, limit: int) -> None:
        """Change that number; at least 1."""
        ...


@runtime_checkable
class Secured(Protocol):
    """A database that keeps a `_security` object."""

    def security(self) -> bytes:
        """JSON text of the object; `{}` until one was set."""
        ...

    def set_security(self, text: bytes) -> None:
        """Replace the object."""
        ...


@runtime_checkable
class Compactable(Protocol):
    """A database that can give space back."""

    def start_compaction(self) -> None:
        """Have bodies dropped that no leaf needs, and the space returned; `Info.is_compacting` tells until when."""
        ...


@runtime_checkable
class Purgeable(Protocol):
    """A database that can forget revisions for good; a node's own, whose records must not be lost, cannot."""

    def purge(self, asked: Mapping[str, Collection[Revision]]) -> Mapping[str, Sequence[Revision]]:
        """Forget leaves, and with each the path that ends in it.

        asked    {doc_id: revisions}; what is no leaf, or not here, is passed over
        returns  {doc_id: what was forgotten of those}; durable on return
        source   CouchDB API, /{db}/_purge
        """
        ...

    def purged_infos(self) -> Sequence[Purged]:
        """What was asked to be purged, as far as it is remembered, by id and revisions."""
        ...

    def purged_infos_limit(self) -> int:
        """How many purges are remembered once the database was compacted."""
        ...

    def set_purged_infos_limit(self, limit: int) -> None:
        """Change that number; at least 1."""
        ...


@runtime_checkable
class LocallyListed(Protocol):
    """A database that can tell which local documents it has."""

    def list_local(self, span: Span) -> Sequence[LocalDocument]:
        """Local documents in the order of their ids (by UTF-8 bytes), the part behind `_local/`."""
        ...


@runtime_checkable
class Backwards(Protocol):
    """A database whose changes can be read backwards page by page."""

    def changes_before(self, seq: str, *, limit: int) -> Sequence[Change]:
        """Each document's newest change before a sequence, newest first."""
        ...
