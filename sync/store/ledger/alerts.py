"""What the centre has told its stations at once, as far as it is here, and who of this node has read it.

Must not know: how a signature is proved, whom an alert concerns.
"""

from collections.abc import Iterable

from sync.records.alerts import Alert
from sync.store.transaction import Reader, Row, Transaction
from sync.typed import astuple

_COLUMNS = "code, issue, at_ms, severity, title, text, audience, until_ms, withdrawn"
_LATEST = (1 << 63) - 1


def put_alerts(tx: Transaction, alerts: Iterable[Alert]) -> None:
    """Keep alerts; of two issues the greater stays."""
    tx.execute_many(
        f"INSERT INTO alerts ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "issue = excluded.issue, at_ms = excluded.at_ms, severity = excluded.severity, title = excluded.title, "
        "text = excluded.text, audience = excluded.audience, until_ms = excluded.until_ms, "
        "withdrawn = excluded.withdrawn WHERE excluded.issue > alerts.issue",
        [astuple(one) for one in alerts],
    )


def drop_alerts(tx: Transaction) -> None:
    """Forget all of them, for another centre is believed from now on."""
    tx.execute("DELETE FROM alerts")
    tx.execute("DELETE FROM alerts_read")


def alerts_in_force(reader: Reader, *, now_ms: int) -> tuple[Alert, ...]:
    """Those that hold, whomever they are for, the newest first."""
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM alerts WHERE withdrawn = 0 AND until_ms > ? ORDER BY at_ms DESC, code", (now_ms,)
    )
    return tuple(_alert(row) for row in rows)


def all_alerts(reader: Reader, *, behind: tuple[int, str] = (_LATEST, ""), limit: int) -> tuple[Alert, ...]:
    """A page of all there ever were, the newest first, behind a place (at_ms, code)."""
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM alerts WHERE (at_ms, code) < (?, ?) ORDER BY at_ms DESC, code DESC LIMIT ?",
        (*behind, limit),
    )
    return tuple(_alert(row) for row in rows)


def find_alert(reader: Reader, code: str) -> Alert | None:
    """One of them, whether it holds or not."""
    row = reader.one(f"SELECT {_COLUMNS} FROM alerts WHERE code = ?", (code,))
    return None if row is None else _alert(row)


def note_read(tx: Transaction, code: str, account: str, *, now_ms: int) -> bool:
    """Somebody has read it; False when that was noted before."""
    rows = tx.execute(
        "INSERT INTO alerts_read VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING code", (code, account, now_ms)
    )
    return bool(rows)


def read_by(reader: Reader, account: str) -> dict[str, int]:
    """{code of an alert: when this account read it, in ms}."""
    return dict(reader.execute("SELECT code, at_ms FROM alerts_read WHERE account = ?", (account,)))


def _alert(row: Row) -> Alert:
    code, issue, at_ms, severity, title, text, audience, until_ms, withdrawn = row
    return Alert(code, issue, at_ms, severity, title, text, audience, until_ms, bool(withdrawn))
