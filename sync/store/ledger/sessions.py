"""Browser sessions, by the digest of their token, until they lie idle too long.

Must not know: cookies, how tokens are made.
"""

from sync.store.transaction import Reader, Transaction


def begin_session(tx: Transaction, token_digest: bytes, account: str, *, now_ms: int) -> None:
    """Keep a new session."""
    tx.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (token_digest, account, now_ms, now_ms))


def session_account(reader: Reader, token_digest: bytes, *, now_ms: int, idle_ms: int) -> str | None:
    """Whose session this is; None when there is none or it lay idle too long."""
    row = reader.one("SELECT account, used_ms FROM sessions WHERE token = ?", (token_digest,))
    if row is None or now_ms - row[1] > idle_ms:
        return None
    return str(row[0])


def use_session(tx: Transaction, token_digest: bytes, *, now_ms: int, coarse_ms: int = 60_000) -> None:
    """Note that a session is in use; once per `coarse_ms`, so that a click need not wait for the disk."""
    tx.execute(
        "UPDATE sessions SET used_ms = ?1 WHERE token = ?2 AND abs(?1 - used_ms) >= ?3",
        (now_ms, token_digest, coarse_ms),
    )


def end_session(tx: Transaction, token_digest: bytes) -> None:
    """Sign out here."""
    tx.execute("DELETE FROM sessions WHERE token = ?", (token_digest,))


def end_sessions_of(tx: Transaction, account: str) -> None:
    """Sign out everywhere, as a changed password demands."""
    tx.execute("DELETE FROM sessions WHERE account = ?", (account,))


def sweep_sessions(tx: Transaction, *, now_ms: int, idle_ms: int) -> None:
    """Remove what lay idle too long."""
    tx.execute("DELETE FROM sessions WHERE ? - used_ms > ?", (now_ms, idle_ms))
