"""Putting large contents into the file before the documents they belong to, in slices.

While a client sends 200 MB, its pieces are written as they come, some at a time, and others write in between:
no transaction is long, and none waits for a network. The pieces are a *loose* run until the transaction that
writes the document takes them over; before that nothing refers to them. Should the client break off, the document
be refused or the process die, they are swept away, and the document was never there.

A small content is not staged; it goes in with its document.

Must not know: trees, databases, where contents come from.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import md5
from typing import TypeVar

from sync.store.contents import HASH_BYTES, Staged, Stored
from sync.store.transaction import Transaction
from sync.store.working import Working
from sync.typed import replace
from sync.values.contents import PIECE_BYTES, Data, evenly, pieces_of
from sync.values.documents import Attachment, Document, Edit
from sync.wire.arriving import digest_text

Bearer = TypeVar("Bearer", Edit, Document)

# Half a megabyte: a flush for each costs a village's hard disk little, and the writer is held for a blink.
_SLICE_PIECES = 4


@contextmanager
def staged(engine: Working, bearers: Sequence[Bearer]) -> Iterator[Sequence[Bearer]]:
    """The same edits or documents with their large contents in the file; what is not taken over is swept.

    raises  whatever the contents raise when they are read; a StorageError
    """
    stage = _Stage(engine)
    try:
        yield [stage.settled(each) for each in bearers]
    finally:
        stage.clear()


class _Stage:
    """The runs of one batch."""

    def __init__(self, engine: Working) -> None:
        self._engine = engine
        self._runs: list[int] = []

    def settled(self, bearer: Bearer) -> Bearer:
        if not bearer.attachments:
            return bearer
        return replace(bearer, attachments=tuple(self._settle(file) for file in bearer.attachments))

    def clear(self) -> None:
        """Have swept what no content took over."""
        if self._runs:
            self._engine.post(self._let_go)

    def _let_go(self, tx: Transaction) -> None:
        tx.execute_many("UPDATE loose SET staged = 0 WHERE run = ?", [(run,) for run in self._runs])
        tx.after_commit(self._engine.upkeep.sweep)

    def _settle(self, file: Attachment) -> Attachment:
        data = file.data
        if data is None or (isinstance(data, bytes) and len(data) <= PIECE_BYTES):
            return file
        if isinstance(data, Stored) and data.engine is self._engine:
            return Staged(file.name, file.content_type, file.digest, data.length, file.revpos, data, data.hash)
        return self._take_in(file, data)

    def _take_in(self, file: Attachment, data: Data) -> Attachment:
        name, check = hashlib.blake2b(digest_size=HASH_BYTES), md5(usedforsecurity=False)
        head: bytes | None = None
        run: int | None = None
        slice_: list[tuple[int, bytes]] = []
        length = 0
        for piece in evenly(pieces_of(data)):
            name.update(piece)
            check.update(piece)
            if head is None:
                head = piece
            else:
                slice_.append((length, piece))
            length += len(piece)
            if len(slice_) == _SLICE_PIECES:
                run, slice_ = self._put(run, slice_), []
        if slice_:
            run = self._put(run, slice_)
        digest = digest_text(check.digest())
        if run is None:
            return replace(file, digest=digest, length=length, data=head or b"")
        return Staged(file.name, file.content_type, digest, length, file.revpos, head, name.digest(), run)

    def _put(self, run: int | None, pieces: Sequence[tuple[int, bytes]]) -> int:
        if run is None:
            run = self._engine.write(_new_run)
            self._runs.append(run)
        self._engine.write(partial(_put_pieces, run=run, pieces=pieces))
        return run


def _new_run(tx: Transaction) -> int:
    row = tx.one("INSERT INTO loose (staged) VALUES (1) RETURNING run")
    assert row is not None
    return int(row[0])


def _put_pieces(tx: Transaction, run: int, pieces: Sequence[tuple[int, bytes]]) -> None:
    tx.execute_many(
        "INSERT INTO pieces (run, place, data) VALUES (?, ?, ?)", [(run, place, data) for place, data in pieces]
    )
