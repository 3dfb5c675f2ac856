"""Which databases this node keeps on a server elsewhere, and which of them the server has already.

A server holds others' databases too, and listing ten thousand names for every question would be dear:
so the node knows its own. One that was wanted while the server was away is made there later.

Must not know: which server.
"""

from collections.abc import Iterable

from sync.store.transaction import Reader, Transaction
from sync.values.json_text import dump
from sync.wire.problems import NoDatabase


def kept_databases(reader: Reader) -> tuple[str, ...]:
    """Every name, sorted."""
    return tuple(row[0] for row in reader.execute("SELECT name FROM kept_elsewhere ORDER BY name"))


def kept_among(reader: Reader, names: Iterable[str]) -> frozenset[str]:
    """Those of some names that the node has a database of."""
    asked = dump(list(names)).decode()
    found = reader.execute("SELECT name FROM kept_elsewhere WHERE name IN (SELECT value FROM json_each(?))", (asked,))
    return frozenset(name for (name,) in found)


def is_kept(reader: Reader, name: str) -> bool:
    """Whether the node has a database of that name."""
    return reader.one("SELECT 1 FROM kept_elsewhere WHERE name = ?", (name,)) is not None


def is_made(reader: Reader, name: str) -> bool:
    """Whether the server has it already; raises NotFound in CouchDB's words when the node has none of that name."""
    row = reader.one("SELECT made FROM kept_elsewhere WHERE name = ?", (name,))
    if row is None:
        raise NoDatabase
    return bool(row[0])


def unmade(reader: Reader) -> tuple[str, ...]:
    """Those the server has to be asked for yet."""
    return tuple(row[0] for row in reader.execute("SELECT name FROM kept_elsewhere WHERE NOT made ORDER BY name"))


def one_made(reader: Reader) -> str | None:
    """The first of those the server has; None while it has none."""
    row = reader.one("SELECT name FROM kept_elsewhere WHERE made ORDER BY name LIMIT 1")
    return None if row is None else str(row[0])


def add_kept(tx: Transaction, name: str) -> None:
    """From now on the node has a database of that name."""
    tx.execute("INSERT INTO kept_elsewhere VALUES (?, 0)", (name,))


def note_made(tx: Transaction, name: str) -> None:
    """The server has it."""
    tx.execute("UPDATE kept_elsewhere SET made = 1 WHERE name = ?", (name,))


def drop_kept(tx: Transaction, name: str) -> None:
    """The node has it no more."""
    tx.execute("DELETE FROM kept_elsewhere WHERE name = ?", (name,))
