"""Hours of the day in which photos do not use the link: as they are written, and whether one is now.

    08:30-11:30,22:00-06:00

A window that ends earlier than it begins goes on over midnight. Where it ends, a station waits a moment of its own, so
that a county's photos do not all begin in the same second.

Must not know: what is not done in them, where they are written.
"""

import re
from datetime import datetime, timedelta

from edge_node.messages import _
from sync.errors import BadRequest
from sync.records.clock import beijing

# (first minute of the day, the minute it ends before)
Window = tuple[int, int]

_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24(?=:00)):([0-5]\d)\Z")
_DAY_MINUTES = 24 * 60
_SPREAD = timedelta(minutes=10)


def read_windows(text: str) -> tuple[Window, ...]:
    """The windows of a setting, none for ""; raises BadRequest on text that is none."""
    windows = []
    for part in text.split(",") if text.strip() else ():
        found = _WINDOW.match(part.strip())
        if found is None:
            raise _wrong(_("Quiet hours are written as 08:30-11:30, several with commas between"))
        begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
        begin, end = begin_hour * 60 + begin_minute, end_hour * 60 + end_minute
        if begin == end:
            raise _wrong(_("Quiet hours that end when they begin are none"))
        windows.append((begin, end))
    return tuple(windows)


def _wrong(sentence: str) -> BadRequest:
    return BadRequest(sentence, remedy=_("Correct the setting YIZHAN_QUIET_HOURS."))


def are_quiet(windows: tuple[Window, ...], now_ms: int, *, place: float) -> bool:
    """Whether one of the windows is now, Beijing time.

    place  the station's among all, from 0 up to 1: so far into ten minutes its windows go on
    """
    now = beijing(now_ms)
    return any(_is_within(window, moment) for window in windows for moment in (now, now - place * _SPREAD))


def _is_within(window: Window, moment: datetime) -> bool:
    begin, end = window
    minute = moment.hour * 60 + moment.minute
    return begin <= minute < end if begin < end else minute >= begin or minute < end % _DAY_MINUTES
