"""All databases of a node whose documents are on a CouchDB: the names stand in the ledger.

Must not know: documents, how a database is made there.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sync.errors import FileExists
from sync.outbox.database import Keeping, OutboxDatabase
from sync.store.ledger.intents import drop_intents
from sync.store.ledger.kept_elsewhere import add_kept, drop_kept, is_kept, kept_among, kept_databases
from sync.store.transaction import Transaction
from sync.wire.names import SYSTEM_DATABASES, check_database_name
from sync.wire.problems import NoDatabase


class Making(Keeping, Protocol):
    """The outbox, as far as the list of its databases knows it."""

    def kick(self) -> None:
        """There is something to deliver."""
        ...

    def destroy(self, name: str) -> None:
        """Remove a database from the server; raises StoreUnreachable."""
        ...


class OutboxDatabases:
    """The databases of one outbox."""

    def __init__(self, outbox: Making) -> None:
        self._outbox = outbox

    def names(self) -> Sequence[str]:
        """Every name, sorted."""
        return self._outbox.read(kept_databases)

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """Those of some names that exist."""
        return self._outbox.read(lambda reader: kept_among(reader, names))

    def open(self, name: str) -> OutboxDatabase:
        """The database of that name; raises NotFound."""
        if not self._outbox.read(lambda reader: is_kept(reader, name)):
            raise NoDatabase
        return OutboxDatabase(self._outbox, name)

    def create(self, name: str) -> OutboxDatabase:
        """A new database, from now on; the server gets it as soon as it can.

        raises  FileExists, or BadRequest on an unlawful name
        """
        if name not in SYSTEM_DATABASES:
            check_database_name(name)

        def work(tx: Transaction) -> None:
            if is_kept(tx, name):
                raise FileExists
            add_kept(tx, name)
            tx.touch(name)
            tx.after_commit(self._outbox.kick)

        self._outbox.write(work)
        return OutboxDatabase(self._outbox, name)

    def destroy(self, name: str) -> None:
        """Remove a database with all it holds; raises NotFound, or StoreUnreachable with nothing removed."""
        # One that is about to be made there would be made after we removed it: that comes first.
        self._outbox.settle(name)
        self._outbox.destroy(name)

        def work(tx: Transaction) -> None:
            drop_kept(tx, name)
            drop_intents(tx, name)
            tx.touch(name)

        self._outbox.write(work)
