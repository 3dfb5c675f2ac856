"""Requests that wait for a change: how many may, and how they are let go.

A waiting feed holds a thread and nothing else: no connection, no transaction, no page. Threads are
scarce, so places are counted, whoever finds none is told when to come back, and a feed that nobody
listens to any more ends.

Must not know: what is written to the caller.
"""

import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore, Event

from sync.database import Database
from sync.errors import PeerBusy

PLACES = 128  # one thread each; with 16 for everything else this is what the server starts with
# How long a feed may overlook that the server is closing, or that nobody listens to it any more.
_LONGEST_NAP_SECONDS = 1.0


class FeedGate:
    """The places for feeds that wait."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = BoundedSemaphore(places)
        self._closing = Event()
        self._also: list[Callable[[], None]] = []

    def enter(self) -> None:
        """Take a place; raises PeerBusy when all are taken or the server is closing."""
        if self._closing.is_set() or not self._places.acquire(blocking=False):
            raise PeerBusy("Too many feeds are waiting already; come back in a few seconds.")

    def leave(self) -> None:
        """Give the place back."""
        self._places.release()

    def close(self) -> None:
        """Let every waiting feed end within about a second, and admit no more."""
        self._closing.set()
        for close in self._also:
            close()

    def at_close(self, close: Callable[[], None]) -> None:
        """Have something else that waits end at the same moment."""
        self._also.append(close)

    def wait(
        self,
        database: Database,
        since: str,
        *,
        until: float | None,
        heartbeat_seconds: float | None,
        hung_up: Callable[[], bool],
    ) -> Iterator[bool]:
        """Wait for a change after `since`, giving False for every heartbeat and True for the change.

        until    monotonic time when waiting ends, with nothing more given; None for never
        hung_up  whether the listener has gone; waiting ends then too
        """
        beat_at = _after(heartbeat_seconds)
        while not (self._closing.is_set() or hung_up()):
            now = time.monotonic()
            if until is not None and now >= until:
                return
            if beat_at is not None and now >= beat_at:
                beat_at = _after(heartbeat_seconds)
                yield False
            nap = min(_LONGEST_NAP_SECONDS, *(max(t - now, 0.0) for t in (until, beat_at) if t is not None))
            if database.await_change(since, timeout_seconds=nap):
                yield True
                return


def _after(seconds: float | None) -> float | None:
    return None if seconds is None else time.monotonic() + seconds
