"""Following this node's own databases to know what it holds.

Databases are read outside the ledger's transaction, a page at a time, because they may be on an
Apache CouchDB; what a page taught and how far it reached are then noted together. A page noted
twice changes nothing. What is written here, and what nodes below bring, is noted as it is written.

Must not know: why something changed, how what is held is signed.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Protocol, TypeVar

from sync.custody.materials import materials_of
from sync.custody.receipts import Holding
from sync.database import Database, Front
from sync.errors import BadRequest
from sync.records.events import Event, read_event
from sync.records.ids import blobs_database, parse_database
from sync.records.log import events_in
from sync.store.documents import BoundDatabase, Documents
from sync.store.ledger.alarms import Alarm, raise_alarm
from sync.store.ledger.blobs import await_blobs, awaited_roots, lacking, note_complete
from sync.store.ledger.followed import follow_along, followed_to, note_followed
from sync.store.ledger.writers import Clash, Link, held_of, is_next, note_events
from sync.store.transaction import Reader, Transaction
from sync.trust.chain import digest_text, read_digest
from sync.typed import Value, replace
from sync.values.documents import Document, Outcome, Wanted

T = TypeVar("T")

FOLLOWER = "holdings"
_PAGE = 100
RECORD_KINDS = ("station", "voice")  # of databases

# (name of a blobs database, root) → whether that blob is whole there
Completeness = Callable[[str, str], bool]


class Books(Protocol):
    """The engine, as far as custody knows it."""

    def read(self, work: Callable[[Reader], T]) -> T:
        """Run work over a snapshot."""
        ...

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run work in a transaction; durable on return."""
        ...


class Noted(Value):
    """What following a database taught.

    writers  of whom something new is held; receipts about their stations have to be signed anew
    events   how many were new;  clashes, contradictions, each an alarm now;  blobs, how many became complete
    more     whether changes are left for the next call
    """

    writers: frozenset[str] = frozenset()
    events: int = 0
    clashes: tuple[Clash, ...] = ()
    blobs: int = 0
    more: bool = False


class _Found(Value):
    """An event as it was found: in which database and document, with its hashes as bytes."""

    database: str
    doc_id: str
    event: Event

    @property
    def link(self) -> Link:
        event = self.event
        return Link(event.number, read_digest(event.hash), read_digest(event.previous) if event.previous else None)


def follow(books: Books, database: Database, *, now_ms: int, is_complete: Completeness) -> Noted:
    """Note one page of a database's changes: events held, blobs completed. One caller at a time.

    returns  what was learned; call again while `more`. Nothing new, nothing written
    """
    name = parse_database(database.name)
    if name is None or name.kind not in (*RECORD_KINDS, "blobs"):
        return Noted()
    since = books.read(lambda reader: followed_to(reader, FOLLOWER, database.name))
    page = database.changes(since, limit=_PAGE)
    if page.last_seq == since:
        return Noted()
    holder = blobs_database(name.sid)
    if name.kind == "blobs":
        found: list[_Found] = []
        awaited = books.read(lambda reader: awaited_roots(reader, holder))
        complete = [root for root in awaited if is_complete(holder, root)]
    else:
        found = list(_events(database, [change.id for change in page.results]))
        complete = _complete_of(found, holder, is_complete)

    def work(tx: Transaction) -> Noted:
        note_followed(tx, FOLLOWER, database.name, seq=page.last_seq)
        return _note(tx, found, complete, holder=holder, now_ms=now_ms)

    return replace(books.write(work), more=len(page.results) == _PAGE)


def is_followed(reader: Reader, database: BoundDatabase) -> bool:
    """Whether a database ends where `follow` came to; False where only the server elsewhere could say.

    What nodes below bring is followed as it is kept, so that mostly it does.
    """
    end = database.seq_in(reader)
    return end != "" and followed_to(reader, FOLLOWER, database.name) == end


def note_written(
    tx: Transaction, database: str, doc_id: str, event: Event, *, before: str, after: str, now_ms: int
) -> None:
    """Note an event of ours in the transaction that writes it, so that nobody need read its record again for that.

    One that names photos is left to `follow`, which looks for those, and so is what comes behind one that was left.

    before, after  as `follow_along` has them
    """
    if materials_of(event.set) or not is_next(tx, event.writer, event.life, event.number):
        return
    _note(tx, [_Found(database, doc_id, event)], (), holder="", now_ms=now_ms)
    follow_along(tx, FOLLOWER, database, before=before, after=after)


