"""A database of a node whose documents are on a CouchDB, answering to `BoundDatabase`.

    edits           become intents in a transaction of the ledger; acknowledged then, delivered at once
    replicas' copies go straight to the CouchDB: whoever brings them repeats them until it hears
    questions       wait until all that was written has been delivered, then the CouchDB answers
    while it is away, what is on its way there can still be read; the rest says plainly that it cannot

Must not know: what a record means, how the server is reached.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

from sync.errors import Refused, StoreUnreachable
from sync.outbox.address import MARK
from sync.outbox.foresight import Foresight
from sync.outbox.standing import Standing, standing_of
from sync.outbox.writing import graft_within, read_within, write_within
from sync.remote.database import RemoteDatabase
from sync.revisions.revision import Revision
from sync.revisions.tree import Tree
from sync.store.edits import require_id, require_path
from sync.store.ledger.intents import Intent, intents_of
from sync.store.transaction import Reader, Transaction
from sync.store.wakes import Wakes
from sync.typed import replace
from sync.values.changes import Changes, Info, Listing, Missing, Row, Span
from sync.values.contents import Content, bytes_of
from sync.values.documents import Absent, Document, Edit, LocalDocument, Outcome, Wanted
from sync.values.queries import Found, Query
from sync.wire.arriving import digest_of

T = TypeVar("T")
Waiting = Mapping[str, Sequence[Intent]]

_AT_ONCE = 20  # documents to a slice of a long read: an answer is held whole


class Keeping(Protocol):
    """The outbox, as far as one of its databases knows it."""

    foresight: Foresight

    @property
    def wakes(self) -> Wakes:
        """Where to wait for changes."""
        ...

    def read(self, work: Callable[[Reader], T]) -> T:
        """Run work over a snapshot of the ledger."""
        ...

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run work in a transaction of the ledger."""
        ...

    def settle(self, name: str) -> None:
        """Have all that waits for a database delivered, if the server is there; raises NotFound."""
        ...

    def ask(self, name: str, question: Callable[[RemoteDatabase], T]) -> T:
        """Put a question to the database on the server; raises StoreUnreachable."""
        ...


