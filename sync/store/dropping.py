"""Removing rows in slices, so that nobody's write waits long: compaction, purges, sweeping what is out of reach.

Out of reach are the rows of a destroyed database, the entries of an index nobody declares, the pieces of a content
nothing links to any more, and those of an upload that broke off.

A slice ends when it has looked at enough documents, freed enough bytes or taken long enough; freed bytes are what
costs, since SQLite writes zeros over what it frees. A slice may end within a document that has many large bodies.

Whoever adds a table that hangs on documents, revisions or databases removes its rows in `drop_document`,
`drop_revisions` or `sweep_slice`, and nowhere else.

Must not know: threads.
"""

import time
from collections.abc import Collection, Sequence

from sync.revisions.revision import Revision
from sync.revisions.tree import Tree
from sync.store.place import Place
from sync.store.transaction import Reader, Transaction
from sync.store.tree_text import tree_from_text
from sync.typed import Changing, field
from sync.values.contents import PIECE_BYTES

SLICE_DOCUMENTS = 200
SLICE_BYTES = 1 << 20
SLICE_SECONDS = 0.005  # of everyone's time; the commit and its flush come on top
SLICE_ENTRIES = 2000  # of an index, which are small
_PAGES_AT_ONCE = 16
_SPARE_SHARE = 8  # free pages are for what is written next; beyond one in so many they go back to the disk
_SPARE_PAGES = 128
_LAST_SEQ = 2**63 - 1


class Slice(Changing):
    """What one transaction may still do; the first thing it does is always allowed."""

    documents: int = SLICE_DOCUMENTS
    bytes: int = SLICE_BYTES
    until: float = field(default_factory=lambda: time.monotonic() + SLICE_SECONDS)

    @property
    def spent(self) -> bool:
        """Whether the rest should wait for another transaction."""
        return self.documents <= 0 or self.bytes <= 0 or time.monotonic() >= self.until


def compact_slice(tx: Transaction, place: Place, after: int) -> int | None:
    """Drop bodies that no leaf needs, of some documents.

    after    the sequence up to which documents have been looked at
    returns  where to go on; None when all are done
    """
    rows = tx.execute(
        "SELECT seq, document, tree FROM documents WHERE database = ? AND seq > ? ORDER BY seq LIMIT ?",
        (place.database, after, SLICE_DOCUMENTS),
    )
    budget = Slice()
    for number, (seq, document, text) in enumerate(rows):
        if number and budget.spent:
            return after
        if not drop_inner(tx, place.database, document, tree_from_text(text), budget):
            return after
        after = int(seq)
    return after if len(rows) == SLICE_DOCUMENTS else None


def forget_outgrown(tx: Transaction, bound: int) -> bool:
    """Drop bodies that were replaced at or before a sequence; False when none is left."""
    budget = Slice()
    rows = tx.execute(
        "SELECT outgrown.seq, document, database, tree FROM outgrown LEFT JOIN documents USING (document) "
        "WHERE outgrown.seq <= ? ORDER BY outgrown.seq LIMIT ?",
        (bound, SLICE_DOCUMENTS),
    )
    for number, (seq, document, database, text) in enumerate(rows):
        if number and budget.spent:
            return True
        # The document may have gone since, whole, or with its database.
        if text and not drop_inner(tx, database, document, tree_from_text(text), budget, before=seq):
            return True
        tx.execute("DELETE FROM outgrown WHERE seq = ?", (seq,))
    return len(rows) == SLICE_DOCUMENTS


def drop_inner(
    tx: Transaction, database: int, document: int, tree: Tree, budget: Slice, *, before: int = _LAST_SEQ
) -> bool:
    """Drop the bodies of a document that no leaf needs; False when the slice was spent before they were all gone.

    before  only those written before this sequence
    """
    leaves = set(tree.leaves())
    budget.documents -= 1
    stored = tx.execute(
        "SELECT seq, generation, digest FROM revisions WHERE document = ? AND seq < ?", (document, before)
    )
    for seq, *revision in stored:
        if Revision(*revision) in leaves:
            continue
        if budget.bytes <= 0:
            return False
        budget.bytes -= max(1, drop_revisions(tx, database, [seq]))
    return True


def is_out_of_reach(reader: Reader) -> bool:
    """Whether there is anything to be swept."""
    return any(
        reader.one(f"SELECT 1 FROM {place} LIMIT 1")
        for place in ("databases WHERE name IS NULL", "indexes WHERE digest IS NULL", "loose WHERE NOT staged")
    )


def sweep_slice(tx: Transaction, *, being_read: Collection[int] = ()) -> bool:
    """Remove some of what is out of reach, but for runs that are being read; False when there is nothing left of it."""
    return _sweep_index(tx) or _sweep_database(tx) or _sweep_run(tx, being_read)


def forget_uploads(tx: Transaction) -> None:
    """Let every upload under way be swept: at the start of a process, for those of the one before it."""
    tx.execute("UPDATE loose SET staged = 0")


