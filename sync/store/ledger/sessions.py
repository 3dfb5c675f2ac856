"""Browser sessions, by the digest of their token, until they lie idle too long.

Must not know: cookies, how tokens are made.
"""

from typing import NamedTuple

from sync.store.ledger.accounts import COLUMNS, Account, account_of_row
from sync.store.transaction import Reader, Transaction

_COARSE_MS = 60_000  # a click need not wait for the disk


class Session(NamedTuple):
    """Whose it is, what the settings have under a name of the account's, and whether its use has to be noted again."""

    account: Account
    setting: str | None
    is_stale: bool


def begin_session(tx: Transaction, token_digest: bytes, account: str, *, now_ms: int) -> None:
    """Keep a new session."""
    tx.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (token_digest, account, now_ms, now_ms))


def session_of(
    reader: Reader, token_digest: bytes, *, now_ms: int, idle_ms: int, setting: str, coarse_ms: int = _COARSE_MS
) -> Session | None:
    """The session a token opens; None when there is none or it lay idle too long. One look, for every request asks.

    setting    how the name of the account's setting begins
    coarse_ms  how often its use is worth noting
    """
    row = reader.one(
        f"SELECT used_ms, (SELECT value FROM settings WHERE settings.name = ? || account), {COLUMNS} "
        "FROM sessions JOIN accounts ON name = account WHERE token = ?",
        (setting, token_digest),
    )
    if row is None or now_ms - row[0] > idle_ms:
        return None
    used_ms, kept, *account = row
    return Session(account_of_row(account), kept, abs(now_ms - used_ms) >= coarse_ms)


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
