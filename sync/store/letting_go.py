"""Letting go of bodies that are safe elsewhere, and taking them back: the row, the tree and the sequence stay.

To everyone who asks what is known here nothing has changed: feeds, `_revs_diff` and checkpoints say what they said, and
nothing is replicated for it. Who reads the body is told that it was let go, never an empty one and never a tombstone.
What is grafted once more, under the revision that is known, is taken back the same way.

    revisions ──  let_go (of those whose body is away: how long it was)

Must not know: who may let go of what, where it is fetched from.
"""

from collections.abc import Sequence

from sync.store.place import Place
from sync.store.steps import Step
from sync.store.transaction import Reader, Transaction
from sync.store.tree_text import tree_from_text

AWAY = b""  # no body is empty: the least is `{}`

STEPS: tuple[Step, ...] = (
    Step(
        "documents-5-let-go",
        """
        CREATE TABLE let_go (
            seq INTEGER PRIMARY KEY REFERENCES revisions,
            bytes INTEGER NOT NULL
        ) STRICT;
        """,
    ),
)


def let_go(tx: Transaction, place: Place, ids: Sequence[str]) -> int:
    """Remove the bodies of some documents: live, of one leaf, without files; others are left as they are.

    returns  the bytes that are free now
    """
    rows = tx.execute_many(
        "SELECT d.document, d.tree, r.seq, length(r.body) FROM documents AS d JOIN revisions AS r ON r.seq = d.seq "
        "WHERE d.database = ? AND d.id = ? AND NOT d.deleted AND NOT r.attachments AND r.body <> x''",
        [(place.database, doc_id) for doc_id in dict.fromkeys(ids)],
    )
    going = [(document, seq, size) for document, tree, seq, size in rows if len(tree_from_text(tree).branches) == 1]
    tx.execute_many("UPDATE revisions SET body = x'' WHERE seq = ?", [(seq,) for _, seq, _ in going])
    tx.execute_many("INSERT INTO let_go VALUES (?, ?)", [(seq, size) for _, seq, size in going])
    tx.execute_many(
        "UPDATE documents SET weight = weight - ? WHERE document = ?", [(size, document) for document, _, size in going]
    )
    freed: int = sum(size for _, _, size in going)
    _count(tx, place, -freed)
    return freed


def take_back(tx: Transaction, place: Place, document: int, generation: int, digest: str, body: bytes) -> bool:
    """Put the body of a document's newest revision back where it was let go; False where it was not."""
    row = tx.one(
        "SELECT seq FROM documents JOIN let_go USING (seq) JOIN revisions USING (seq) "
        "WHERE documents.document = ? AND generation = ? AND digest = ?",
        (document, generation, digest),
    )
    if row is None:
        return False
    tx.execute("UPDATE revisions SET body = ? WHERE seq = ?", (body, *row))
    tx.execute("DELETE FROM let_go WHERE seq = ?", row)
    tx.execute("UPDATE documents SET weight = weight + ? WHERE document = ?", (len(body), document))
    _count(tx, place, len(body))
    # An index that was made while the body was away knows nothing of it; it is made anew when it is asked for.
    tx.execute(
        "UPDATE indexes SET digest = NULL WHERE database = ?1 AND seq >= ?2 AND NOT EXISTS "
        "(SELECT 1 FROM index_entries JOIN documents USING (id) WHERE number = indexes.number AND document = ?3)",
        (place.database, *row, document),
    )
    return True


def bytes_away(reader: Reader) -> int:
    """How much was let go and has not come back, in all databases."""
    ((total,),) = reader.execute("SELECT coalesce(sum(bytes), 0) FROM let_go")
    return int(total)


def _count(tx: Transaction, place: Place, change: int) -> None:
    tx.execute(
        "UPDATE databases SET active_bytes = active_bytes + ?1, stored_bytes = stored_bytes + ?1 WHERE database = ?2",
        (change, place.database),
    )
