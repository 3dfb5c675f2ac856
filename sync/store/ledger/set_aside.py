"""Documents that were refused, here or above, or could not be told: bytes and reason, until that is settled.

The same document offered again is not kept twice, so a peer that insists does not fill the disk. What the node above
refused is offered again on a clock of its own.

Must not know: what a document says, who refuses and why.
"""

from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class Item(Value):
    """A document set aside.

    document    its bytes as they came
    offered_by  writer id or account of whoever brought it
    settled_ms  None while it waits for someone
    tries       how often it was offered again;  next_ms, when it will be; None when it is not for us to offer
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
    tries: int = 0
    next_ms: int | None = None


_COLUMNS = "item, database, id, revision, document, reason, offered_by, at_ms, settled_ms, tries, next_ms"
_BEYOND = (1 << 63) - 1  # every number is less


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
    next_ms: int | None = None,
) -> bool:
    """Keep a refused document; False when that very revision lies aside already.

    next_ms  when it is to be offered again
    """
    values = (database, doc_id, revision, document, reason, offered_by, now_ms, next_ms)
    rows = tx.execute(
        "INSERT INTO set_aside (database, id, revision, document, reason, offered_by, at_ms, next_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET settled_ms = NULL, settled_by = '', why = '' "
        "WHERE settled_ms IS NOT NULL RETURNING item",
        values,
    )
    return bool(rows)


def due_aside(reader: Reader, *, now_ms: int, latest_ms: int, limit: int) -> tuple[Item, ...]:
    """Items whose time to be offered again has come, the longest due first.

    latest_ms  a time beyond this was set by a clock that ran ahead, and counts as come
    """
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM set_aside WHERE settled_ms IS NULL AND next_ms IS NOT NULL "
        "AND (next_ms <= ? OR next_ms > ?) ORDER BY next_ms, item LIMIT ?",
        (now_ms, latest_ms, limit),
    )
    return tuple(Item(*row) for row in rows)


def postpone_aside(tx: Transaction, item: int, *, reason: str, next_ms: int) -> None:
    """It was offered again, in vain."""
    tx.execute(
        "UPDATE set_aside SET tries = tries + 1, reason = ?, next_ms = ? WHERE item = ?", (reason, next_ms, item)
    )


def aside_of(reader: Reader, database: str, doc_id: str) -> dict[int, tuple[str, str]]:
    """What waits of one document: {item: (revision, who brought it)}."""
    rows = reader.execute(
        "SELECT item, revision, offered_by FROM set_aside WHERE settled_ms IS NULL AND database = ? AND id = ?",
        (database, doc_id),
    )
    return {item: (revision, offered_by) for item, revision, offered_by in rows}


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
    row = reader.one(f"SELECT {_COLUMNS} FROM set_aside WHERE item = ?", (item,)) if item < _BEYOND else None
    return None if row is None else Item(*row)


def settle_aside(tx: Transaction, item: int, *, now_ms: int, by: str = "", why: str = "") -> None:
    """It has been dealt with, by somebody who says why, or by itself; the bytes stay."""
    tx.execute(
        "UPDATE set_aside SET settled_ms = ?, settled_by = ?, why = ? WHERE item = ? AND settled_ms IS NULL",
        (now_ms, by, why, item),
    )


def bring_forward(tx: Transaction, item: int, *, now_ms: int) -> None:
    """What is offered again on a clock of its own is due now."""
    tx.execute("UPDATE set_aside SET next_ms = ? WHERE item = ? AND next_ms IS NOT NULL", (now_ms, item))


class Glance(Value):
    """An item without its bytes, of which there may be megabytes: how many there are.

    settled_by, why  who dealt with it, and what came of that; "" while nobody has
    """

    item: int
    database: str
    id: str
    reason: str
    offered_by: str
    at_ms: int
    size: int
    next_ms: int | None
    settled_ms: int | None = None
    settled_by: str = ""
    why: str = ""


_GLANCED = "item, database, id, reason, offered_by, at_ms, length(document), next_ms, settled_ms, settled_by, why"


def glance_aside(reader: Reader, *, after: int = 0, limit: int = 100) -> tuple[Glance, ...]:
    """Items that wait for someone, oldest first, behind an item number; no document is read."""
    rows = reader.execute(
        f"SELECT {_GLANCED} FROM set_aside WHERE settled_ms IS NULL AND item > ? ORDER BY item LIMIT ?",
        (after, limit),
    )
    return tuple(Glance(*row) for row in rows)


def glance_settled(reader: Reader, *, after: int = 0, limit: int = 100) -> tuple[Glance, ...]:
    """Items somebody dealt with, oldest first, behind an item number; no document is read."""
    rows = reader.execute(
        f"SELECT {_GLANCED} FROM set_aside WHERE settled_by <> '' AND settled_ms IS NOT NULL AND item > ? "
        "ORDER BY item LIMIT ?",
        (after, limit),
    )
    return tuple(Glance(*row) for row in rows)


def glance_at(reader: Reader, item: int) -> Glance | None:
    """One item without its bytes, settled or not."""
    row = reader.one(f"SELECT {_GLANCED} FROM set_aside WHERE item = ?", (item,)) if item < _BEYOND else None
    return None if row is None else Glance(*row)


def count_aside_by_offerer(reader: Reader) -> dict[str, int]:
    """{who brought it: how many of its items wait}."""
    return dict(
        reader.execute("SELECT offered_by, count(*) FROM set_aside WHERE settled_ms IS NULL GROUP BY offered_by")
    )
