"""A few places, of which whoever comes when all are taken waits for one; the last one left is the first one taken.

A read takes and leaves one each time, so both are a list's own `pop` and `append`, which no other thread comes
between; a lock is only needed by those who wait.

Must not know: what the places are.
"""

import threading
import time
from typing import Generic, TypeVar

T = TypeVar("T")


class Places(Generic[T]):
    """So many places, each with something in it."""

    def __init__(self, *things: T) -> None:
        self._free = list(things)
        self._number = len(things)
        self._waiting = 0
        self._left = threading.Condition()

    def take(self) -> T:
        """What is in a place, once there is a free one."""
        try:
            return self._free.pop()
        except IndexError:
            taken = self._wait(None)
            assert taken is not None
            return taken[0]

    def leave(self, thing: T) -> None:
        """Give a place back, with what is in it now."""
        self._free.append(thing)
        # Whoever waits has said so before looking once more: either that look finds this, or we see them here.
        if self._waiting:
            with self._left:
                self._left.notify()

    def take_all(self, seconds: float) -> tuple[list[T], bool]:
        """As many as are left within some time, and whether that is all; each is to be given back."""
        deadline = time.monotonic() + seconds
        taken: list[T] = []
        while len(taken) < self._number and (found := self._wait(deadline)):
            taken += found
        return taken, len(taken) == self._number

    def _wait(self, deadline: float | None) -> list[T] | None:
        with self._left:
            self._waiting += 1
            try:
                while True:
                    try:
                        return [self._free.pop()]
                    except IndexError:
                        left = None if deadline is None else deadline - time.monotonic()
                    if left is not None and left <= 0:
                        return None
                    self._left.wait(left)
            finally:
                self._waiting -= 1
