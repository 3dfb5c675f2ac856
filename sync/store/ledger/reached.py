"""When each holder first said that it has everything up to an event, as far as receipts were heard here.

One row for each receipt that came further than those before it; what a holder no longer claims is forgotten, and dated
anew when it claims it again.

Must not know: what receipts say.
"""

from sync.store.ledger.writers import chain_number
from sync.store.transaction import Reader, Transaction


def note_reached(tx: Transaction, signer: str, writer: str, life: str, *, number: int, now_ms: int) -> None:
    """A holder has a life's events up to this number, and says so now."""
    chain = chain_number(tx, writer, life)
    tx.execute("DELETE FROM reached WHERE signer = ? AND chain = ? AND number > ?", (signer, chain, number))
    if number:
        tx.execute("INSERT OR IGNORE INTO reached VALUES (?, ?, ?, ?)", (signer, chain, number, now_ms))


def reached_ms(reader: Reader, signer: str, writer: str, life: str, number: int) -> int | None:
    """When a holder first said that it has all up to an event; None when that was not heard here."""
    row = reader.one(
        "SELECT at_ms FROM reached JOIN chains USING (chain) "
        "WHERE signer = ? AND writer = ? AND life = ? AND number >= ? ORDER BY number LIMIT 1",
        (signer, writer, life, number),
    )
    return None if row is None else int(row[0])
