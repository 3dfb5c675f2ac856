"""Where a node keeps its documents, as everything above this room sees it: the file, or a server elsewhere.

The embedded engine answers to `Documents` itself. A node on an Apache CouchDB answers through the outbox.
Code above cannot tell which, so it keeps two habits: documents that belong together with ledger rows are
read and written by the `..._in` methods inside `Documents.read` and `Documents.write`, and work handed to
these may be run more than once, for a first run may only show what has to be fetched.

Must not know: who is behind it.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sync.database import Database, Databases
from sync.store.transaction import Reader, Transaction
from sync.store.wakes import Wakes
from sync.typed import Value
from sync.values.documents import Absent, Document, Edit, Outcome, Wanted

T = TypeVar("T")


class BoundDatabase(Database, Protocol):
    """A database that can be read and written within a transaction of the node's ledger."""

    def write_in(self, tx: Transaction, edits: Sequence[Edit], *, newborn: bool = False) -> Sequence[Outcome]:
        """`write` within a transaction: durable when that is.

        newborn  the ids were drawn a moment ago, so nothing can be known of them anywhere: a database
                 elsewhere need not be asked, and an application is taken while it cannot be
        """
        ...

    def graft_in(self, tx: Transaction, documents: Sequence[Document]) -> Sequence[Outcome]:
        """`graft` within a transaction: durable when that is."""
        ...

    def read_in(self, reader: Reader, wanted: Sequence[Wanted]) -> Sequence[Document | Absent]:
        """`read` within a transaction, all at once."""
        ...

    def seq_in(self, reader: Reader) -> str:
        """Where `changes` ends, as a transaction sees it; "" where only the server elsewhere knows."""
        ...


class Elsewhere(Value):
    """How a document store outside this directory stands.

    address  where it is, without credentials
    trouble  why it cannot be used just now, in Chinese; "" while it can
    waiting  documents that are on our disk and not there yet
    refused  those of them it would not take; somebody must look
    """

    address: str
    trouble: str
    waiting: int
    refused: int


class Documents(Protocol):
    """All document databases of a node, bound to its ledger."""

    @property
    def databases(self) -> Databases:
        """Every database, to list, make and destroy."""
        ...

    @property
    def wakes(self) -> Wakes:
        """Where to wait for changes."""
        ...

    def database(self, name: str) -> BoundDatabase:
        """A database by name; whether it exists shows when it is used."""
        ...

    def read(self, work: Callable[[Reader], T]) -> T:
        """Run work over one unchanging snapshot of the ledger."""
        ...

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run work in a transaction of the ledger; durable on return."""
        ...

    def elsewhere(self) -> Elsewhere | None:
        """How the store outside the directory stands; None when everything is in the directory."""
        ...

    def close(self) -> None:
        """Finish what is queued and give the directory free."""
        ...
