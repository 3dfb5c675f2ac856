"""Databases in memory: the small obvious oracle the embedded engine is compared with, and a light stand-in for tests.

It shares with the engine only what is pure: trees, CouchDB's rules, sequences, digests. Everything
is held in plain dicts under one lock, and every question is answered by looking at all of it.

Must not know: SQLite, files, threads of its own.
"""

import secrets
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sync.errors import BadRequest, FileExists, NotFound, Refused
from sync.mango.scanning import scan
from sync.revisions.merge import Joined, join
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.store.choosing import chosen_paths
from sync.store.digest import revision_digest
from sync.store.edits import DEFAULT_REVS_LIMIT, extended, nearest_known, parent_of, require_id, require_path
from sync.store.purging import DEFAULT_PURGED_INFOS_LIMIT, in_order, require_infos_limit
from sync.store.sequences import Sequences
from sync.store.stubs import resolve_edit, resolve_graft
from sync.values.changes import START, Change, Changes, Info, Listing, Missing, Purged, Row, Span
from sync.values.contents import Content, bytes_of
from sync.values.documents import Absent, Attachment, Document, Edit, LocalDocument, Outcome, Wanted
from sync.values.queries import Found, Query
from sync.wire.arriving import digest_of
from sync.wire.names import SYSTEM_DATABASES, check_database_name


@dataclass(frozen=True, slots=True)
class _Stored:
    """One revision with its body."""

    deleted: bool
    body: bytes
    files: tuple[Attachment, ...]


@dataclass(slots=True)
class _Record:
    """One document: its tree, the sequence of its newest change, and the revisions whose bodies are here."""

    tree: Tree = field(default_factory=Tree)
    seq: int = 0
    stored: dict[Revision, _Stored] = field(default_factory=dict)


class MemoryDatabases:
    """All databases of one imagined node; they share one counter, as the engine's do."""

    def __init__(self, *, epoch: str | None = None) -> None:
        self.epoch = epoch or secrets.token_hex(16)
        self.counter = 0
        self.changed = threading.Condition(threading.RLock())
        self.held: dict[str, MemoryDatabase] = {}

    def names(self) -> Sequence[str]:
        """Every name, sorted."""
        with self.changed:
            return sorted(self.held)

    def open(self, name: str) -> "MemoryDatabase":
        """The database of that name; raises NotFound."""
        with self.changed:
            if name not in self.held:
                raise NotFound("Database does not exist.")
            return self.held[name]

    def create(self, name: str) -> "MemoryDatabase":
        """A new, empty database; raises FileExists, or BadRequest on an unlawful name."""
        if name not in SYSTEM_DATABASES:
            check_database_name(name)
        with self.changed:
            if name in self.held:
                raise FileExists
            self.held[name] = MemoryDatabase(self, name)
            return self.held[name]

    def destroy(self, name: str) -> None:
        """Remove a database with all it holds; raises NotFound."""
        with self.changed:
            self.open(name)
            del self.held[name]
            self.changed.notify_all()


