"""One exchange with the node above, from below: what we say and tell, and what is heard.

Records are told while they are read, without asking first which the other lacks: of each database a mark says how far
it is known to be. After a link broke nobody knows how much arrived of what was told, so the next exchange asks that,
and tells of the other databases only.

Records go before photos, and in the middle of one.

Must not know: when it is done, HTTP.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from sync.custody.taking import take
from sync.errors import LinkError, NotFound, ProtocolError, Unauthorized, UnsupportedType
from sync.node.heard_time import note_heard_time
from sync.node.lanes import Lane, lane_of
from sync.node.marks import Marks
from sync.node.node import Node
from sync.node.setting_aside import set_aside_garbled, set_aside_too_large
from sync.node.shared_versions import SharedVersions
from sync.node.sharing import UPSTREAM, held_stations, home_databases, shared_with_parent
from sync.node.statements import is_cursor, is_page, own_of, pinned_centre, statements_for_parent
from sync.peer import Peer
from sync.records.ids import PUBLIC
from sync.replication.batch import weight_of
from sync.replication.hearing import Heard, hear
from sync.replication.small_first import tell_small_first
from sync.replication.telling import MOST_TOLD_BYTES, tell
from sync.revisions.revision import Revision
from sync.store.transaction import Transaction
from sync.values.conversation import Item, Mark, SetAside, Share, Told
from sync.values.documents import Document
from sync.values.statements import Answer, Offer

# Whether to tell nothing behind the next mark.
Stop = Callable[[], bool]

# The receipts for what is told come behind it, and so may whatever else is to be said; on a slow link an exchange is
# made as long as this, and ends at the next mark.
_EXCHANGE_SECONDS = 30.0
_LEAST_TOLD_BYTES = 32 << 10
# What came from above is not told back; beyond so many it may be, once, which costs bytes and nothing else.
_MOST_REMEMBERED = 20_000


@dataclass(slots=True)
class _Telling:
    """What one exchange tells: how much so far, and the marks the other may come to.

    records   those behind which a mark was told, by database;  unmarked, those of the database that is being told
    """

    most: int = MOST_TOLD_BYTES
    told: int = 0
    weight: int = 0
    marks: dict[str, list[str]] = field(default_factory=dict)
    records: dict[str, list[Document]] = field(default_factory=dict)
    unmarked: list[Document] = field(default_factory=list)

    def note(self, item: Item) -> None:
        if isinstance(item, Told):
            self.told += 1
            self.weight += weight_of(item.document)
            if lane_of(item.name) is not Lane.PHOTOS:
                self.unmarked.append(item.document)
        elif isinstance(item, Mark):
            self.marks.setdefault(item.name, []).append(item.position)
            self.records.setdefault(item.name, []).extend(self.unmarked)
            self.unmarked = []

    def add_marks(self, other: "_Telling") -> None:
        """Count another telling in, of other databases."""
        self.marks |= other.marks
        self.records |= other.records

    def begin_again(self) -> None:
        """All is told once more; the marks stay, for nobody said that they were not taken."""
        self.told = self.weight = 0
        self.records, self.unmarked = {}, []

    def may_have_come_to(self, name: str, position: str) -> bool:
        return position in self.marks.get(name, ())


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What an exchange came to.

    told       documents that are above now;  set_aside, those that were not taken in there
    heard      documents that are here now;  refused, those that we did not take in
    positions  where the databases above stand, by name
    forgotten  whether nothing remembered of the node above holds any more
    more       whether either side has more to say already
    goes_on    whether that is the rest of what one exchange did not hold, and it has come further
    """

    told: int
    set_aside: tuple[SetAside, ...]
    heard: int
    refused: tuple[SetAside, ...]
    positions: dict[str, str]
    forgotten: bool
    more: bool
    goes_on: bool


