"""Putting a blob together from its chunks, every byte checked against the root hash.

Must not know: how the chunks came here.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence

from sync.database import Database
from sync.errors import BadRequest, Damaged, NotFound
from sync.messages import _
from sync.records.content_guard import content_problem
from sync.records.ids import blob_id, chunk_id, content_revision, sha256_hex
from sync.typed import Value
from sync.values.changes import Row
from sync.values.documents import LET_GO, Absent, Document, Wanted

_READ_BATCH = 16  # a quarter of a megabyte
_LOOK_BATCH = 200


class ChunkList(Value):
    """A verified chunk list: media type, size in bytes, SHA-256 of each chunk in order."""

    media_type: str
    size: int
    chunks: tuple[str, ...]


def read_list(database: Database, root: str) -> ChunkList:
    """The chunk list of a blob.

    raises  NotFound when it is not here; Damaged when it is not what the root says
    """
    document = _one(database, blob_id(root), root)
    if document is None:
        raise NotFound(_("This photo has not come to this machine yet"))
    if _problem(document):
        raise Damaged(f"blob {root}: {_problem(document)}")
    fields = document.fields()
    return ChunkList(fields["type"], fields["size"], tuple(fields["chunks"]))


def read_blob(database: Database, root: str) -> Iterator[bytes]:
    """The content of a blob, piece by piece, each checked before it is given out.

    raises  at once NotFound or Damaged for the chunk list; while reading, the same for a chunk,
            and Damaged when the pieces do not add up to the size
    """
    return _content(database, root, read_list(database, root))


def is_complete(database: Database, root: str) -> bool:
    """Whether the whole blob is here and sound.

    What is missing is found by ids alone; only what seems whole is read and checked.
    """
    try:
        listed = read_list(database, root)
        if any(True for _chunk in _away(database, listed.chunks)):
            return False
        for _piece in _content(database, root, listed):
            pass
    except (NotFound, Damaged):
        return False
    return True


def is_known_whole(database: Database, root: str) -> bool:
    """Whether the whole blob is here and sound, but for chunks that were let go, which were so once."""
    try:
        listed = read_list(database, root)
        for start in range(0, len(listed.chunks), _READ_BATCH):
            for digest, found in _found(database, listed.chunks[start : start + _READ_BATCH]):
                if isinstance(found, Document) or found.reason != LET_GO:
                    _checked(found, digest)
    except (NotFound, Damaged):
        return False
    return True


def was_once_whole(database: Database, root: str) -> bool:
    """Whether every chunk of a blob is here, or was let go once it had been. Looks at ids only."""
    try:
        chunks = read_list(database, root).chunks
    except (NotFound, Damaged):
        return False
    for start in range(0, len(chunks), _LOOK_BATCH):
        ids = [chunk_id(digest) for digest in chunks[start : start + _LOOK_BATCH]]
        if any(row.revision is None or row.deleted for row in database.look_up(ids).rows):
            return False
    return True


def missing_chunks(database: Database, root: str) -> tuple[str, ...]:
    """SHA-256 of the chunks that are not here, each once, in order; raises NotFound without the list."""
    return chunks_away(database, read_list(database, root).chunks)


def held_whole(database: Database, root: str) -> bool:
    """Whether every chunk of a blob is here. Looks at ids only; reading it checks its bytes."""
    try:
        return not missing_chunks(database, root)
    except (NotFound, Damaged):
        return False


def chunks_away(database: Database, digests: Sequence[str]) -> tuple[str, ...]:
    """Those of some chunks that are not here, each once, in order."""
    return tuple(dict.fromkeys(_away(database, digests)))


def unreadable_chunks(database: Database, digests: Sequence[str]) -> tuple[str, ...]:
    """Those of some chunks that are here and do not read as what their names say."""
    unreadable: list[str] = []
    for start in range(0, len(digests), _READ_BATCH):
        batch = digests[start : start + _READ_BATCH]
        if not _read_well(database, batch):
            unreadable += (digest for digest in batch if not _read_well(database, [digest]))
    return tuple(unreadable)


def _read_well(database: Database, digests: Sequence[str]) -> bool:
    try:
        for _piece in _pieces(database, digests):
            pass
    except NotFound:  # let go a moment ago
        return True
    except Damaged:
        return False
    return True


def _content(database: Database, root: str, listed: ChunkList) -> Iterator[bytes]:
    size = 0
    for start in range(0, len(listed.chunks), _READ_BATCH):
        for piece in _pieces(database, listed.chunks[start : start + _READ_BATCH]):
            size += len(piece)
            yield piece
    if size != listed.size:
        raise Damaged(f"blob {root} has {size} bytes and should have {listed.size}")


def _pieces(database: Database, digests: Sequence[str]) -> Iterator[bytes]:
    for digest, found in _found(database, digests):
        yield _checked(found, digest)


def _found(database: Database, digests: Sequence[str]) -> Iterator[tuple[str, Document | Absent]]:
    wanted = [Wanted(chunk_id(digest), (content_revision(digest),)) for digest in digests]
    return zip(digests, database.read(wanted), strict=True)


def _checked(document: Document | Absent, digest: str) -> bytes:
    if not isinstance(document, Document) or document.deleted:
        raise NotFound(_("These materials have not all come to this machine yet"))
    try:
        content = base64.b64decode(document.fields()["data"], validate=True)
    except (BadRequest, KeyError, TypeError, binascii.Error, ValueError):
        raise Damaged(f"chunk {digest} cannot be read") from None
    if sha256_hex(content) != digest:
        raise Damaged(f"chunk {digest} is not what its name says")
    return content


def _away(database: Database, digests: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(digests), _LOOK_BATCH):
        batch = digests[start : start + _LOOK_BATCH]
        rows = database.look_up([chunk_id(digest) for digest in batch]).rows
        yield from (digest for digest, row in zip(batch, rows, strict=True) if not _is_here(row))


def _is_here(row: Row) -> bool:
    return row.revision is not None and not row.deleted and not row.is_away


def _one(database: Database, doc_id: str, digest: str) -> Document | None:
    for found in database.read([Wanted(doc_id, (content_revision(digest),))]):
        if isinstance(found, Document) and not found.deleted:
            return found
    return None


def _problem(document: Document) -> str:
    try:
        return content_problem(document)
    except BadRequest as error:
        return error.reason
