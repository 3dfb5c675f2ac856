"""The catalogue's documents as they were last read, for a node whose documents are elsewhere.

Without the catalogue no application can be checked, so it is at hand even when the place it is kept in is not.

Must not know: what an item says.
"""

from collections.abc import Mapping

from sync.store.transaction import Reader, Transaction


def keep_items(tx: Transaction, bodies: Mapping[str, bytes]) -> None:
    """Replace what is kept: {document id: its body}."""
    tx.execute("DELETE FROM kept_items")
    tx.execute_many("INSERT INTO kept_items VALUES (?, ?)", list(bodies.items()))


def kept_items(reader: Reader) -> dict[str, bytes]:
    """{document id: its body}, as last kept."""
    return dict(reader.execute("SELECT id, body FROM kept_items ORDER BY id"))
