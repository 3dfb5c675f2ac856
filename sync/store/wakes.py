"""Waiting for a database to change, without a connection, a transaction or a poll.

Each name has its own queue of waiters, so that a busy database wakes nobody of a quiet one.

Must not know: what changed.
"""

import threading
import time
from collections.abc import Iterable

ANYTHING = ""  # no database has this name; it is woken along with every other


class _Name:
    """One name: how often it was woken, after which sequence nothing was new then, and who waits for the next time."""

    __slots__ = ("condition", "count", "quiet")

    def __init__(self, lock: threading.Lock) -> None:
        self.count = 0
        self.quiet: tuple[int, str] | None = None
        self.condition = threading.Condition(lock)


class Wakes:
    """Counts the changes of each name and lets threads wait for the next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: dict[str, _Name] = {}
        self._closed = False

    def count(self, name: str) -> int:
        """How often the name was woken; take it before looking, and hand it to `wait`."""
        with self._lock:
            return self._of(name).count

    def is_quiet(self, name: str, count: int, since: str) -> bool:
        """Whether somebody has looked since the count was `count`, and there was nothing after that sequence.

        All who wait for one database wait behind the same sequence, so one look does for all of them, however
        often each of them begins to wait anew.
        """
        with self._lock:
            return self._of(name).quiet == (count, since)

    def note_quiet(self, name: str, count: int, since: str) -> None:
        """Nothing was there after a sequence, seen after the count was `count`."""
        with self._lock:
            self._of(name).quiet = (count, since)

    def wake(self, names: Iterable[str]) -> None:
        """Let those go on who wait for any of the names."""
        with self._lock:
            for name in (*names, ANYTHING):
                each = self._of(name)
                each.count += 1
                each.condition.notify_all()

    def wait(self, name: str, count: int, *, timeout_seconds: float) -> bool:
        """Wait until the name was woken after `count` was taken; False when time or the store ended first."""
        deadline = time.monotonic() + timeout_seconds
        with self._lock:
            each = self._of(name)
            while each.count == count:
                left = deadline - time.monotonic()
                if left <= 0 or self._closed:
                    return False
                each.condition.wait(left)
            return True

    def wait_for_anything(self, timeout_seconds: float) -> None:
        """Wait until any name is woken from now on, or so many seconds have passed."""
        self.wait(ANYTHING, self.count(ANYTHING), timeout_seconds=timeout_seconds)

    def close(self) -> None:
        """Let everyone go, and keep nobody waiting any more."""
        with self._lock:
            self._closed = True
            for each in self._names.values():
                each.condition.notify_all()

    def _of(self, name: str) -> _Name:
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = _Name(self._lock)
        return found
