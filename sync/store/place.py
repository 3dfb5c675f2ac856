"""Finding a database by name in the file, and the node-wide order its changes stand in.

Must not know: documents.
"""

from sync.store.sequences import Sequences
from sync.store.transaction import Reader, Transaction
from sync.typed import Value
from sync.wire.problems import NoDatabase


class Place(Value):
    """One database as a transaction finds it."""

    database: int
    name: str
    update_seq: int
    revs_limit: int


def find_place(reader: Reader, name: str) -> Place:
    """Find a database; raises NotFound in CouchDB's words."""
    row = reader.one("SELECT database, name, update_seq, revs_limit FROM databases WHERE name = ?", (name,))
    if row is None:
        raise NoDatabase
    return Place(*row)


def sequences(reader: Reader) -> Sequences:
    """The node-wide order as it stands."""
    row = reader.one("SELECT epoch, update_seq FROM store")
    assert row is not None, "the first step of the schema wrote it"
    return Sequences(*row)


def newest_sequence(reader: Reader, name: str) -> str:
    """The sequence of a database's newest change, as others are given it; raises NotFound in CouchDB's words."""
    row = reader.one(
        "SELECT epoch, store.update_seq, databases.update_seq FROM store, databases WHERE name = ?", (name,)
    )
    if row is None:
        raise NoDatabase
    return Sequences(row[0], row[1]).text(row[2])


def allocate(tx: Transaction, count: int) -> int:
    """Take the next `count` sequences of the node and give the first of them."""
    row = tx.one("UPDATE store SET update_seq = update_seq + ? RETURNING update_seq", (count,))
    assert row is not None
    first: int = row[0] - count + 1
    return first


def renew_epoch(tx: Transaction) -> None:
    """Make every sequence given so far count as the beginning: after a restore they may name other changes."""
    tx.execute("UPDATE store SET epoch = lower(hex(randomblob(16)))")
