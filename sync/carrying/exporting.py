"""Writing a set of volumes for one other node: all it is not known to have, in the order in which it matters.

    certificates of our stations      in every volume, so that each can be taken in without the others
    statements                        seals, receipts, revocations
    alerts                            downward; they come once more with the catalogue, whose mark speaks for them
    records, catalogue                each batch with the mark that stands behind it, and upward before it what others
                                      signed over their steps in it
    photos                            upward; downward those that were asked for (`wanting`)

A set is cut into volumes between two batches. What was exported is not taken for delivered: that it is, only the
other's receipts and what it acknowledges say.

Must not know: what a stick is beyond a place for volumes, who asked for it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial

from sync.bundle.header import Header, write_header
from sync.bundle.writing import LEAST_VOLUME_BYTES, VolumeWriter
from sync.carrying.addressing import Counterpart, own_certificate
from sync.carrying.knowing import STATEMENTS, held_of, known_of
from sync.carrying.stick import USUAL_PHOTO_BYTES, USUAL_VOLUME_BYTES, Stick
from sync.carrying.wanting import Wish, pieces_of, wants_from, wishes_of
from sync.custody.certificates import CERTIFICATE
from sync.errors import Damaged, Invalid
from sync.messages import _
from sync.node.centre_key import pinned_centre
from sync.node.lanes import is_alert
from sync.node.lists.tending import tend
from sync.node.node import Node
from sync.node.road.hearing import state_sightings
from sync.node.road.stating_misses import state_misses
from sync.node.setting_aside import set_aside_untold
from sync.node.sharing import held_among, held_stations, home_databases, stations_under
from sync.node.vouching.cursors import position_of
from sync.node.vouching.holding import account_for, avow
from sync.node.vouching.lost_photos import notice
from sync.node.vouching.statements import avowals_of, is_page, statements_for_child, statements_for_parent
from sync.records.ids import PUBLIC, blobs_database, station_database
from sync.replication.batch import weight_of
from sync.replication.telling import nobody_knows, tell, tell_ahead
from sync.store.ledger.carried import note_written
from sync.store.ledger.certificates import certificates_below
from sync.store.ledger.custody import newest_statement
from sync.store.ledger.lives import current_life
from sync.store.ledger.volumes import next_number
from sync.store.transaction import Reader
from sync.trust.keys import writer_id
from sync.typed import Changing, Value, replace
from sync.values.changes import START
from sync.values.conversation import Item, Mark, Told
from sync.values.json_text import dump
from sync.values.statements import Signed
from sync.wire.conversation import ItemWriter, Kind
from sync.wire.exchange import statement_list
from sync.wire.frames import write_frame

# One signature for so much: of a volume cut off, no more than this counts for nothing. Where many leaves of one
# document stand before a mark, a segment ends without one.
_SEGMENT_BYTES = 128 << 10
_LARGEST_SEGMENT_BYTES = 1 << 20
_STATEMENTS_TO_A_FRAME = 200
_EVERYTHING = 1 << 62

Progress = Callable[[int], object]


class Exported(Value):
    """What an export came to: the volumes' names and bytes, and the documents told.

    photos       that the other had asked for and that went along;  photos_left, those for which there was no room
    """

    names: tuple[str, ...]
    bytes: int
    documents: int
    photos: int = 0
    photos_left: int = 0


def export(
    node: Node,
    peer: Counterpart,
    stick: Stick,
    *,
    volume_bytes: int = USUAL_VOLUME_BYTES,
    photo_bytes: int = USUAL_PHOTO_BYTES,
    everything: bool = False,
    progress: Progress | None = None,
) -> Exported:
    """Write volumes for a node above or below us.

    volume_bytes  a volume has at most so many
    photo_bytes   photos that were asked for come to at most so many
    everything    whatever it is known to have
    progress      told of bytes as they are written
    raises        Invalid on a size too small; what the stick raises: the volumes it has by then are good
    """
    if volume_bytes < LEAST_VOLUME_BYTES:
        least = _("A volume has at least %(megabytes)s MB", megabytes=LEAST_VOLUME_BYTES >> 20)
        raise Invalid(least, fields=[("volume_size", least)])
    stations = _held_under(node, peer)
    names = _names_up(node) if peer.is_above else _names_down(node, stations)
    tend(node, held_stations(node))
    account_for(node, held_stations(node))
    state_misses(node)
    state_sightings(node)
    avow(node)
    wishes = wishes_of(node, peer, {blobs_database(sid) for sid in _spoken_of(node, peer)})
    rests_on, known = ("", {}) if everything else known_of(node, peer, names)
    tally = _Tally(progress)
    with ExitStack() as files:
        volumes = _Set(node, peer, (rests_on, known), _Place(stick, files, volume_bytes, tally))
        for told in _statements(node, peer, known.get(STATEMENTS, "")):
            volumes.write(partial(_as_it_is, told))
        for segment in _segments(_alerts(node, known) if PUBLIC in names else ()):
            volumes.write(partial(_frames, (), segment))
        for name in names:
            database = node.documents.database(name)
            items = tell(
                database,
                known.get(name, START),
                knows=nobody_knows,
                most_bytes=_EVERYTHING,
                pass_over=partial(set_aside_untold, node),
                plain=True,  # weeks may go by before it is read: one that cannot be is to spoil no other
            )
            for segment in _segments(items):
                tally.documents += sum(isinstance(item, Told) for item in segment)
                beside = _avowals(node, segment) if peer.is_above else ()
                volumes.write(partial(_frames, tuple(_statement_frames(beside)), segment))
        photos = _tell_wishes(node, wishes, volumes, tally, most_bytes=photo_bytes)
        volumes.end()
    return Exported(tuple(stick.names), tally.bytes, tally.documents, photos, len(wishes) - photos)


def _alerts(node: Node, known: Mapping[str, str]) -> Iterator[Told]:
    database, since = node.documents.database(PUBLIC), known.get(PUBLIC, START)
    return tell_ahead(database, since, is_urgent=is_alert, knows=nobody_knows, plain=True)


def _tell_wishes(node: Node, wishes: Iterable[Wish], volumes: "_Set", tally: "_Tally", *, most_bytes: int) -> int:
    """The photos that were asked for, as many as there is room for; returns how many."""
    photos = 0
    for wish in wishes:
        most_bytes -= wish.size
        if most_bytes < 0:
            break
        try:
            for segment in _segments(pieces_of(node, wish)):
                tally.documents += len(segment)
                volumes.write(partial(_frames, (), segment))
        except Damaged:  # what went along of it does no harm
            notice(node, wish.sid, [wish.root])
            continue
        photos += 1
    return photos


class _Tally(Changing):
    progress: Progress | None
    bytes: int = 0
    documents: int = 0

    def count(self, size: int) -> None:
        self.bytes += size
        if self.progress is not None:
            self.progress(size)


class _Place(Value):
    """Where a set goes: files are closed by whoever opened `files`, and are gone when that failed."""

    stick: Stick
    files: ExitStack
    volume_bytes: int
    tally: _Tally


class _Set:
    """One set. Guards that there is one volume at a time, and that the last says it is the last."""

    def __init__(self, node: Node, peer: Counterpart, known: tuple[str, dict[str, str]], place: _Place) -> None:
        """`known` is what `known_of` says of the peer."""
        life = node.read(current_life)
        holds_of, holds = held_of(node, peer, _names_they_tell(node, peer))
        self._header = Header(
            certificate=own_certificate(node),
            life=life.life,
            epoch=life.epoch,
            number=node.engine.write(lambda tx: next_number(tx, life.life)),
            volume=0,
            to=peer.writer,
            rests_on=known[0],
            since=known[1],
            holds_of=holds_of,
            holds=holds,
            at_ms=node.clock(),
            wants=wants_from(node, peer, _spoken_of(node, peer)),
        )
        self._opening = _vouched(node, peer)
        self._node, self._peer, self._place = node, peer, place
        self._writer: VolumeWriter | None = None

    def write(self, make: Callable[[ItemWriter], bytes]) -> None:
        """Add a segment; `make` writes it, once more where it has to go into another volume."""
        writer = self._writer or self._begin()
        frames = make(writer.items)
        if not writer.has_room_for(frames):
            self._close(writer, is_last=False)
            writer = self._begin()
            frames = make(writer.items)
        writer.write(frames)

    def end(self) -> None:
        """The set is whole."""
        self._close(self._writer or self._begin(), is_last=True)

    def _begin(self) -> VolumeWriter:
        self._header = replace(self._header, volume=self._header.volume + 1)
        sink = self._place.files.enter_context(self._place.stick.volume(self._place.tally.count))
        keys, theirs = self._node.identity.keys, self._peer.known.public_key
        writer = VolumeWriter(sink, write_header(self._header), keys, receiver=theirs, size=self._place.volume_bytes)
        for frames in self._opening:
            writer.write(frames)
        self._writer = writer
        return writer

    def _close(self, writer: VolumeWriter, *, is_last: bool) -> None:
        writer.end(is_last=is_last)
        self._place.files.close()
        digest = self._place.stick.digests[-1]
        self._node.engine.write(lambda tx: note_written(tx, digest))


def _held_under(node: Node, peer: Counterpart) -> frozenset[str]:
    return held_among(node, node.read(lambda reader: stations_under(reader, peer.known.sid)))


def _spoken_of(node: Node, peer: Counterpart) -> Collection[str]:
    """The stations about whose photos this node and another may speak."""
    return held_stations(node) if peer.is_above else _held_under(node, peer)


def _names_up(node: Node) -> tuple[str, ...]:
    """What goes up: records of every station kept here, then photos."""
    return home_databases(held_stations(node))


def _names_down(node: Node, stations: Iterable[str]) -> tuple[str, ...]:
    """What goes down: records first, then the catalogue; photos are fetched when they are wanted."""
    return (*(station_database(sid) for sid in sorted(stations)), PUBLIC)


def _names_they_tell(node: Node, peer: Counterpart) -> tuple[str, ...]:
    held = held_stations(node)
    if peer.is_above:
        return _names_down(node, held)
    return home_databases(_held_under(node, peer))


def _segments(items: Iterable[Item]) -> Iterator[list[Item]]:
    """What is told, in segments that end with a mark wherever that can be; the marks within them are left out.

    Each mark is a flush for whoever takes it in, and a segment that is not whole counts for nothing anyway.
    """
    segment: list[Item] = []
    weight, mark = 0, None
    for item in items:
        if isinstance(item, Mark):
            mark = item
            if weight >= _SEGMENT_BYTES:
                yield [*segment, item]
                segment, weight, mark = [], 0, None
            continue
        more = weight_of(item.document) if isinstance(item, Told) else 0
        if segment and weight + more > _LARGEST_SEGMENT_BYTES:
            yield segment
            segment, weight = [], 0
        segment.append(item)
        weight += more
    if mark is not None:
        segment.append(mark)
    if segment:
        yield segment


def _as_it_is(frames: bytes, _writer: ItemWriter) -> bytes:
    return frames


def _frames(beside: Iterable[bytes], segment: Iterable[Item], writer: ItemWriter) -> bytes:
    return b"".join((*beside, *(writer.write(item) for item in segment)))


def _avowals(node: Node, segment: Iterable[Item]) -> tuple[Signed, ...]:
    """What others signed over their steps in some records: nobody can be asked whether they have those still."""
    told = (item for item in segment if isinstance(item, Told))
    found = (one for item in told for one in node.read(partial(avowals_of, database=item.name, document=item.document)))
    return tuple(one for one in dict.fromkeys(found) if one.signer != node.identity.writer)


def _statements(node: Node, peer: Counterpart, known: str) -> Iterator[bytes]:
    """What the peer has not heard, as frames; the last says how far that goes."""
    position = int(known or 0)
    held: list[bytes] = []
    while True:
        news, reached = node.read(partial(_page, node, peer, position))
        for frame in _statement_frames(news):
            held.append(frame)
            if len(held) > 1:
                yield held.pop(0)
        position = reached
        if not is_page(news):
            break
    yield b"".join((*held, write_frame(Kind.STATEMENTS, dump({"statements": [], "to": str(position)}))))


def _page(node: Node, peer: Counterpart, position: int, reader: Reader) -> tuple[tuple[Signed, ...], int]:
    who = node.identity
    if peer.is_above:
        return statements_for_parent(reader, who, sent=position)
    news, cursor = statements_for_child(reader, peer.known, heard=f"{who.life}:{position}", life=who.life)
    return news, position_of(cursor, who.life)


def _vouched(node: Node, peer: Counterpart) -> list[bytes]:
    """The certificates of our stations, for a node above: without them it would take in nothing that they wrote."""
    if not peer.is_above:
        return []

    def work(reader: Reader) -> list[Signed]:
        centre_key = pinned_centre(reader)
        centre = writer_id(centre_key) if centre_key else ""
        writers = [one.writer for one in certificates_below(reader, node.identity.sid)]
        kept = (newest_statement(reader, CERTIFICATE, centre, subject=writer) for writer in writers)
        return [one.signed for one in kept if one is not None]

    return list(_statement_frames(node.read(work)))


def _statement_frames(statements: Sequence[Signed]) -> Iterator[bytes]:
    for begin in range(0, len(statements), _STATEMENTS_TO_A_FRAME):
        some = statements[begin : begin + _STATEMENTS_TO_A_FRAME]
        yield write_frame(Kind.STATEMENTS, dump({"statements": statement_list(some)}))
