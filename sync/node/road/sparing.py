"""A look that costs something, spared where nothing changed, and where the last one was dear.

Must not know: what is looked at.
"""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

# A look dearer than this is not made again before so many times what it took: no more than a twentieth of a core.
_DEAR_SECONDS = 0.01
_TIMES = 20


class Spared(Generic[T]):
    """What a look gave, kept as long as nothing changed; many may ask at once, and one looks for all."""

    def __init__(
        self,
        look: Callable[[], T],
        changed: Callable[[], Hashable],
        *,
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """changed: a cheap value that is another one whenever a look may give something else."""
        self._look_anew = look
        self._changed = changed
        self._now_seconds = now_seconds
        self._lock = threading.Lock()
        self._known: tuple[Hashable, T] | None = None
        self._not_before = 0.0

    def look(self) -> T:
        """What a look gives; somewhat old where it is dear and has just been made."""
        with self._lock:
            at, now = self._changed(), self._now_seconds()
            if self._known is not None and (self._known[0] == at or now < self._not_before):
                return self._known[1]
            value = self._look_anew()
            took = self._now_seconds() - now
            self._not_before = now + took * _TIMES if took > _DEAR_SECONDS else 0.0
            self._known = (at, value)
            return value
