"""Waiting for a database to change, without a connection, a transaction or a poll.

Must not know: what changed.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable


class Wakes:
    """Counts the changes of each name and lets threads wait for the next."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._closed = False

    def count(self, name: str) -> int:
        """How often the name was woken; take it before looking, and hand it to `wait`."""
        with self._condition:
            return self._counts[name]

    def wake(self, names: Iterable[str]) -> None:
        """Let those go on who wait for any of the names."""
        with self._condition:
            for name in names:
                self._counts[name] += 1
            self._condition.notify_all()

    def wait(self, name: str, count: int, *, timeout_seconds: float) -> bool:
        """Wait until the name was woken after `count` was taken; False when time or the store ended first."""
        deadline = time.monotonic() + timeout_seconds
        with self._condition:
            while self._counts[name] == count:
                left = deadline - time.monotonic()
                if left <= 0 or self._closed:
                    return False
                self._condition.wait(left)
            return True

    def close(self) -> None:
        """Let everyone go."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
