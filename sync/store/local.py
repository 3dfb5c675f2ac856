"""Local documents: checkpoints and the like, in no tree, no feed and no replica.

Must not know: what they hold.
"""

from collections.abc import Sequence

from sync.revisions.revision import Revision
from sync.store.listing import bounds
from sync.store.place import Place
from sync.store.transaction import Reader, Transaction
from sync.values.changes import Span
from sync.values.documents import LocalDocument


def read_local(reader: Reader, place: Place, local_id: str) -> LocalDocument | None:
    """A local document, or None."""
    row = reader.one(
        "SELECT revision, body FROM local_documents WHERE database = ? AND id = ?", (place.database, local_id)
    )
    return LocalDocument(local_id, Revision(0, str(row[0])), row[1]) if row else None


def list_local(reader: Reader, place: Place, span: Span) -> Sequence[LocalDocument]:
    """The local documents of a span of ids."""
    condition, values = bounds(span)
    rows = reader.execute(
        f"SELECT id, revision, body FROM local_documents WHERE database = ?{condition} "
        f"ORDER BY id {'DESC' if span.descending else 'ASC'} LIMIT ? OFFSET ?",
        (place.database, *values, -1 if span.limit is None else span.limit, span.skip),
    )
    return [LocalDocument(local_id, Revision(0, str(revision)), body) for local_id, revision, body in rows]


def write_local(tx: Transaction, place: Place, local_id: str, body: bytes) -> Revision:
    """Replace a local document and count its revision up."""
    row = tx.one(
        "INSERT INTO local_documents VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE "
        "SET revision = revision + 1, body = excluded.body RETURNING revision",
        (place.database, local_id, body),
    )
    assert row is not None
    return Revision(0, str(row[0]))


def delete_local(tx: Transaction, place: Place, local_id: str) -> bool:
    """Remove a local document; False when there was none."""
    return bool(
        tx.execute("DELETE FROM local_documents WHERE database = ? AND id = ? RETURNING 1", (place.database, local_id))
    )