class OutboxDatabase:
    """One database, by its name; every method raises NotFound when it does not exist (any more).

    What has to ask the CouchDB raises StoreUnreachable while that cannot be used.
    """

    def __init__(self, outbox: Keeping, name: str) -> None:
        self._outbox = outbox
        self._name = name

    @property
    def name(self) -> str:
        """How the database is called on this node."""
        return self._name

    def info(self) -> Info:
        """The database in numbers."""
        return replace(self._ask(lambda there: there.info()), name=self._name)

    def changes(
        self,
        since: str,
        *,
        limit: int | None = None,
        descending: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> Changes:
        """Each document's newest change after a sequence; what waits is in it once it is delivered."""
        return self._ask(lambda there: there.changes(since, limit=limit, descending=descending, doc_ids=doc_ids))

    def await_change(self, since: str, *, timeout_seconds: float) -> bool:
        """Wait until something changed after a sequence; asks the server once, for nobody but us writes there."""
        wakes = self._outbox.wakes
        count = wakes.count(self._name)
        if not wakes.is_quiet(self._name, count, since):
            if self._ask(lambda there: there.changes(since, limit=1)).results:
                return True
            wakes.note_quiet(self._name, count, since)
        return wakes.wait(self._name, count, timeout_seconds=timeout_seconds)

    def missing(self, offered: Mapping[str, Sequence[Revision]]) -> Mapping[str, Missing]:
        """Say which of the offered revisions this database lacks; see `Database.missing`."""
        waiting = self._waiting(offered)
        rest = {doc_id: revisions for doc_id, revisions in offered.items() if doc_id not in waiting}
        answer = dict(self._ask(lambda there: there.missing(rest))) if rest or not offered else {}
        for doc_id, intents in waiting.items():
            tree = self._standing(doc_id, intents).tree or Tree()
            lacking = tree.missing(offered[doc_id])
            if lacking:
                answer[doc_id] = Missing(lacking, tree.possible_ancestors(lacking))
        return {doc_id: answer[doc_id] for doc_id in offered if doc_id in answer}

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        """Read documents, in the order asked."""
        for start in range(0, len(wanted), _AT_ONCE):
            yield from self._read(wanted[start : start + _AT_ONCE])

    def read_in(self, reader: Reader, wanted: Sequence[Wanted]) -> Sequence[Document | Absent]:
        """`read` within a transaction; see `sync.store.documents`."""
        return read_within(reader, self._outbox.foresight, self._name, wanted)

    def seq_in(self, reader: Reader) -> str:
        """Not known before it is delivered."""
        return ""

    def tree(self, doc_id: str) -> Tree | None:
        """The revision tree of a document; None when it was never written."""
        intents = self._waiting([doc_id]).get(doc_id)
        return self._standing(doc_id, intents).tree if intents else self._ask(lambda there: there.tree(doc_id))

    def list(self, span: Span) -> Listing:
        """Live documents in the order of their ids; what waits is in it once it is delivered."""
        return self._ask(lambda there: there.list(span))

    def look_up(self, ids: Sequence[str]) -> Listing:
        """One row per id asked for, in that order, deleted and unknown ones included."""
        waiting = self._waiting(ids)
        rest = [doc_id for doc_id in ids if doc_id not in waiting]
        listed = self._ask(lambda there: there.look_up(rest)) if rest or not ids else Listing((), len(waiting), 0)
        rows = {row.id: row for row in listed.rows}
        for doc_id, intents in waiting.items():
            tree = self._standing(doc_id, intents).tree
            rows[doc_id] = Row(doc_id, tree.winner.leaf, tree.deleted) if tree else Row(doc_id, None)
        return Listing(tuple(rows[doc_id] for doc_id in ids), listed.total, listed.offset)

    def find(self, query: Query) -> Found:
        """Documents that fit a selector, over the indexes of the server."""
        return self._ask(lambda there: there.find(query))

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Write edits, one outcome each, in order. Durable on return, here or already there."""
        held = [_held(edit) for edit in edits]
        lawful = [one for one in held if isinstance(one, Edit)]

        def work(tx: Transaction) -> Sequence[Outcome]:
            # Who writes without a transaction of his own looks for it at once; looking has it delivered.
            tx.touch(self._name)
            return self.write_in(tx, lawful)

        written = iter(self._outbox.write(work) if lawful else ())
        return [next(written) if isinstance(one, Edit) else one for one in held]

    def write_in(self, tx: Transaction, edits: Sequence[Edit], *, newborn: bool = False) -> Sequence[Outcome]:
        """`write` within a transaction: durable when that is. A newborn id needs no asking."""
        return write_within(tx, self._outbox.foresight, self._name, edits, newborn=newborn)

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Join replicas' revisions to the trees, one outcome each, in order. Durable there on return."""
        refused = {at: error for at, document in enumerate(documents) if (error := _unlawful(document)) is not None}
        lawful = [document for at, document in enumerate(documents) if at not in refused]
        grafted = iter(self._ask(lambda there: there.graft(lawful)))
        outcomes = [
            Outcome(document.id, None, refused[at]) if at in refused else next(grafted)
            for at, document in enumerate(documents)
        ]
        if lawful:
            self._outbox.foresight.ticks.note(self._name, [document.id for document in lawful])
            self._outbox.wakes.wake([self._name])
        return outcomes

    def graft_in(self, tx: Transaction, documents: Sequence[Document]) -> Sequence[Outcome]:
        """`graft` within a transaction: durable when that is."""
        return graft_within(tx, self._name, documents)

    def read_local(self, local_id: str) -> LocalDocument | None:
        """A local document by the part of its id behind `_local/`."""
        return self._ask(lambda there: there.read_local(local_id))

    def list_local(self, span: Span) -> Sequence[LocalDocument]:
        """Local documents of a span, in the order of their ids; our mark is not one of them."""
        whole = replace(span, skip=0, limit=None)
        found = [one for one in self._ask(lambda there: there.list_local(whole)) if one.id != MARK]
        return found[span.skip : None if span.limit is None else span.skip + span.limit]

    def write_local(self, local_id: str, body: bytes) -> Revision:
        """Replace a local document."""
        return self._ask(lambda there: there.write_local(local_id, body))

    def delete_local(self, local_id: str) -> bool:
        """Remove a local document; False when there was none."""
        return self._ask(lambda there: there.delete_local(local_id))

    def _ask(self, question: Callable[[RemoteDatabase], T]) -> T:
        self._outbox.settle(self._name)
        return self._outbox.ask(self._name, question)

    def _waiting(self, ids: Collection[str]) -> Waiting:
        """Intents of these documents that stay for now: the server is away, or would not take them."""
        self._outbox.settle(self._name)
        return self._outbox.read(lambda reader: intents_of(reader, self._name, ids))

    def _read(self, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        waiting = self._waiting([one.id for one in wanted])
        if not waiting:
            yield from self._read_there(wanted)
            return
        for one in wanted:
            if one.id in waiting:
                yield from self._standing(one.id, waiting[one.id]).read(one, partial(self._fetch, one))
            else:
                yield from self._read_there([one])

    def _read_there(self, wanted: Sequence[Wanted]) -> tuple[Document | Absent, ...]:
        # Read to the end within the question: the connection is lent to somebody else next.
        return self._outbox.ask(self._name, lambda there: tuple(_with_bytes(each) for each in there.read(wanted)))

    def _fetch(self, wanted: Wanted, revision: Revision) -> Document | Absent:
        return self._read_there([replace(wanted, revisions=(revision,), latest=False)])[0]

    def _standing(self, doc_id: str, intents: Sequence[Intent]) -> Standing:
        """A document with what waits; while the server is away, as far as what waits tells."""
        try:
            leaves = self._outbox.ask(self._name, lambda there: there.leaves([doc_id]))[doc_id]
        except StoreUnreachable:
            leaves = ()
        return standing_of(doc_id, leaves, intents)


def _held(edit: Edit) -> Edit | Outcome:
    """The edit with its contents in memory: what passes by can be taken once, and a transaction may run twice."""
    if not any(isinstance(file.data, Content) for file in edit.attachments):
        return edit
    try:
        files = []
        for file in edit.attachments:
            data = None if file.data is None else bytes_of(file.data)
            files.append(file if data is None else replace(file, data=data, digest=digest_of(data), length=len(data)))
        return replace(edit, attachments=tuple(files))
    except Refused as error:
        return Outcome(edit.id, None, error)


def _with_bytes(read: Document | Absent) -> Document | Absent:
    """What was read with its large contents, which would otherwise be asked for when the connection is another's."""
    if isinstance(read, Absent) or not any(isinstance(file.data, Content) for file in read.attachments):
        return read
    files = (replace(file, data=None if file.data is None else bytes_of(file.data)) for file in read.attachments)
    return replace(read, attachments=tuple(files))


def _unlawful(document: Document) -> Refused | None:
    """Why our own store would refuse a copy; CouchDB takes paths longer than their generation."""
    try:
        require_id(document.id)
        require_path(document.path)
    except Refused as error:
        return error
    return None
