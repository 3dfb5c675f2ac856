"""Which witness of the last opening should lie beside the store's file.

Must not know: what a witness is made of.
"""

from sync.store.transaction import Reader, Transaction


def is_expected(reader: Reader, witness: str) -> bool:
    """Whether this witness is the last opening's, or the one before in case that one was cut short.

    witness  "" when none was found, which is right before the first opening only
    """
    row = reader.one("SELECT before, current FROM openings")
    return witness in (("",) if row is None else row)


def note_opening(tx: Transaction, *, found: str, current: str) -> None:
    """Expect a new witness from now on, and the one found until the new one is in its place."""
    tx.execute("INSERT OR REPLACE INTO openings VALUES (1, ?, ?)", (found, current))
