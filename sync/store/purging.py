"""Forgetting revisions for good: leaves with the paths that end in them, as if they had never come.

A deletion is a change and travels; a purge is none, so a replica that still holds the revision brings it
back. What was asked is remembered (`_purged_infos`), the newest purge always, because the database's sequence
may be its sequence.

source  CouchDB API, /{db}/_purge

Must not know: threads, HTTP.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sync.errors import BadRequest
from sync.revisions.revision import Revision
from sync.revisions.tree import Tree
from sync.store.dropping import drop_document, drop_revisions
from sync.store.place import Place, allocate
from sync.store.rows import find_revision
from sync.store.transaction import Reader, Transaction
from sync.store.tree_text import tree_from_text, tree_to_text
from sync.values.changes import Purged
from sync.values.json_text import dump, parse

DEFAULT_PURGED_INFOS_LIMIT = 1000  # CouchDB's; schema.py repeats it, being frozen once released


def purge(tx: Transaction, place: Place, asked: Mapping[str, Collection[Revision]]) -> Mapping[str, Sequence[Revision]]:
    """Forget leaves; see `sync.http_api.abilities.Purgeable`."""
    return {doc_id: _purge_one(tx, place, doc_id, tuple(dict.fromkeys(revs))) for doc_id, revs in asked.items()}


def purged_infos(reader: Reader, place: Place) -> Sequence[Purged]:
    """What was asked to be purged, by id and revisions."""
    rows = reader.execute("SELECT id, revisions FROM purges WHERE database = ?", (place.database,))
    return in_order(Purged(doc_id, tuple(Revision(*each) for each in parse(text))) for doc_id, text in rows)


def in_order(infos: Iterable[Purged]) -> Sequence[Purged]:
    """Each purge once, by id and revisions, as CouchDB tells them."""
    return sorted(set(infos), key=lambda purged: (purged.id.encode(), purged.revisions))


def purged_infos_limit(reader: Reader, place: Place) -> int:
    """How many purges are remembered."""
    ((limit,),) = reader.execute("SELECT purged_infos_limit FROM databases WHERE database = ?", (place.database,))
    return int(limit)


def forget_old_purges(tx: Transaction, place: Place) -> None:
    """Remember no more purges than the database is set to."""
    tx.execute(
        "DELETE FROM purges WHERE database = ?1 AND number <= "
        "(SELECT purge_seq - purged_infos_limit FROM databases WHERE database = ?1)",
        (place.database,),
    )


def require_infos_limit(limit: int) -> None:
    """Raise BadRequest in CouchDB's words for a limit below 1."""
    if limit < 1:
        raise BadRequest("`purged_infos_limit` must be positive integer")


def _purge_one(tx: Transaction, place: Place, doc_id: str, asked: Sequence[Revision]) -> Sequence[Revision]:
    seq = allocate(tx, 1)
    row = tx.one("SELECT document, tree FROM documents WHERE database = ? AND id = ?", (place.database, doc_id))
    removed: Sequence[Revision] = ()
    if row is not None:
        tree = tree_from_text(row[1])
        removed = tuple(revision for revision in asked if tree.is_leaf(revision))
        if removed:
            _shrink(tx, place, row[0], tree.without(removed), seq)
    _note(tx, place, seq, doc_id, asked)
    tx.touch(place.name)
    return removed


def _shrink(tx: Transaction, place: Place, document: int, tree: Tree, seq: int) -> None:
    """Leave of a document what a tree still holds; a document of no branches goes altogether."""
    if not tree.branches:
        ((doc_id,),) = tx.execute("SELECT id FROM documents WHERE document = ?", (document,))
        drop_document(tx, document)
        # Indexes are brought up to date from what changed; of this document nothing is left that could change.
        tx.execute(
            "DELETE FROM index_entries WHERE id = ? AND number IN (SELECT number FROM indexes WHERE database = ?)",
            (doc_id, place.database),
        )
        return
    stored = tx.execute("SELECT seq, generation, digest FROM revisions WHERE document = ?", (document,))
    drop_revisions(
        tx, place.database, [row for row, *revision in stored if tree.branch_of(Revision(*revision)) is None]
    )
    winner = find_revision(tx, document, tree.winner.leaf)
    weight = winner.weight if winner and not tree.deleted else 0
    tx.execute(
        "UPDATE databases SET doc_count = doc_count + deleted - ?3, doc_del_count = doc_del_count - deleted + ?3, "
        "active_bytes = active_bytes - weight + ?4 FROM documents WHERE document = ?1 AND databases.database = ?2",
        (document, place.database, int(tree.deleted), weight),
    )
    # As in CouchDB the document changed, and whoever follows is told what is left of it.
    tx.execute(
        "UPDATE documents SET seq = ?, deleted = ?, weight = ?, tree = ? WHERE document = ?",
        (seq, int(tree.deleted), weight, tree_to_text(tree), document),
    )


def _note(tx: Transaction, place: Place, seq: int, doc_id: str, asked: Sequence[Revision]) -> None:
    ((number,),) = tx.execute(
        "UPDATE databases SET purge_seq = purge_seq + 1, update_seq = ? WHERE database = ? RETURNING purge_seq",
        (seq, place.database),
    )
    text = dump([tuple(revision) for revision in sorted(asked)]).decode()
    tx.execute("INSERT INTO purges VALUES (?, ?, ?, ?, ?)", (place.database, number, seq, doc_id, text))
