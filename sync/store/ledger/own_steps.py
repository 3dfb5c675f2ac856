"""Steps of our own in other stations' records that we have not put our name to yet (`custody.avowals`).

Must not know: how that is signed, what the steps are.
"""

from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class OwnStep(Value):
    """An event of ours: in which station's records and which life, its number and hash (32 bytes)."""

    station: str
    life: str
    number: int
    hash: bytes


def note_own_step(tx: Transaction, step: OwnStep) -> None:
    """An event was written, in the transaction that writes it."""
    tx.execute("INSERT INTO own_steps VALUES (?, ?, ?, ?)", (step.station, step.life, step.number, step.hash))


def own_steps(reader: Reader) -> tuple[OwnStep, ...]:
    """All that wait, by station, life and number."""
    rows = reader.execute("SELECT station, life, number, hash FROM own_steps ORDER BY station, life, number")
    return tuple(OwnStep(*row) for row in rows)


def forget_own_steps(tx: Transaction) -> None:
    """They are signed."""
    tx.execute("DELETE FROM own_steps")
