"""The connections that are open, and an end to how many there are.

A connection on which nothing is asked costs whoever opened it nothing, and us a file, and up to fifty kilobytes within
a handshake. A thousand of them, from one phone, took all the files a process may have open: nobody could connect any
more, no file of the store be opened, and cheroot tried to accept the next one without a pause, and expired none.

So there is an end. Beyond it those are closed that were silent longest, one by one of whichever machine has most of
them just then: a machine with a few keeps them whatever another one does, and hundreds with one each keep theirs while
they use them. Whoever is closed out so, and was honest, connects again.

Must not know: requests, what a machine may keep busy.
"""

import heapq
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol

from cheroot.connections import ConnectionManager

from sync.web.shares import HERE

# Thirty phones with six each, their feeds, and the stations below come to some four hundred; at a centre hundreds of
# villages call within the same minute. A thousand in the middle of a handshake are 50 MB. On Windows `select` takes
# 512 sockets and no more.
MOST_OPEN = 480 if sys.platform == "win32" else 1000
# Of the files a process may have open, those of the store and of what is sent need as many again.
_OF_ALL_FILES = 2
_WANTED_FILES = 4096
_CLOSED_TOGETHER = 16  # that part of all at once: choosing takes as long for one as for many
_NO_FILE_SECONDS = 0.05
# Windows' `select` does not wake for a connection that a thread gives back.
_LOOKING_SECONDS = 0.05 if sys.platform == "win32" else 0.5


class Silent(Protocol):
    """A connection on which nothing is being answered."""

    @property
    def remote_addr(self) -> str | None:
        """The machine it comes from."""
        ...

    @property
    def last_used(self) -> float | None:
        """When it was given back last, in seconds."""
        ...


class Keeping(ConnectionManager):
    """Cheroot's keeper of the connections that wait for a request. Guards that there are at most `most` of all."""

    server: Any
    _selector: Any
    _stop_requested: bool
    # Cheroot's own ways, of which it tells no types.
    _from_server_socket: Callable[[Any], Any]
    _expire: Callable[[float], None]
    _remove_invalid_sockets: Callable[[], None]

    def __init__(self, server: Any, most: int) -> None:
        super().__init__(server)
        self._most = most

    def _run(self, expiration_interval: float) -> None:
        looked_at = time.time()
        while not self._stop_requested:
            try:
                ready = list(self._selector.select(timeout=_LOOKING_SECONDS))
            except OSError:
                self._remove_invalid_sockets()
                continue
            for file, connection in ready:
                if connection is not self.server:
                    self._selector.unregister(file)
                    self.server.process_conn(connection)
            # At last, for it may close others, and what is closed must not be looked at any more.
            if any(connection is self.server for _file, connection in ready):
                self._take()
            self.server.requests.make_way()
            now = time.time()
            if now - looked_at > expiration_interval:
                self._expire(now - self.server.timeout)
                looked_at = now

    def _take(self) -> None:
        """Take the next connection, if there is one and room for it."""
        try:
            fresh = self._from_server_socket(self.server.socket)
        except OSError:  # no file is left to this process, or to the system
            self._make_room()
            time.sleep(_NO_FILE_SECONDS)
            return
        if fresh is None:
            return
        if len(self.server.open) > self._most:
            self._make_room()
            if len(self.server.open) > self._most and fresh.remote_addr not in HERE:
                fresh.close()
                return
        self.server.process_conn(fresh)

    def _make_room(self) -> None:
        files = {connection: file for file, connection in self._selector.connections if connection is not self.server}
        waiting = self.server.requests.waiting()
        chosen = longest_silent([*files, *waiting], max(1, self._most // _CLOSED_TOGETHER))
        for connection in chosen:
            if connection in files:
                self._selector.unregister(files[connection])
            elif not self.server.requests.withdraw(connection):
                continue  # a thread has it now
            connection.close()


def longest_silent(silent: Iterable[Silent], number: int) -> list[Any]:
    """Those to be closed, so many: always the one silent longest of the machine that has most then, this one last."""
    machines: dict[str, list[Silent]] = defaultdict(list)
    for each in sorted(silent, key=_since, reverse=True):
        machines[each.remote_addr or ""].append(each)

    def rank(machine: str) -> tuple[bool, int, float, str]:
        left = machines[machine]
        return machine in HERE, -len(left), _since(left[-1]), machine

    ranks = [rank(machine) for machine in machines]
    heapq.heapify(ranks)
    chosen: list[Silent] = []
    while ranks and len(chosen) < number:
        machine = heapq.heappop(ranks)[-1]
        chosen.append(machines[machine].pop())
        if machines[machine]:
            heapq.heappush(ranks, rank(machine))
    return chosen


def _since(silent: Silent) -> float:
    return silent.last_used or 0.0


def most_open() -> int:
    """How many connections this process may have open, having asked the system for more files where it gives them."""
    with suppress(ImportError, ValueError, OSError):  # Windows counts no files
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        infinite = resource.RLIM_INFINITY
        if soft != infinite and soft < _WANTED_FILES:
            soft = _WANTED_FILES if hard == infinite else min(hard, _WANTED_FILES)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if soft != infinite:
            return min(MOST_OPEN, soft // _OF_ALL_FILES)
    return MOST_OPEN
