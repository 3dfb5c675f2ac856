"""Browser sessions, by the digest of their token, until they lie idle too long.

Must not know: cookies, how tokens are made.
"""

from typing import NamedTuple

from sync.store.transaction import Reader, Transaction

_COARSE_MS = 60_000  # a click need not wait for the disk


class Session(NamedTuple):
    """Whose it is, and whether its use has to be noted again."""

    account: str
    is_stale: bool


def begin_session(tx: Transaction, token_digest: bytes, account: str, *, now_ms: int) -> None:
    """Keep a new session."""
    tx.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (token_digest, account, now_ms, now_ms))


def session_of(
    reader: Reader, token_digest: bytes, *, now_ms: int, idle_ms: int, coarse_ms: int = _COARSE_MS
) -> Session | None:
    """The session a token opens; None when there is none or it lay idle too long.

    coarse_ms  how often its use is worth noting
    """
    row = reader.one("SELECT account, used_ms FROM sessions WHERE token = ?", (token_digest,))
    if row is None or now_ms - row[1] > idle_ms:
        return None
    return Session(str(row[0]), abs(now_ms - row[1]) >= coarse_ms)


def use_session(tx: Transaction, token_digest: bytes, *, now_ms: int) -> None:
    """Note that a session is in use."""
    tx.execute("UPDATE sessions SET used_ms = ? WHERE token = ?", (now_ms, token_digest))


def end_session(tx: Transaction, token_digest: bytes) -> None:
    """Sign out here."""
    tx.execute("DELETE FROM sessions WHERE token = ?", (token_digest,))


def end_sessions_of(tx: Transaction, account: str) -> None:
    """Sign out everywhere, as a changed password demands."""
    tx.execute("DELETE FROM sessions WHERE account = ?", (account,))


def sweep_sessions(tx: Transaction, *, now_ms: int, idle_ms: int) -> None:
    """Remove what lay idle too long."""
    tx.execute("DELETE FROM sessions WHERE ? - used_ms > ?", (now_ms, idle_ms))
