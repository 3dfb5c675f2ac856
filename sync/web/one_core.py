"""The threads that answer requests, kept on one core together, for they take turns at one interpreter.

Spread over two cores, a thread that lets go of the interpreter for the few microseconds of a look into the file wakes
one on the other core, and then waits for that one: eight clients were served half as many requests as one core alone
would have. Work that runs without the interpreter, flushing and compaction, has threads of its own, which stay free.

Which core it is, is looked at anew every two seconds of work: when others keep it busier than another one, we move.

Must not know: requests, what the threads do.
"""

import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_LOOKED_AT_SECONDS = 2.0
# Of a core's time: what another core must be freer by to be worth a cold cache.
_WORTH_MOVING = 0.25
_STAT = Path("/proc/stat")


class OneCore:
    """The core of this process's threads. Guards which it is; where the system has no such choice it does nothing."""

    def __init__(self) -> None:
        self._cores = _allowed()
        self._core = self._cores[os.getpid() % len(self._cores)] if len(self._cores) > 1 else None
        self._own = threading.local()
        self._due = 0.0
        self._before: tuple[float, float, Mapping[int, float]] | None = None  # when, our own seconds, each core's

    def keep(self) -> None:
        """Have the calling thread on the core that it is just now; costs next to nothing when it is there."""
        if self._core is None:
            return
        now = time.monotonic()
        if now >= self._due:
            self._due = now + _LOOKED_AT_SECONDS
            self._choose(now)
        if getattr(self._own, "core", None) != self._core:
            with suppress(OSError):  # the core was taken from us since; wherever we run is as well
                os.sched_setaffinity(0, {self._core})
            self._own.core = self._core

    def _choose(self, now: float) -> None:
        busy, own = _busy_seconds(), time.process_time()
        before, self._before = self._before, (now, own, busy)
        if before is None or self._core is None:
            return
        self._core = freest(
            self._core,
            {core: busy[core] - before[2][core] for core in self._cores if core in busy and core in before[2]},
            own_seconds=own - before[1],
            seconds=now - before[0],
        )


def freest(core: int, busy: Mapping[int, float], *, own_seconds: float, seconds: float) -> int:
    """The core to be on.

    core     where we are;  own_seconds, what of its time we took ourselves
    busy     seconds that each core was busy;  seconds, of how many
    """
    others = {each: taken - (own_seconds if each == core else 0.0) for each, taken in busy.items()}
    if core not in others:
        return core
    best = min(others, key=lambda each: (others[each], each))
    return best if others[core] - others[best] > _WORTH_MOVING * seconds else core


def _allowed() -> list[int]:
    """The cores this process may use; none where a thread cannot be kept on one."""
    if not hasattr(os, "sched_setaffinity") or not _STAT.exists():
        return []
    return sorted(os.sched_getaffinity(0))


def _busy_seconds() -> dict[int, float]:
    """For how long each core has worked since the start; empty when the system does not say.

    source  proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal …, in clock ticks
    """
    told: dict[int, float] = {}
    with suppress(OSError, ValueError):
        ticks = os.sysconf("SC_CLK_TCK")
        for line in _STAT.read_text().splitlines():
            name, *numbers = line.split()
            if name.startswith("cpu") and name != "cpu":
                counts = [int(number) for number in numbers[:8]]
                told[int(name[3:])] = (sum(counts) - counts[3] - counts[4]) / ticks
    return told
