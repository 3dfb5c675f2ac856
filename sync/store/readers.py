"""A few connections for reading, each piece of work over one unchanging snapshot.

Must not know: tables, who writes.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sync.errors import StorageError
from sync.store.connection import Connection, Opening, open_reader, translated
from sync.store.transaction import Reader

T = TypeVar("T")

_POOL_SIZE = 4  # reading is quick and the machine has few cores; each costs a page cache


class Readers:
    """Lends connections to work; whoever comes when all are lent waits."""

    def __init__(self, path: Path, opening: Opening) -> None:
        self._path = path
        self._opening = opening
        self._slots = threading.BoundedSemaphore(_POOL_SIZE)
        self._idle: list[Connection] = []
        self._gate = threading.Lock()
        self._closed = False
        self._local = threading.local()

    def run(self, work: Callable[[Reader], T]) -> T:
        """Run work over a snapshot; work within work sees the same one."""
        outer: Reader | None = getattr(self._local, "reader", None)
        if outer is not None:
            return work(outer)
        with self._slots:
            connection = self._take()
            try:
                return self._over_snapshot(connection, work)
            finally:
                self._give_back(connection)

    def close(self) -> None:
        """Close what is idle now, and what is lent as soon as it comes back."""
        with self._gate:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _over_snapshot(self, connection: Connection, work: Callable[[Reader], T]) -> T:
        with translated():
            connection.execute("BEGIN")
            self._local.reader = Reader(connection)
            try:
                return work(self._local.reader)
            finally:
                self._local.reader = None
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _take(self) -> Connection:
        with self._gate:
            if self._closed:
                raise StorageError("The store is closed", remedy="Open it again.")
            if self._idle:
                return self._idle.pop()
        return open_reader(self._path, self._opening)

    def _give_back(self, connection: Connection) -> None:
        with self._gate:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()
