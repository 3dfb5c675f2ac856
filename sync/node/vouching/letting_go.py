"""Letting go of the photos of closed cases: at a station their bytes are most of what there is.

Of each station kept here the cases with photos are read; those that are closed, old and safe give up the chunks of
their photos, but for chunks that a photo that stays is made of, too; photos of what people signed stay. The list of
chunks, the record and every revision stay. Whether a case is safe is asked in the transaction that lets go of it: a
word of the centre that fell a moment ago counts, and so does another case, or a person, that took photos over.

Must not know: when it is done, how a photo comes back.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from sync.blobs.reading import chunks_away, read_list
from sync.custody.materials import materials_of
from sync.custody.safe import safe_blobs
from sync.errors import BadRequest, Damaged, NotFound, NotOffered
from sync.messages import _
from sync.node.centre_key import pinned_centre
from sync.node.node import Node
from sync.node.sharing import UPSTREAM, held_stations, stations_under
from sync.node.vouching.statements import own_of
from sync.records.case_table import CLOSED
from sync.records.clock import parse_order
from sync.records.events import Event
from sync.records.ids import MAX_CHUNK_BYTES, blobs_database, chunk_id, station_database
from sync.records.log import Record, record_from_document
from sync.store.database import EmbeddedDatabase
from sync.store.ledger.contacts import contact
from sync.store.ledger.let_go import note_let_go, stays_until, with_photos
from sync.store.ledger.people_named import is_of_people, photos_of_people
from sync.store.ledger.wanted_photos import wanted_elsewhere
from sync.store.transaction import Reader, Transaction
from sync.trust.keys import writer_id
from sync.typed import Value
from sync.values.documents import Document, Wanted

_DAY_MS = 24 * 3_600_000
# Who has not been heard of for longer may have been restored since, and we would not know.
_NEWS_MS = _DAY_MS
_PAGE = 50
_AT_ONCE = 32  # chunks in one transaction: half a megabyte
_CHUNK_WEIGHT = (4, 3)  # of a chunk in base64, to its content


class Gone(Value):
    """What was let go of, or would be.

    cases, photos  how many;  bytes, of the store
    """

    cases: int = 0
    photos: int = 0
    bytes: int = 0

    def __add__(self, other: "Gone") -> "Gone":
        return Gone(self.cases + other.cases, self.photos + other.photos, self.bytes + other.bytes)


class _Case(Value):
    id: str
    events: tuple[Event, ...]
    roots: frozenset[str]


def let_go(
    node: Node, *, older_than_days: int, dry_run: bool = False, stop: Callable[[], bool] = lambda: False
) -> Gone:
    """Let go of the photos of closed cases to which nothing was done for so many days.

    dry_run  nothing is let go, only counted
    stop     asked between slices
    raises   NotOffered where the documents are on a CouchDB; NotFound while there is no centre to lean on, or nothing
             was heard from above for a day
    """
    if node.documents.elsewhere() is not None:
        raise NotOffered(
            _("The documents are on a CouchDB, photos are not let go of there"),
            remedy=_("See to its room on that CouchDB."),
        )
    centre = _centre_of(node)
    before_ms = node.clock() - older_than_days * _DAY_MS
    gone = Gone()
    for sid in held_stations(node):
        gone += _LettingGo(node, centre, sid, before_ms, dry_run=dry_run, stop=stop).run()
    return gone


class _LettingGo:
    """One station's share."""

    def __init__(
        self, node: Node, centre: str, sid: str, before_ms: int, *, dry_run: bool, stop: Callable[[], bool]
    ) -> None:
        self._node, self._own = node, own_of(node.identity)
        self._centre = centre
        self._sid = sid
        self._before_ms = before_ms
        self._dry_run = dry_run
        self._stop = stop
        self._blobs = EmbeddedDatabase(node.engine, blobs_database(sid))
        self._stations = node.read(lambda reader: stations_under(reader, node.identity.sid))
        # Roots of photos that stay; those that wait for a stick to somebody below are some, of what people signed all.
        self._staying = set(node.read(partial(wanted_elsewhere, database=self._blobs.name)))

    def run(self) -> Gone:
        going = [case for case in self._cases() if not self._stop()]
        if not going:
            return Gone()
        self._staying |= self._node.read(partial(photos_of_people, sid=self._sid))
        staying_chunks = {digest for root in self._staying for digest in self._chunks(root)}
        gone = Gone()
        for case in going:
            if self._stop():
                break
            gone += self._let_go_of(case, staying_chunks)
        return gone

    def _cases(self) -> list[_Case]:
        """Those that may go; the photos of the others stay."""
        going = []
        ids: tuple[str, ...] = self._node.read(partial(with_photos, sid=self._sid))
        for record, is_one in self._records(ids):
            roots = frozenset(root for event in record.events for root in materials_of(event.set))
            case = _Case(record.id, record.events, roots)
            if is_one and self._is_past(record) and self._node.read(partial(self._is_safe, case)):
                going.append(case)
            else:
                self._staying |= roots
        return going

    def _records(self, ids: Sequence[str]) -> Iterator[tuple[Record, bool]]:
        """Each leaf of some cases as a record, and whether it is the only one."""
        station = self._node.documents.database(station_database(self._sid))
        for start in range(0, len(ids), _PAGE):
            wanted = [Wanted(doc_id, ()) for doc_id in ids[start : start + _PAGE]]
            leaves: dict[str, list[Document]] = {}
            for found in station.read(wanted):
                if isinstance(found, Document) and not found.deleted:
                    leaves.setdefault(found.id, []).append(found)
            for documents in leaves.values():
                for document in documents:
                    try:
                        yield record_from_document(document), len(documents) == 1
                    except BadRequest:
                        continue

    def _is_past(self, record: Record) -> bool:
        is_closed = record.status in CLOSED and record.understood and not record.disputes and not record.requests
        return (
            is_closed
            and _last_ms(record.events) < self._before_ms
            and self._stays_until(record.id) < self._node.clock()
        )

    def _stays_until(self, case_id: str) -> int:
        return self._node.read(lambda reader: stays_until(reader, case_id))

    def _is_safe(self, case: _Case, reader: Reader) -> bool:
        safe = safe_blobs(reader, self._own, self._centre, case.events, stations=self._stations)
        return safe is not None and safe >= case.roots

    def _let_go_of(self, case: _Case, staying_chunks: set[str]) -> Gone:
        freed = photos = 0
        for root in sorted(case.roots - self._staying):
            whole = self._chunks(root)
            staying = staying_chunks.union(chunks_away(self._blobs, whole))
            chunks = [digest for digest in whole if digest not in staying]
            photos += bool(chunks)
            if self._dry_run:
                freed += self._weight(root, len(chunks))
                continue
            for start in range(0, len(chunks), _AT_ONCE):
                ids = [chunk_id(digest) for digest in chunks[start : start + _AT_ONCE]]
                let = self._node.engine.write(partial(self._slice, case, ids))
                if let is None:
                    return Gone(0, 0, freed)
                freed += let
        if not self._dry_run:
            self._node.engine.write(lambda tx: note_let_go(tx, case.id))
        return Gone(1, photos, freed)

    def _slice(self, case: _Case, ids: Sequence[str], tx: Transaction) -> int | None:
        """The bytes let go; None when the case is not safe any more, or another names its photos since."""
        may_go = stays_until(tx, case.id) < self._node.clock() and self._is_safe(case, tx)
        may_go = may_go and not is_of_people(tx, case.roots - self._staying)
        return self._blobs.let_go_in(tx, ids) if may_go else None

    def _chunks(self, root: str) -> tuple[str, ...]:
        try:
            return tuple(dict.fromkeys(read_list(self._blobs, root).chunks))
        except (NotFound, Damaged):
            return ()

    def _weight(self, root: str, chunks: int) -> int:
        """About how many bytes of the store so many chunks of a photo are."""
        if not chunks:
            return 0
        size = min(read_list(self._blobs, root).size, chunks * MAX_CHUNK_BYTES)
        return size * _CHUNK_WEIGHT[0] // _CHUNK_WEIGHT[1]


def _centre_of(node: Node) -> str:
    """The centre's writer id; raises NotFound where nobody could tell us that it has fallen."""
    centre_key = node.read(pinned_centre)
    known = node.read(lambda reader: contact(reader, UPSTREAM))
    if centre_key is None or known is None or known.succeeded_ms is None:
        told = _("The level above was never reached, no photos are let go of")
        raise NotFound(told, remedy=_("First synchronise with the level above once."))
    if abs(node.clock() - known.succeeded_ms) > _NEWS_MS:
        told = _("The level above was not reached for more than a day, no photos are let go of")
        raise NotFound(told, remedy=_("First synchronise with the level above once."))
    return writer_id(centre_key)


def _last_ms(events: Iterable[Event]) -> int:
    return max((parse_order(event.order).milliseconds for event in events), default=0)
