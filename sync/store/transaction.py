"""What work inside the engine is handed: a Reader over a snapshot, or a Transaction that also writes.

Both are good for the length of one piece of work and no longer; used later they raise.

Must not know: threads, groups of transactions, what the tables mean.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sync.store.connection import Connection

Row = tuple[Any, ...]
Params = Sequence[Any] | dict[str, Any]


class Reader:
    """SQL over one unchanging view of the store."""

    def __init__(self, connection: Connection) -> None:
        self._cursor = connection.cursor
        self._open: list[Any] = []

    def execute(self, sql: str, params: Params = ()) -> list[Row]:
        """Run SQL and return all its rows."""
        return self._cursor().execute(sql, params).fetchall()

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """Run SQL that gives at most one row of interest, and few beside it; None when it gives none."""
        # Read to the end, because a statement left half read would hold the snapshot.
        rows = self._cursor().execute(sql, params).fetchall()
        return rows[0] if rows else None

    def execute_many(self, sql: str, params: Iterable[Params]) -> list[Row]:
        """Run SQL once per set of parameters and return the rows of all, in order."""
        return self._cursor().executemany(sql, params).fetchall()

    def iterate(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """Run SQL row by row, for what is too much to hold; what is unread when the work ends is dropped."""
        cursor = self._cursor()
        self._open.append(cursor)
        return iter(cursor.execute(sql, params))

    def end(self) -> None:
        """Called by the engine when the work is over."""
        # Whoever holds the rows still has no more of them. A cursor that is closed is never freed (apsw 3.54), nor is
        # one that goes before an older one does: so none is closed, and the oldest goes first.
        while self._open:
            self._open.pop(0).execute("")
        self._cursor = _ended


class Transaction(Reader):
    """A Reader that sees its own writes; all of them are kept, or none."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.touched: set[str] = set()
        self.hooks: list[Callable[[], None]] = []

    def touch(self, database_name: str) -> None:
        """Wake whoever waits for changes of this database, once they are on disk."""
        self.touched.add(database_name)

    def after_commit(self, hook: Callable[[], None]) -> None:
        """Call once this work is on disk, from the writer thread: it must be quick and must not write."""
        self.hooks.append(hook)


def _ended() -> Any:
    raise RuntimeError("a Reader or Transaction is good for its own work only")
