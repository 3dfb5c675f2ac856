"""Serials of 办件编号, at the centre: per 实施编码 and day, from 1, each given once.

Must not know: what the number looks like, which day it is.
"""

from datetime import date

from sync.errors import Conflict
from sync.messages import _
from sync.store.transaction import Transaction

LAST_SERIAL = 9999  # four digits of the number


def next_case_serial(tx: Transaction, task_code: str, day: date) -> int:
    """The next serial; the transaction that takes it must also write what carries it.

    raises  Conflict when the day's are used up; those that wait have theirs the next day
    """
    row = tx.one("SELECT last FROM case_serials WHERE task_code = ? AND day = ?", (task_code, day.isoformat()))
    serial = 1 if row is None else int(row[0]) + 1
    if serial > LAST_SERIAL:
        raise Conflict(_("The case numbers of this item are used up for today"))
    tx.execute(
        "INSERT INTO case_serials VALUES (?, ?, ?) ON CONFLICT (task_code, day) DO UPDATE SET last = excluded.last",
        (task_code, day.isoformat(), serial),
    )
    return serial
