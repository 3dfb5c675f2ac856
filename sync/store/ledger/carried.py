"""Volumes of others that this node carries on, and those it has written itself: known by their digest.

Must not know: where the files are, who can open them.
"""

from sync.store.transaction import Reader, Transaction
from sync.typed import Value

# Far more than a stick has been written with since it was last emptied.
_WRITTEN_KEPT = 5_000


class Carried(Value):
    """One volume: SHA-256 of the file (64 hexadecimal digits), its bytes, and which ways it was handed on."""

    digest: str
    bytes: int
    handed_up: bool
    handed_down: bool


def all_carried(reader: Reader) -> tuple[Carried, ...]:
    """Every volume carried, the one that came first in front."""
    rows = reader.execute("SELECT digest, bytes, handed_up, handed_down FROM volumes_carried ORDER BY arrival")
    return tuple(Carried(row[0], row[1], bool(row[2]), bool(row[3])) for row in rows)


def is_carried(reader: Reader, digest: str) -> bool:
    """Whether this volume is known."""
    return reader.one("SELECT 1 FROM volumes_carried WHERE digest = ?", (digest,)) is not None


def note_carried(tx: Transaction, digest: str, *, size: int) -> None:
    """This volume is kept from now on."""
    tx.execute("INSERT INTO volumes_carried (digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, size))


def note_handed(tx: Transaction, digest: str, *, up: bool) -> None:
    """This volume was handed on, up or down."""
    column = "handed_up" if up else "handed_down"
    tx.execute(f"UPDATE volumes_carried SET {column} = 1 WHERE digest = ?", (digest,))


def forget_carried(tx: Transaction, digest: str) -> None:
    """This volume is kept no longer."""
    tx.execute("DELETE FROM volumes_carried WHERE digest = ?", (digest,))


def note_written(tx: Transaction, digest: str) -> None:
    """This volume is our own."""
    tx.execute("INSERT INTO volumes_written (digest) VALUES (?) ON CONFLICT DO NOTHING", (digest,))
    tx.execute(
        "DELETE FROM volumes_written WHERE arrival <= (SELECT max(arrival) FROM volumes_written) - ?", (_WRITTEN_KEPT,)
    )


def is_written(reader: Reader, digest: str) -> bool:
    """Whether this volume is our own, as far back as that is kept."""
    return reader.one("SELECT 1 FROM volumes_written WHERE digest = ?", (digest,)) is not None
