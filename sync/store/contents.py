"""Contents of attachments in the file: each stands once, by its BLAKE2b hash, and is linked from revisions.

Must not know: trees, edits.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sync.store.transaction import Reader, Transaction
from sync.values.documents import Attachment

_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Kept(Attachment):
    """An attachment whose content is in the store; `content` is its row."""

    content: int = 0


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


def filled(reader: Reader, file: Kept) -> Attachment:
    """The attachment with its content."""
    row = reader.one("SELECT data FROM contents WHERE content = ?", (file.content,))
    assert row is not None, "a foreign key keeps contents while they are linked"
    return replace(plain(file), data=row[0])


def plain(file: Kept) -> Attachment:
    """The attachment as others know it, without our row."""
    return Attachment(file.name, file.content_type, file.digest, file.length, file.revpos)


def _keep(tx: Transaction, file: Attachment) -> Kept:
    data = file.data or b""
    hashed = hashlib.blake2b(data, digest_size=_HASH_BYTES).digest()
    row = tx.one("SELECT content FROM contents WHERE hash = ?", (hashed,)) or tx.one(
        "INSERT INTO contents (hash, data) VALUES (?, ?) RETURNING content", (hashed, data)
    )
    assert row is not None
    return Kept(file.name, file.content_type, file.digest, len(data), file.revpos, None, row[0])
