"""What runs on its own account at a server, for `_active_tasks`.

    tasks.add(replicator.tasks)                                  somebody who can be asked
    with tasks.running("database_compaction", database=name):    something that runs for a while
        ...

source  CouchDB API, "/_active_tasks"

Must not know: what a task does.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

Told = Mapping[str, Any]


class Tasks:
    """The tasks that run now."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        """clock: wall time in seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._running: dict[int, Told] = {}
        self._sources: list[Callable[[], Iterable[Told]]] = []

    def add(self, source: Callable[[], Iterable[Told]]) -> None:
        """Ask this as well whenever somebody wants to know; it gives its tasks as CouchDB tells them."""
        self._sources.append(source)

    @contextmanager
    def running(self, kind: str, **members: Any) -> Iterator[None]:
        """Tell of a task while the block runs; `members` besides `type`, `pid` and the times."""
        number = next(self._numbers)
        now = int(self._clock())
        told = {"type": kind, "pid": f"{os.getpid()}.{number}", "started_on": now, "updated_on": now, **members}
        with self._lock:
            self._running[number] = told
        try:
            yield
        finally:
            with self._lock:
                del self._running[number]

    def told(self) -> list[Told]:
        """All of them."""
        with self._lock:
            here = list(self._running.values())
        return [*here, *(task for source in self._sources for task in source())]