def _sweep_index(tx: Transaction) -> bool:
    row = tx.one(
        "SELECT number FROM indexes JOIN databases USING (database) WHERE digest IS NULL OR name IS NULL LIMIT 1"
    )
    if row is None:
        return False
    gone = tx.execute(
        "DELETE FROM index_entries WHERE number = ?1 AND id IN "
        "(SELECT id FROM index_entries WHERE number = ?1 ORDER BY id LIMIT ?2) RETURNING 1",
        (row[0], SLICE_ENTRIES),
    )
    if not gone:
        tx.execute("DELETE FROM indexes WHERE number = ?", row)
    return True


def _sweep_database(tx: Transaction) -> bool:
    row = tx.one("SELECT database FROM databases WHERE name IS NULL LIMIT 1")
    if row is None:
        return False
    budget = Slice()
    while not budget.spent:
        found = tx.one("SELECT document FROM documents WHERE database = ? LIMIT 1", row)
        if found is None:
            tx.execute("DELETE FROM local_documents WHERE database = ?", row)
            tx.execute("DELETE FROM purges WHERE database = ?", row)
            tx.execute("DELETE FROM databases WHERE database = ?", row)
            return True
        if drop_inner(tx, row[0], found[0], Tree(), budget):
            drop_document(tx, found[0])
    return True


def _sweep_run(tx: Transaction, being_read: Collection[int]) -> bool:
    left = (run for (run,) in tx.execute("SELECT run FROM loose WHERE NOT staged") if run not in being_read)
    run = next(left, None)
    if run is None:
        return False
    at_once = SLICE_BYTES // PIECE_BYTES
    pieces = tx.execute("SELECT piece FROM pieces WHERE run = ? LIMIT ?", (run, at_once))
    tx.execute_many("DELETE FROM pieces WHERE piece = ?", pieces)
    if len(pieces) < at_once:
        tx.execute("DELETE FROM loose WHERE run = ?", (run,))
    return True


def drop_document(tx: Transaction, document: int) -> None:
    """Remove a document with whatever is left of its revisions, and count it out."""
    ((database,),) = tx.execute("SELECT database FROM documents WHERE document = ?", (document,))
    drop_revisions(
        tx, database, [seq for (seq,) in tx.execute("SELECT seq FROM revisions WHERE document = ?", (document,))]
    )
    tx.execute(
        "DELETE FROM index_entries WHERE number IN (SELECT number FROM indexes WHERE database = ?) "
        "AND id = (SELECT id FROM documents WHERE document = ?)",
        (database, document),
    )
    ((deleted, weight),) = tx.execute("DELETE FROM documents WHERE document = ? RETURNING deleted, weight", (document,))
    tx.execute(
        "UPDATE databases SET doc_count = doc_count - ?, doc_del_count = doc_del_count - ?, "
        "active_bytes = active_bytes - ? WHERE database = ?",
        (1 - deleted, deleted, weight, database),
    )


def drop_revisions(tx: Transaction, database: int, seqs: Sequence[int]) -> int:
    """Remove revisions, and contents nothing links to any more; gives the bytes that were counted for them."""
    each = [(seq,) for seq in seqs]
    links = tx.execute_many("DELETE FROM attachments WHERE seq = ? RETURNING content, length", each)
    tx.execute_many("DELETE FROM let_go WHERE seq = ?", each)
    bodies = tx.execute_many("DELETE FROM revisions WHERE seq = ? RETURNING length(body)", each)
    runs = tx.execute_many(
        "DELETE FROM contents WHERE content = ?1 AND NOT EXISTS (SELECT 1 FROM attachments WHERE content = ?1) "
        "RETURNING run",
        [(content,) for content in {content for content, _ in links}],
    )
    tx.execute_many("INSERT INTO loose VALUES (?, 0)", [run for run in runs if run != (None,)])
    freed: int = sum(length for (length,) in bodies) + sum(length for _, length in links)
    if each:
        tx.execute("UPDATE databases SET stored_bytes = stored_bytes - ? WHERE database = ?", (freed, database))
    return freed


def spare_pages(reader: Reader) -> int:
    """Free pages of the file beyond those it had better keep for what is written next."""
    ((pages,),) = reader.execute("PRAGMA page_count")
    return max(0, _free_pages(reader) - max(_SPARE_PAGES, int(pages) // _SPARE_SHARE))


def give_pages_back(tx: Transaction) -> bool:
    """Return some free pages of the file to the disk; False when there are none."""
    budget = Slice()
    free = _free_pages(tx)
    while free and not budget.spent:
        tx.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
        budget.bytes -= _PAGES_AT_ONCE << 12
        free = _free_pages(tx)
    return free > 0


def _free_pages(reader: Reader) -> int:
    ((free,),) = reader.execute("PRAGMA freelist_count")
    return int(free)
