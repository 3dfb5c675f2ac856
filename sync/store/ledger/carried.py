"""Volumes of others that this node carries on, and those it has written itself: known by their digest.

Must not know: where the files are, who can open them.
"""

from collections.abc import Iterable

from sync.store.transaction import Reader, Transaction
from sync.typed import Value

UPWARD = ""  # in place of a station: to whoever is above
# Far more than a stick has been written with since it was last emptied.
_WRITTEN_KEPT = 5_000


class Carried(Value):
    """One volume.

    digest     SHA-256 of the file, 64 hexadecimal digits
    handed_to  stations it was handed on to, `UPWARD` among them; it may have been for another
    """

    digest: str
    bytes: int
    handed_to: frozenset[str]


def all_carried(reader: Reader) -> tuple[Carried, ...]:
    """Every volume carried, the one that came first in front."""
    handed: dict[str, set[str]] = {}
    for digest, station in reader.execute("SELECT digest, station FROM volumes_handed"):
        handed.setdefault(digest, set()).add(station)
    rows = reader.execute("SELECT digest, bytes FROM volumes_carried ORDER BY arrival")
    return tuple(Carried(digest, size, frozenset(handed.get(digest, ()))) for digest, size in rows)


def is_carried(reader: Reader, digest: str) -> bool:
    """Whether this volume is known."""
    return reader.one("SELECT 1 FROM volumes_carried WHERE digest = ?", (digest,)) is not None


def note_carried(tx: Transaction, digest: str, *, size: int) -> None:
    """This volume is kept from now on."""
    tx.execute("INSERT INTO volumes_carried (digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, size))


def note_handed(tx: Transaction, digest: str, stations: Iterable[str]) -> None:
    """This volume was handed on to these stations, or upward."""
    tx.execute_many(
        "INSERT INTO volumes_handed VALUES (?, ?) ON CONFLICT DO NOTHING", [(digest, station) for station in stations]
    )


def forget_carried(tx: Transaction, digest: str) -> None:
    """This volume is kept no longer."""
    tx.execute("DELETE FROM volumes_carried WHERE digest = ?", (digest,))
    tx.execute("DELETE FROM volumes_handed WHERE digest = ?", (digest,))


def note_written(tx: Transaction, digest: str) -> None:
    """This volume is our own."""
    tx.execute("INSERT INTO volumes_written (digest) VALUES (?) ON CONFLICT DO NOTHING", (digest,))
    tx.execute(
        "DELETE FROM volumes_written WHERE arrival <= (SELECT max(arrival) FROM volumes_written) - ?", (_WRITTEN_KEPT,)
    )


def is_written(reader: Reader, digest: str) -> bool:
    """Whether this volume is our own, as far back as that is kept."""
    return reader.one("SELECT 1 FROM volumes_written WHERE digest = ?", (digest,)) is not None
