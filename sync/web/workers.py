"""The threads that answer, begun as they are needed: a station at night keeps none for the phones of the day.

Must not know: connections, requests.
"""

import threading
from contextlib import suppress
from queue import Queue
from typing import Any

from cheroot.workers.threadpool import ThreadPool, WorkerThread


class Workers(ThreadPool):
    """Cheroot's pool, which begins with no thread and gets one more whenever all it has are at work, up to `most`."""

    _queue: "Queue[Any]"
    _threads: list[threading.Thread]

    def __init__(self, server: Any, most: int) -> None:
        super().__init__(server, min=1, max=most)
        self._lock = threading.Lock()
        self._free = 0  # threads that wait for something to do, less what waits for a thread
        self.get = self._next

    def start(self) -> None:
        """Nothing to begin with."""

    def put(self, obj: Any) -> None:
        """Have something done by whoever is free, or by one thread more."""
        with self._lock:
            self._free -= 1
            if self._free < 0 and len(self._threads) < self.max:
                with suppress(RuntimeError):  # the system has no more: it waits for one of those there are
                    self._begin()
        super().put(obj)

    def _begin(self) -> None:
        worker = WorkerThread(self.server)  # type: ignore[no-untyped-call]
        worker.name = f"http-{len(self._threads) + 1}"
        worker.start()
        self._threads.append(worker)

    def _next(self) -> Any:
        with self._lock:
            self._free += 1
        return self._queue.get()
