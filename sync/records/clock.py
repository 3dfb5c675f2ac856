"""Time where clocks are wrong: the hybrid logical clock, and how far a device's clock is believed.

An order key is `mmmmmmmmmmmmcccc`, sixteen hexadecimal digits: milliseconds since 1970, then a
counter for what happens within one. It sorts as text, never goes back on one writer, and follows
whatever that writer has seen. It breaks ties between events nobody ordered; it proves nothing.

The quality of a time is another matter: it is what money hangs on. `heard` from a trusted clock,
`confirmed` by the agent, or `doubtful`.

Must not know: the system's clock. Every time is an argument.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import NamedTuple

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.typed import Value

_COUNTER_LIMIT = 0xFFFF
_LARGEST_MS = 0xFFFFFFFFFFFF
_ORDER = re.compile(r"[0-9a-f]{16}\Z")
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
# A neighbour's clock beyond this is broken; following it would drag every later key along.
MAX_AHEAD_MS = _DAY_MS
# Network time corrects a clock backwards by moments; that alone is no reason to ask the agent.
FLOOR_SLACK_MS = 5 * 60_000
# A station writes or hears something far more often; a month's leap means a dead battery or a typing slip.
MAX_LEAP_MS = 30 * _DAY_MS
# As long as trust lasts without contact; a cheap clock drifts by minutes in that time, not days.
ANCHOR_HOLDS_MS = 45 * _DAY_MS
_BEHIND = N_("The time of this machine is before what was written here already; check date and time")
_LEAPT = N_("The time of this machine is more than 30 days after what was written last; check date and time")
BEIJING = timezone(timedelta(hours=8))
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00\Z")


class HybridTime(NamedTuple):
    """A hybrid logical clock's reading; tuples compare as the keys sort."""

    milliseconds: int
    counter: int

    def __str__(self) -> str:
        return f"{self.milliseconds:012x}{self.counter:04x}"


NEVER = HybridTime(0, 0)


def parse_order(text: object) -> HybridTime:
    """Read an order key; raises BadRequest when it is not one."""
    if isinstance(text, str) and _ORDER.match(text):
        return HybridTime(int(text[:12], 16), int(text[12:], 16))
    raise BadRequest("not an order key")


def advance(local: HybridTime, now_ms: int) -> HybridTime:
    """The key for a new event: after every key this writer gave or adopted.

    local   the writer's newest key, kept in its ledger
    source  Kulkarni et al., Logical Physical Clocks (2014), send event
    """
    now_ms = min(max(now_ms, 0), _LARGEST_MS)
    if now_ms > local.milliseconds:
        return HybridTime(now_ms, 0)
    if local.counter < _COUNTER_LIMIT:
        return HybridTime(local.milliseconds, local.counter + 1)
    return HybridTime(local.milliseconds + 1, 0)


def observe(local: HybridTime, remote: HybridTime, now_ms: int) -> HybridTime:
    """The writer's newest key once it has seen another's event.

    A remote key more than a day ahead is left alone: the event keeps its place, we keep our clock.
    """
    if remote.milliseconds > now_ms + MAX_AHEAD_MS:
        return local
    return max(local, remote)


class Quality(StrEnum):
    """How far the time of an event is to be believed."""

    HEARD = "heard"
    CONFIRMED = "confirmed"
    DOUBTFUL = "doubtful"


class Reading(Value):
    """What the device's clock is worth now.

    must_ask  the desk has to ask for date and time before it gives the next receipt
    reason    a sentence for the one who is asked; "" when nobody is
    """

    quality: Quality
    must_ask: bool = False
    reason: str = ""


def judge_clock(now_ms: int, *, floor_ms: int, heard_ms: int | None, confirmed_ms: int | None) -> Reading:
    """Say how far the device's clock is to be believed.

    floor_ms      a time that has certainly passed: the newest of our build's date, our own events, times heard
    heard_ms      when a trusted clock last agreed with ours (our reading then); None, never
    confirmed_ms  when the agent last confirmed date and time (our reading then); None, never
    """
    if now_ms < floor_ms - FLOOR_SLACK_MS:
        return Reading(Quality.DOUBTFUL, True, _(_BEHIND))
    if now_ms > floor_ms + MAX_LEAP_MS:
        return Reading(Quality.DOUBTFUL, True, _(_LEAPT))
    if heard_ms is not None and abs(now_ms - heard_ms) <= ANCHOR_HOLDS_MS:
        return Reading(Quality.HEARD)
    if confirmed_ms is not None and abs(now_ms - confirmed_ms) <= ANCHOR_HOLDS_MS:
        return Reading(Quality.CONFIRMED)
    return Reading(Quality.DOUBTFUL, True, _("The time of this machine is not checked yet; check date and time"))


def beijing(now_ms: int) -> datetime:
    """Milliseconds since 1970 as a time on the station's wall."""
    return datetime.fromtimestamp(now_ms / 1000, tz=BEIJING)


def time_text(now_ms: int) -> str:
    """Milliseconds since 1970 as events write time: `2025-09-26T15:04:05+08:00`."""
    return datetime.fromtimestamp(now_ms // 1000, tz=UTC).astimezone(BEIJING).isoformat()


def minute_text(at: str) -> str:
    """A time as events write it, as people read it: `2025-09-26 15:04`."""
    return at[:16].replace("T", " ")


def is_time_text(text: object) -> bool:
    """Whether the text is a real time in the one form events use, so that texts compare as times do."""
    if not isinstance(text, str) or not _AT.match(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