class MemoryDatabase:
    """One database in memory, answering to the `Database` protocol."""

    def __init__(self, server: MemoryDatabases, name: str) -> None:
        self._server = server
        self._name = name
        self._born = str(time.time_ns() // 1000)
        self._records: dict[str, _Record] = {}
        self._local: dict[str, LocalDocument] = {}
        self._update_seq = 0
        self._revs_limit = DEFAULT_REVS_LIMIT
        self._security = b"{}"
        self._purges: list[Purged] = []
        self._purge_seq = 0
        self._purged_infos_limit = DEFAULT_PURGED_INFOS_LIMIT

    @property
    def name(self) -> str:
        """How the database is called."""
        return self._name

    def info(self) -> Info:
        """The database in numbers."""
        with self._here():
            live = sum(not record.tree.deleted for record in self._records.values())
            order = self._order()
            seq, purge_seq = order.text(self._update_seq), order.text(self._purge_seq)
            return Info(self._name, seq, live, len(self._records) - live, self._born, purge_seq=purge_seq)

    def changes(
        self,
        since: str,
        *,
        limit: int | None = None,
        descending: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> Changes:
        """Each document's newest change after a sequence, oldest first."""
        with self._here():
            order = self._order()
            after = order.number(START if descending else since)
            found = sorted(
                (record.seq, doc_id, record.tree)
                for doc_id, record in self._records.items()
                if record.seq > after and (doc_ids is None or doc_id in doc_ids)
            )
            if descending:
                found.reverse()
            page = found if limit is None else found[:limit]
            # As in CouchDB, a page that its limit filled ends with its last row, and one of chosen ids with the feed.
            full = doc_ids is None and limit is not None and len(page) >= limit
            cut = descending or full or len(page) < len(found)
            last = (page[-1][0] if page else after) if cut else max(after, self._update_seq)
            results = tuple(Change(doc_id, order.text(seq), tree.leaves(), tree.deleted) for seq, doc_id, tree in page)
            return Changes(results, order.text(last), len(found) - len(page))

    def changes_before(self, seq: str, *, limit: int) -> Sequence[Change]:
        """Each document's newest change before a sequence, newest first."""
        with self._here():
            before = self._order().number(seq)
            later = self.changes(START, descending=True).results
            return [change for change in later if self._order().number(change.seq) < before][:limit]

    def await_change(self, since: str, *, timeout_seconds: float) -> bool:
        """Wait until something changed after a sequence; False when the time ran out first."""
        with self._here():
            after = self._order().number(since)
            return self._server.changed.wait_for(
                lambda: self._update_seq > after or self._server.held.get(self._name) is not self, timeout_seconds
            )

    def missing(self, offered: Mapping[str, Sequence[Revision]]) -> Mapping[str, Missing]:
        """Say which of the offered revisions this database lacks."""
        with self._here():
            answer = {}
            for doc_id, revisions in offered.items():
                tree = self._tree(doc_id) or Tree()
                lacking = tree.missing(revisions)
                if lacking:
                    answer[doc_id] = Missing(lacking, tree.possible_ancestors(lacking))
            return answer

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        """Read documents, in the order asked."""
        with self._here():
            found = [each for one in wanted for each in self._read_one(one)]
        yield from found

    def tree(self, doc_id: str) -> Tree | None:
        """The revision tree of a document; None when it was never written."""
        with self._here():
            return self._tree(doc_id)

    def list(self, span: Span) -> Listing:
        """Live documents in the order of their ids (by UTF-8 bytes)."""
        with self._here():
            live = sorted(
                (doc_id for doc_id, record in self._records.items() if not record.tree.deleted),
                key=str.encode,
                reverse=span.descending,
            )
            inside = [doc_id for doc_id in live if not _ahead(doc_id, span) and not _beyond(doc_id, span)]
            ahead = sum(_ahead(doc_id, span) for doc_id in live)
            end = None if span.limit is None else span.skip + span.limit
            rows = tuple(Row(i, self._records[i].tree.winner.leaf) for i in inside[span.skip : end])
            return Listing(rows, len(live), min(ahead + span.skip, len(live)))

    def look_up(self, ids: Sequence[str]) -> Listing:
        """One row per id asked for, in that order, deleted and unknown ones included."""
        with self._here():
            rows = []
            for doc_id in ids:
                tree = self._tree(doc_id)
                rows.append(Row(doc_id, tree.winner.leaf, tree.deleted) if tree else Row(doc_id, None))
            return Listing(tuple(rows), self.info().doc_count, 0)

    def find(self, query: Query) -> Found:
        """Documents that fit a selector, found by looking at all of them."""
        with self._here():
            held = []
            for doc_id, record in self._records.items():
                if record.tree.deleted:
                    continue
                (winner,) = self._read_one(Wanted(doc_id))
                if isinstance(winner, Document):
                    others = tuple(each.leaf for each in record.tree.branches[1:] if not each.deleted)
                    held.append((winner, others))
        return scan(query, held)

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Write edits, one outcome each, in order."""
        whole = [replace(edit, attachments=_held(edit.attachments)) for edit in edits]
        with self._here():
            return [self._write_one(edit) for edit in whole]

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Join replicas' revisions to the trees, one outcome each, in order."""
        whole = [replace(document, attachments=_held(document.attachments)) for document in documents]
        with self._here():
            return [self._graft_one(document) for document in whole]

    def read_local(self, local_id: str) -> LocalDocument | None:
        """A local document by the part of its id behind `_local/`."""
        with self._here():
            return self._local.get(local_id)

    def list_local(self, span: Span) -> Sequence[LocalDocument]:
        """Local documents in the order of their ids."""
        with self._here():
            ids = sorted(self._local, key=str.encode, reverse=span.descending)
            inside = [local_id for local_id in ids if not _ahead(local_id, span) and not _beyond(local_id, span)]
            end = None if span.limit is None else span.skip + span.limit
            return [self._local[local_id] for local_id in inside[span.skip : end]]

    def write_local(self, local_id: str, body: bytes) -> Revision:
        """Replace a local document."""
        with self._here():
            before = self._local.get(local_id)
            revision = Revision(0, str(int(before.revision.digest) + 1 if before else 1))
            self._local[local_id] = LocalDocument(local_id, revision, body)
            return revision

    def delete_local(self, local_id: str) -> bool:
        """Remove a local document; False when there was none."""
        with self._here():
            return self._local.pop(local_id, None) is not None

    def revs_limit(self) -> int:
        """How many revisions of each path are remembered."""
        with self._here():
            return self._revs_limit

    def set_revs_limit(self, limit: int) -> None:
        """Change that number; raises BadRequest below 1."""
        if limit < 1:
            raise BadRequest("`_revs_limit` must be at least 1")
        with self._here():
            self._revs_limit = limit

    def security(self) -> bytes:
        """JSON text of the `_security` object; `{}` until one was set."""
        with self._here():
            return self._security

    def set_security(self, text: bytes) -> None:
        """Replace the `_security` object."""
        with self._here():
            self._security = text

    def purge(self, asked: Mapping[str, Collection[Revision]]) -> Mapping[str, Sequence[Revision]]:
        """Forget leaves for good."""
        with self._here():
            return {doc_id: self._purge_one(doc_id, tuple(dict.fromkeys(revs))) for doc_id, revs in asked.items()}

    def purged_infos(self) -> Sequence[Purged]:
        """What was asked to be purged, by id and revisions."""
        with self._here():
            return in_order(self._purges)

    def purged_infos_limit(self) -> int:
        """How many purges are remembered once the database was compacted."""
        with self._here():
            return self._purged_infos_limit

    def set_purged_infos_limit(self, limit: int) -> None:
        """Change that number; raises BadRequest below 1."""
        require_infos_limit(limit)
        with self._here():
            self._purged_infos_limit = limit

    def compact(self) -> None:
        """Drop bodies that no leaf needs."""
        with self._here():
            del self._purges[: -self._purged_infos_limit]
            for record in self._records.values():
                leaves = record.tree.leaves()
                record.stored = {revision: kept for revision, kept in record.stored.items() if revision in leaves}

    def start_compaction(self) -> None:
        """`compact`, which is done at once."""
        self.compact()

    @contextmanager
    def _here(self) -> Iterator[None]:
        """Hold everything still; raises NotFound when the database was destroyed."""
        with self._server.changed:
            if self._server.held.get(self._name) is not self:
                raise NotFound("Database does not exist.")
            yield

    def _order(self) -> Sequences:
        return Sequences(self._server.epoch, self._server.counter)

    def _tree(self, doc_id: str) -> Tree | None:
        record = self._records.get(doc_id)
        return record.tree if record else None

    def _write_one(self, edit: Edit) -> Outcome:
        try:
            require_id(edit.id)
            parent = parent_of(edit, self._tree(edit.id))
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

    def _graft_one(self, document: Document) -> Outcome:
        path, tree = document.path, self._tree(document.id)
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
        record = self._records.setdefault(doc_id, _Record())
        record.tree, joined = join(record.tree, path, limit=self._revs_limit)
        if joined is Joined.KNOWN:
            return
        record.stored[path.leaf] = stored
        self._server.counter += 1
        record.seq = self._update_seq = self._server.counter
        self._server.changed.notify_all()

    def _purge_one(self, doc_id: str, asked: tuple[Revision, ...]) -> Sequence[Revision]:
        self._server.counter += 1
        self._update_seq = self._server.counter
        self._purge_seq += 1
        self._purges.append(Purged(doc_id, tuple(sorted(asked))))
        self._server.changed.notify_all()
        tree = self._tree(doc_id)
        removed = tuple(revision for revision in asked if tree.is_leaf(revision)) if tree else ()
        if tree is None or not removed:
            return ()
        left = tree.without(removed)
        if not left.branches:
            del self._records[doc_id]
            return removed
        record = self._records[doc_id]
        record.tree, record.seq = left, self._update_seq
        record.stored = {revision: kept for revision, kept in record.stored.items() if left.branch_of(revision)}
        return removed

    def _files(self, doc_id: str, revision: Revision) -> tuple[Attachment, ...]:
        kept = self._records[doc_id].stored.get(revision)
        return kept.files if kept else ()

    def _read_one(self, wanted: Wanted) -> Iterator[Document | Absent]:
        for path in chosen_paths(self._tree(wanted.id), wanted):
            if isinstance(path, Absent):
                yield path
                continue
            kept = self._records[wanted.id].stored.get(path.leaf)
            if kept is None:
                yield Absent(wanted.id, path.leaf, "missing")
                continue
            files = tuple(
                file if wanted.carries(file, path) else replace(file, data=None)
                for file in sorted(kept.files, key=lambda file: file.name.encode())
            )
            yield Document(wanted.id, replace(path, deleted=kept.deleted), kept.body, files)


def _held(files: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The same files with the bytes of those contents that were still passing by."""
    return tuple(
        replace(file, data=(data := bytes_of(file.data)), digest=digest_of(data), length=len(data))
        if isinstance(file.data, Content)
        else file
        for file in files
    )


def _ahead(doc_id: str, span: Span) -> bool:
    """Whether an id stands before the span in reading direction."""
    if span.start is None:
        return False
    here, start = doc_id.encode(), span.start.encode()
    return here > start if span.descending else here < start


def _beyond(doc_id: str, span: Span) -> bool:
    """Whether an id stands behind the span in reading direction."""
    if span.end is None:
        return False
    here, end = doc_id.encode(), span.end.encode()
    if here == end:
        return not span.inclusive_end
    return here < end if span.descending else here > end