class Conversing:
    """The exchanges of one node with the one above; one thread at a time."""

    def __init__(
        self,
        node: Node,
        marks: Marks,
        peer: Peer,
        *,
        skip_counters: Callable[[], None],
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """skip_counters: called when the node above takes our requests for replays."""
        self._now_seconds = now_seconds
        self._most_told_bytes = MOST_TOLD_BYTES  # in one exchange, as the link has shown itself
        self._node = node
        self._marks = marks
        self._peer = peer
        self._skip_counters = skip_counters
        self._from_above: set[tuple[str, str, Revision]] = set()
        self._versions = SharedVersions()
        self._unclear = _Telling()  # what was told when the link broke
        self._plain: frozenset[str] = frozenset()  # databases of which the other could not read what was told
        self._unread: frozenset[str] = frozenset()  # and of which we could not

    def exchange(self, *, stop: Stop) -> Exchanged:
        """One exchange, taken in.

        stop    asked at each mark; nothing is told behind it
        raises  LinkError when the link broke; what had arrived before it stays
        """
        who = self._node.identity
        sent, heard = self._marks.sent(), self._marks.heard()
        statements, position = self._node.read(lambda reader: statements_for_parent(reader, who, sent=sent))
        offer = Offer(statements, heard, self._shares(), who.life, tuple(sorted(self._unread)))
        telling, begun = _Telling(self._most_told_bytes), self._now_seconds()
        try:
            answer, items = self._ask(offer, telling, stop)
        except LinkError:
            self._unclear.add_marks(telling)
            if telling.marks:
                self._most_told_bytes = max(_LEAST_TOLD_BYTES, self._most_told_bytes // 2)
            raise
        self._learn(telling.weight, self._now_seconds() - begun)
        was_unclear = bool(self._unclear.marks)
        asked, self._unclear, self._plain = self._unclear, _Telling(), frozenset(answer.unread)
        forgotten = self._take(answer, sent=position)
        asked.add_marks(telling)
        moved = not forgotten and self._note_taken(answer, asked)
        taken = self._hear(items)
        is_full = telling.weight >= telling.most
        return Exchanged(
            told=telling.told - len(answer.set_aside),
            set_aside=answer.set_aside,
            heard=taken.written,
            refused=tuple(taken.set_aside),
            positions=dict(answer.databases),
            forgotten=forgotten,
            more=was_unclear
            or forgotten
            or is_full
            or taken.written > 0
            or bool(answer.unread or taken.unread)
            or is_page(statements)
            or is_page(answer.statements),
            goes_on=(is_full and moved) or taken.weight >= MOST_TOLD_BYTES,
        )

    def _shares(self) -> tuple[Share, ...]:
        """Every database we share, with how far each side is; what comes from above alone has no mark of ours."""
        names = (PUBLIC, *home_databases(held_stations(self._node)))
        return tuple(Share(name, self._marks.pushed(name), self._marks.pulled(name)) for name in names)

    def _ask(self, offer: Offer, telling: _Telling, stop: Stop) -> tuple[Answer, Iterator[Item]]:
        try:
            return self._peer.exchange(offer, self._tell(offer, telling, stop))
        except Unauthorized:
            # The node above may have started anew and take our counters for heard; once is enough to tell.
            self._skip_counters()
        except UnsupportedType:
            pass  # it has not got our dictionary, and the peer knows now to do without
        telling.begin_again()
        return self._peer.exchange(offer, self._tell(offer, telling, stop))

    def _learn(self, told_bytes: int, seconds: float) -> None:
        if told_bytes >= _LEAST_TOLD_BYTES:
            fitting = int(told_bytes / max(seconds, 0.001) * _EXCHANGE_SECONDS)
            self._most_told_bytes = min(MOST_TOLD_BYTES, max(_LEAST_TOLD_BYTES, fitting))

    def _tell(self, offer: Offer, telling: _Telling, stop: Stop) -> Iterator[Item]:
        unclear = self._unclear.marks
        since = {share.name: share.told for share in offer.shares if share.told and share.name not in unclear}
        records = {name: position for name, position in since.items() if lane_of(name) is not Lane.PHOTOS}
        yield from self._tell_records(records, telling, stop)
        # The photos of one station do not wait for another's: each goes on to its next mark in turn.
        left = telling.most - telling.weight
        photos = deque(self._begin(name, since[name], left) for name in sorted(since.keys() - records.keys()))
        while photos and telling.weight < telling.most and not stop():
            told = photos.popleft()
            for item in told:
                telling.note(item)
                yield item
                if isinstance(item, Mark):  # a record that came meanwhile goes before the rest of the photo
                    yield from self._tell_records(self._newer(records, telling), telling, stop)
                    photos.append(told)
                    break

    def _tell_records(self, positions: Mapping[str, str], telling: _Telling, stop: Stop) -> Iterator[Item]:
        for name, since in positions.items():
            left = telling.most - telling.weight
            if left <= 0 or stop():
                return
            for item in self._begin(name, since, left):
                telling.note(item)
                yield item
                if isinstance(item, Mark) and stop():
                    return

    def _begin(self, name: str, since: str, most_bytes: int) -> Iterator[Item]:
        """What is to be told of a database, read while it is asked for."""
        database, too_large = self._node.documents.database(name), partial(set_aside_too_large, self._node)
        knows = self._came_from_above
        if lane_of(name) is Lane.PHOTOS:
            return tell_small_first(database, since, knows=knows, most_bytes=most_bytes, too_large=too_large)
        return tell(
            database,
            since,
            knows=knows,
            most_bytes=most_bytes,
            too_large=too_large,
            plain=name in self._plain,
            base_of=self._versions.base_of,
        )

    def _newer(self, positions: Mapping[str, str], telling: _Telling) -> dict[str, str]:
        """The databases that have changed since they were told, and where to go on with each."""
        reached = {name: telling.marks.get(name, [since])[-1] for name, since in positions.items()}
        stand = {name: self._node.documents.database(name).info().update_seq for name in positions}
        return {name: since for name, since in reached.items() if since != stand[name]}

    def _came_from_above(self, name: str, doc_id: str, revision: Revision) -> bool:
        return (name, doc_id, revision) in self._from_above

    def _take(self, answer: Answer, *, sent: int) -> bool:
        """Take in what was said and how far that goes, all or nothing; whether nothing remembered holds any more."""
        if not is_cursor(answer.heard):
            raise ProtocolError("the answer to an exchange names no life and position")
        own, centre_key = own_of(self._node.identity), self._node.read(pinned_centre)
        if centre_key is None:
            raise NotFound("本站尚未登记")
        now_ms = self._node.clock()

        def work(tx: Transaction) -> bool:
            note_heard_time(tx, now_ms=now_ms, told_ms=answer.at_ms)
            taken = take(tx, own, answer.statements, centre_key=centre_key, now_ms=now_ms)
            return self._marks.note_exchange(tx, sent=sent, heard=answer.heard, fallen=bool(taken.fallen))

        forgotten = self._node.write(work)
        if forgotten:
            self._from_above.clear()
            self._versions.clear()
        return forgotten

    def _note_taken(self, answer: Answer, telling: _Telling) -> bool:
        """How far the node above has come with what we told, and whether it has come any further.

        A position it names is one of ours, or says nothing.
        """
        moved = False
        here, aside = dict(answer.databases), {(one.name, one.id) for one in answer.set_aside}
        for name, position in answer.taken:
            if name not in here or not telling.may_have_come_to(name, position):
                continue
            self._marks.note_pushed(name, position)
            moved = True
            if position == telling.marks[name][-1]:  # where not all was taken nobody knows which of it
                for document in telling.records.get(name, ()):
                    if (name, document.id) not in aside:
                        self._versions.note(name, document)
        for name in telling.marks.keys() - here.keys():
            self._marks.forget(name)
        return moved

    def _hear(self, items: Iterator[Item]) -> Heard:
        heard = Heard()
        shared = shared_with_parent(self._node)
        keep = partial(set_aside_garbled, self._node, UPSTREAM)
        try:
            for mark in hear(items, heard, open_database=shared.open, keep_garbled=keep):
                self._marks.note_pulled(mark.name, mark.position)
        finally:
            if len(self._from_above) + len(heard.known) > _MOST_REMEMBERED:
                self._from_above.clear()
            self._from_above |= heard.known
        self._unread = frozenset(heard.unread)
        return heard
