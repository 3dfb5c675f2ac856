"""How often somebody failed to sign in, so that passwords cannot be tried out.

After a few failures an account is locked for a few minutes to the address they came from, and to no
other: whoever guesses from elsewhere cannot shut out the one who knows. It is counted in memory and
by a clock that only runs forward, so it holds with no network and whatever the date is set to.

source  CouchDB, `couch_auth_lockout`; its threshold, and its five minutes

Must not know: passwords, requests.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable

MOST_FAILURES = 5
LOCKED_SECONDS = 300
# Above this the pair that failed longest ago is forgotten; each takes a slow hash to get here.
_MOST_KEPT = 1024

# (address, name, salt): a new password is a new account to be failed at.
Key = tuple[str, str, str]


class Failures:
    """The failures of the last minutes."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        """clock: seconds, monotonic."""
        self._clock = clock
        self._failed: OrderedDict[Key, tuple[int, float]] = OrderedDict()
        self._gate = threading.Lock()

    def is_locked(self, key: Key) -> bool:
        """Whether even the right password is refused for now."""
        with self._gate:
            return self._count(key) >= MOST_FAILURES

    def add(self, key: Key) -> None:
        """Count one more."""
        with self._gate:
            self._failed[key] = (self._count(key) + 1, self._clock())
            self._failed.move_to_end(key)
            if len(self._failed) > _MOST_KEPT:
                self._failed.popitem(last=False)

    def _count(self, key: Key) -> int:
        count, last = self._failed.get(key, (0, 0.0))
        return count if self._clock() - last < LOCKED_SECONDS else 0
