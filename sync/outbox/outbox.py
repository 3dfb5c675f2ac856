"""The documents of a node on an Apache CouchDB, its ledger beside them in SQLite: intent, document, done.

A document is put among the intents in the very transaction that gives the number and the audit row. That
is on disk when the caller hears of it, whatever becomes of the CouchDB. Then it is delivered, and the
intent goes. Nothing here waits for the network within a transaction.

Must not know: what a record means, which databases a node has.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sync.errors import Conflict, SyncError
from sync.outbox.address import CouchAddress
from sync.outbox.connections import Connections, unreachable
from sync.outbox.database import OutboxDatabase
from sync.outbox.databases import OutboxDatabases
from sync.outbox.delivery import DOUBTED_SECONDS, Delivery
from sync.outbox.foresight import Fetched, Foresight, Key, Unread
from sync.outbox.reach import Reach
from sync.remote.database import RemoteDatabase
from sync.store.documents import Elsewhere
from sync.store.engine import Engine
from sync.store.ledger.intents import count_intents, waits_in
from sync.store.ledger.kept_elsewhere import is_made
from sync.store.transaction import Reader, Transaction
from sync.store.wakes import Wakes

T = TypeVar("T")

TIMEOUT_SECONDS = 15.0  # the CouchDB is on this machine or beside it
# Runs of one piece of work that lacked nothing but what had been fetched before, and has changed since.
_MOST_RUNS = 20
_AT_ONCE = 200  # documents fetched in one request


class Outbox:
    """A data directory's ledger and a CouchDB as one `sync.store.documents.Documents`; owns the engine it is given."""

    def __init__(
        self,
        engine: Engine,
        address: CouchAddress,
        owner: str,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        doubted_seconds: float = DOUBTED_SECONDS,
    ) -> None:
        """`owner` marks the databases on the server as this node's.

        doubted_seconds  after so long it is offered again what it failed over
        """
        self.foresight = Foresight()
        self._engine = engine
        self._address = address
        self._timeout_seconds = timeout_seconds
        self._reach = Reach()
        self._connections = Connections(address, self._reach, self.kick, timeout_seconds=timeout_seconds)
        self._delivery = Delivery(
            engine,
            address,
            owner,
            reach=self._reach,
            ticks=self.foresight.ticks,
            timeout_seconds=timeout_seconds,
            doubted_seconds=doubted_seconds,
        )
        self._databases = OutboxDatabases(self)
        self._delivery.start()

    @property
    def databases(self) -> OutboxDatabases:
        """Every database of this node."""
        return self._databases

    @property
    def wakes(self) -> Wakes:
        """Where to wait for changes: those that have arrived on the CouchDB."""
        return self._engine.wakes

    def database(self, name: str) -> OutboxDatabase:
        """A database by name; whether it exists shows when it is used."""
        return OutboxDatabase(self, name)

    def read(self, work: Callable[[Reader], T]) -> T:
        """Run work over one unchanging snapshot of the ledger, documents fetched beforehand.

        raises  StoreUnreachable when documents are needed that only the CouchDB has
        """
        return self._foreseen(work, self._engine.read)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run work in a transaction; durable on return, and what it wrote is on its way.

        raises  StoreUnreachable when documents are needed that only the CouchDB has; whatever the work raises
        """

        def kicking(tx: Transaction) -> T:
            result = work(tx)
            tx.after_commit(self._delivery.kick)
            return result

        return self._foreseen(kicking, self._engine.write)

    def settle(self, name: str) -> None:
        """Have all that waits for a database delivered, if the server is there; raises NotFound."""
        if self._engine.read(lambda reader: is_made(reader, name) and not waits_in(reader, name)):
            return
        self._delivery.settle(timeout_seconds=self._timeout_seconds)

    def ask(self, name: str, question: Callable[[RemoteDatabase], T]) -> T:
        """Put a question to a database on the server; raises StoreUnreachable."""
        return self._connections.ask(name, question)

    def kick(self) -> None:
        """There is something to deliver."""
        self._delivery.kick()

    def destroy(self, name: str) -> None:
        """Remove a database from the server; raises StoreUnreachable."""
        self._reach.require(timeout_seconds=self._timeout_seconds)
        try:
            self._delivery.destroy(name)
        except SyncError as error:
            raise unreachable(error, self._reach) from None

    def elsewhere(self) -> Elsewhere:
        """How the CouchDB stands."""
        waiting, refused = self._engine.read(count_intents)
        return Elsewhere(self._address.shown, self._reach.trouble(), waiting, refused)

    def close(self) -> None:
        """Deliver what waits, if the CouchDB is there, and give the directory free."""
        try:
            self._delivery.stop(timeout_seconds=self._timeout_seconds)
            self._connections.close()
        finally:
            self._engine.close()

    def _foreseen(self, work: Callable[..., T], run: Callable[[Callable[..., T]], T]) -> T:
        if self.foresight.is_running():
            return run(work)
        fetched: dict[Key, Fetched] = {}

        def bound(reader: Reader) -> T:
            with self.foresight.over(fetched):
                return work(reader)

        in_vain = 1
        while in_vain < _MOST_RUNS:
            try:
                return run(bound)
            except Unread as lacking:
                in_vain += all((lacking.database, doc_id) in fetched for doc_id in lacking.ids)
                fetched |= self._fetch(lacking)
        raise Conflict("others change the same documents all the time")

    def _fetch(self, lacking: Unread) -> dict[Key, Fetched]:
        # What waits is not waited for: the work finds it among the intents.
        if not self._engine.read(lambda reader: is_made(reader, lacking.database)):
            self.settle(lacking.database)
        fetched: dict[Key, Fetched] = {}
        for start in range(0, len(lacking.ids), _AT_ONCE):
            ids = lacking.ids[start : start + _AT_ONCE]
            tick = self.foresight.ticks.now()
            found = self.ask(lacking.database, partial(RemoteDatabase.leaves, ids=ids))
            fetched |= {(lacking.database, doc_id): Fetched(tick, leaves) for doc_id, leaves in found.items()}
        return fetched
