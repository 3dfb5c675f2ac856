"""The rows of documents and revisions: written together at the end of a batch, found one by one.

Must not know: CouchDB's rules, which are settled before rows are written.
"""

from collections.abc import Iterator, Mapping, Sequence

from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.store.contents import Kept, link
from sync.store.place import Place, allocate
from sync.store.transaction import Reader, Transaction
from sync.store.tree_text import tree_to_text
from sync.typed import Changing, Value


class Standing(Changing):
    """A document as a batch has made it so far.

    document    its row; None until it has one
    was_live    how the file counts it: True live, False deleted, None not at all
    weight      bytes of the live winner and its attachments; old_weight, as the file has it
    """

    document: int | None = None
    tree: Tree | None = None
    was_live: bool | None = None
    weight: int = 0
    old_weight: int = 0
    seq: int = 0
    changed: bool = False


class NewRevision(Value):
    """A revision a batch brings."""

    doc_id: str
    branch: Branch
    body: bytes
    files: tuple[Kept, ...]

    @property
    def weight(self) -> int:
        """Bytes of the body and its attachments."""
        return len(self.body) + sum(file.length for file in self.files)


class Found(Value):
    """A revision whose body is in the file; `attachments` says how many it has."""

    seq: int
    deleted: bool
    attachments: int
    weight: int


def find_revision(reader: Reader, document: int | None, revision: Revision) -> Found | None:
    """Find a revision of a document; None when its body is not here (never was, or is compacted away)."""
    row = reader.one(
        "SELECT seq, deleted, attachments, length(body), "
        "(SELECT coalesce(sum(length), 0) FROM attachments WHERE attachments.seq = revisions.seq) "
        "FROM revisions WHERE document = ? AND generation = ? AND digest = ? ORDER BY seq DESC",
        (document, revision.generation, revision.digest),
    )
    return Found(row[0], bool(row[1]), row[2], row[3] + row[4]) if row else None


def write_rows(
    tx: Transaction, place: Place, standing: Mapping[str, Standing], revisions: Sequence[NewRevision]
) -> None:
    """Write what a batch changed; nothing changed, nothing written."""
    changed = [(doc_id, each) for doc_id, each in standing.items() if each.changed]
    if not changed:
        return
    first = allocate(tx, len(revisions)) if revisions else 0
    for seq, new in enumerate(revisions, first):
        each = standing[new.doc_id]
        each.seq = seq
        each.document = each.document or seq
    _write_documents(tx, place, changed)
    if revisions:
        _write_revisions(tx, standing, revisions, first)
        _count(tx, place, changed, revisions, last=first + len(revisions) - 1)
        tx.touch(place.name)


def _write_documents(tx: Transaction, place: Place, changed: Sequence[tuple[str, Standing]]) -> None:
    new, old = [], []
    for doc_id, each in changed:
        assert each.tree is not None
        deleted, text = int(each.tree.deleted), tree_to_text(each.tree)
        if each.was_live is None:
            new.append((each.document, place.database, doc_id, each.seq, deleted, each.weight, text))
        else:
            old.append((each.seq, deleted, each.weight, text, each.document))
    if new:
        tx.execute_many("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", new)
    if old:
        tx.execute_many("UPDATE documents SET seq = ?, deleted = ?, weight = ?, tree = ? WHERE document = ?", old)


def _write_revisions(
    tx: Transaction, standing: Mapping[str, Standing], revisions: Sequence[NewRevision], first: int
) -> None:
    tx.execute_many(
        "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                seq,
                standing[new.doc_id].document,
                new.branch.generation,
                new.branch.digests[0],
                int(new.branch.deleted),
                len(new.files),
                new.body,
            )
            for seq, new in enumerate(revisions, first)
        ],
    )
    for seq, new in enumerate(revisions, first):
        if new.files:
            link(tx, seq, new.files)
    outgrown = [(seq, document) for seq, document in _placed(standing, revisions, first) if seq != document]
    if outgrown:
        tx.execute_many("INSERT INTO outgrown VALUES (?, ?)", outgrown)


def _placed(
    standing: Mapping[str, Standing], revisions: Sequence[NewRevision], first: int
) -> Iterator[tuple[int, int | None]]:
    """The sequence and the document of each new revision."""
    return ((seq, standing[new.doc_id].document) for seq, new in enumerate(revisions, first))


def _count(
    tx: Transaction,
    place: Place,
    changed: Sequence[tuple[str, Standing]],
    revisions: Sequence[NewRevision],
    *,
    last: int,
) -> None:
    live = dead = active = 0
    for _, each in changed:
        assert each.tree is not None
        is_live = not each.tree.deleted
        live += is_live - (each.was_live is True)
        dead += (not is_live) - (each.was_live is False)
        active += each.weight - each.old_weight
    tx.execute(
        "UPDATE databases SET update_seq = ?, doc_count = doc_count + ?, doc_del_count = doc_del_count + ?, "
        "active_bytes = active_bytes + ?, stored_bytes = stored_bytes + ? WHERE database = ?",
        (last, live, dead, active, sum(new.weight for new in revisions), place.database),
    )
