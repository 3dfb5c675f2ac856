"""What an index lacks: worked out over a snapshot, a portion at a time, to be given to the index or told beside it.

Most documents that change keep their place in an index: those cost it nothing but to be looked at.

Must not know: queries, threads.
"""

from sync.mango.answering import entry_key, entry_test, sees_conflicts
from sync.mango.matching import members
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.store.indexes import Kept, find_kept
from sync.store.letting_go import AWAY
from sync.store.place import Place
from sync.store.reading import read_winner
from sync.store.transaction import Reader, Transaction
from sync.store.tree_text import is_winner
from sync.typed import Value
from sync.values.documents import Document
from sync.values.queries import Index

_PORTION_BYTES = 4 << 20  # of bodies looked at in one go

_CHANGED = """
    SELECT d.seq, e.key, d.id, d.deleted FROM documents AS d
    LEFT JOIN index_entries AS e ON e.number = ? AND e.id = d.id
    WHERE d.database = ? AND d.seq > ? ORDER BY d.seq LIMIT ?
"""
_WRITTEN_LAST = """
    SELECT d.tree, r.generation, r.digest, r.attachments, r.body FROM documents AS d
    LEFT JOIN revisions AS r ON r.seq = d.seq WHERE d.database = ? AND d.id = ?
"""


class Entry(Value):
    """A document that changed: its key in the index, and the key it should have; None for no place in it."""

    id: str
    was: bytes | None
    key: bytes | None


class Portion(Value):
    """What an index is to be given next.

    entries  of each document that changed
    before, after  sequences the index stands at without and with them
    """

    entries: tuple[Entry, ...]
    before: int
    after: int


def lacks_at_most(reader: Reader, place: Place, seq: int, most: int) -> bool:
    """Whether so many documents or fewer changed after a sequence."""
    ((count,),) = reader.execute(
        "SELECT count(*) FROM (SELECT 1 FROM documents WHERE database = ? AND seq > ? LIMIT ?)",
        (place.database, seq, most + 1),
    )
    return bool(count <= most)


def next_portion(
    reader: Reader, place: Place, index: Index, kept: Kept | None, *, limit: int, since: int | None = None
) -> Portion:
    """What changed since an index was brought up to a sequence, or the first so many documents of it.

    kept   the index as the file has it, if at all
    since  another sequence to begin at than the one it stands at
    """
    belongs, with_conflicts = entry_test(index), sees_conflicts(index)
    before = after = (kept.seq if kept else 0) if since is None else since
    entries: list[Entry] = []
    weight = 0
    for seq, was, doc_id, deleted in reader.execute(
        _CHANGED, (kept.number if kept else 0, place.database, before, limit)
    ):
        if deleted:
            found = None
        else:
            found = read_winner(reader, place, doc_id) if with_conflicts else _winner(reader, place, doc_id)
        entries.append(Entry(doc_id, was, entry_key(index, belongs, members(*found)) if found else None))
        after = seq
        weight += len(found[0].body) if found else 0
        if weight > _PORTION_BYTES:
            return Portion(tuple(entries), before, after)
    return Portion(tuple(entries), before, after if len(entries) == limit else max(place.update_seq, before))


def take_portion(tx: Transaction, place: Place, digest: bytes, portion: Portion) -> None:
    """Bring an index on by a portion; nothing happens when it stands elsewhere by now."""
    tx.execute("INSERT OR IGNORE INTO indexes (database, digest, seq) VALUES (?, ?, 0)", (place.database, digest))
    kept = find_kept(tx, place, digest)
    if kept is None or kept.seq != portion.before:
        return
    moved = [each for each in portion.entries if each.was != each.key]
    gone = [(kept.number, each.was, each.id) for each in moved if each.was is not None]
    # In the order of the keys, so that the pages of the tree are filled one after the other.
    new = sorted((kept.number, each.key, each.id) for each in moved if each.key is not None)
    if gone:
        tx.execute_many("DELETE FROM index_entries WHERE number = ? AND key = ? AND id = ?", gone)
    if new:
        tx.execute_many(
            # What was purged since it was looked at has no place in any index.
            "INSERT INTO index_entries SELECT ?1, ?2, ?3 "
            "WHERE EXISTS (SELECT 1 FROM documents WHERE database = ?4 AND id = ?3)",
            [(*each, place.database) for each in new],
        )
    tx.execute("UPDATE indexes SET seq = ? WHERE number = ?", (portion.after, kept.number))


def _winner(reader: Reader, place: Place, doc_id: str) -> tuple[Document, tuple[Revision, ...]] | None:
    """As `read_winner`, for whom conflicts are nothing: at hand where it is what was written last."""
    row = reader.one(_WRITTEN_LAST, (place.database, doc_id))
    if row is None:
        return None
    tree, generation, digest, attachments, body = row
    if body is not None and body != AWAY and not attachments and is_winner(tree, generation, digest):
        return Document(doc_id, Branch(generation, (digest,), False), body), ()
    return read_winner(reader, place, doc_id)
