"""Telling a database of photos: the small ones first, each with its list of chunks before them.

A scan of 5 MB is a quarter of an hour on a bad link, and a photo taken after it is often all that a case waits for. So
what has not been told is gone through by size, and a smaller photo that comes meanwhile goes on at the next chunk.

A chunk whose list lies elsewhere in the feed completes a photo of which the rest has been told, and goes first.

Must not know: how it travels, who hears it.
"""

from collections.abc import Iterator, Sequence

from sync.database import Database
from sync.records.content_guard import content_problem
from sync.records.ids import MAX_CHUNK_BYTES, blob_id, chunk_id, content_revision, parse_content_id
from sync.replication.batch import weight_of
from sync.replication.stretches import Piece, Place, Position, Stretch, read_position
from sync.replication.telling import BYTES_BETWEEN_MARKS, Knows, PassOver, tellable
from sync.values.conversation import Item, Mark, Told
from sync.values.documents import Document, Wanted

_PAGE = 500
# What is looked through at once, so that a backlog of any length takes so much memory: 150 MB of photos.
_MOST_CHANGES = 10_000
# Each is a newcomer that overtook one that had overtaken another; beyond it they wait for one of these.
_MOST_STRETCHES = 6


def tell_small_first(
    database: Database, since: str, *, knows: Knows, most_bytes: int, pass_over: PassOver
) -> Iterator[Item]:
    """What a position of such a telling has not told, with marks like its own.

    since  a position of such a telling, or of `telling.tell`;  the rest as there
    """
    position = _begin(database, since)
    told, unmarked, marked = 0, 0, since
    while told < most_bytes:
        if len(position.stretches) < _MOST_STRETCHES and database.info().update_seq != position.end:
            _go_on(database, position)
        piece = position.take_next()
        for document in _tellable(database, piece, knows, pass_over):
            weight = weight_of(document)
            told, unmarked = told + weight, unmarked + weight
            yield Told(database.name, document)
        position.settle()
        text = position.text()
        if text != marked and (piece is None or unmarked >= BYTES_BETWEEN_MARKS or told >= most_bytes):
            unmarked, marked = 0, text
            yield Mark(database.name, text)
        if piece is None and not position.stretches:
            return


def left_of(database: Database, position: str) -> tuple[str, int, int]:
    """What a position leaves of the stretches it speaks of.

    returns  (the sequence at which they end, photos that were not told whole, about how many bytes of them)
    """
    begun = _begin(database, position)
    left = [piece.place for stretch in begun.stretches for piece in stretch.left]
    photos = {(place.size, place.digest) for place in left if place.size}
    return begun.end, len(photos), sum(map(_content_bytes, left))


def _content_bytes(place: Place) -> int:
    """About how many bytes of a photo the piece before a place is; all chunks are full, but for the last."""
    if not place.size:
        return MAX_CHUNK_BYTES
    behind = place.size - (place.pieces - 2) * MAX_CHUNK_BYTES
    return min(max(behind, 0), MAX_CHUNK_BYTES) if place.pieces > 1 else 0


def _begin(database: Database, since: str) -> Position:
    """The position with what is left of its stretches; without those that the feed no longer knows."""
    position = read_position(since)
    before = position.base
    for number, stretch in enumerate(position.stretches):
        ids = _ids_between(database, before, stretch.upto)
        if not ids:  # none begins empty: the feed counts anew, or something was purged
            del position.stretches[number:]
            break
        if stretch.reached is not None:
            reached = stretch.reached
            stretch.left = [piece for piece in _pieces_of(database, ids) if piece.place > reached]
        before = stretch.upto
    position.settle()
    return position


def _go_on(database: Database, position: Position) -> None:
    """Begin a stretch with what the feed has behind the last one."""
    before = position.end
    ids, upto = _ids_behind(database, before)
    if upto != before:
        position.stretches.append(Stretch(upto, left=_pieces_of(database, ids)))
        position.settle()


def _ids_behind(database: Database, since: str) -> tuple[list[str], str]:
    """The documents a feed has behind a sequence, as many as are looked through at once, and where they end."""
    ids: list[str] = []
    while len(ids) < _MOST_CHANGES:
        page = database.changes(since, limit=_PAGE)
        ids += (change.id for change in page.results)
        since = page.last_seq
        if not page.results or page.pending == 0:
            break
    return ids, since


def _ids_between(database: Database, since: str, upto: str) -> list[str]:
    """The documents a feed has between two sequences."""
    behind = database.changes(upto, limit=1).results
    end = behind[0].id if behind else None
    ids: list[str] = []
    while True:
        page = database.changes(since, limit=_PAGE)
        for change in page.results:
            if change.id == end:
                return ids
            ids.append(change.id)
        since = page.last_seq
        if not page.results or page.pending == 0:
            return ids


def _pieces_of(database: Database, ids: Sequence[str]) -> list[Piece]:
    """The documents of a stretch in the order of telling, the first last."""
    lone = dict.fromkeys(ids)
    pieces: list[Piece] = []
    for size, root, chunks in sorted(_lists(database, ids)):
        own = [blob_id(root), *(chunk_id(chunk) for chunk in chunks)]
        for number, doc_id in enumerate(own, start=1):
            if doc_id in lone:  # of two photos that share a chunk the first brings it
                del lone[doc_id]
                pieces.append(Piece(Place(size, root, number), doc_id))
    pieces += (Piece(Place(0, doc_id, 1), doc_id) for doc_id in lone)
    return sorted(pieces, key=lambda piece: piece.place, reverse=True)


def _lists(database: Database, ids: Sequence[str]) -> Iterator[tuple[int, str, list[str]]]:
    """(size in bytes, root, chunks) of the photos whose lists are among some documents."""
    roots = [content[1] for doc_id in ids if (content := parse_content_id(doc_id)) and content[0] == "blob"]
    wanted = [Wanted(blob_id(root), (content_revision(root),)) for root in roots]
    for root, found in zip(roots, database.read(wanted), strict=True):
        if isinstance(found, Document) and not content_problem(found):
            fields = found.fields()
            yield fields["size"], root, fields["chunks"]


def _tellable(database: Database, piece: Piece | None, knows: Knows, pass_over: PassOver) -> Iterator[Document]:
    content = piece and parse_content_id(piece.doc_id)
    if piece is None or not content or knows(database.name, piece.doc_id, content_revision(content[1])):
        return
    yield from tellable(database, piece.doc_id, (content_revision(content[1]),), pass_over)
