"""Serials of receipt numbers: per device code and day, rising, given once.

A device code belongs to one life for good. A copy or a restored directory is a new life without
one, and gives no number until the centre hands it a code that no life of the station has used.
Serials are never forgotten, so a clock set back continues the day it shows.

Must not know: what a receipt number looks like, what day it is.
"""

from datetime import date

from sync.errors import Conflict, NotFound
from sync.messages import N_, _
from sync.store.ledger.lives import CURRENT, current_life
from sync.store.transaction import Reader, Transaction

LAST_SERIAL = 9999  # four digits in the receipt number
_ASK_CENTRE = N_("Call the centre, and receive cases once there is a new device code")


def assign_device(tx: Transaction, device: str) -> None:
    """Give the current life a device code; the newest one given is the one in use.

    raises  Conflict when this directory has used the code before, in this life or another
    """
    life = current_life(tx)
    if tx.one("SELECT 1 FROM device_codes WHERE device = ?", (device,)) is not None:
        told = _("Device code %(device)s was used before and cannot be used again", device=device)
        raise Conflict(told, remedy=_(_ASK_CENTRE))
    position = tx.execute("SELECT coalesce(max(position), 0) + 1 FROM device_codes")[0][0]
    tx.execute("INSERT INTO device_codes VALUES (?, ?, ?)", (device, position, life.life))


def device_in_use(reader: Reader) -> str | None:
    """The current life's device code; None while it may not give numbers."""
    row = reader.one(
        "SELECT device FROM device_codes WHERE life = ? ORDER BY position DESC LIMIT 1", (current_life(reader).life,)
    )
    return None if row is None else str(row[0])


def next_serial(tx: Transaction, device: str, day: date) -> int:
    """The next serial of a device code on a day, from 1.

    The transaction that takes it must also write what carries it.
    raises  NotFound while the current life has no device code; Conflict when the code is another
            life's, or the day's serials are used up
    """
    row = tx.one(f"SELECT life, life = {CURRENT} FROM device_codes WHERE device = ?", (device,))
    if row is None:
        told = _("This machine has no device code yet and cannot give receipt numbers")
        raise NotFound(told, remedy=_(_ASK_CENTRE))
    life, is_ours = row
    if not is_ours:
        told = _("Device code %(device)s belongs to another copy of this data and cannot be used here", device=device)
        raise Conflict(told, remedy=_(_ASK_CENTRE))
    taken = tx.one(
        "INSERT INTO serials VALUES (?, ?, ?, 1) ON CONFLICT (device, day) DO UPDATE SET last = last + 1 "
        "WHERE last < ? RETURNING last",
        (life, device, day.isoformat(), LAST_SERIAL),
    )
    if taken is None:
        raise Conflict(_("The receipt numbers of today are used up"), remedy=_(_ASK_CENTRE))
    return int(taken[0])
