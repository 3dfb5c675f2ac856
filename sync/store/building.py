"""Whose turn it is to bring an index on, and how many documents the disk is good for at a time.

Many who ask at once must not all do the same. How large a portion may be shows in how long the last one kept the
writers: entries come in anywhere in the tree, so a slow disk takes few of them at a time. What a portion waited for
its turn does not count, or the busier the store is, the less would be done at a time.

Must not know: indexes.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PORTION_SECONDS = 0.02  # of everyone's time, flush included
_FIRST, _SMALLEST, LARGEST = 100, 20, 1000  # documents


class Building:
    """Shared by all who ask."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._limit = _FIRST

    @contextmanager
    def turn(self) -> Iterator[int]:
        """Hold the turn; gives how many documents the next portion may have."""
        with self._turn:
            yield self._limit

    def note(self, seconds: float) -> None:
        """The last portion kept the writers so long; told by the one whose turn it is."""
        if seconds > _PORTION_SECONDS:
            self._limit = max(self._limit // 2, _SMALLEST)
        elif seconds < _PORTION_SECONDS / 4:
            self._limit = min(self._limit * 2, LARGEST)
