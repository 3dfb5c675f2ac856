"""Contents of attachments in the file: each stands once, by its BLAKE2b hash, and is linked from revisions.

A row of `contents` holds the first piece, which is all of nearly every content; what a large one has more
stands in `pieces`, a run of them. A large content is handed out as a `Stored`, which reads it piece by piece.

Must not know: trees, edits.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from sync.errors import Damaged
from sync.store.transaction import Reader, Transaction
from sync.store.working import Working
from sync.typed import Value, replace
from sync.values.contents import PIECE_BYTES, bytes_of
from sync.values.documents import Attachment
from sync.wire.problems import MissingStub

HASH_BYTES = 32


class Kept(Attachment):
    """An attachment whose content is in the store; `content` is its row."""

    content: int = 0


class Staged(Attachment):
    """An attachment whose content is hashed, and whose pieces behind the first are in the file already.

    data  the first piece; or a `Stored`, when the content is one this file gave
    run   of the other pieces; None when there are none
    """

    hash: bytes = b""
    run: int | None = None


class Stored(Value):
    """A content in the file, read piece by piece, each from a snapshot of its own."""

    engine: Working
    hash: bytes
    length: int

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, also when the content is replaced meanwhile.

        raises  Damaged when it was gone before
        """
        end = self.length if stop is None else min(stop, self.length)
        place = self.engine.read(partial(_find, hashed=self.hash)) if start < end else None
        run = place.run if place else None
        try:
            with self.engine.lending.lent(run):
                while start < end:
                    piece = self.engine.read(partial(_piece_at, place=place, at=start)) if place else b""
                    if not piece:
                        raise Damaged("The content of an attachment is no longer there")
                    piece = piece[: end - start]
                    start += len(piece)
                    yield piece
        finally:
            if run is not None:
                self.engine.upkeep.sweep()  # it may have waited for us


class _Place(Value):
    """Where a content is: its first bytes in `content`, so many of them, and the others in a run."""

    content: int
    hash: bytes
    head: int
    run: int | None


def keep(tx: Transaction, files: Iterable[Attachment]) -> tuple[Kept, ...]:
    """Put contents into the store that are not there yet; what is kept already passes through."""
    return tuple(file if isinstance(file, Kept) else _keep(tx, file) for file in files)


def link(tx: Transaction, seq: int, files: Sequence[Kept]) -> None:
    """Link contents to the revision written at a sequence."""
    tx.execute_many(
        "INSERT INTO attachments VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(seq, f.name, f.content_type, f.digest, f.length, f.revpos, f.content) for f in files],
    )


def linked(reader: Reader, seq: int) -> tuple[Kept, ...]:
    """The attachments of the revision written at a sequence, as stubs, by name."""
    rows = reader.execute(
        "SELECT name, content_type, digest, length, revpos, content FROM attachments WHERE seq = ?", (seq,)
    )
    return tuple(Kept(name, kind, digest, length, at, None, row) for name, kind, digest, length, at, row in rows)


def filled(reader: Reader, file: Kept, engine: Working) -> Attachment:
    """The attachment with its content: the bytes of a small one, and of a large one where to read them."""
    column = "data" if file.length <= PIECE_BYTES else "hash"
    row = reader.one(f"SELECT {column} FROM contents WHERE content = ?", (file.content,))
    assert row is not None, "a foreign key keeps contents while they are linked"
    return replace(plain(file), data=row[0] if column == "data" else Stored(engine, row[0], file.length))


def plain(file: Kept) -> Attachment:
    """The attachment as others know it, without our row."""
    return Attachment(file.name, file.content_type, file.digest, file.length, file.revpos)


def _find(reader: Reader, hashed: bytes) -> _Place | None:
    row = reader.one("SELECT content, hash, length(data), run FROM contents WHERE hash = ?", (hashed,))
    return _Place(*row) if row else None


def _piece_at(reader: Reader, place: _Place, at: int) -> bytes:
    """What is stored together from a place on; b"" when there is nothing."""
    if at < place.head:
        # With its hash, because the number of a row that went may be given again.
        found = reader.one("SELECT 0, data FROM contents WHERE content = ? AND hash = ?", (place.content, place.hash))
    else:
        found = reader.one(
            "SELECT place, data FROM pieces WHERE run = ? AND place <= ? ORDER BY place DESC LIMIT 1", (place.run, at)
        )
    return found[1][at - found[0] :] if found else b""


def _keep(tx: Transaction, file: Attachment) -> Kept:
    staged = file if isinstance(file, Staged) else _hashed(file)
    row = tx.one("SELECT content FROM contents WHERE hash = ?", (staged.hash,))
    if row is None:
        if not isinstance(staged.data, bytes):  # swept away since it was read
            raise MissingStub(f"The content of {file.name} is no longer there")
        row = tx.one(
            "INSERT INTO contents (hash, data, run) VALUES (?, ?, ?) RETURNING content",
            (staged.hash, staged.data, staged.run),
        )
        if staged.run is not None:
            tx.execute("DELETE FROM loose WHERE run = ?", (staged.run,))
    assert row is not None
    return Kept(file.name, file.content_type, file.digest, staged.length, file.revpos, None, row[0])


def _hashed(file: Attachment) -> Staged:
    data = bytes_of(file.data or b"")
    hashed = hashlib.blake2b(data, digest_size=HASH_BYTES).digest()
    return Staged(file.name, file.content_type, file.digest, len(data), file.revpos, data, hashed)
