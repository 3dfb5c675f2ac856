"""Photos in volumes for those who asked for them: what is wanted is said in volumes, too, for nobody else can be asked.

A volume says at its head which photos its writer is waiting for. Whoever has them puts them behind everything else in
the volumes that go back, the small ones first, and no more than somebody has room for on a stick.

    village ── "I want 9f…" ──► any hands ──► centre
    village ◄── 9f…, whole ─── any hands ─── centre

A township that has not got one either wants it itself from then on.

Must not know: how anything is written or taken in.
"""

from collections.abc import Collection, Iterator

from sync.blobs.reading import missing_chunks, read_list
from sync.bundle.header import Header, Marks
from sync.carrying.addressing import Counterpart
from sync.errors import Damaged, NotFound
from sync.node.node import Node
from sync.records.ids import blob_id, blobs_database, chunk_id, content_revision, parse_content_id, parse_database
from sync.store.ledger.blobs import awaited_roots
from sync.store.ledger.lost_photos import lost_photos
from sync.store.ledger.volumes import newest_set
from sync.store.ledger.wanted_photos import (
    MOST_WANTED,
    WantedPhoto,
    note_wanted,
    replace_wants,
    wanted_photos,
    wants_of_peer,
)
from sync.store.transaction import Reader, Transaction
from sync.typed import Value
from sync.values.conversation import Told
from sync.values.documents import Document, Wanted

_PIECES_AT_ONCE = 16


class Wish(Value, order=True):
    """A photo that another node waits for and that is here, whole; size in bytes."""

    size: int
    database: str
    root: str

    @property
    def sid(self) -> str:
        """The station whose photo it is."""
        name = parse_database(self.database)
        return "" if name is None else name.sid


def wants_from(node: Node, peer: Counterpart, stations: Collection[str]) -> Marks:
    """{database: roots} of what this node would have from another, about whose stations they speak."""
    names = {blobs_database(sid) for sid in stations}

    def work(reader: Reader) -> list[tuple[str, str]]:
        lost = [(one.database, one.root) for one in lost_photos(reader)]
        if not peer.is_above:
            return lost
        wanted = [(one.database, one.root) for one in wanted_photos(reader)]
        awaited = [(name, root) for name in sorted(names) for root in awaited_roots(reader, name)]
        return [*wanted, *lost, *awaited]

    wants: dict[str, tuple[str, ...]] = {}
    for name, root in list(dict.fromkeys(one for one in node.read(work) if one[0] in names))[:MOST_WANTED]:
        wants[name] = (*wants.get(name, ()), root)
    return wants


def note_wants(node: Node, peer: Counterpart, header: Header) -> None:
    """Keep what the writer of a volume is waiting for, unless a later set of it was taken in."""
    ours = node.databases.among(header.wants)
    wants = {
        name: tuple(root for root in roots if parse_content_id(blob_id(root)))
        for name, roots in header.wants.items()
        if name in ours
    }
    hand_on = [
        WantedPhoto(name, root, "")
        for name, roots in wants.items()
        for root in roots
        if node.identity.upstream and not peer.is_above and _size_of(node, name, root) is None
    ]
    now_ms = node.clock()

    def work(tx: Transaction) -> None:
        if newest_set(tx, peer.writer, header.life) > header.number:
            return
        replace_wants(tx, peer.writer, wants, now_ms=now_ms)
        for one in hand_on:
            note_wanted(tx, one, now_ms=now_ms)

    if wants or _asked_by(node, peer):
        node.engine.write(work)


def wishes_of(node: Node, peer: Counterpart, names: Collection[str]) -> tuple[Wish, ...]:
    """What another node waits for, of some databases, and is here; the smallest first."""
    asked = (one for one in _asked_by(node, peer) if one[0] in names)
    sizes = ((name, root, _size_of(node, name, root)) for name, root in asked)
    return tuple(sorted(Wish(size, name, root) for name, root, size in sizes if size is not None))


def pieces_of(node: Node, wish: Wish) -> Iterator[Told]:
    """A photo as it is told: the list of its chunks, then these. Raises Damaged where the disk does not give one."""
    database = node.documents.database(wish.database)
    chunks = dict.fromkeys(read_list(database, wish.root).chunks)
    wanted = [_wanted(blob_id(wish.root), wish.root), *(_wanted(chunk_id(one), one) for one in chunks)]
    for begin in range(0, len(wanted), _PIECES_AT_ONCE):
        for found in database.read(wanted[begin : begin + _PIECES_AT_ONCE]):
            if isinstance(found, Document):
                yield Told(wish.database, found, plain=True)


def _asked_by(node: Node, peer: Counterpart) -> tuple[tuple[str, str], ...]:
    return node.read(lambda reader: wants_of_peer(reader, peer.writer))


def _wanted(doc_id: str, digest: str) -> Wanted:
    return Wanted(doc_id, (content_revision(digest),))


def _size_of(node: Node, name: str, root: str) -> int | None:
    """The size of a photo that is here, looking at ids only; None where it is not."""
    database = node.documents.database(name)
    try:
        return None if missing_chunks(database, root) else read_list(database, root).size
    except (NotFound, Damaged):
        return None
