"""The one surface of a document database, whoever is behind it.

SQLite, memory, a CouchDB across HTTP and a guarded database all answer to this protocol, and code
above it cannot tell which. `tests/contract/` holds them to the same promises.

Two ways to write, as in CouchDB:

    write   an edit: the database checks the parent, chooses the revision, may answer Conflict
    graft   a replica's copy: the revision and its path are given and joined to the tree

Whatever `write` and `graft` have returned is on disk. A document refused is an `Outcome` with an
error; a database that cannot be reached or written raises.

Must not know: who is behind it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from sync.revisions.revision import Revision
from sync.revisions.tree import Tree
from sync.values.changes import Changes, Info, Listing, Missing, Span
from sync.values.documents import Absent, Document, Edit, LocalDocument, Outcome, Wanted
from sync.values.queries import Found, Query


class Database(Protocol):
    """Documents with revision trees, in the order of their changes."""

    @property
    def name(self) -> str:
        """How the database is called on its server."""
        ...

    def info(self) -> Info:
        """The database in numbers; raises NotFound when it does not exist (any more)."""
        ...

    def changes(
        self,
        since: str,
        *,
        limit: int | None = None,
        descending: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> Changes:
        """Each document's newest change after a sequence, oldest first.

        since    a sequence this database gave, or START; not looked at when `descending`
        raises   BadRequest when the sequence is not one
        source   CouchDB API, /{db}/_changes
        """
        ...

    def await_change(self, since: str, *, timeout_seconds: float) -> bool:
        """Wait until something changed after a sequence; False when the time ran out first."""
        ...

    def missing(self, offered: Mapping[str, Sequence[Revision]]) -> Mapping[str, Missing]:
        """Say which of the offered revisions this database lacks.

        offered  {doc_id: [revision, ...]}, one batch; order carries no meaning
        returns  {doc_id: Missing}; nothing missing, no entry
        source   CouchDB replication protocol, 2.4.2.4.3 Calculate Revision Difference
        """
        ...

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        """Read documents, in the order asked, several per `Wanted` when it names several leaves."""
        ...

    def tree(self, doc_id: str) -> Tree | None:
        """The revision tree of a document; None when it was never written."""
        ...

    def list(self, span: Span) -> Listing:
        """Live documents in the order of their ids (by UTF-8 bytes)."""
        ...

    def look_up(self, ids: Sequence[str]) -> Listing:
        """One row per id asked for, in that order, deleted and unknown ones included."""
        ...

    def find(self, query: Query) -> Found:
        """Documents that fit a selector, in the order of an index (or of their ids).

        raises  BadQuery when the query is bad, or is to be sorted and no index is
        source  CouchDB API, /{db}/_find
        """
        ...

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Write edits, one outcome each, in order. Durable on return."""
        ...

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Join replicas' revisions to the trees, one outcome each, in order. Durable on return."""
        ...

    def read_local(self, local_id: str) -> LocalDocument | None:
        """A local document by the part of its id behind `_local/`."""
        ...

    def write_local(self, local_id: str, body: bytes) -> Revision:
        """Replace a local document; it is never replicated and appears in no feed."""
        ...

    def delete_local(self, local_id: str) -> bool:
        """Remove a local document; False when there was none."""
        ...


class Front:
    """A `Database` that stands before another and passes everything on; what is to be different is overridden.

    Only the protocol passes: whatever else the database behind can do stays behind.
    """

    def __init__(self, behind: Database) -> None:
        self._behind = behind

    @property
    def name(self) -> str:
        """As the database behind says."""
        return self._behind.name

    def info(self) -> Info:
        """As the database behind says."""
        return self._behind.info()

    def changes(
        self,
        since: str,
        *,
        limit: int | None = None,
        descending: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> Changes:
        """As the database behind says."""
        return self._behind.changes(since, limit=limit, descending=descending, doc_ids=doc_ids)

    def await_change(self, since: str, *, timeout_seconds: float) -> bool:
        """As the database behind says."""
        return self._behind.await_change(since, timeout_seconds=timeout_seconds)

    def missing(self, offered: Mapping[str, Sequence[Revision]]) -> Mapping[str, Missing]:
        """As the database behind says."""
        return self._behind.missing(offered)

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        """As the database behind says."""
        return self._behind.read(wanted)

    def tree(self, doc_id: str) -> Tree | None:
        """As the database behind says."""
        return self._behind.tree(doc_id)

    def list(self, span: Span) -> Listing:
        """As the database behind says."""
        return self._behind.list(span)

    def look_up(self, ids: Sequence[str]) -> Listing:
        """As the database behind says."""
        return self._behind.look_up(ids)

    def find(self, query: Query) -> Found:
        """As the database behind finds."""
        return self._behind.find(query)

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """As the database behind does."""
        return self._behind.write(edits)

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """As the database behind does."""
        return self._behind.graft(documents)

    def read_local(self, local_id: str) -> LocalDocument | None:
        """As the database behind says."""
        return self._behind.read_local(local_id)

    def write_local(self, local_id: str, body: bytes) -> Revision:
        """As the database behind does."""
        return self._behind.write_local(local_id, body)

    def delete_local(self, local_id: str) -> bool:
        """As the database behind does."""
        return self._behind.delete_local(local_id)


class Databases(Protocol):
    """All databases of one server."""

    def names(self) -> Sequence[str]:
        """Every name, sorted."""
        ...

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """Those of some names that exist; costs as much as is asked for, however many there are."""
        ...

    def open(self, name: str) -> Database:
        """The database of that name; raises NotFound."""
        ...

    def create(self, name: str) -> Database:
        """A new, empty database; raises FileExists, or BadRequest on an unlawful name."""
        ...

    def destroy(self, name: str) -> None:
        """Remove a database with all it holds; raises NotFound."""
        ...