class NotingDatabase(Front):
    """A database of records that notes what is grafted in the transaction that keeps it, so that nobody need read it
    again for that. What bears the name of a writer who was not expected is left to `follow`, and so is what is refused.
    """

    def __init__(
        self,
        database: BoundDatabase,
        documents: Documents,
        *,
        holder: str,
        expected: Container[str],
        clock: Callable[[], int],
        is_complete: Completeness,
    ) -> None:
        """Put it before a database.

        holder    the database of the photos that its records name
        expected  the writers whose receipts are looked at afterwards anyway
        clock     in milliseconds
        """
        super().__init__(database)
        self._database = database
        self._documents = documents
        self._holder = holder
        self._expected = expected
        self._clock = clock
        self._is_complete = is_complete

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """As the database does."""
        found = [one for document in documents for one in _found_in(self.name, document)]
        if any(one.event.writer not in self._expected for one in found):
            return super().graft(documents)
        complete, now_ms = _complete_of(found, self._holder, self._is_complete), self._clock()

        def work(tx: Transaction) -> Sequence[Outcome]:
            before = self._database.seq_in(tx)
            outcomes = self._database.graft_in(tx, documents)
            if all(outcome.error is None for outcome in outcomes):
                _note(tx, found, complete, holder=self._holder, now_ms=now_ms)
                follow_along(tx, FOLLOWER, self.name, before=before, after=self._database.seq_in(tx))
            return outcomes

        return self._documents.write(work)


def holdings_of(reader: Reader, writers: Iterable[str]) -> tuple[Holding, ...]:
    """What this node holds of each life of these writers, by writer and life."""
    return tuple(
        Holding(held.writer, held.life, held.counter, held.head, held.missing, lacking(reader, held.writer, held.life))
        for held in held_of(reader, writers)
    )


def events_of(document: Document) -> Iterator[Event]:
    """The events a record's document carries; what is no event is passed over, the guard has reported it."""
    try:
        yield from events_in(document)
    except BadRequest:
        yield from _those_that_are(document)


def _those_that_are(document: Document) -> Iterator[Event]:
    try:
        listed = document.fields().get("events")
    except BadRequest:
        return
    for value in listed if isinstance(listed, list) else ():
        try:
            yield read_event(value)
        except BadRequest:
            continue


def _events(database: Database, doc_ids: Sequence[str]) -> Iterator[_Found]:
    for document in database.read([Wanted(doc_id, ()) for doc_id in doc_ids]):
        if isinstance(document, Document):
            yield from _found_in(database.name, document)


def _found_in(database: str, document: Document) -> Iterator[_Found]:
    if not document.deleted:
        yield from (_Found(database, document.id, event) for event in events_of(document))


def _complete_of(found: Iterable[_Found], holder: str, is_complete: Completeness) -> list[str]:
    """Of the photos that events name, those that are here whole."""
    return [
        root for root in {root for one in found for root in materials_of(one.event.set)} if is_complete(holder, root)
    ]


def _note(tx: Transaction, found: Iterable[_Found], complete: Iterable[str], *, holder: str, now_ms: int) -> Noted:
    writers: set[str] = set()
    clashes: list[Clash] = []
    events = blobs = 0
    for root in complete:
        waiting = note_complete(tx, holder, root)
        writers.update(waiting)
        blobs += bool(waiting)
    for (writer, life), ours in _by_life(found):
        for one, noted in zip(ours, note_events(tx, writer, life, [each.link for each in ours]), strict=True):
            if noted.clash is not None:
                clashes.append(noted.clash)
                raise_alarm(tx, _alarm(noted.clash, source=f"{one.database}/{one.doc_id}", now_ms=now_ms))
            if noted.is_new:
                writers.add(writer)
                events += 1
                if roots := materials_of(one.event.set):
                    await_blobs(tx, writer, life, number=one.event.number, database=holder, roots=roots)
    return Noted(frozenset(writers), events, tuple(clashes), blobs)


def _by_life(found: Iterable[_Found]) -> Iterator[tuple[tuple[str, str], list[_Found]]]:
    """What was found, by writer and life, each in the order it was written in."""
    ours = sorted(found, key=lambda one: one.event.place)
    for place, each in groupby(ours, key=lambda one: (one.event.writer, one.event.life)):
        yield place, list(each)


def _alarm(clash: Clash, *, source: str, now_ms: int) -> Alarm:
    known, offered = digest_text(clash.known), digest_text(clash.offered)
    return Alarm(clash.kind, clash.writer, clash.life, clash.number, known, offered, source, now_ms)
