"""A look that costs something, spared where nothing changed, and while the last one was dear and nothing ended since.

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
        ended: Callable[[], Hashable] = lambda: None,
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """When a look may give something else, by two cheap values that are others then.

        changed  whenever it may
        ended    when something has come to rest: what a dear look gave before that would stand there as the end
        """
        self._look_anew = look
        self._changed = changed
        self._ended = ended
        self._now_seconds = now_seconds
        self._lock = threading.Lock()
        self._known: tuple[Hashable, Hashable, T] | None = None
        self._not_before = 0.0

    def look(self) -> T:
        """What a look gives; somewhat old where it is dear and has just been made."""
        with self._lock:
            ended, at, now = self._ended(), self._changed(), self._now_seconds()
            if self._known is not None:
                known_end, known_at, known = self._known
                if known_at == at or (known_end == ended and now < self._not_before):
                    return known
            value = self._look_anew()
            took = self._now_seconds() - now
            self._not_before = now + took * _TIMES if took > _DEAR_SECONDS else 0.0
            self._known = (ended, at, value)
            return value
