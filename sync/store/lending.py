"""Which runs of pieces somebody is reading just now.

A download may take an hour on a slow link, and its content may be replaced meanwhile; its pieces are swept when
nobody reads them any more.

Must not know: the file, what the runs hold.
"""

import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager


class Lending:
    """Counts the readers of each run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: Counter[int] = Counter()

    def runs(self) -> Collection[int]:
        """Those somebody reads."""
        with self._lock:
            return frozenset(self._readers)

    @contextmanager
    def lent(self, run: int | None) -> Iterator[None]:
        """While this is held, the run is read; None is no run."""
        if run is None:
            yield
            return
        with self._lock:
            self._readers[run] += 1
        try:
            yield
        finally:
            with self._lock:
                self._readers[run] -= 1
                self._readers = +self._readers
