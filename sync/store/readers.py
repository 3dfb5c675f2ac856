"""A few connections for reading, each piece of work over one unchanging snapshot.

Must not know: tables, who writes.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sync.errors import StorageError
from sync.store.connection import Connection, Opening, open_reader, translated
from sync.store.transaction import Params, Reader, Row

T = TypeVar("T")

_POOL_SIZE = 4  # reading is quick and the machine has few cores; each costs a page cache
_CLOSING_SECONDS = 5.0  # a read that takes longer loses its answer, not data


class Readers:
    """Lends connections to work; whoever comes when all are lent waits."""

    def __init__(self, path: Path, opening: Opening) -> None:
        self._path = path
        self._opening = opening
        self._slots = threading.BoundedSemaphore(_POOL_SIZE)
        self._idle: list[Connection] = []
        self._gate = threading.Lock()
        self._open = threading.Event()  # cleared while nobody may begin to read
        self._open.set()
        self._closed = False
        self._local = threading.local()

    def run(self, work: Callable[[Reader], T]) -> T:
        """Run work over a snapshot; work within work sees the same one."""
        outer: Reader | None = getattr(self._local, "reader", None)
        if outer is not None:
            return work(outer)
        return self._lend(lambda connection: self._over_snapshot(connection, work))

    def look(self, sql: str, params: Params) -> list[Row]:
        """Run one statement, which sees one moment by itself: without a transaction to begin and to end."""
        outer: Reader | None = getattr(self._local, "reader", None)
        if outer is not None:
            return outer.execute(sql, params)
        return self._lend(lambda connection: _looked(connection, sql, params))

    def _lend(self, use: Callable[[Connection], T]) -> T:
        self._open.wait()
        with self._slots:
            connection = self._take()
            try:
                result = use(connection)
            except StorageError:
                connection.close()  # what has seen the disk fail is not lent again
                raise
            except BaseException:
                self._give_back(connection)
                raise
            self._give_back(connection)
            return result

    @contextmanager
    def held_back(self, seconds: float) -> Iterator[bool]:
        """Let nobody begin to read for a moment; gives whether those who were reading ended within the time."""
        self._open.clear()
        deadline = time.monotonic() + seconds
        taken = 0
        try:
            while taken < _POOL_SIZE and self._slots.acquire(timeout=max(0.0, deadline - time.monotonic())):
                taken += 1
            yield taken == _POOL_SIZE
        finally:
            for _ in range(taken):
                self._slots.release()
            self._open.set()

    def close(self) -> None:
        """Let reads that run finish, within reason, and close what they used; later ones raise."""
        with self._gate:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        deadline = time.monotonic() + _CLOSING_SECONDS
        taken = [self._slots.acquire(timeout=max(0.0, deadline - time.monotonic())) for _ in range(_POOL_SIZE)]
        for _ in filter(None, taken):
            self._slots.release()

    def _over_snapshot(self, connection: Connection, work: Callable[[Reader], T]) -> T:
        with translated():
            connection.execute("BEGIN")
            reader = self._local.reader = Reader(connection)
            try:
                return work(reader)
            finally:
                self._local.reader = None
                reader.end()
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


def _looked(connection: Connection, sql: str, params: Params) -> list[Row]:
    with translated():
        return connection.execute(sql, params).fetchall()
