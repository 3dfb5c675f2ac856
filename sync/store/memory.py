"""Databases in memory: the small obvious oracle the embedded engine is compared with, and a light stand-in for tests.

It shares with the engine only what is pure: trees, CouchDB's rules, sequences, digests. Everything
is held in plain dicts under one lock, and every question is answered by looking at all of it.

Must not know: SQLite, files, threads of its own.
"""

import secrets
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sync.errors import BadRequest, FileExists
from sync.mango.scanning import scan
from sync.revisions.revision import Revision
from sync.revisions.tree import Tree
from sync.store.memory_records import MemoryRecords, held
from sync.store.purging import DEFAULT_PURGED_INFOS_LIMIT, in_order, require_infos_limit
from sync.store.sequences import Sequences
from sync.typed import replace
from sync.values.changes import START, Change, Changes, Info, Listing, Missing, Purged, Row, Span
from sync.values.documents import Absent, Document, Edit, LocalDocument, Outcome, Wanted
from sync.values.queries import Found, Query
from sync.wire.names import SYSTEM_DATABASES, check_database_name
from sync.wire.problems import NoDatabase


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

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """Those of some names that exist."""
        with self.changed:
            return frozenset(name for name in names if name in self.held)

    def open(self, name: str) -> "MemoryDatabase":
        """The database of that name; raises NotFound."""
        with self.changed:
            if name not in self.held:
                raise NoDatabase
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
        self._records = MemoryRecords(self._next_seq)
        self._local: dict[str, LocalDocument] = {}
        self._update_seq = 0
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
                tree = self._records.tree(doc_id) or Tree()
                lacking = tree.missing(revisions)
                if lacking:
                    answer[doc_id] = Missing(lacking, tree.possible_ancestors(lacking))
            return answer

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        """Read documents, in the order asked."""
        with self._here():
            found = [each for one in wanted for each in self._records.read(one)]
        yield from found

    def tree(self, doc_id: str) -> Tree | None:
        """The revision tree of a document; None when it was never written."""
        with self._here():
            return self._records.tree(doc_id)

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
                tree = self._records.tree(doc_id)
                rows.append(Row(doc_id, tree.winner.leaf, tree.deleted) if tree else Row(doc_id, None))
            return Listing(tuple(rows), self.info().doc_count, 0)

    def find(self, query: Query) -> Found:
        """Documents that fit a selector, found by looking at all of them."""
        with self._here():
            held = []
            for doc_id, record in self._records.items():
                if record.tree.deleted:
                    continue
                (winner,) = self._records.read(Wanted(doc_id))
                if isinstance(winner, Document):
                    others = tuple(each.leaf for each in record.tree.branches[1:] if not each.deleted)
                    held.append((winner, others))
        return scan(query, held)

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Write edits, one outcome each, in order."""
        whole = [replace(edit, attachments=held(edit.attachments)) for edit in edits]
        with self._here():
            return [self._records.write(edit) for edit in whole]

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Join replicas' revisions to the trees, one outcome each, in order."""
        whole = [replace(document, attachments=held(document.attachments)) for document in documents]
        with self._here():
            return [self._records.graft(document) for document in whole]

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
            return self._records.revs_limit

    def set_revs_limit(self, limit: int) -> None:
        """Change that number; raises BadRequest below 1."""
        if limit < 1:
            raise BadRequest("`_revs_limit` must be at least 1")
        with self._here():
            self._records.revs_limit = limit

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
            self._records.drop_inner()

    def start_compaction(self) -> None:
        """`compact`, which is done at once."""
        self.compact()

    @contextmanager
    def _here(self) -> Iterator[None]:
        """Hold everything still; raises NotFound when the database was destroyed."""
        with self._server.changed:
            if self._server.held.get(self._name) is not self:
                raise NoDatabase
            yield

    def _order(self) -> Sequences:
        return Sequences(self._server.epoch, self._server.counter)

    def _next_seq(self) -> int:
        self._server.counter += 1
        self._update_seq = self._server.counter
        self._server.changed.notify_all()
        return self._update_seq

    def _purge_one(self, doc_id: str, asked: tuple[Revision, ...]) -> Sequence[Revision]:
        self._purge_seq += 1
        self._purges.append(Purged(doc_id, tuple(sorted(asked))))
        return self._records.purge(doc_id, asked)


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
