"""Taking in a volume: as an answer takes in what is told over the network, with the same guard and the same receipts.

Every batch is on disk before the next; what a volume brought stays, wherever it breaks off. How far it goes is noted at
its end, so one that was cut short, or in the middle of which the power failed, is simply taken in again. So is one with
photos for which there was no room: they are passed over, as an exchange does, and records never are.

Must not know: files, who asked for it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import BinaryIO

from sync.bundle.header import Header
from sync.bundle.reading import Volume
from sync.bundle.refusals import BrokenVolume
from sync.carrying.addressing import Counterpart, recognised
from sync.carrying.knowing import STATEMENTS, marks_that_count, note_header, spare_the_network_below
from sync.carrying.wanting import note_wants
from sync.custody.taking import take
from sync.database import Database
from sync.errors import BadRequest, LinkDown, NotFound
from sync.messages import _
from sync.node.centre_key import pinned_centre
from sync.node.lanes import Lane, lane_of
from sync.node.lists.tending import tend
from sync.node.node import Node
from sync.node.road.marks import Marks
from sync.node.room import Room
from sync.node.setting_aside import set_aside_garbled, settle_heard
from sync.node.sharing import (
    UPSTREAM,
    SharedDatabases,
    ensure_homes_of,
    held_among,
    held_stations,
    shared_below,
    shared_with_parent,
    stations_below,
)
from sync.node.vouching.holding import account_for, find_again
from sync.node.vouching.statements import own_of
from sync.records.ids import parse_database
from sync.replication.batch import weight_of
from sync.replication.hearing import Heard, hear
from sync.store.ledger.certificates import all_certificates
from sync.store.ledger.volumes import Place, Taken, find_taken, forget_taken, newest_told_ms, put_taken
from sync.store.transaction import Transaction
from sync.typed import Changing, Value, field
from sync.values.conversation import Item, Told
from sync.values.json_text import parse_object
from sync.values.statements import Signed
from sync.wire.conversation import Kind, nothing_held, read_items
from sync.wire.exchange import read_statements
from sync.wire.frames import Frame

Progress = Callable[[int], object]

# A volume is as large as whoever wrote it liked: whether there is room is asked anew behind so many bytes of photos.
_BYTES_BETWEEN_LOOKS = 1 << 20


class Brought(Changing):
    """What a volume brought, by kind: how many documents of each, and statements."""

    documents: Counter[str] = field(default_factory=Counter)
    statements: int = 0

    def note(self, document_id: str) -> None:
        """One more document."""
        self.documents[document_id.partition(":")[0]] += 1


class TakenIn(Value):
    """What became of a volume.

    peer     whose it was;  header, what stood at its head
    is_whole whether all of it was taken; is_last, whether it was its set's last
    already  whether it had been before; nothing was read then
    written  documents that are here now;  set_aside, those that the guard refused
    broken   why it is not whole; "" where it is
    no_room  why photos were left out, which makes it not whole, too; "" where none were
    """

    peer: Counterpart
    header: Header
    is_whole: bool
    is_last: bool
    already: bool
    brought: Brought
    written: int = 0
    set_aside: int = 0
    broken: str = ""
    no_room: str = ""


def take_in(node: Node, stream: BinaryIO, *, room: Room, progress: Progress | None = None) -> TakenIn:
    """Take in one volume for this node.

    room      of this node: photos that find none are left out
    progress  told how many documents have come so far
    raises    NotAVolume, NotForUs, BrokenVolume before anything was read; Unauthorized, Forbidden for one whose writer
              is not to be believed: nothing was taken then
    """
    volume, peer = open_volume(node, stream)
    header = volume.header
    place = Place(peer.writer, header.life, header.number, header.volume)
    before = node.read(lambda reader: find_taken(reader, place))
    if before is not None and before.whole and before.told_ms in (0, header.at_ms):
        return TakenIn(peer, header, True, before.last, already=True, brought=Brought())
    _take(node, [header.certificate], from_above=peer.is_above)
    return _Taking(node, volume, peer, room, progress).run(place)


def open_volume(node: Node, stream: BinaryIO) -> tuple[Volume, Counterpart]:
    """Open a volume for this node; raises as `take_in` does."""
    found: list[Counterpart] = []

    def key_of(header: Header) -> bytes:
        found.append(recognised(node, header.certificate))
        return found[0].known.public_key

    return Volume(stream, node.identity.keys, key_of), found[0]


class _Taking:
    """One volume being taken in."""

    def __init__(self, node: Node, volume: Volume, peer: Counterpart, room: Room, progress: Progress | None) -> None:
        self._node, self._volume, self._peer, self._room, self._progress = node, volume, peer, room, progress
        self._marks: dict[str, str] = {}
        self._brought = Brought()
        self._heard = Heard()
        self._photos: set[str] = set()  # databases of which some were brought
        self._left_out: dict[str, str] = {}  # databases of photos, and why
        self._looked_at, self._unlooked = "", 0  # whose room it was, and how many bytes ago
        self._refused = 0
        self._shared: SharedDatabases | None = None
        self._here: frozenset[str] = frozenset()

    def run(self, place: Place) -> TakenIn:
        broken = ""
        try:
            self._hear()
        except BrokenVolume as error:
            broken = error.reason
        except LinkDown:
            broken = _("The file is not whole")
        except BadRequest:
            broken = _("It holds what this version does not know, update this machine first")
        self._note(place)
        settle_heard(self._node, self._heard)
        stations = self._stations()
        find_again(self._node, self._photos)
        tend(self._node, stations)
        account_for(self._node, stations)
        heard, volume = self._heard, self._volume
        broken = broken or (_("Part of it cannot be read") if heard.unread else "")
        return TakenIn(
            self._peer,
            volume.header,
            self._is_whole,
            volume.is_last,
            already=False,
            brought=self._brought,
            written=heard.written,
            set_aside=self._refused + len(heard.set_aside),
            broken=broken,
            no_room=next(iter(self._left_out.values()), ""),
        )

    @property
    def _is_whole(self) -> bool:
        return self._volume.is_whole and not self._heard.unread and not self._left_out

    def _hear(self) -> None:
        items = read_items(self._without_statements(self._volume.frames()), nothing_held)
        keep = partial(set_aside_garbled, self._node, UPSTREAM if self._peer.is_above else self._peer.writer)
        for mark in hear(self._lawful(items), self._heard, open_database=self._open, keep_garbled=keep):
            self._marks[mark.name] = mark.position

    def _without_statements(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """The other frames; statements are taken in where they stand, for what comes behind may need them."""
        for frame in frames:
            if frame.kind != Kind.STATEMENTS:
                yield frame
                continue
            told = parse_object(frame.payload)
            statements = read_statements(told.get("statements"))
            self._brought.statements += len(statements)
            _take(self._node, statements, from_above=self._peer.is_above)
            if isinstance(told.get("to"), str):
                self._marks[STATEMENTS] = told["to"]

    def _lawful(self, items: Iterable[Item]) -> Iterator[Item]:
        for item in items:
            self._databases()
            if item.name not in self._here or self._finds_no_room(item):
                continue
            self._refused += len(self._heard.set_aside)
            self._heard.set_aside.clear()  # they lie aside, and here it only counts how many
            if isinstance(item, Told):
                if lane_of(item.name) is Lane.PHOTOS:
                    self._photos.add(item.name)
                    if self._peer.is_above:
                        self._node.note_fetched([(item.name, item.document.id)])
                self._brought.note(item.document.id)
                if self._progress is not None:
                    self._progress(1)
            yield item

    def _finds_no_room(self, item: Item) -> bool:
        """Whether there is none for a photo; what is behind it is left out then, with the marks that speak of it."""
        name = item.name
        if name not in self._left_out and isinstance(item, Told) and lane_of(name) is Lane.PHOTOS:
            self._unlooked += weight_of(item.document)
            if name != self._looked_at or self._unlooked >= _BYTES_BETWEEN_LOOKS:
                self._looked_at, self._unlooked = name, 0
                home = parse_database(name)
                sids = [home.sid] if home is not None else []
                self._left_out |= self._room.left_out(sids, from_above=self._peer.is_above)
        return name in self._left_out

    def _open(self, name: str) -> Database:
        return self._databases().open(name)

    def _databases(self) -> SharedDatabases:
        """What the sender may bring, by the certificates that are known once its statements were taken in."""
        if self._shared is None:
            node, certificates = self._node, self._node.read(all_certificates)
            # A node put back to a time before they were enrolled has got their certificates again, and now a place.
            top = node.identity.sid if self._peer.is_above else self._peer.known.sid
            ensure_homes_of(node, stations_below(top, certificates))
            if self._peer.is_above:
                self._shared = shared_with_parent(node)
            else:
                self._shared = shared_below(node, self._peer.known, certificates)
            self._here = frozenset(self._shared.names())
        return self._shared

    def _stations(self) -> frozenset[str]:
        node = self._node
        if self._peer.is_above:
            return frozenset(held_stations(node))
        return held_among(node, stations_below(self._peer.known.sid, node.read(all_certificates)))

    def _note(self, place: Place) -> None:
        """How far we have come, in the feeds of the life that the sender lives now."""
        node, header = self._node, self._volume.header
        if not note_header(node, self._peer, header):
            return
        marks = marks_that_count(node, self._peer, header, self._marks)
        taken = Taken(self._is_whole, self._volume.is_last, marks, node.clock(), header.at_ms)

        def work(tx: Transaction) -> bool:
            # A number that was given twice: its writer was put back in between, and the older set is of what it lost.
            known_ms = newest_told_ms(tx, place.peer, place.life, place.number)
            if known_ms > header.at_ms:
                return False
            if 0 < known_ms < header.at_ms:
                forget_taken(tx, place.peer, place.life)
            put_taken(tx, place, taken)
            return True

        if not node.engine.write(work):
            return
        note_wants(node, self._peer, header)
        spare_the_network_below(node, self._peer, header)


def _take(node: Node, statements: Iterable[Signed], *, from_above: bool) -> None:
    own, centre_key = own_of(node.identity), node.read(pinned_centre)
    if centre_key is None:
        raise NotFound(_("This node is not registered at the centre yet"))

    def work(tx: Transaction) -> bool:
        taken = take(tx, own, statements, centre_key=centre_key, now_ms=node.clock())
        if taken.reborn or (taken.fallen and from_above):
            Marks(node).forget_all(tx)  # the network will hear nothing new of it, and ask nobody
        return taken.reborn

    if node.engine.write(work):
        node.go_on_reborn()
