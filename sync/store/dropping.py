"""Removing rows in slices, so that nobody's write waits long: compaction, and sweeping a destroyed database.

Must not know: threads.
"""

from collections.abc import Iterable, Sequence

from sync.revisions.revision import Revision
from sync.store.place import Place
from sync.store.transaction import Transaction
from sync.store.tree_text import tree_from_text

SLICE = 200  # documents to a transaction: some milliseconds of everyone's time
_PAGES_BACK = 1000  # pages a slice returns to the disk


def compact_slice(tx: Transaction, place: Place, after: int) -> int | None:
    """Drop bodies that no leaf needs, of some documents.

    after    the sequence up to which documents have been looked at
    returns  where to go on; None when all are done
    """
    rows = tx.execute(
        "SELECT seq, document, tree FROM documents WHERE database = ? AND seq > ? ORDER BY seq LIMIT ?",
        (place.database, after, SLICE),
    )
    for _, document, text in rows:
        _drop_inner(tx, place, document, tree_from_text(text).leaves())
    give_pages_back(tx)
    return int(rows[-1][0]) if len(rows) == SLICE else None


def sweep_slice(tx: Transaction) -> bool:
    """Remove some of what is left of a destroyed database; False when nothing is left of any."""
    row = tx.one("SELECT database FROM databases WHERE name IS NULL")
    if row is None:
        return False
    documents = tx.execute("SELECT document FROM documents WHERE database = ? LIMIT ?", (row[0], SLICE))
    for (document,) in documents:
        _drop(tx, [seq for (seq,) in tx.execute("SELECT seq FROM revisions WHERE document = ?", (document,))])
    tx.execute_many("DELETE FROM documents WHERE document = ?", documents)
    if not documents:
        tx.execute("DELETE FROM local_documents WHERE database = ?", row)
        tx.execute("DELETE FROM databases WHERE database = ?", row)
    give_pages_back(tx)
    return True


def give_pages_back(tx: Transaction) -> None:
    """Return some free pages of the file to the disk."""
    tx.execute(f"PRAGMA incremental_vacuum({_PAGES_BACK})")


def _drop_inner(tx: Transaction, place: Place, document: int, leaves: Iterable[Revision]) -> None:
    stored = tx.execute("SELECT seq, generation, digest, length(body) FROM revisions WHERE document = ?", (document,))
    needed = set(leaves)
    inner = [(seq, bytes_) for seq, generation, digest, bytes_ in stored if (generation, digest) not in needed]
    if not inner:
        return
    freed = sum(bytes_ for _, bytes_ in inner) + _drop(tx, [seq for seq, _ in inner])
    tx.execute("UPDATE databases SET stored_bytes = stored_bytes - ? WHERE database = ?", (freed, place.database))


def _drop(tx: Transaction, seqs: Sequence[int]) -> int:
    """Remove revisions, and contents nothing links to any more; gives the bytes of the links removed."""
    each = [(seq,) for seq in seqs]
    links = tx.execute_many("DELETE FROM attachments WHERE seq = ? RETURNING content, length", each)
    tx.execute_many("DELETE FROM revisions WHERE seq = ?", each)
    tx.execute_many(
        "DELETE FROM contents WHERE content = ?1 AND NOT EXISTS (SELECT 1 FROM attachments WHERE content = ?1)",
        [(content,) for content in {content for content, _ in links}],
    )
    return sum(length for _, length in links)
