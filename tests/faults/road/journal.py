"""What was done to the road, and when: printed when something is found wrong, so that it can be done again.

Must not know: what is done.
"""

import threading
import time
from collections.abc import Callable


class Journal:
    """Lines with the seconds since the beginning."""

    def __init__(self) -> None:
        self.tell: Callable[[str], None] = lambda line: None
        self._begun = time.monotonic()
        self._lines: list[str] = []
        self._lock = threading.Lock()

    def note(self, what: str) -> None:
        """Write a line."""
        line = f"{time.monotonic() - self._begun:8.2f} s  {what}"
        with self._lock:
            self._lines.append(line)
        self.tell(line)

    def __str__(self) -> str:
        with self._lock:
            return "\n".join(self._lines)
