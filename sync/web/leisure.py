"""Moments in which a process has little to do, for work that may wait while people are served.

Must not know: what the work is, requests.
"""

import time
from collections.abc import Callable

# Of a core, taken by this process since it was last looked at: above it, somebody is being served.
_BUSY_SHARE = 0.25
_STEP_SECONDS, _LONGEST_SECONDS = 0.1, 1.0


class Leisure:
    """Looks at what the process takes of a core, from one piece of such work to the next."""

    def __init__(
        self,
        wait: Callable[[float], object],
        *,
        now: Callable[[], float] = time.monotonic,
        worked: Callable[[], float] = time.process_time,
    ) -> None:
        """`wait` waits for so many seconds; `now` and `worked` give seconds, of the clock and of a core."""
        self._wait = wait
        self._now, self._worked = now, worked
        self._looked = (now(), worked())

    def wait(self) -> None:
        """Return once the process has had little to do, or when it had none of such moments for a second."""
        until = self._now() + _LONGEST_SECONDS
        while self._is_busy() and self._now() < until:
            self._wait(_STEP_SECONDS)

    def _is_busy(self) -> bool:
        (then, before), self._looked = self._looked, (self._now(), self._worked())
        now, worked = self._looked
        return worked - before > _BUSY_SHARE * (now - then)
