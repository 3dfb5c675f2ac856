"""A database of the embedded engine, answering to the `Database` protocol.

Each method is one piece of work for the engine. The `..._in` methods are the same work inside a
transaction someone else began, so that documents and ledger rows are written together or not at all.

Must not know: HTTP, how the engine groups and flushes.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from sync.errors import BadRequest
from sync.revisions.revision import Revision
from sync.revisions.tree import Tree
from sync.store import local, purging
from sync.store.batch import Batch
from sync.store.feed import changed_after, changes_after, changes_before, missing_of, weigh_after
from sync.store.letting_go import let_go
from sync.store.listing import list_span, look_up_ids
from sync.store.place import find_place, newest_sequence, sequences
from sync.store.reading import glance, read_one, tree_of
from sync.store.staging import staged
from sync.store.transaction import Reader, Transaction
from sync.store.working import Working
from sync.values.changes import Change, Changes, Info, Listing, Missing, Purged, Span
from sync.values.documents import Absent, Document, Edit, LocalDocument, Outcome, Wanted
from sync.values.queries import Found, Query

_READ_BYTES = 1 << 20  # one slice of a long read; a slow listener then holds no snapshot and little memory


class EmbeddedDatabase:
    """One database in the file, by its name; every method raises NotFound when it does not exist (any more)."""

    def __init__(self, engine: Working, name: str) -> None:
        self._engine = engine
        self._name = name

    @property
    def name(self) -> str:
        """How the database is called on this node."""
        return self._name

    def info(self) -> Info:
        """The database in numbers."""
        return self._engine.read(self.info_in)

    def info_in(self, reader: Reader) -> Info:
        """`info` within a transaction."""
        place = find_place(reader, self._name)
        ((live, deleted, instance, stored, active, purge_seq),) = reader.execute(
            "SELECT doc_count, doc_del_count, instance, stored_bytes, active_bytes, purge_seq "
            "FROM databases WHERE database = ?",
            (place.database,),
        )
        order = sequences(reader)
        seq, purged = order.text(place.update_seq), order.text(purge_seq)
        compacting = self._engine.upkeep.is_compacting(self._name)
        return Info(self._name, seq, live, deleted, instance, stored, active, purged, compacting)

    def changes(
        self,
        since: str,
        *,
        limit: int | None = None,
        descending: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> Changes:
        """Each document's newest change after a sequence, oldest first; see `Database.changes`."""

        def work(reader: Reader) -> Changes:
            place = find_place(reader, self._name)
            return changes_after(reader, place, since, limit=limit, descending=descending, doc_ids=doc_ids)

        return self._engine.read(work)

    def changes_before(self, seq: str, *, limit: int) -> Sequence[Change]:
        """Each document's newest change before a sequence, newest first: a page of the feed read backwards."""
        return self._engine.read(
            lambda reader: changes_before(reader, find_place(reader, self._name), seq, limit=limit)
        )

    def weigh_after(self, since: str, *, counted: str = "") -> tuple[int, int]:
        """(documents whose id begins so, bytes of all documents) that changed after a sequence; no body is read."""
        return self._engine.read(
            lambda reader: weigh_after(reader, find_place(reader, self._name), since, counted=counted)
        )

    def await_change(self, since: str, *, timeout_seconds: float) -> bool:
        """Wait until something changed after a sequence; holds no connection while it waits."""
        wakes = self._engine.wakes
        count = wakes.count(self._name)
        if not wakes.is_quiet(self._name, count, since):
            if self._engine.read(lambda reader: changed_after(reader, find_place(reader, self._name), since)):
                return True
            wakes.note_quiet(self._name, count, since)
        return wakes.wait(self._name, count, timeout_seconds=timeout_seconds)

    def missing(self, offered: Mapping[str, Sequence[Revision]]) -> Mapping[str, Missing]:
        """Say which of the offered revisions this database lacks; see `Database.missing`."""
        return self._engine.read(lambda reader: missing_of(reader, find_place(reader, self._name), offered))

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        """Read documents, in the order asked; a long read sees one snapshot per slice."""
        if len(wanted) == 1 and wanted[0].revisions is None:
            winner = glance(self._engine, self._name, wanted[0].id)
            if winner is not None:
                yield winner
                return
        position = 0
        while position < len(wanted):
            found, position = self._engine.read(partial(self._slice, wanted=wanted, position=position))
            yield from found

    def read_in(self, reader: Reader, wanted: Sequence[Wanted]) -> Sequence[Document | Absent]:
        """`read` within a transaction, all at once."""
        place = find_place(reader, self._name)
        return [found for each in wanted for found in read_one(reader, place, each, self._engine)]

    def tree(self, doc_id: str) -> Tree | None:
        """The revision tree of a document; None when it was never written."""
        return self._engine.read(lambda reader: self.tree_in(reader, doc_id))

    def tree_in(self, reader: Reader, doc_id: str) -> Tree | None:
        """`tree` within a transaction."""
        return tree_of(reader, find_place(reader, self._name), doc_id)

    def list(self, span: Span) -> Listing:
        """Live documents in the order of their ids (by UTF-8 bytes)."""
        return self._engine.read(lambda reader: list_span(reader, find_place(reader, self._name), span))

    def look_up(self, ids: Sequence[str]) -> Listing:
        """One row per id asked for, in that order, deleted and unknown ones included."""
        return self._engine.read(lambda reader: look_up_ids(reader, find_place(reader, self._name), ids))

    def find(self, query: Query) -> Found:
        """Documents that fit a selector; see `Database.find`. Not to be called from within a transaction."""
        # Here and not above: a station never asks by selector, and its PC has 1 GB (0.4 MB).
        from sync.store.finding import find

        return find(self._engine, self._name, query)

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Write edits, one outcome each, in order. Durable on return."""
        if not any(edit.attachments for edit in edits):
            return self._engine.write(lambda tx: self.write_in(tx, edits))
        with staged(self._engine, edits) as ready:
            return self._engine.write(lambda tx: self.write_in(tx, ready))

    def write_in(self, tx: Transaction, edits: Sequence[Edit], *, newborn: bool = False) -> Sequence[Outcome]:
        """`write` within a transaction: durable when that is. To look in the file costs nothing, newborn or not."""
        batch = Batch(tx, find_place(tx, self._name))
        batch.load(edit.id for edit in edits)
        outcomes = [batch.write(edit) for edit in edits]
        batch.flush()
        return outcomes

    def seq_in(self, reader: Reader) -> str:
        """The sequence of the newest change, within a transaction."""
        return newest_sequence(reader, self._name)

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Join replicas' revisions to the trees, one outcome each, in order. Durable on return."""
        if not any(document.attachments for document in documents):
            return self._engine.write(lambda tx: self.graft_in(tx, documents))
        with staged(self._engine, documents) as ready:
            return self._engine.write(lambda tx: self.graft_in(tx, ready))

    def graft_in(self, tx: Transaction, documents: Sequence[Document]) -> Sequence[Outcome]:
        """`graft` within a transaction: durable when that is."""
        batch = Batch(tx, find_place(tx, self._name))
        batch.load(document.id for document in documents)
        outcomes = [batch.graft(document) for document in documents]
        batch.flush()
        return outcomes

    def read_local(self, local_id: str) -> LocalDocument | None:
        """A local document by the part of its id behind `_local/`."""
        return self._engine.read(lambda reader: local.read_local(reader, find_place(reader, self._name), local_id))

    def list_local(self, span: Span) -> Sequence[LocalDocument]:
        """Local documents in the order of their ids, bodies included."""
        return self._engine.read(lambda reader: local.list_local(reader, find_place(reader, self._name), span))

    def write_local(self, local_id: str, body: bytes) -> Revision:
        """Replace a local document."""
        return self._engine.write(lambda tx: local.write_local(tx, find_place(tx, self._name), local_id, body))

    def delete_local(self, local_id: str) -> bool:
        """Remove a local document; False when there was none."""
        return self._engine.write(lambda tx: local.delete_local(tx, find_place(tx, self._name), local_id))

    def revs_limit(self) -> int:
        """How many revisions of each path are remembered (CouchDB's `_revs_limit`)."""
        return self._engine.read(lambda reader: find_place(reader, self._name).revs_limit)

    def set_revs_limit(self, limit: int) -> None:
        """Change that number; holds for paths written from now on. Raises BadRequest below 1."""
        if limit < 1:
            raise BadRequest("`_revs_limit` must be at least 1")
        self._set("revs_limit", limit)

    def security(self) -> bytes:
        """JSON text of the `_security` object; `{}` until one was set."""
        row = self._engine.read(
            lambda reader: reader.one(
                "SELECT security FROM databases WHERE database = ?", (find_place(reader, self._name).database,)
            )
        )
        return str(row[0]).encode() if row else b"{}"

    def set_security(self, text: bytes) -> None:
        """Replace the `_security` object."""
        self._set("security", text.decode())

    def purge(self, asked: Mapping[str, Collection[Revision]]) -> Mapping[str, Sequence[Revision]]:
        """Forget leaves for good; see `sync.http_api.abilities.Purgeable`."""
        purged = self._engine.write(lambda tx: self.purge_in(tx, asked))
        self._engine.upkeep.sweep()
        return purged

    def purge_in(self, tx: Transaction, asked: Mapping[str, Collection[Revision]]) -> Mapping[str, Sequence[Revision]]:
        """`purge` within a transaction: durable when that is."""
        return purging.purge(tx, find_place(tx, self._name), asked)

    def let_go_in(self, tx: Transaction, ids: Sequence[str]) -> int:
        """Remove the bodies of some documents within a transaction and keep the rest; returns the bytes freed.

        Whoever reads one gets an `Absent` that says so; grafted once more, it is here again. See `letting_go`.
        """
        return let_go(tx, find_place(tx, self._name), ids)

    def purged_infos(self) -> Sequence[Purged]:
        """What was asked to be purged, as far as it is remembered, by id and revisions."""
        return self._engine.read(lambda reader: purging.purged_infos(reader, find_place(reader, self._name)))

    def purged_infos_limit(self) -> int:
        """How many purges are remembered once the database was compacted."""
        return self._engine.read(lambda reader: purging.purged_infos_limit(reader, find_place(reader, self._name)))

    def set_purged_infos_limit(self, limit: int) -> None:
        """Change that number; raises BadRequest below 1."""
        purging.require_infos_limit(limit)
        self._set("purged_infos_limit", limit)

    def compact(self) -> None:
        """Drop bodies that no leaf needs and return the space; in slices, so that others write in between."""
        self.start_compaction()
        self._engine.upkeep.await_compacted(self._name)

    def start_compaction(self) -> None:
        """`compact`, without waiting for it; see `Info.is_compacting`."""
        self._engine.read(lambda reader: find_place(reader, self._name))
        self._engine.upkeep.compact(self._name)

    def _set(self, column: str, value: int | str) -> None:
        def work(tx: Transaction) -> None:
            place = find_place(tx, self._name)
            tx.execute(f"UPDATE databases SET {column} = ? WHERE database = ?", (value, place.database))

        self._engine.write(work)

    def _slice(
        self, reader: Reader, wanted: Sequence[Wanted], position: int
    ) -> tuple[Sequence[Document | Absent], int]:
        """What is asked for from a position on, until it weighs enough; and the position behind it."""
        place = find_place(reader, self._name)
        found = []
        weight = 0
        while position < len(wanted) and weight < _READ_BYTES:
            for each in read_one(reader, place, wanted[position], self._engine):
                found.append(each)
                weight += _weight(each)
            position += 1
        return found, position


def _weight(found: Document | Absent) -> int:
    if isinstance(found, Absent):
        return 0
    return len(found.body) + sum(len(file.data) for file in found.attachments if isinstance(file.data, bytes))
