"""What a node answers to an exchange from below.

What the asker tells is taken in first, each batch on disk before the next, and how far it came is noted: after a cut
the asker hears it, and goes on there. Everything we say of ourselves is brought up to date then, so that a receipt
given now covers whatever the asker has just brought. When nothing changed, nothing is written.

Must not know: HTTP.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from sync.custody.issuing import Own
from sync.custody.taking import Taken, take
from sync.errors import NotFound
from sync.messages import _
from sync.node.centre_key import pinned_centre
from sync.node.lanes import Lane, is_alert, lane_of
from sync.node.lists.tending import merge_arrived, tend
from sync.node.node import Node
from sync.node.road.clock_offset import note_told_by
from sync.node.road.taken import note_taken, taken_of
from sync.node.seeking import Asked
from sync.node.setting_aside import set_aside_garbled, set_aside_untold, settle_heard
from sync.node.sharing import SharedDatabases, ensure_homes_of, shared_below, stations_below
from sync.node.vouching.holding import account_for, avow, find_again
from sync.node.vouching.lost_photos import to_ask_for
from sync.node.vouching.statements import own_of, statements_for_child
from sync.records.ids import PUBLIC
from sync.replication.hearing import Heard, hear
from sync.replication.telling import MOST_TOLD_BYTES, Knows, tell, tell_ahead
from sync.revisions.revision import Revision
from sync.store.ledger.certificates import Known, certificates_below
from sync.store.ledger.contacts import contact, note_heard
from sync.store.transaction import Reader, Transaction
from sync.values.changes import START
from sync.values.conversation import Item
from sync.values.documents import Document, Wanted
from sync.values.statements import Answer, Offer, Signed
from sync.wire.conversation import Held

# Hearing a station again a moment later is no news worth a write.
_WORTH_NOTING_MS = 60_000
# Of each node below, what it told us lately; of more than that some is told back, which costs bytes and nothing else.
_MOST_REMEMBERED = 2_000

_Known = set[tuple[str, str, Revision]]
# (sids) → {name: why} of the databases of photos that take nothing in now.
Shut = Callable[[Iterable[str]], Mapping[str, str]]
# What is told, by what finds the versions that it is told against.
Read = Callable[[Held], Iterable[Item]]


class _Stand(NamedTuple):
    """What one look into the file shows of what a node below us is told.

    statements  what it has not heard, and its new cursor
    taken       as `taken_of` has it
    ends        {database: where it ends}, "" where only the server elsewhere knows
    """

    statements: tuple[Signed, ...]
    cursor: str
    taken: tuple[tuple[str, str], ...]
    ends: Mapping[str, str]


def _nothing(held: Held) -> Iterable[Item]:
    """For who tells nothing."""
    return ()


def all_open(sids: Iterable[str]) -> Mapping[str, str]:
    """For a node that has room for everything."""
    return {}


class Answering:
    """The answers of one node. Remembers what each node below told lately, so as not to tell it back after a cut."""

    def __init__(self, node: Node, *, shut: Shut = all_open) -> None:
        """shut: for whose photos there is no room, asked in each exchange."""
        self._node = node
        self._shut = shut
        self._lately: dict[str, tuple[str, _Known]] = {}  # by writer, of the life that spoke last
        self._asked = Asked()

    def answer(self, peer: Known, offer: Offer, read: Read = _nothing) -> tuple[Answer, Iterator[Item]]:
        """Take in what a node below us says and tells, and tell it what it has not heard.

        read     gives what it tells, by what finds the versions that this is told against
        returns  the answer, and what we tell, read while it is asked for
        raises   NotFound while we are not certified ourselves; what `read` raises when it breaks off
        """
        with self._node.crowd.answering():
            return self._answer(peer, offer, read)

    def _answer(self, peer: Known, offer: Offer, read: Read) -> tuple[Answer, Iterator[Item]]:
        node = self._node
        centre_key = node.engine.look(pinned_centre)
        if centre_key is None:
            raise NotFound(_("This node is not registered at the centre yet"))
        own = own_of(node.identity)
        if offer.statements:
            said = node.write(partial(_take, own, offer.statements, centre_key, node.clock()))
            if said.reborn:
                node.go_on_reborn()
        certificates = node.engine.look(lambda reader: certificates_below(reader, peer.sid))
        shared, theirs = shared_below(node, peer, certificates), stations_below(peer.sid, certificates)
        # Made at enrolment; missing where we were killed in the midst of that, or restored to a time before it.
        ensure_homes_of(node, theirs)
        here = frozenset(shared.names())
        shut = {name: why for name, why in self._shut(theirs).items() if name in here}
        # What is told of these all the same is passed over, and told again when there is room.
        heard = self._hear(shared, here - shut.keys(), peer, offer, read)
        sought = self._seek(peer, offer, heard, here - shut.keys())
        if node.is_tended and node.crowd.is_large:
            merge_arrived(node, theirs)
        else:
            tend(node, theirs)
        account_for(node, theirs)
        avow(node)
        _note_heard(node, peer, offer)
        stand = node.read(partial(self._stand, peer, offer, here, theirs))
        ends = {name: end or node.documents.database(name).info().update_seq for name, end in stand.ends.items()}
        statements = tuple(one for one in stand.statements if one not in offer.statements)  # it has just said so itself
        known = dict(stand.taken) | heard.taken
        told = {share.name: share.told for share in offer.shares}
        taken = tuple(
            (name, position)
            for name, position in (self._of_what_is_empty(here, offer) | known).items()
            if position != told.get(name)  # else it knows
        )
        aside, unread = tuple(heard.set_aside), tuple(sorted(heard.unread))
        closed, positions, now_ms = tuple(sorted(shut.items())), tuple(ends.items()), node.clock()
        spoken = Answer(statements, stand.cursor, positions, now_ms, taken, aside, unread, closed, sought=sought)
        return spoken, self._tell(shared, ends, peer, offer)

    def _stand(self, peer: Known, offer: Offer, here: frozenset[str], below: frozenset[str], reader: Reader) -> _Stand:
        node, names = self._node, [share.name for share in offer.shares]
        statements, cursor = statements_for_child(reader, peer, heard=offer.heard, life=node.identity.life, below=below)
        ends = {name: node.documents.database(name).seq_in(reader) for name in sorted(here.intersection(names))}
        return _Stand(statements, cursor, taken_of(reader, peer.writer, offer.life, names), ends)

    def _of_what_is_empty(self, here: frozenset[str], offer: Offer) -> dict[str, str]:
        """Databases that the asker would compare with ours, which hold nothing: it may tell from the beginning."""
        untold = (share.name for share in offer.shares if not share.told and share.name in here - {PUBLIC})
        infos = ((name, self._node.documents.database(name).info()) for name in untold)
        return {name: START for name, info in infos if info.is_empty}

    def _hear(self, shared: SharedDatabases, here: frozenset[str], peer: Known, offer: Offer, read: Read) -> Heard:
        heard = Heard()
        lawful = (item for item in read(partial(_version, shared, here)) if item.name in here)
        keep = partial(set_aside_garbled, self._node, peer.writer)
        try:
            for mark in hear(lawful, heard, open_database=shared.open, keep_garbled=keep):
                note_taken(self._node, peer.writer, offer.life, mark)
        finally:
            known = self._brought_lately(peer, offer) | heard.known
            if known:
                self._lately[peer.writer] = (offer.life, known if len(known) <= _MOST_REMEMBERED else _Known())
            settle_heard(self._node, heard)
        return heard

    def _seek(
        self, peer: Known, offer: Offer, heard: Heard, names: frozenset[str]
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What we have lost, and may be had from the asker: it is told it now, and tells it when it comes next."""
        brought = [(name, doc_id) for name, doc_id, _revision in heard.known if lane_of(name) is Lane.PHOTOS]
        asker = (peer.writer, offer.life)
        if brought:
            find_again(self._node, {name for name, _doc_id in brought})
            self._asked.arrived(asker, brought)
        chosen: dict[str, list[str]] = {}
        for name, doc_id in self._asked.choose(asker, to_ask_for(self._node, names)):
            chosen.setdefault(name, []).append(doc_id)
        return tuple((name, tuple(ids)) for name, ids in chosen.items())

    def _tell(self, shared: SharedDatabases, ends: Mapping[str, str], peer: Known, offer: Offer) -> Iterator[Item]:
        """What the asker has not heard of what it asks for, lane after lane, but for what it has brought lately.

        ends  of the databases that are here; who has heard one to its end is told nothing of it
        """
        known = self._brought_lately(peer, offer)
        asked = [
            share for share in offer.shares if share.heard and share.name in ends and share.heard != ends[share.name]
        ]
        nothing, ahead = True, _Known()
        for share in asked:
            if share.name == PUBLIC:
                for urgent in tell_ahead(shared.open(PUBLIC), share.heard, is_urgent=is_alert, knows=_in(known)):
                    ahead.add((PUBLIC, urgent.document.id, urgent.document.revision))
                    yield urgent
        for share in sorted(asked, key=lambda one: lane_of(one.name)):
            told = tell(
                shared.open(share.name),
                share.heard,
                knows=_in(known | ahead if share.name == PUBLIC else known),
                most_bytes=MOST_TOLD_BYTES,
                pass_over=partial(set_aside_untold, self._node),
                plain=share.name in offer.unread,
            )
            for item in told:
                nothing = False
                yield item
        if nothing:  # it has heard all there is, what it brought included
            self._lately.pop(peer.writer, None)

    def _brought_lately(self, peer: Known, offer: Offer) -> _Known:
        life, known = self._lately.get(peer.writer, ("", _Known()))
        return known if life == offer.life else _Known()


def _in(known: _Known) -> Knows:
    return lambda name, doc_id, revision: (name, doc_id, revision) in known


def _take(own: Own, statements: Iterable[Signed], centre_key: bytes, now_ms: int, tx: Transaction) -> Taken:
    return take(tx, own, statements, centre_key=centre_key, now_ms=now_ms)


def _version(
    shared: SharedDatabases, here: frozenset[str], name: str, doc_id: str, revision: Revision
) -> Document | None:
    """A version that a node below us tells another against."""
    if name not in here:
        return None
    found = next(iter(shared.open(name).read([Wanted(doc_id, (revision,))])), None)
    return found if isinstance(found, Document) else None


def _note_heard(node: Node, peer: Known, offer: Offer) -> None:
    now_ms = node.clock()
    known = node.engine.look(lambda reader: contact(reader, peer.sid))
    fresh = known is not None and known.heard_ms is not None and abs(now_ms - known.heard_ms) <= _WORTH_NOTING_MS
    if not fresh or offer.clock:

        def work(tx: Transaction) -> None:
            note_heard(tx, peer.sid, now_ms=now_ms)
            note_told_by(tx, peer.sid, offer.clock)

        node.engine.post(work)
