"""Writing a batch of documents into one database within one transaction.

Everything is decided against the trees first and then written in a few statements: sequences
taken in one step, rows inserted together, counters moved once. A batch that brings nothing new
writes nothing, takes no sequence and wakes nobody.

Must not know: threads, how the file is opened.
"""

from collections.abc import Iterable, Iterator, Sequence

from sync.errors import Refused
from sync.revisions.merge import Joined, join
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.store.contents import Kept, keep, linked
from sync.store.edits import extended, nearest_known, parent_of, require_id, require_path
from sync.store.letting_go import take_back
from sync.store.place import Place
from sync.store.rows import NewRevision, Standing, find_revision, write_rows
from sync.store.stubs import resolve_edit, resolve_graft
from sync.store.transaction import Transaction
from sync.store.tree_text import tree_from_text
from sync.typed import Changing, field
from sync.values.digest import revision_digest
from sync.values.documents import Attachment, Document, Edit, Outcome

_EMPTY = Tree()


class Batch(Changing):
    """One call of `write` or `graft`: offer each document, then `flush`."""

    tx: Transaction
    place: Place
    _standing: dict[str, Standing] = field(default_factory=dict)
    _new: list[NewRevision] = field(default_factory=list)

    def load(self, ids: Iterable[str]) -> None:
        """Read the documents the batch is about; ids the file cannot hold are left for the rules to refuse."""
        wanted = dict.fromkeys(ids)
        rows = self.tx.execute_many(
            "SELECT id, document, seq, deleted, weight, tree FROM documents WHERE database = ? AND id = ?",
            [(self.place.database, doc_id) for doc_id in wanted if _holdable(doc_id)],
        )
        for doc_id, document, seq, deleted, weight, text in rows:
            self._standing[doc_id] = Standing(document, tree_from_text(text), not deleted, weight, weight, seq)

    def write(self, edit: Edit) -> Outcome:
        """Take an edit in, or say why not."""
        try:
            require_id(edit.id)
            standing = self._of(edit.id)
            parent = parent_of(edit, standing.tree)
            generation = parent.generation + 1 if parent else 1
            files: Sequence[Attachment] = ()
            if edit.attachments:
                before = self._files(edit.id, standing, parent.leaf) if parent else ()
                files = resolve_edit(edit.id, edit.attachments, before, generation=generation)
            digest = revision_digest(
                parent.leaf if parent else None, edit.body, deleted=edit.deleted, attachments=files
            )
        except Refused as error:
            return Outcome(edit.id, None, error)
        branch = extended(parent, digest, deleted=edit.deleted)
        self._grow(edit.id, standing, branch, edit.body, files)
        return Outcome(edit.id, branch.leaf)

    def graft(self, document: Document) -> Outcome:
        """Take a replica's copy in, or say why not."""
        try:
            require_id(document.id)
            require_path(document.path)
            standing = self._of(document.id)
            files: Sequence[Attachment] = ()
            if document.attachments and not _knows(standing.tree, document.revision):
                behind = self._files_behind(document, standing)
                files = resolve_graft(document.id, document.attachments, behind, generation=document.path.generation)
        except Refused as error:
            return Outcome(document.id, None, error)
        if not self._take_back(document, standing):
            self._grow(document.id, standing, document.path, document.body, files)
        return Outcome(document.id, document.revision)

    def flush(self) -> None:
        """Write what was taken in."""
        write_rows(self.tx, self.place, self._standing, self._new)

    def _take_back(self, document: Document, standing: Standing) -> bool:
        """Whether the body of a revision that is known here had been let go, and is back now."""
        if standing.document is None or not _knows(standing.tree, document.revision):
            return False
        if not take_back(self.tx, self.place, standing.document, *document.revision, document.body):
            return False
        standing.weight += len(document.body)
        standing.old_weight += len(document.body)
        return True

    def _of(self, doc_id: str) -> Standing:
        return self._standing.setdefault(doc_id, Standing())

    def _grow(self, doc_id: str, standing: Standing, branch: Branch, body: bytes, files: Sequence[Attachment]) -> None:
        tree, joined = join(standing.tree or _EMPTY, branch, limit=self.place.revs_limit)
        if tree == standing.tree:
            return
        standing.changed = True
        before, standing.tree = standing.tree, tree
        if joined is Joined.KNOWN:
            return  # only older ancestors became known: nothing for a feed to tell
        new = NewRevision(doc_id, branch, body, keep(self.tx, files))
        self._new.append(new)
        standing.weight = self._weight(doc_id, standing, before, new)

    def _weight(self, doc_id: str, standing: Standing, before: Tree | None, new: NewRevision) -> int:
        """Bytes of the live winner: usually the new revision or the old winner, seldom a leaf that surfaces."""
        assert standing.tree is not None
        winner = standing.tree.winner
        if winner.deleted:
            return 0
        if winner.leaf == new.branch.leaf:
            return new.weight
        if before is not None and winner.leaf == before.winner.leaf:
            return standing.weight
        return self._stored_weight(doc_id, standing, winner.leaf)

    def _stored_weight(self, doc_id: str, standing: Standing, revision: Revision) -> int:
        for new in self._new:
            if new.doc_id == doc_id and new.branch.leaf == revision:
                return new.weight
        found = find_revision(self.tx, standing.document, revision)
        return found.weight if found else 0

    def _files(self, doc_id: str, standing: Standing, revision: Revision) -> tuple[Kept, ...]:
        """Attachments of a revision, whether this batch brought it or an earlier one."""
        for new in self._new:
            if new.doc_id == doc_id and new.branch.leaf == revision:
                return new.files
        found = find_revision(self.tx, standing.document, revision)
        return linked(self.tx, found.seq) if found and found.attachments else ()

    def _files_behind(self, document: Document, standing: Standing) -> Iterator[tuple[Kept, ...]]:
        for revision in nearest_known(document.path, standing.tree):
            yield self._files(document.id, standing, revision)


def _knows(tree: Tree | None, revision: Revision) -> bool:
    return tree is not None and tree.branch_of(revision) is not None


def _holdable(doc_id: str) -> bool:
    """Whether the file can be asked for an id at all: text with a lone surrogate has no UTF-8."""
    try:
        doc_id.encode()
    except UnicodeEncodeError:
        return False
    return True
