"""A few connections to the CouchDB, lent to whichever thread asks, and one judgement of what went wrong.

A `Transport` serves one thread at a time, a node has dozens; whoever comes when all are lent waits. A
connection that was closed while it lay idle is tried once more: everything asked for here may be asked twice.

Must not know: intents, what is asked.
"""

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from sync.errors import Forbidden, LinkDown, LinkError, ProtocolError, StoreUnreachable, SyncError, Unauthorized
from sync.messages import _
from sync.outbox.address import CouchAddress, NotForUs
from sync.outbox.reach import UNREACHABLE, Reach
from sync.remote.database import RemoteDatabase
from sync.remote.transport import Transport

T = TypeVar("T")

_MOST = 8  # the CouchDB is near and quick; more would only queue there
_REMEMBERED = 256  # databases a connection remembers local revisions of


class Connection:
    """One transport, and the databases spoken to over it."""

    def __init__(self, address: CouchAddress, timeout_seconds: float) -> None:
        self.transport = Transport(address.url, timeout_seconds=timeout_seconds)
        self.database: Callable[[str], RemoteDatabase] = lru_cache(_REMEMBERED)(
            lambda name: RemoteDatabase(self.transport, address.name_there(name))
        )


class Connections:
    """Lends connections; guards those that lie idle."""

    def __init__(
        self, address: CouchAddress, reach: Reach, lost: Callable[[], None], *, timeout_seconds: float
    ) -> None:
        """`lost` is called when the server was found away: somebody has to look for it."""
        self._lost = lost
        self._address = address
        self._reach = reach
        self._timeout_seconds = timeout_seconds
        self._slots = threading.BoundedSemaphore(_MOST)
        self._gate = threading.Lock()
        self._idle: list[Connection] = []

    def ask(self, name: str, question: Callable[[RemoteDatabase], T]) -> T:
        """Put a question to one of our databases.

        raises  StoreUnreachable, at once while the server is known to be away; what the database refuses
        """
        self._reach.require(timeout_seconds=self._timeout_seconds)
        with self._slots:
            connection = self._take()
            try:
                return self._twice(lambda: question(connection.database(name)), connection)
            except (LinkError, ProtocolError, Unauthorized, Forbidden) as error:
                connection.transport.close()
                told = unreachable(error, self._reach)
                self._lost()
                raise told from None
            finally:
                with self._gate:
                    self._idle.append(connection)

    def close(self) -> None:
        """Close those that lie idle."""
        with self._gate:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.transport.close()

    def _twice(self, question: Callable[[], T], connection: Connection) -> T:
        try:
            return question()
        except LinkDown:
            connection.transport.close()
            return question()

    def _take(self) -> Connection:
        with self._gate:
            if self._idle:
                return self._idle.pop()
        return Connection(self._address, self._timeout_seconds)


def unreachable(error: SyncError, reach: Reach) -> StoreUnreachable:
    """What everybody is told from now on, and the error to raise."""
    trouble = trouble_of(error)
    reach.down(trouble)
    return StoreUnreachable(trouble)


def trouble_of(error: SyncError) -> str:
    """An error in words for the one at the desk; what the server itself says is left out."""
    if isinstance(error, Unauthorized):
        return _("The document store (CouchDB) does not take the account and password")
    if isinstance(error, NotForUs):
        return error.reason
    if isinstance(error, Forbidden):
        return _("The document store (CouchDB) does not let this account do that")
    if isinstance(error, ProtocolError):
        return _("The document store (CouchDB) answers wrongly")
    return _(UNREACHABLE)
