"""Photos as they were handed in, kept in pieces beside the blobs that were made of them.

One is put in before the record that names its blob, in short transactions, and belongs to nothing until the
transaction that writes the record claims it. What belongs to nothing, because that never came or because it has been
let go of, is swept away piece by piece.

Must not know: what makes a photo fit, when it may go.
"""

from collections.abc import Iterable

from sync.store.transaction import Reader, Transaction
from sync.typed import Value

_PIECES_AT_ONCE = 8  # a megabyte: freeing costs writing


class Original(Value):
    """A photo as it came.

    record  whose photo it is;  root, of the blob that was made of it;  size, in bytes
    """

    original: int
    record: str
    root: str
    media_type: str
    size: int
    at_ms: int


_COLUMNS = "original, record, root, media_type, size, at_ms"


def begin_original(tx: Transaction, root: str, *, media_type: str, size: int, now_ms: int) -> int:
    """Make room for a photo that belongs to nothing yet; returns its number."""
    row = tx.one(
        "INSERT INTO originals (root, media_type, size, at_ms) VALUES (?, ?, ?, ?) RETURNING original",
        (root, media_type, size, now_ms),
    )
    assert row is not None
    return int(row[0])


def put_pieces(tx: Transaction, original: int, place: int, pieces: Iterable[bytes]) -> None:
    """Add pieces, from a place on."""
    rows = [(original, place + number, piece) for number, piece in enumerate(pieces)]
    tx.execute_many("INSERT INTO original_pieces VALUES (?, ?, ?)", rows)


def claim_original(tx: Transaction, original: int, record: str) -> None:
    """It belongs to a record from now on, unless that has the original of this blob already."""
    tx.execute(
        "UPDATE originals SET record = ?1 WHERE original = ?2 AND NOT EXISTS "
        "(SELECT 1 FROM originals AS other WHERE other.record = ?1 AND other.root = originals.root)",
        (record, original),
    )


def originals_of(reader: Reader, record: str) -> tuple[Original, ...]:
    """Those of a record that are here."""
    rows = reader.execute(f"SELECT {_COLUMNS} FROM originals WHERE record = ? AND record <> ''", (record,))
    return tuple(Original(*row) for row in rows)


def original_bytes(reader: Reader, original: int) -> bytes:
    """The whole photo."""
    rows = reader.execute("SELECT data FROM original_pieces WHERE original = ? ORDER BY place", (original,))
    return b"".join(data for (data,) in rows)


def claimed_originals(reader: Reader) -> tuple[Original, ...]:
    """All that belong to a record, oldest first."""
    rows = reader.execute(f"SELECT {_COLUMNS} FROM originals WHERE record <> '' ORDER BY original")
    return tuple(Original(*row) for row in rows)


def claimed_size(reader: Reader) -> int:
    """How many bytes those are."""
    return int(reader.execute("SELECT coalesce(sum(size), 0) FROM originals WHERE record <> ''")[0][0])


def release_originals(tx: Transaction, originals: Iterable[int]) -> None:
    """They belong to nothing any more."""
    tx.execute_many("UPDATE originals SET record = '' WHERE original = ?", [(original,) for original in originals])


def unclaimed_originals(reader: Reader) -> tuple[int, ...]:
    """Those that belong to nothing."""
    return tuple(row[0] for row in reader.execute("SELECT original FROM originals WHERE record = ''"))


def sweep_original(tx: Transaction, original: int) -> bool:
    """Remove some pieces of a photo that belongs to nothing, and with the last ones itself; False when it is gone."""
    if tx.one("SELECT 1 FROM originals WHERE original = ? AND record = ''", (original,)) is None:
        return False
    places = tx.execute(
        "SELECT place FROM original_pieces WHERE original = ? ORDER BY place LIMIT ?", (original, _PIECES_AT_ONCE)
    )
    tx.execute_many(
        "DELETE FROM original_pieces WHERE original = ? AND place = ?", [(original, place) for (place,) in places]
    )
    if len(places) < _PIECES_AT_ONCE:
        tx.execute("DELETE FROM originals WHERE original = ?", (original,))
    return len(places) == _PIECES_AT_ONCE
