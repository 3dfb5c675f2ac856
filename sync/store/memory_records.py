"""The documents of one database in memory: their trees and bodies in plain dicts, and what is done to one of them.

Must not know: locks, other databases, who asks.
"""

from collections.abc import Callable, Iterator, Sequence

from sync.errors import Refused
from sync.revisions.merge import Joined, join
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.store.choosing import chosen_paths
from sync.store.edits import DEFAULT_REVS_LIMIT, extended, nearest_known, parent_of, require_id, require_path
from sync.store.stubs import resolve_edit, resolve_graft
from sync.typed import Changing, Value, field, replace
from sync.values.contents import Content, bytes_of
from sync.values.digest import revision_digest
from sync.values.documents import Absent, Attachment, Document, Edit, Outcome, Wanted
from sync.wire.arriving import digest_of


class _Stored(Value):
    """One revision with its body."""

    deleted: bool
    body: bytes
    files: tuple[Attachment, ...]


class Record(Changing):
    """One document: its tree, the sequence of its newest change, and the revisions whose bodies are here."""

    tree: Tree = field(default_factory=Tree)
    seq: int = 0
    stored: dict[Revision, _Stored] = field(default_factory=dict)


class MemoryRecords(dict[str, Record]):
    """Documents by id."""

    def __init__(self, next_seq: Callable[[], int]) -> None:
        """`next_seq` is called for every change, and gives the sequence it has."""
        super().__init__()
        self._next_seq = next_seq
        self.revs_limit = DEFAULT_REVS_LIMIT

    def tree(self, doc_id: str) -> Tree | None:
        """The revision tree of a document; None when it was never written."""
        record = self.get(doc_id)
        return record.tree if record else None

    def write(self, edit: Edit) -> Outcome:
        """Write an edit, or say why not."""
        try:
            require_id(edit.id)
            parent = parent_of(edit, self.tree(edit.id))
            generation = parent.generation + 1 if parent else 1
            before = self._files(edit.id, parent.leaf) if parent else ()
            files = tuple(resolve_edit(edit.id, edit.attachments, before, generation=generation))
            digest = revision_digest(
                parent.leaf if parent else None, edit.body, deleted=edit.deleted, attachments=files
            )
        except Refused as error:
            return Outcome(edit.id, None, error)
        path = extended(parent, digest, deleted=edit.deleted)
        self._grow(edit.id, path, _Stored(edit.deleted, edit.body, files))
        return Outcome(edit.id, path.leaf)

    def graft(self, document: Document) -> Outcome:
        """Take a replica's copy in, or say why not."""
        path, tree = document.path, self.tree(document.id)
        files: tuple[Attachment, ...] = ()
        try:
            require_id(document.id)
            require_path(path)
            if tree is None or tree.branch_of(path.leaf) is None:
                behind = [self._files(document.id, revision) for revision in nearest_known(path, tree)]
                files = tuple(resolve_graft(document.id, document.attachments, behind, generation=path.generation))
        except Refused as error:
            return Outcome(document.id, None, error)
        self._grow(document.id, path, _Stored(path.deleted, document.body, files))
        return Outcome(document.id, path.leaf)

    def _grow(self, doc_id: str, path: Branch, stored: _Stored) -> None:
        record = self.setdefault(doc_id, Record())
        record.tree, joined = join(record.tree, path, limit=self.revs_limit)
        if joined is Joined.KNOWN:
            return
        record.stored[path.leaf] = stored
        record.seq = self._next_seq()

    def purge(self, doc_id: str, asked: Sequence[Revision]) -> Sequence[Revision]:
        """Forget leaves for good; those that were there."""
        seq, tree = self._next_seq(), self.tree(doc_id)
        removed = tuple(revision for revision in asked if tree.is_leaf(revision)) if tree else ()
        if tree is None or not removed:
            return ()
        left = tree.without(removed)
        if not left.branches:
            del self[doc_id]
            return removed
        record = self[doc_id]
        record.tree, record.seq = left, seq
        record.stored = {revision: kept for revision, kept in record.stored.items() if left.branch_of(revision)}
        return removed

    def drop_inner(self) -> None:
        """Drop bodies that no leaf needs."""
        for record in self.values():
            leaves = record.tree.leaves()
            record.stored = {revision: kept for revision, kept in record.stored.items() if revision in leaves}

    def _files(self, doc_id: str, revision: Revision) -> tuple[Attachment, ...]:
        kept = self[doc_id].stored.get(revision)
        return kept.files if kept else ()

    def read(self, wanted: Wanted) -> Iterator[Document | Absent]:
        """Everything one `Wanted` asks for, in its order."""
        for path in chosen_paths(self.tree(wanted.id), wanted):
            if isinstance(path, Absent):
                yield path
                continue
            kept = self[wanted.id].stored.get(path.leaf)
            if kept is None:
                yield Absent(wanted.id, path.leaf, "missing")
                continue
            files = tuple(
                file if wanted.carries(file, path) else replace(file, data=None)
                for file in sorted(kept.files, key=lambda file: file.name.encode())
            )
            yield Document(wanted.id, replace(path, deleted=kept.deleted), kept.body, files)


def held(files: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The same files with the bytes of those contents that were still passing by."""
    return tuple(
        replace(file, data=(data := bytes_of(file.data)), digest=digest_of(data), length=len(data))
        if isinstance(file.data, Content)
        else file
        for file in files
    )
