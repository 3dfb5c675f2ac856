"""How far this node has followed its own databases: a sequence per follower and database.

Must not know: what a follower does with the changes.
"""

from sync.store.transaction import Reader, Transaction
from sync.values.changes import START


def followed_to(reader: Reader, follower: str, database: str) -> str:
    """The sequence up to which a follower has seen a database; START for the first time."""
    row = reader.one("SELECT seq FROM followed WHERE follower = ? AND database = ?", (follower, database))
    return START if row is None else str(row[0])


def note_followed(tx: Transaction, follower: str, database: str, *, seq: str) -> None:
    """Move on, in the transaction that keeps what was learned; an unmoved sequence writes nothing."""
    if followed_to(tx, follower, database) == seq:
        return
    tx.execute(
        "INSERT INTO followed VALUES (?, ?, ?) ON CONFLICT (follower, database) DO UPDATE SET seq = excluded.seq",
        (follower, database, seq),
    )


def follow_along(tx: Transaction, follower: str, database: str, *, before: str, after: str) -> None:
    """Move over changes whose writer has done a follower's work with them, in the transaction that wrote them.

    before, after  where the database's changes ended without them, and with; "" where nobody knows, and nothing moves.
    A follower who is further behind comes to them in his own time
    """
    if before:
        where = "follower = ? AND database = ? AND seq = ?"
        tx.execute(f"UPDATE followed SET seq = ? WHERE {where}", (after, follower, database, before))
