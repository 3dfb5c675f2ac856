"""How many nodes below are being answered at once: after a storm they all come back in the same minute.

What can be done behind an answer is then left to whoever tends the node, and he lets them pass first, for a while.

Must not know: what is answered, what is left.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_FEW = 2


class Crowd:
    """Who is being answered; safe for threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way = 0

    @property
    def is_large(self) -> bool:
        """Whether more are being answered than one or two that meet by chance."""
        return self._under_way > _FEW

    @contextmanager
    def answering(self) -> Iterator[None]:
        """One more is being answered, for as long as this lasts."""
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def let_pass(self, *, seconds: float, is_ending: Callable[[], bool]) -> None:
        """Wait while it is large, so long at the most; `is_ending` is asked when somebody leaves or at `look_again`."""
        with self._changed:
            self._changed.wait_for(lambda: not self.is_large or is_ending(), timeout=max(0.0, seconds))

    def look_again(self) -> None:
        """Have whoever waits ask once more whether all is ending."""
        with self._changed:
            self._changed.notify_all()
