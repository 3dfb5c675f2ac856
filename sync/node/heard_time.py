"""What a node heard of the time: an exchange tells the clock of the node above, which in the end is the centre's.

Where it agrees with ours, our clock counts as heard for a while, and the desk need not ask.

Must not know: what a doubtful clock keeps from happening.
"""

from sync.store.ledger.settings import put_settings, raise_setting, setting
from sync.store.transaction import Transaction

FLOOR = "clock.floor"  # a time that has certainly passed, as our clock showed it
HEARD = "clock.heard"  # when a clock above last agreed with ours
# A round trip on the worst link takes seconds; beyond this one of the two clocks is wrong.
AGREEMENT_MS = 2 * 60_000
# Hearing the same again within a day is no news worth a write.
_WORTH_NOTING_MS = 24 * 3_600_000


def note_heard_time(tx: Transaction, *, now_ms: int, told_ms: int) -> bool:
    """Take note of the clock above; whether it agrees with ours.

    told_ms  what it showed, 0 when the answer does not say
    """
    if abs(now_ms - told_ms) > AGREEMENT_MS:
        return False
    if abs(now_ms - int(setting(tx, HEARD) or 0)) > _WORTH_NOTING_MS:
        put_settings(tx, {HEARD: str(now_ms)})
        raise_setting(tx, FLOOR, min(now_ms, told_ms))
    return True
