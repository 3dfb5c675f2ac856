"""How far this machine's clock is believed.

    clock.floor      a time that has certainly passed
    clock.heard      our reading when a trusted clock last agreed with it
    clock.confirmed  our reading when someone last confirmed date and time; `init` is the first

All three stand in the ledger, in milliseconds since 1970.

Must not know: who is asked for date and time, what waits for the answer.
"""

from sync.node.heard_time import FLOOR, HEARD
from sync.records.clock import MAX_LEAP_MS, Quality, Reading, judge_clock
from sync.store.ledger.settings import raise_setting, setting, settings_named
from sync.store.transaction import Reader, Transaction

CONFIRMED = "clock.confirmed"


def read_clock(reader: Reader, now_ms: int) -> Reading:
    """What this clock is worth now."""
    floor, heard, confirmed = settings_named(reader, FLOOR, HEARD, CONFIRMED)
    return judge_clock(
        now_ms,
        floor_ms=int(floor or 0),
        heard_ms=int(heard) if heard else None,
        confirmed_ms=int(confirmed) if confirmed else None,
    )


def has_leapt(reader: Reader, now_ms: int) -> bool:
    """Whether this clock shows a time that nothing vouches for: by one that leapt by years everything kept is old."""
    return now_ms > int(setting(reader, FLOOR) or now_ms) + MAX_LEAP_MS


def note_time(tx: Transaction, now_ms: int) -> Quality:
    """The quality of the time of an act that does not wait for the clock to be right; raises the floor where it is."""
    reading = read_clock(tx, now_ms)
    if not reading.must_ask:
        raise_setting(tx, FLOOR, now_ms)
    return reading.quality
