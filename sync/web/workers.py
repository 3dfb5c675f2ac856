"""The threads that answer, begun as they are needed: a station at night keeps none for the phones of the day.

No machine gets more of them than its share (`shares`); what it asks beyond that waits until some of its own is done.
Some may be there for requests that wait, such as feeds: those are counted where they are admitted, and are nobody's
share while they wait. Where some wait for a thread, strangers who are slow are hung up on (`pace`), and whoever comes
from where that happened waits behind the others.

Must not know: what is done for a connection, requests.
"""

import threading
import time
from collections import deque
from contextlib import suppress
from queue import Queue
from typing import Any

from cheroot.workers.threadpool import ThreadPool, WorkerThread

from sync.web.pace import PATIENCE_SECONDS, slowest
from sync.web.shares import HERE, Shares

_MOST_SLOW = 4096  # machines that were hung up on, of which that is remembered


class Workers(ThreadPool):
    """Cheroot's pool, which begins with no thread and gets one more whenever all it has are at work, up to `most`."""

    _queue: "Queue[Any]"
    _threads: list[threading.Thread]

    def __init__(self, server: Any, most: int, *, waiting: int = 0, patience: float = PATIENCE_SECONDS) -> None:
        """`most` threads at the most.

        waiting   how many of them are for requests that wait; 0 where those are counted as any other
        patience  seconds that a stranger may be waited for while others wait for a thread
        """
        super().__init__(server, min=1, max=most)
        self._lock = threading.Lock()
        self._free = 0  # threads that wait for something to do, less what waits for a thread
        self._shares = Shares(most - waiting)
        self._some_wait = waiting > 0
        self._patience = patience
        self._at_work_for: dict[int, str] = {}  # by thread, the machine it answers
        self._answered: dict[int, Any] = {}  # by thread, the connection
        self._slow: dict[str, None] = {}  # machines that were hung up on, the last one last
        self._waits_for: dict[int, str] = {}  # the same of those whose request waits
        self._waiting: dict[str, deque[Any]] = {}  # by machine, what is beyond its share
        self.get = self._next

    def start(self) -> None:
        """Nothing to begin with."""

    def stop(self, timeout: int = 5) -> None:
        """End all threads; what waits for its machine's share is not done any more."""
        with self._lock:
            left = [one for waiting in self._waiting.values() for one in waiting]
            self._waiting.clear()
        for one in left:
            one.close()
        super().stop(timeout)

    def waiting(self) -> list[Any]:
        """What is beyond its machine's share and waits."""
        with self._lock:
            return [one for waiting in self._waiting.values() for one in waiting]

    def withdraw(self, obj: Any) -> bool:
        """Take back what waits; False when a thread has it, or is about to."""
        machine = _machine(obj)
        with self._lock:
            waiting = self._waiting.get(machine)
            if not waiting or obj not in waiting:
                return False
            waiting.remove(obj)
            if not waiting:
                del self._waiting[machine]
            return True

    def aside(self, waits: bool) -> None:
        """The request that this thread answers waits from now on, or does not any more."""
        if not self._some_wait:
            return
        thread = threading.get_ident()
        with self._lock:
            if waits:
                self._waits_for[thread] = self._at_work_for.pop(thread, "")
                self._shares.give_back(self._waits_for[thread])
            elif thread in self._waits_for:
                self._at_work_for[thread] = self._waits_for.pop(thread)
                self._shares.hold(self._at_work_for[thread])
            within = self._within_shares()
        for obj in within:
            self._hand_out(obj)

    def make_way(self) -> None:
        """Hang up on the slowest strangers where others wait for a thread: to be called now and then."""
        with self._lock:
            if not self._waiting:
                return
            is_full = self._shares.is_full
            in_the_way = [
                self._answered[thread]
                for thread, machine in self._at_work_for.items()
                if machine not in HERE and (is_full or machine in self._waiting)
            ]
            chosen = slowest(
                in_the_way, sum(map(len, self._waiting.values())), now=time.monotonic(), patience=self._patience
            )
            for obj in chosen:
                self._slow.pop(_machine(obj), None)
                self._slow[_machine(obj)] = None
            while len(self._slow) > _MOST_SLOW:
                del self._slow[next(iter(self._slow))]
        for obj in chosen:
            obj.hang_up()

    def put(self, obj: Any) -> None:
        """Have something done by whoever is free, or by one thread more, once it is within its machine's share."""
        machine = _machine(obj)
        with self._lock:
            if not self._shares.take(machine):
                self._waiting.setdefault(machine, deque()).append(obj)
                return
        self._hand_out(obj)

    def _hand_out(self, obj: Any) -> None:
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
        thread = threading.get_ident()
        with self._lock:
            self._free += 1
            self._waits_for.pop(thread, None)
            self._answered.pop(thread, None)
            self._shares.give_back(self._at_work_for.pop(thread, ""))
            within = self._within_shares()
        for obj in within:
            self._hand_out(obj)
        obj = self._queue.get()
        with self._lock:
            self._at_work_for[thread] = _machine(obj)
            self._answered[thread] = obj
        return obj

    def _within_shares(self) -> list[Any]:
        """What has waited and need not any more; no longer counted as waiting."""
        within: list[Any] = []
        for machine, waiting in sorted(self._waiting.items(), key=lambda each: each[0] in self._slow):
            while waiting and self._shares.take(machine):
                within.append(waiting.popleft())
            if not waiting:
                del self._waiting[machine]
        return within


def _machine(obj: Any) -> str:
    """The address that a connection comes from."""
    return getattr(obj, "remote_addr", None) or ""
