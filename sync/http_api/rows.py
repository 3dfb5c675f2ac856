"""Rows with documents beside them, as listings and feeds tell them.

With their files documents may be larger than memory, all of them and each alone; such rows are made piece by
piece while they are sent. Others are joined until there is enough to send, for one large piece is sent sooner than many
small ones.

Must not know: what the rows are of.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sync.database import Database
from sync.http_api.reading import Read, asides, read_each
from sync.values.contents import evenly
from sync.values.documents import LET_GO, Document, Wanted
from sync.wire.documents import document_pieces

NOTHING = (b"null",)
_LET_GO = (b'null,"error":"let_go"',)  # the row says so itself, for there is no document that could
_CONFLICTS = frozenset({"_conflicts"})
_JOINED_BYTES = 256 << 10

Pieces = Iterable[bytes]


def read_first(database: Database, wanted: Sequence[Wanted]) -> Iterator[Read | None]:
    """For each of these its first document, or why it is not to be had; None where it was never there."""
    for found in read_each(database, wanted):
        yield found[0] if found else None


def document_text(database: Database, document: Read | None, *, conflicts: bool) -> Pieces:
    """The JSON text of a document beside a row; `null` where it was replaced and forgotten since the row was read."""
    if not isinstance(document, Document):
        return _LET_GO if document is not None and document.reason == LET_GO else NOTHING
    return document_pieces(document, extras=asides(database, document, _CONFLICTS if conflicts else frozenset()))


def with_document(row: bytes, document: Pieces) -> Iterator[bytes]:
    """A row, which is a JSON object, with a document as its last member."""
    yield row[:-1] + b',"doc":'
    yield from document
    yield b"}"


def listed(rows: Iterable[Pieces], before: bytes, *, large: bool) -> Iterator[bytes]:
    """Rows with a comma between them, and something before the first; nothing when there are none.

    large  each may be larger than memory
    """
    if large:
        yield from evenly(chain.from_iterable(_separated(rows, before)))
        return
    for text in _joined(rows):
        yield before + text
        before = b",\n"


def _joined(rows: Iterable[Pieces]) -> Iterator[bytes]:
    texts: list[bytes] = []
    weight = 0
    for row in rows:
        texts.append(b"".join(row))
        weight += len(texts[-1])
        if weight >= _JOINED_BYTES:
            yield b",\n".join(texts)
            texts, weight = [], 0
    if texts:
        yield b",\n".join(texts)


def _separated(rows: Iterable[Pieces], before: bytes) -> Iterator[Pieces]:
    for row in rows:
        yield (before,)
        yield row
        before = b",\n"
