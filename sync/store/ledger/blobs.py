"""Which blobs held events name, and which of those are not complete here.

A row stands only as long as a blob is awaited, and once for a blob that is complete, so that what
was checked once is not read again.

Must not know: chunks, how completeness is found out.
"""

from collections.abc import Sequence

from sync.store.ledger.writers import chain_number
from sync.store.transaction import Reader, Transaction


def await_blobs(tx: Transaction, writer: str, life: str, *, number: int, database: str, roots: Sequence[str]) -> None:
    """Note which blobs an event names, in its order; those known as complete are not awaited."""
    chain = chain_number(tx, writer, life)
    for material, root in enumerate(roots):
        if tx.one("SELECT 1 FROM complete_blobs WHERE database = ? AND root = ?", (database, root)) is None:
            tx.execute(
                "INSERT OR IGNORE INTO awaited_blobs VALUES (?, ?, ?, ?, ?)", (chain, number, material, database, root)
            )


def awaited_roots(reader: Reader, database: str) -> tuple[str, ...]:
    """Blobs of a database that events name and that are not complete yet."""
    rows = reader.execute("SELECT DISTINCT root FROM awaited_blobs WHERE database = ? ORDER BY root", (database,))
    return tuple(row[0] for row in rows)


def note_complete(tx: Transaction, database: str, root: str) -> tuple[str, ...]:
    """A blob is whole here; returns the writers whose events waited for it."""
    rows = tx.execute(
        "SELECT DISTINCT writer FROM awaited_blobs JOIN chains USING (chain) WHERE database = ? AND root = ?",
        (database, root),
    )
    tx.execute("INSERT OR IGNORE INTO complete_blobs VALUES (?, ?)", (database, root))
    tx.execute("DELETE FROM awaited_blobs WHERE database = ? AND root = ?", (database, root))
    return tuple(row[0] for row in rows)


def lacking(reader: Reader, writer: str, life: str) -> tuple[tuple[int, int], ...]:
    """(event number, position among its blobs) of what is awaited for a writer's life, in order."""
    rows = reader.execute(
        "SELECT number, material FROM awaited_blobs JOIN chains USING (chain) "
        "WHERE writer = ? AND life = ? ORDER BY number, material",
        (writer, life),
    )
    return tuple((row[0], row[1]) for row in rows)


def count_awaited_by_writer(reader: Reader) -> dict[str, int]:
    """{writer: how many blobs of his events are awaited}; those without are not named."""
    rows = reader.execute("SELECT writer, count(*) FROM awaited_blobs JOIN chains USING (chain) GROUP BY writer")
    return {row[0]: row[1] for row in rows}


def was_complete(reader: Reader, database: str, root: str) -> bool:
    """Whether a blob was whole here when it was looked at."""
    return reader.one("SELECT 1 FROM complete_blobs WHERE database = ? AND root = ?", (database, root)) is not None
