"""Photos that somebody waits for: here, because they are not here; and elsewhere, as volumes from there have said.

What is wanted here is told in each volume that is written for a node above, until the photo is here, by whichever
road. What another node wants stands until its next volume says otherwise, or nobody has heard of it for long.

Must not know: what is in a volume, who looks at photos.
"""

from collections.abc import Iterable, Mapping

from sync.store.transaction import Reader, Transaction
from sync.typed import Value

MOST_WANTED = 500  # at once, of one node: the newest count
_FORGOTTEN_MS = 60 * 86_400_000


class WantedPhoto(Value):
    """A blob of a database, by its root; record, for whose sake, "" where that is another node's."""

    database: str
    root: str
    record: str


def note_wanted(tx: Transaction, wanted: WantedPhoto, *, now_ms: int) -> None:
    """Somebody waits for a photo that is not here."""
    tx.execute(
        "INSERT INTO wanted_photos VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET asked_ms = excluded.asked_ms",
        (wanted.database, wanted.root, wanted.record, now_ms),
    )
    tx.execute("DELETE FROM wanted_photos WHERE asked_ms < ?", (now_ms - _FORGOTTEN_MS,))


def settle_wanted(tx: Transaction, wanted: WantedPhoto) -> None:
    """It is here."""
    tx.execute("DELETE FROM wanted_photos WHERE database = ? AND root = ?", (wanted.database, wanted.root))


def wanted_photos(reader: Reader) -> tuple[WantedPhoto, ...]:
    """What is waited for here, asked for last first."""
    rows = reader.execute(
        "SELECT database, root, record FROM wanted_photos ORDER BY asked_ms DESC, root LIMIT ?", (MOST_WANTED,)
    )
    return tuple(WantedPhoto(*row) for row in rows)


def replace_wants(tx: Transaction, peer: str, wants: Mapping[str, Iterable[str]], *, now_ms: int) -> None:
    """Another node waits for these of each database, and for no others any more."""
    tx.execute("DELETE FROM volume_wants WHERE peer = ? OR told_ms < ?", (peer, now_ms - _FORGOTTEN_MS))
    rows = [(peer, name, root, now_ms) for name, roots in wants.items() for root in roots]
    if rows:
        tx.execute_many("INSERT OR IGNORE INTO volume_wants VALUES (?, ?, ?, ?)", rows[:MOST_WANTED])


def wants_of_peer(reader: Reader, peer: str) -> tuple[tuple[str, str], ...]:
    """(database, root) of what a node waits for."""
    rows = reader.execute("SELECT database, root FROM volume_wants WHERE peer = ? ORDER BY database, root", (peer,))
    return tuple((row[0], row[1]) for row in rows)


def wanted_elsewhere(reader: Reader, database: str) -> frozenset[str]:
    """The roots of a database that any other node waits for."""
    rows = reader.execute("SELECT DISTINCT root FROM volume_wants WHERE database = ?", (database,))
    return frozenset(row[0] for row in rows)
