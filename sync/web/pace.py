"""How quickly the other side of a connection asks and listens, and who is hung up on when there is no thread left.

There is no least speed: the link of a village carries 250 bytes a second, and pauses for half a minute. But somebody
who sends a byte a minute would hold a thread for as long as he likes, and with some addresses all of them. So nobody is
hung up on while there are threads; where others wait for one, it is the slowest stranger first, one for each who waits.

A stranger is whoever has not shown who he is: no signature of a node was looked at, nobody has signed in. For what is
asked of strangers, a head, a form, a page, some seconds are enough.

Must not know: threads, how anybody shows who he is.
"""

import socket
import time
from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from cheroot.makefile import StreamReader

# A head on the weakest link comes within five, and a page over a bad Wi-Fi.
PATIENCE_SECONDS = 15.0
# The key of `() -> None` in a WSGI environ: whoever asks has shown who he is.
KNOWN = "yizhan.known"


class Pace:
    """What has come and gone for one request so far. Written by the thread that answers, and read by any.

    awaits_other  nothing is done here, and the other side is waited for
    is_drained    what comes is read for nothing but to have the answer heard: it counts for nothing
    moved         bytes that have come, or gone
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Another request is waited for, nobody knows of whom."""
        self._began = time.monotonic()
        self.moved = 0
        self.awaits_other = self.is_drained = self._is_known = False

    def know(self) -> None:
        """Whoever asks has shown who he is."""
        self._is_known = True

    def speed(self, now: float, *, patience: float) -> float | None:
        """Bytes a second of a stranger who is waited for; None of anybody else, and before our patience is over."""
        seconds = now - self._began
        if not self.awaits_other or self._is_known or seconds < patience:
            return None
        return 0.0 if self.is_drained else self.moved / seconds


class _Paced(Protocol):
    pace: Pace


One = TypeVar("One", bound=_Paced)


def slowest(connections: Iterable[One], number: int, *, now: float, patience: float) -> list[One]:
    """The slowest strangers who have been waited for so many seconds, so many at the most."""
    speeds = [(speed, one) for one in connections if (speed := one.pace.speed(now, patience=patience)) is not None]
    return [one for _speed, one in sorted(speeds, key=lambda each: each[0])[:number]]


class PacedReader(StreamReader):
    """Cheroot's file of what comes on a socket, whose pace is seen."""

    def __init__(self, link: socket.socket, pace: Pace, size: int) -> None:
        super(StreamReader, self).__init__(_Raw(link, pace), size)
        self.bytes_read = 0


class _Raw(socket.SocketIO):
    def __init__(self, link: socket.socket, pace: Pace) -> None:
        super().__init__(link, "r")
        self._pace = pace

    def readinto(self, buffer: Any) -> int | None:
        pace = self._pace
        pace.awaits_other = True
        try:
            size = super().readinto(buffer)
        finally:
            pace.awaits_other = False
        pace.moved += size or 0
        return size
