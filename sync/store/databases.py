"""All databases in the file: their names, creation and destruction.

A destroyed database is gone for everyone at once; its rows are swept away afterwards, in slices,
and after a crash from where that stopped.

Must not know: documents, HTTP.
"""

import time
from collections.abc import Iterable, Sequence

from sync.errors import FileExists
from sync.store.database import EmbeddedDatabase
from sync.store.place import find_place
from sync.store.transaction import Transaction
from sync.store.working import Working
from sync.values.json_text import dump
from sync.wire.names import SYSTEM_DATABASES, check_database_name


class EmbeddedDatabases:
    """The databases of one engine."""

    def __init__(self, engine: Working) -> None:
        self._engine = engine
        # Names found before: most requests open a database, and every use of one looks for it anyway.
        self._known: set[str] = set()

    def names(self) -> Sequence[str]:
        """Every name, sorted."""
        rows = self._engine.look(
            lambda reader: reader.execute("SELECT name FROM databases WHERE name IS NOT NULL ORDER BY name")
        )
        return [name for (name,) in rows]

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """Those of some names that exist."""
        asked = dump(list(names)).decode()
        rows = self._engine.look(
            lambda reader: reader.execute(
                "SELECT name FROM databases WHERE name IN (SELECT value FROM json_each(?))", (asked,)
            )
        )
        return frozenset(name for (name,) in rows)

    def open(self, name: str) -> EmbeddedDatabase:
        """The database of that name; raises NotFound."""
        if name not in self._known:
            self._engine.read(lambda reader: find_place(reader, name))
            self._known.add(name)
        return EmbeddedDatabase(self._engine, name)

    def create(self, name: str) -> EmbeddedDatabase:
        """A new, empty database; raises FileExists, or BadRequest on an unlawful name."""
        self._engine.write(lambda tx: create_in(tx, name))
        return EmbeddedDatabase(self._engine, name)

    def destroy(self, name: str) -> None:
        """Remove a database with all it holds; raises NotFound."""
        self._engine.write(lambda tx: self._hide(tx, name))
        self._known.discard(name)

    def _hide(self, tx: Transaction, name: str) -> None:
        tx.execute("UPDATE databases SET name = NULL WHERE database = ?", (find_place(tx, name).database,))
        tx.touch(name)
        tx.after_commit(self._engine.upkeep.sweep)


def create_in(tx: Transaction, name: str) -> None:
    """`create` within a transaction, for a node that sets up databases and ledger together."""
    if name not in SYSTEM_DATABASES:
        check_database_name(name)
    if tx.one("SELECT 1 FROM databases WHERE name = ?", (name,)):
        raise FileExists
    # Microseconds: replicas tell a database created anew from its predecessor by it.
    tx.execute("INSERT INTO databases (name, instance) VALUES (?, ?)", (name, str(time.time_ns() // 1000)))
    tx.touch(name)
