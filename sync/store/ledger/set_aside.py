"""Documents the guard refused, bytes and reason, until someone has settled them.

The same document offered again is not kept twice, so a peer that insists does not fill the disk.

Must not know: what a document says, who refuses and why.
"""

from dataclasses import dataclass

from sync.store.transaction import Reader, Transaction


@dataclass(frozen=True, slots=True)
class Item:
    """A document set aside.

    document    its bytes as they came
    offered_by  writer id or account of whoever brought it
    settled_ms  None while it waits for someone
    """

    item: int
    database: str
    id: str
    revision: str
    document: bytes
    reason: str
    offered_by: str
    at_ms: int
    settled_ms: int | None


_COLUMNS = "item, database, id, revision, document, reason, offered_by, at_ms, settled_ms"


def keep_aside(
    tx: Transaction,
    database: str,
    doc_id: str,
    *,
    revision: str,
    document: bytes,
    reason: str,
    offered_by: str,
    now_ms: int,
) -> bool:
    """Keep a refused document; False when that very revision lies aside already."""
    values = (database, doc_id, revision, document, reason, offered_by, now_ms)
    rows = tx.execute(
        "INSERT INTO set_aside (database, id, revision, document, reason, offered_by, at_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING item",
        values,
    )
    return bool(rows)


def items_aside(reader: Reader, *, after: int = 0, limit: int = 100) -> tuple[Item, ...]:
    """Items that wait for someone, oldest first, behind an item number."""
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM set_aside WHERE settled_ms IS NULL AND item > ? ORDER BY item LIMIT ?", (after, limit)
    )
    return tuple(Item(*row) for row in rows)


def count_aside(reader: Reader) -> int:
    """How many items wait."""
    return int(reader.execute("SELECT count(*) FROM set_aside WHERE settled_ms IS NULL")[0][0])


def find_aside(reader: Reader, item: int) -> Item | None:
    """One item, settled or not."""
    row = reader.one(f"SELECT {_COLUMNS} FROM set_aside WHERE item = ?", (item,))
    return None if row is None else Item(*row)


def settle_aside(tx: Transaction, item: int, *, now_ms: int) -> None:
    """Someone has dealt with it; the bytes stay."""
    tx.execute("UPDATE set_aside SET settled_ms = ? WHERE item = ? AND settled_ms IS NULL", (now_ms, item))
