"""A few connections for reading, each piece of work over one unchanging snapshot.

Must not know: tables, who writes.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sync.errors import StorageError
from sync.store.connection import Connection, Opening, open_reader, translated
from sync.store.places import Places
from sync.store.transaction import Reader

T = TypeVar("T")

_POOL_SIZE = 4  # reading is quick and the machine has few cores; each costs a page cache
_CLOSING_SECONDS = 5.0  # a read that takes longer loses its answer, not data


class Readers:
    """Lends connections to work; whoever comes when all are lent waits."""

    def __init__(self, path: Path, opening: Opening) -> None:
        self._path = path
        self._opening = opening
        self._places: Places[Connection | None] = Places(*[None] * _POOL_SIZE)  # opened when first they are lent
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

    def look(self, work: Callable[[Reader], T]) -> T:
        """Run work that asks one statement, which sees one moment by itself: no transaction is begun for it."""
        outer: Reader | None = getattr(self._local, "reader", None)
        return work(outer) if outer is not None else self._lend(lambda connection: _looked(connection, work))

    def _lend(self, use: Callable[[Connection], T]) -> T:
        if not self._open.is_set():
            self._open.wait()
        kept = self._places.take()
        try:
            connection = kept = self._usable(kept)
            return use(connection)
        except StorageError:
            if kept is not None:
                kept.close()  # what has seen the disk fail is not lent again
                kept = None
            raise
        finally:
            self._leave(kept)

    @contextmanager
    def held_back(self, seconds: float) -> Iterator[bool]:
        """Let nobody begin to read for a moment; gives whether those who were reading ended within the time."""
        self._open.clear()
        taken, all_of_them = self._places.take_all(seconds)
        try:
            yield all_of_them
        finally:
            for each in taken:
                self._leave(each)
            self._open.set()

    def close(self) -> None:
        """Let reads that run finish, within reason, and close what they used; later ones raise."""
        self._closed = True
        taken, _ = self._places.take_all(_CLOSING_SECONDS)
        for each in taken:
            self._leave(each)

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

    def _usable(self, lent: Connection | None) -> Connection:
        if self._closed:
            raise StorageError("The store is closed", remedy="Open it again.")
        return lent or open_reader(self._path, self._opening)

    def _leave(self, connection: Connection | None) -> None:
        if self._closed and connection is not None:
            connection.close()
            connection = None
        self._places.leave(connection)


def _looked(connection: Connection, work: Callable[[Reader], T]) -> T:
    with translated():
        reader = Reader(connection)
        try:
            return work(reader)
        finally:
            reader.end()
