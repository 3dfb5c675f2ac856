"""Whether the CouchDB can be used just now, known to every thread at once.

The first that hears nothing says so, and until the one who delivers has got an answer again everybody
else is told at once instead of waiting in turn for the same silence.

Must not know: how the server is asked.
"""

import threading
import time

from sync.errors import StoreUnreachable
from sync.messages import N_, _

UNREACHABLE = N_("The document store (CouchDB) cannot be reached for the moment")


class Reach:
    """Up, down with a reason, or not known yet; guards the reason."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._known = False
        self._trouble = ""

    def trouble(self) -> str:
        """Why the server cannot be used, as it is shown; "" while it can, or while nobody has tried."""
        with self._changed:
            return self._trouble

    def is_up(self) -> bool:
        """Whether the server answered last time, and was the right one."""
        with self._changed:
            return self._known and not self._trouble

    def require(self, *, timeout_seconds: float) -> None:
        """Go on only when the server can be used; waits while the first attempt is under way.

        raises  StoreUnreachable
        """
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            while not self._known and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            if self._trouble or not self._known:
                raise StoreUnreachable(self._trouble or _(UNREACHABLE))

    def up(self) -> bool:
        """The server answered; whether that is news."""
        with self._changed:
            news = bool(self._trouble) or not self._known
            self._known, self._trouble = True, ""
            self._changed.notify_all()
            return news

    def down(self, trouble: str) -> bool:
        """The server cannot be used; whether that is news."""
        with self._changed:
            news = self._trouble != trouble
            self._known, self._trouble = True, trouble
            self._changed.notify_all()
            return news
