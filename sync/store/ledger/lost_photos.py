"""Photos that were whole here once and are no longer: a disk did not give them back, or somebody removed a piece.

A row stands until the photo is whole again.

Must not know: chunks, how it was found out, where a photo may be had.
"""

from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class LostPhoto(Value):
    """A blob of a database, by its root; since_ms, when that was noticed."""

    database: str
    root: str
    since_ms: int


def note_lost(tx: Transaction, database: str, root: str, *, now_ms: int) -> bool:
    """A photo is not whole any more; False where that is known. It no longer counts as complete."""
    if tx.one("SELECT 1 FROM lost_photos WHERE database = ? AND root = ?", (database, root)) is not None:
        return False
    tx.execute("INSERT INTO lost_photos VALUES (?, ?, ?)", (database, root, now_ms))
    tx.execute("DELETE FROM complete_blobs WHERE database = ? AND root = ?", (database, root))
    return True


def settle_lost(tx: Transaction, database: str, root: str) -> None:
    """It is whole again."""
    tx.execute("DELETE FROM lost_photos WHERE database = ? AND root = ?", (database, root))


def lost_photos(reader: Reader) -> tuple[LostPhoto, ...]:
    """All of them, those noticed first first."""
    rows = reader.execute("SELECT database, root, since_ms FROM lost_photos ORDER BY since_ms, database, root")
    return tuple(LostPhoto(*row) for row in rows)
