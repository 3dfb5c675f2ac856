"""When each peer was last tried, reached and heard, and how far its clock is from ours.

Must not know: how peers are reached, how long silence may last.
"""

from sync.store.transaction import Reader, Row, Transaction
from sync.typed import Value


class Failure(Value):
    """Why an attempt failed.

    reason   in the words it was raised with
    kind     of what kind that is (`sync.node.road.failing`), "" where nobody said
    refused  whether waiting alone does not help
    """

    reason: str
    kind: str = ""
    refused: bool = False


class Contact(Value):
    """What is known of a peer; times in milliseconds since 1970, None for never.

    attempted_ms  we began an exchange;  succeeded_ms  one was completed;  heard_ms  it came to us
    failed_ms     the last failure;      error, refused, kind  of it, as `Failure` has them
    offset_ms     how far its clock is ahead of ours, give or take offset_within_ms; None while nobody knows
    """

    peer: str
    attempted_ms: int | None
    succeeded_ms: int | None
    failed_ms: int | None
    error: str
    heard_ms: int | None
    offset_ms: int | None = None
    offset_within_ms: int | None = None
    refused: bool = False
    kind: str = ""

    @property
    def fails(self) -> bool:
        """Whether what was tried last failed."""
        return self.failed_ms is not None and self.failed_ms > (self.succeeded_ms or 0)

    @property
    def failure(self) -> Failure | None:
        """Why what was tried last failed; None where it did not."""
        return Failure(self.error, self.kind, self.refused) if self.fails else None


_COLUMNS = "peer, attempted_ms, succeeded_ms, failed_ms, error, heard_ms, offset_ms, offset_within_ms, refused, kind"


def contact(reader: Reader, peer: str) -> Contact | None:
    """What is known of one peer; None when there never was an attempt."""
    row = reader.one(f"SELECT {_COLUMNS} FROM contacts WHERE peer = ?", (peer,))
    return None if row is None else _contact(row)


def all_contacts(reader: Reader) -> tuple[Contact, ...]:
    """Every peer, by name."""
    return tuple(_contact(row) for row in reader.execute(f"SELECT {_COLUMNS} FROM contacts ORDER BY peer"))


def note_attempt(tx: Transaction, peer: str, *, now_ms: int) -> None:
    """We are about to try."""
    _note(tx, peer, "attempted_ms", now_ms)


def note_contact(tx: Transaction, peer: str, *, now_ms: int) -> None:
    """An exchange we began was completed; with it goes a failure that a wrong clock had put into the future."""
    _note(tx, peer, "succeeded_ms", now_ms)
    tx.execute("UPDATE contacts SET failed_ms = NULL, error = '' WHERE peer = ? AND failed_ms > ?", (peer, now_ms))


def note_heard(tx: Transaction, peer: str, *, now_ms: int) -> None:
    """The peer came to us."""
    _note(tx, peer, "heard_ms", now_ms)


def note_failure(tx: Transaction, peer: str, failure: Failure, *, now_ms: int) -> None:
    """An attempt failed."""
    _note(tx, peer, "failed_ms", now_ms)
    tx.execute(
        "UPDATE contacts SET error = ?, kind = ?, refused = ? WHERE peer = ?",
        (failure.reason, failure.kind, int(failure.refused), peer),
    )


def note_offset(tx: Transaction, peer: str, *, offset_ms: int, within_ms: int) -> None:
    """How far the peer's clock is ahead of ours was measured anew."""
    _note(tx, peer, "offset_ms", offset_ms)
    _note(tx, peer, "offset_within_ms", within_ms)


def _contact(row: Row) -> Contact:
    return Contact(*(*row[:8], bool(row[8]), row[9]))


def _note(tx: Transaction, peer: str, column: str, value_ms: int) -> None:
    tx.execute(
        f"INSERT INTO contacts (peer, {column}) VALUES (?, ?) "
        f"ON CONFLICT (peer) DO UPDATE SET {column} = excluded.{column}",
        (peer, value_ms),
    )
