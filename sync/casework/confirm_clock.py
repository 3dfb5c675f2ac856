"""The agent's word that the PC's clock is right, and a receipt that waits for it.

The time of receipt moves money, so no receipt is given on a clock nobody vouches for.

Must not know: how the agent is asked.
"""

from sync.casework.errors import ClockDoubtful
from sync.messages import _
from sync.node.heard_time import FLOOR, HEARD
from sync.node.own_clock import CONFIRMED, read_clock
from sync.records.clock import Quality, Reading, minute_text, time_text
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.settings import put_settings, raise_setting, setting
from sync.store.transaction import Reader, Transaction

# A confirmation is read off another clock and typed in; ten minutes allow for both.
NEAR_ENOUGH_MS = 10 * 60_000


def begin_clock(tx: Transaction, now_ms: int) -> None:
    """Whoever sets up a station vouches for its clock."""
    put_settings(tx, {FLOOR: str(now_ms), CONFIRMED: str(now_ms)})


def require_clock(tx: Transaction, now_ms: int, *, confirmed_ms: int | None, by: str) -> Quality:
    """The quality of a time of receipt.

    confirmed_ms  date and time as the agent says they are; None when nobody was asked
    raises        ClockDoubtful when the clock has to be confirmed first, or is not what was confirmed
    """
    reading = require_sure_clock(tx, now_ms, confirmed_ms=confirmed_ms)
    if not reading.must_ask:
        raise_setting(tx, FLOOR, now_ms)
        return reading.quality
    # What was heard was compared with a clock that has leapt since; the floor may stand where it never should have.
    append_entry(tx, Entry(now_ms, by, "clock_confirmed", detail=f"floor {setting(tx, FLOOR)}"))
    put_settings(tx, {FLOOR: str(now_ms), HEARD: None, CONFIRMED: str(now_ms)})
    return Quality.CONFIRMED


def require_sure_clock(reader: Reader, now_ms: int, *, confirmed_ms: int | None) -> Reading:
    """What the clock is worth; raises ClockDoubtful as `require_clock`, and keeps nothing."""
    reading = read_clock(reader, now_ms)
    if not reading.must_ask:
        return reading
    shown = minute_text(time_text(now_ms))
    if confirmed_ms is None:
        raise ClockDoubtful(_("%(reason)s. This machine shows %(time)s now", reason=reading.reason, time=shown))
    if abs(confirmed_ms - now_ms) > NEAR_ENOUGH_MS:
        raise ClockDoubtful(
            _(
                "The time you confirmed and that of this machine (%(time)s) differ by more than 10 minutes; "
                "first put date and time of the computer right",
                time=shown,
            )
        )
    return reading
