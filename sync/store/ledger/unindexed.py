"""What has to be read into the tables that are searched: kind (item, bundle, case, person) and code, or the
id of a case or a person.

Noted in the transaction that changes what is found, so that a crash forgets nothing.

Must not know: how anything is indexed.
"""

from collections.abc import Iterable

from sync.store.transaction import Reader, Transaction


def note_unindexed(tx: Transaction, kind: str, codes: Iterable[str]) -> None:
    """These changed."""
    tx.execute_many("INSERT OR IGNORE INTO unindexed VALUES (?, ?)", [(kind, code) for code in codes])


def note_indexed(tx: Transaction, kind: str, codes: Iterable[str]) -> None:
    """These are found as they stand."""
    tx.execute_many("DELETE FROM unindexed WHERE kind = ? AND code = ?", [(kind, code) for code in codes])


def unindexed(reader: Reader, kind: str, *, limit: int) -> tuple[str, ...]:
    """The first of a kind that wait."""
    rows = reader.execute("SELECT code FROM unindexed WHERE kind = ? ORDER BY code LIMIT ?", (kind, limit))
    return tuple(row[0] for row in rows)
