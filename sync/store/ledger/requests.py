"""Answers kept for repeated requests, and the counters that tell a new request from a replayed one.

Counters are reserved in blocks, because an idle exchange may not write: whoever signs takes a block and counts
through it in memory; whoever verifies keeps a window in memory and on disk a floor above everything it heard.
After a start both go on above what was reserved. A verifier that lost its memory may therefore
refuse a few honest counters; it says its floor, and the signer goes on above that.

Must not know: HTTP, how a request is signed.
"""

from sync.store.transaction import Reader, Transaction
from sync.typed import Value

# Of one key so many lives are remembered: it has one, or a few. Of others the floor is forgotten, and with it that what
# they said was heard.
_MOST_LIVES = 1000


class Kept(Value):
    """An answer given under an idempotency key.

    request  digest of what was asked: the same key with another request is a mistake of the client
    """

    request: bytes
    status: int
    content_type: str
    body: bytes


def kept_answer(reader: Reader, account: str, key: str) -> Kept | None:
    """The answer given to this account under this key; None when the key is new."""
    row = reader.one(
        "SELECT request, status, content_type, body FROM answers WHERE account = ? AND key = ?", (account, key)
    )
    return None if row is None else Kept(*row)


def keep_answer(tx: Transaction, account: str, key: str, answer: Kept, *, now_ms: int) -> None:
    """Keep an answer, in the transaction that does what it says."""
    tx.execute(
        "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)",
        (account, key, answer.request, answer.status, answer.content_type, answer.body, now_ms),
    )


def sweep_answers(tx: Transaction, *, before_ms: int) -> None:
    """Forget answers older than a time."""
    tx.execute("DELETE FROM answers WHERE at_ms < ?", (before_ms,))


def reserve_own(tx: Transaction, life: str, *, count: int, above: int = 0) -> int:
    """Reserve counters for requests we sign.

    above    a floor the peer named; the block begins beyond it
    returns  the first of `count` counters that this life never used
    """
    row = tx.one("SELECT reserved FROM own_requests WHERE life = ?", (life,))
    first = max(0 if row is None else row[0], above) + 1
    tx.execute(
        "INSERT INTO own_requests VALUES (?, ?) ON CONFLICT (life) DO UPDATE SET reserved = excluded.reserved",
        (life, first + count - 1),
    )
    return int(first)


def heard_floor(reader: Reader, writer: str, life: str) -> int:
    """The counter up to which requests of a peer's life may have been heard; 0 for a stranger."""
    row = reader.one("SELECT reserved FROM heard_requests WHERE writer = ? AND life = ?", (writer, life))
    return 0 if row is None else int(row[0])


def raise_heard_floor(tx: Transaction, writer: str, life: str, floor: int) -> None:
    """Put the floor on disk before any counter up to it is believed; it never falls."""
    tx.execute(
        "INSERT INTO heard_requests VALUES (?, ?, ?) ON CONFLICT (writer, life) "
        "DO UPDATE SET reserved = excluded.reserved WHERE excluded.reserved > reserved",
        (writer, life, floor),
    )
    tx.execute(
        "DELETE FROM heard_requests WHERE writer = ? AND life IN (SELECT life FROM heard_requests "
        "WHERE writer = ? AND life <> ? ORDER BY reserved DESC, life LIMIT -1 OFFSET ?)",
        (writer, writer, life, _MOST_LIVES - 1),
    )
