"""How often a wrong enrolment code may be tried, and how many proofs are worked out at once.

A code's secret has 50 bits, so guessing would take longer than anyone has; this keeps the guesser
from even costing the centre its time. Failures are counted per station in memory: a restart forgives
them, and so does a minute.

Must not know: what is guessed, what a station is.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from central.messages import _
from sync.errors import Forbidden, PeerBusy

MOST_FAILURES = 5
WINDOW_SECONDS = 60.0
# Each proof takes 16 MB and some 50 ms of one core.
_AT_ONCE = 2


class GuessLimit:
    """Counts failures by subject. Guards that the counts are right when several try at once."""

    def __init__(self, now_seconds: Callable[[], float]) -> None:
        """now_seconds: a clock that only goes forward."""
        self._now_seconds = now_seconds
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._failures: dict[str, deque[float]] = {}

    @contextmanager
    def attempt(self, subject: str) -> Iterator[None]:
        """One attempt about a subject; ending in Forbidden it counts as a failure.

        raises  PeerBusy when the subject failed too often within the last minute
        """
        with self._slots:
            self._require_patience(subject)
            try:
                yield
            except Forbidden:
                with self._lock:
                    self._failures.setdefault(subject, deque()).append(self._now_seconds())
                raise

    def _require_patience(self, subject: str) -> None:
        with self._lock:
            failures = self._failures.get(subject)
            if failures is None:
                return
            while failures and failures[0] <= self._now_seconds() - WINDOW_SECONDS:
                failures.popleft()
            if not failures:
                del self._failures[subject]
            elif len(failures) >= MOST_FAILURES:
                raise PeerBusy(_("Wrong enrolment codes again and again, try once more in a minute"))
