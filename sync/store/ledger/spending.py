"""How many bytes were sent for photos, month by month, and which month is being charged.

Must not know: what a month may cost, how photos are sent.
"""

from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction

_CHARGED = "photos.month"
_KEPT_MONTHS = 24


def charged_month(reader: Reader) -> str:
    """The month that was charged last, `YYYY-MM`; "" when none was."""
    return setting(reader, _CHARGED) or ""


def spent_bytes(reader: Reader, month: str) -> int:
    """What a month was charged with."""
    row = reader.one("SELECT sent_bytes FROM photo_spending WHERE month = ?", (month,))
    return 0 if row is None else int(row[0])


def charge(tx: Transaction, month: str, sent_bytes: int) -> None:
    """Charge a month, and forget what was long ago."""
    put_settings(tx, {_CHARGED: month})
    tx.execute(
        "INSERT INTO photo_spending VALUES (?, ?) "
        "ON CONFLICT (month) DO UPDATE SET sent_bytes = sent_bytes + excluded.sent_bytes",
        (month, sent_bytes),
    )
    tx.execute(
        "DELETE FROM photo_spending WHERE month != ? "
        "AND month NOT IN (SELECT month FROM photo_spending ORDER BY month DESC LIMIT ?)",
        (month, _KEPT_MONTHS),
    )
