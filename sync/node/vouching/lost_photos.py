"""Photos that were whole here and are no longer: found, said, and made ready to be taken in again.

A disk does not give a page back, or somebody has purged a piece. Our receipts promised the photo, so the first thing is
to take that back: they are signed anew and name it among what is lacking, and screens step back. Then what is
unreadable is given up, so that it can be put in again; it is asked for below (`seeking`), and brought from above when
somebody looks at it (`fetching`).

Must not know: who asks, how anything travels.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from sync.blobs.reading import chunks_away, read_list, unreadable_chunks
from sync.custody.holdings import events_of
from sync.custody.issuing import issue_receipts, stations_of
from sync.custody.materials import materials_of
from sync.errors import Damaged, NotFound
from sync.node.node import Node
from sync.node.seeking import Piece
from sync.node.sharing import held_stations
from sync.node.vouching.statements import own_of
from sync.records.events import Event
from sync.records.ids import (
    blob_id,
    blobs_database,
    chunk_id,
    parse_content_id,
    station_database,
)
from sync.store.ledger.blobs import await_blobs, was_complete
from sync.store.ledger.lost_photos import lost_photos, note_lost
from sync.store.ledger.writers import held_hash
from sync.store.transaction import Transaction
from sync.store.unreadable import give_up
from sync.typed import Value
from sync.values.changes import START, Row, Span
from sync.values.documents import Document, Wanted

_BEHIND, _LAST = "\x00", blob_id("g")  # what sorts next behind an id; behind all roots, which are hexadecimal
_PAGE = 200


class Looked(Value):
    """How many photos were read, and how many of them were found to be lost.

    end  (sid, root) of the last, where it was stopped before the end
    """

    photos: int
    lost: int
    end: tuple[str, str] | None = None


class Lacking(Value):
    """What a photo lacks here.

    gone        ids of the pieces that are not here;  unreadable, of those that are and cannot be read
    """

    gone: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.gone or self.unreadable)


def look_through(node: Node, after: tuple[str, str] = ("", ""), *, stop: Callable[[], bool] = lambda: False) -> Looked:
    """Read the photos that are here, and note which are not whole any more.

    after  (sid, root) of the photo behind which to go on;  stop, asked behind each
    """
    looked_at = found = 0
    for sid in (one for one in sorted(held_stations(node)) if one >= after[0]):
        lost, end = [], None
        for root in _roots(node, blobs_database(sid), after[1] if sid == after[0] else ""):
            looked_at += 1
            if _is_lost(node, blobs_database(sid), root):
                lost.append(root)
            if stop():
                end = (sid, root)
                break
        found += notice(node, sid, lost)
        if end is not None:
            return Looked(looked_at, found, end)
    give_up_unreadable(node)
    return Looked(looked_at, found)


def notice(node: Node, sid: str, roots: Sequence[str]) -> int:
    """Note those of a station's photos that were whole and are not, and sign what is held without them.

    returns  how many that were
    """
    name = blobs_database(sid)
    lost = [root for root in dict.fromkeys(roots) if _is_lost(node, name, root)]
    if not lost:
        return 0
    with node.upkeep:
        naming = [event for _, event in naming_events(node, sid, lost)]

        def work(tx: Transaction) -> int:
            new = sum(note_lost(tx, name, root, now_ms=node.clock()) for root in lost)
            for event in naming:
                if held_hash(tx, event.writer, event.life, event.number) is not None:
                    roots_of = materials_of(event.set)
                    await_blobs(tx, event.writer, event.life, number=event.number, database=name, roots=roots_of)
            own = own_of(node.identity)
            writers = {event.writer for event in naming}
            issue_receipts(tx, own, stations_of(tx, own, writers), now_ms=node.clock())
            return new

        return node.write(work)


def give_up_unreadable(node: Node) -> int:
    """Make room for what is to come in place of pieces that cannot be read; returns how many those were.

    On a CouchDB nothing can be given up: it is the CouchDB's to mend.
    """
    if node.documents.elsewhere() is not None:
        return 0
    unreadable: dict[str, list[str]] = {}
    for one in node.read(lost_photos):
        unreadable.setdefault(one.database, []).extend(lacking(node, one.database, one.root).unreadable)
    return sum(len(give_up(node.engine, name, ids)) for name, ids in unreadable.items())


def lacking(node: Node, name: str, root: str) -> Lacking:
    """What a photo lacks here, every piece read."""
    database = node.documents.database(name)
    try:
        chunks = tuple(dict.fromkeys(read_list(database, root).chunks))
    except NotFound:
        return Lacking(gone=(blob_id(root),))
    except Damaged:
        return Lacking(unreadable=(blob_id(root),))
    away = chunks_away(database, chunks)
    here = [digest for digest in chunks if digest not in set(away)]
    return Lacking(_ids(away), _ids(unreadable_chunks(database, here)))


def to_ask_for(node: Node, names: Collection[str]) -> Iterator[Piece]:
    """What nodes below may have of some databases: what was lost here, and what is sought above and is not here."""
    yield from _lost_pieces(node, names)
    yield from (piece for piece in node.sought.all() if piece[0] in names and not is_here(node, piece))


def is_here(node: Node, piece: Piece) -> bool:
    """Whether a piece is here, body and all; looks at its id only."""
    name, doc_id = piece
    (row,) = node.documents.database(name).look_up([doc_id]).rows
    return row.revision is not None and not row.deleted and not row.is_away


def _lost_pieces(node: Node, names: Collection[str]) -> Iterator[Piece]:
    for one in node.engine.look(lost_photos):
        if one.database not in names:
            continue
        database = node.documents.database(one.database)
        try:
            ids = _ids(chunks_away(database, read_list(database, one.root).chunks))
        except NotFound:
            ids = (blob_id(one.root),)
        except Damaged:  # it was not given up yet
            continue
        yield from ((one.database, doc_id) for doc_id in ids)


def _is_lost(node: Node, name: str, root: str) -> bool:
    """Whether a photo is not whole; one that has not arrived yet, or was let go of, is not lost."""
    if parse_content_id(blob_id(root)) is None or not node.databases.among([name]):
        return False
    found = lacking(node, name, root)
    if found.unreadable:
        return True
    was_whole = node.read(lambda reader: was_complete(reader, name, root))
    return was_whole and any(row.revision is None or row.deleted for row in _rows(node, name, found.gone))


def _rows(node: Node, name: str, ids: Sequence[str]) -> Sequence[Row]:
    return node.documents.database(name).look_up(ids).rows if ids else ()


def _roots(node: Node, name: str, after_root: str) -> Iterator[str]:
    database, after = node.documents.database(name), blob_id(after_root + _BEHIND)
    while True:
        rows = database.list(Span(start=after, end=_LAST, limit=_PAGE)).rows
        for row in rows:
            content = parse_content_id(row.id)
            if content is not None:
                yield content[1]
        if len(rows) < _PAGE:
            return
        after = rows[-1].id + _BEHIND


def naming_events(node: Node, sid: str, roots: Collection[str]) -> Iterator[tuple[str, Event]]:
    """Each event in a station's records that names one of some photos, with the record's id; reads them all."""
    database, since = node.documents.database(station_database(sid)), START
    while True:
        page = database.changes(since, limit=_PAGE)
        for found in database.read([Wanted(change.id, ()) for change in page.results]):
            for event in events_of(found) if isinstance(found, Document) and not found.deleted else ():
                if not set(roots).isdisjoint(materials_of(event.set)):
                    yield found.id, event
        if len(page.results) < _PAGE:
            return
        since = page.last_seq


def _ids(digests: Sequence[str]) -> tuple[str, ...]:
    return tuple(chunk_id(digest) for digest in digests)
