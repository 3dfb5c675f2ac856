"""One exchange with the node above, from below: what we say and tell, and what is heard.

Records are told while they are read, without asking first which the other lacks: of each database a mark says how far
it is known to be. After a link broke, or something answered that is no node, nobody knows how much arrived of what was
told, so the next exchange asks that, and tells of the other databases only.

Must not know: when it is done, HTTP.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial

from sync.custody.taking import has_gone_back, take
from sync.errors import LinkError, NotFound, ProtocolError, Unauthorized
from sync.messages import _
from sync.node.centre_key import pinned_centre
from sync.node.heard_time import note_heard_time
from sync.node.lanes import Lane, lane_of
from sync.node.node import Node
from sync.node.public_room import forget_refused, may_be_named_now
from sync.node.road.clock_offset import measured, note_measured, note_told, offset_to_tell
from sync.node.road.marks import Marks
from sync.node.road.photo_lane import PhotoLane
from sync.node.road.retrying import Retries
from sync.node.road.shared_versions import SharedVersions
from sync.node.road.shut_lanes import note_shut, shut_above
from sync.node.road.telling_up import Manner, Positions, Stop, TellingUp
from sync.node.road.watching import Watch
from sync.node.setting_aside import set_aside_garbled, settle_heard
from sync.node.sharing import UPSTREAM, held_stations, home_databases, shared_with_parent, stations_under
from sync.node.vouching.cursors import is_cursor, life_of
from sync.node.vouching.lost_photos import is_here
from sync.node.vouching.statements import is_page, own_of, statements_for_parent
from sync.peer import Peer
from sync.records.ids import PUBLIC, parse_content_id
from sync.replication.hearing import Heard, hear
from sync.replication.telling import MOST_TOLD_BYTES
from sync.revisions.revision import Revision
from sync.store.transaction import Transaction
from sync.typed import Value, replace
from sync.values.changes import START
from sync.values.conversation import Item, SetAside, Share
from sync.values.statements import Answer, Offer

# The receipts for what is told come behind it, and so may whatever else is to be said; on a slow link an exchange is
# made as long as this, and ends at the next mark.
_EXCHANGE_SECONDS = 30.0
_LEAST_TOLD_BYTES = 32 << 10
_EARLIEST = 1  # what every version of exchanges understands
# What came from above is not told back; beyond so many it may be, once, which costs bytes and nothing else.
_MOST_REMEMBERED = 20_000


class Exchanged(Value):
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


class _Afresh(Value):
    """What is told, from its beginning each time it is gone through."""

    begin: Callable[[], Iterator[Item]]

    def __iter__(self) -> Iterator[Item]:
        return self.begin()


class Conversing:
    """The exchanges of one node with the one above; one thread at a time."""

    def __init__(
        self,
        node: Node,
        marks: Marks,
        peer: Peer,
        *,
        skip_counters: Callable[[], None],
        watch: Watch | None = None,
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """skip_counters: called when the node above takes our requests for replays; watch: who looks on."""
        self._watch = watch or Watch(now_ms=node.clock)
        self._now_seconds = now_seconds
        self._most_told_bytes = MOST_TOLD_BYTES  # in one exchange, as the link has shown itself
        self._node = node
        self._marks = marks
        self._peer = peer
        self._skip_counters = skip_counters
        self._from_above: set[tuple[str, str, Revision]] = set()
        self._versions = SharedVersions()
        self._told_at = 0.0  # when the last of what an exchange tells was handed over
        self._unclear = Positions()  # what was told when the link broke, or something else answered
        self.answers = 0  # of a node above, so far
        self._plain: frozenset[str] = frozenset()  # databases of which the other could not read what was told
        self._unread: frozenset[str] = frozenset()  # and of which we could not

    def exchange(self, *, stop: Stop, photos: PhotoLane | None = None) -> Exchanged:
        """One exchange, taken in.

        stop    asked at each mark; nothing is told behind it
        photos  their lane, None for one that is open; where it is shut they are not told, and everything else is
        raises  LinkError when the link broke, ProtocolError when what came is no answer; what had arrived before it
                stays, and how much that was is asked first in the next one
        """
        photos, who = photos or PhotoLane(), self._node.identity
        sent, heard = self._marks.sent(), self._marks.heard()
        statements, position = self._node.read(lambda reader: statements_for_parent(reader, who, sent=sent))
        clock = self._node.read(lambda reader: offset_to_tell(reader, life=life_of(heard)))
        retries = Retries(self._node)
        said = (*statements, *retries.avowals())
        unread, version = tuple(sorted(self._unread)), self._marks.version()
        offer = Offer(said, heard, self._shares(), who.life, unread, clock, version)
        telling, begun = self._begin_telling(offer, retries, stop, photos), self._now_seconds()
        try:
            answer, items = self._ask(offer, telling)
        except (LinkError, ProtocolError) as error:
            self._unclear.add(telling.positions)
            if telling.positions.marks and isinstance(error, LinkError):
                self._most_told_bytes = max(_LEAST_TOLD_BYTES, self._most_told_bytes // 2)
            raise
        finally:
            photos.settle()
            self._node.sought.remove(telling.sought)  # what is lacking still is named again
        self.answers += 1
        self._watch.answered()
        self._learn(telling.weight, self._now_seconds() - begun)
        waited_ms = int((self._now_seconds() - max(begun, self._told_at)) * 1000)
        was_unclear = bool(self._unclear.marks)
        told, self._unclear, self._plain = self._unclear, Positions(), frozenset(answer.unread)
        told.add(telling.positions)
        forgotten = self._take(answer, offer, sent=position, waited_ms=waited_ms)
        moved = not forgotten and self._note_taken(answer, told)
        begins = not forgotten and self._begin_where_nothing_is(answer, offer)
        retries.settle(answer.set_aside)
        sought = self._seek(answer)
        taken = self._hear(items)
        return Exchanged(
            told=telling.told - len(answer.set_aside),
            set_aside=answer.set_aside,
            heard=taken.written,
            refused=tuple(taken.set_aside),
            positions=dict(answer.databases),
            forgotten=forgotten,
            more=was_unclear
            or begins
            or forgotten
            or telling.is_full
            or taken.written > 0
            or bool(answer.unread or taken.unread)
            or retries.has_more
            or sought
            or is_page(statements)
            or is_page(answer.statements),
            goes_on=(telling.is_full and moved)
            or retries.goes_on
            or (sought and bool(telling.sought))
            or taken.weight >= MOST_TOLD_BYTES,
        )

    def _shares(self) -> tuple[Share, ...]:
        """Every database we share, with how far each side is; what comes from above alone has no mark of ours."""
        if self._marks.pulled(PUBLIC) and may_be_named_now(self._node):
            self._node.write(self._hear_public_anew)
        names = (PUBLIC, *home_databases(held_stations(self._node)))
        return tuple(Share(name, self._marks.pushed(name), self._heard_of(name)) for name in names)

    def _hear_public_anew(self, tx: Transaction) -> None:
        self._marks.hear_anew(tx, PUBLIC)
        forget_refused(tx)

    def _heard_of(self, name: str) -> str:
        """How far we are with a database above: where we hold nothing, at its beginning; photos come when asked for."""
        if lane_of(name) is Lane.PHOTOS:
            return ""
        if pulled := self._marks.pulled(name):
            return pulled
        return START if self._node.documents.database(name).info().is_empty else ""

    def _begin_telling(self, offer: Offer, retries: Retries, stop: Stop, photos: PhotoLane) -> TellingUp:
        left_out = self._unclear.marks.keys() | self._node.read(shut_above).keys()
        since = {share.name: share.told for share in offer.shares if share.told and share.name not in left_out}
        manner = Manner(self._most_told_bytes, self._came_from_above, self._versions.base_of, self._plain)
        return TellingUp(self._node, since, manner, retries=retries, stop=stop, lane=photos)

    def _ask(self, offer: Offer, telling: TellingUp) -> tuple[Answer, Iterator[Item]]:
        told = _Afresh(partial(self._told, telling))
        try:
            return _with_cursor(self._peer.exchange(offer, told))
        except Unauthorized:
            # The node above may have started anew and take our counters for heard, or be of an earlier version than it
            # was and not read how we sign; once is enough to tell.
            self._skip_counters()
        return _with_cursor(self._peer.exchange(replace(offer, version=_EARLIEST), told))

    def _told(self, telling: TellingUp) -> Iterator[Item]:
        yield from self._watch.telling(telling.items())
        self._told_at = self._now_seconds()

    def _learn(self, told_bytes: int, seconds: float) -> None:
        if told_bytes >= _LEAST_TOLD_BYTES:
            fitting = int(told_bytes / max(seconds, 0.001) * _EXCHANGE_SECONDS)
            self._most_told_bytes = min(MOST_TOLD_BYTES, max(_LEAST_TOLD_BYTES, fitting))

    def _came_from_above(self, name: str, doc_id: str, revision: Revision) -> bool:
        return (name, doc_id, revision) in self._from_above or (name, doc_id) in self._node.fetched

    def _take(self, answer: Answer, offer: Offer, *, sent: int, waited_ms: int) -> bool:
        """Take in what was said and how far that goes, all or nothing; whether nothing remembered holds any more."""
        own, centre_key = own_of(self._node.identity), self._node.read(pinned_centre)
        if centre_key is None:
            raise NotFound(_("This station is not registered at the centre yet"))
        now_ms = self._node.clock()

        def work(tx: Transaction) -> tuple[bool, bool]:
            note_heard_time(tx, now_ms=now_ms, told_ms=answer.at_ms)
            note_told(tx, offer.clock, life=life_of(answer.heard))
            note_shut(tx, answer.shut)
            if answer.at_ms:
                note_measured(tx, measured(answer.at_ms, now_ms=now_ms, waited_ms=waited_ms))
            taken = take(tx, own, answer.statements, centre_key=centre_key, now_ms=now_ms)
            astray = taken.reborn or taken.fallen or has_gone_back(tx, taken.passed_over, life_of(answer.heard))
            forgotten = self._marks.note_exchange(
                tx, sent=sent, heard=answer.heard, version=answer.version, fallen=bool(astray)
            )
            return taken.reborn, forgotten

        reborn, forgotten = self._node.write(work)
        if reborn:
            self._node.go_on_reborn()
        if forgotten:
            self._from_above.clear()
            self._node.fetched.clear()
            self._versions.clear()
        return forgotten

    def _note_taken(self, answer: Answer, told: Positions) -> bool:
        """How far the node above has come with what we told, and whether it has come any further.

        A position it names is one of ours, or says nothing.
        """
        moved = False
        here, aside = dict(answer.databases), {(one.name, one.id) for one in answer.set_aside}
        for name, position in answer.taken:
            if name not in here or not told.may_be(name, position):
                continue
            self._marks.note_pushed(name, position)
            moved = True
            if position == told.last(name):  # where not all was taken nobody knows which of it
                for document in told.records.get(name, ()):
                    if (name, document.id) not in aside:
                        self._versions.note(name, document)
        for name in told.marks.keys() - here.keys():
            self._marks.forget(name)
        return moved

    def _begin_where_nothing_is(self, answer: Answer, offer: Offer) -> bool:
        """Where the node above holds nothing of a database there is nothing to compare; whether there was one."""
        untold, here = {share.name for share in offer.shares if not share.told}, dict(answer.databases)
        empty = [name for name, position in answer.taken if position == START and name in untold & here.keys()]
        for name in empty:
            ours = self._node.documents.database(name).info()
            self._marks.note_pushed(name, ours.update_seq if ours.is_empty else START)
            if lane_of(name) is not Lane.PHOTOS:
                self._marks.note_pulled(name, self._marks.pulled(name) or here[name])
        return bool(empty)

    def _seek(self, answer: Answer) -> bool:
        """What the node above has lost is told in the next exchange where it is here; whether any of it is."""
        node, ours = self._node, frozenset(home_databases(held_stations(self._node)))
        named = [(name, one) for name, ids in answer.sought for one in ids if name in ours and parse_content_id(one)]
        here = [piece for piece in named if is_here(node, piece)]
        has_others_below = len(named) > len(here) and len(node.read(partial(stations_under, sid=node.identity.sid))) > 1
        node.sought.add(named if has_others_below else here)
        return bool(here)

    def _hear(self, items: Iterator[Item]) -> Heard:
        heard = Heard()
        shared = shared_with_parent(self._node)
        keep = partial(set_aside_garbled, self._node, UPSTREAM)
        try:
            for mark in hear(self._watch.hearing(items), heard, open_database=shared.open, keep_garbled=keep):
                self._marks.note_pulled(mark.name, mark.position)
        finally:
            if len(self._from_above) + len(heard.known) > _MOST_REMEMBERED:
                self._from_above.clear()
            self._from_above |= heard.known
            settle_heard(self._node, heard)
        self._unread = frozenset(heard.unread)
        return heard


def _with_cursor(came: tuple[Answer, Iterator[Item]]) -> tuple[Answer, Iterator[Item]]:
    """What came, where it can be an answer; raises ProtocolError."""
    if not is_cursor(came[0].heard):
        raise ProtocolError("the answer to an exchange names no life and position")
    return came
