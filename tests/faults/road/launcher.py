"""`yizhan` on a machine whose clock can be set and whose disk can be filled: `… launcher STATE_DIRECTORY ARGUMENTS`.

    STATE_DIRECTORY/clock   milliseconds that the clock is ahead, or behind
    STATE_DIRECTORY/full    while it is there, the disk takes no write of the store
    STATE_DIRECTORY/version which version the program is of, read at its start; today's where there is none

Only tests start nodes this way; the program itself has no such hook.

Must not know: who sets the clock, what the arguments say.
"""

import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import apsw

from tests.faults.road.versions import speak

_LOOK_AGAIN_SECONDS = 0.02


class _Kept:
    """What a file says, looked up at most every few milliseconds."""

    def __init__(self, read: Callable[[], int]) -> None:
        self._read = read
        self._value, self._until = read(), 0.0

    def __call__(self) -> int:
        now = time.monotonic()
        if now >= self._until:
            self._value, self._until = self._read(), now + _LOOK_AGAIN_SECONDS
        return self._value


class _Disk(apsw.VFS):
    """The system's, but for the times when it is full; made the default, so that checksums stand upon it."""

    def __init__(self, is_full: Callable[[], int]) -> None:
        self._base = apsw.vfs_names()[0]
        self.is_full = is_full
        super().__init__("fillable", self._base, makedefault=True)

    def xOpen(self, name, flags):
        return _File(self, self._base, name, flags)


class _File(apsw.VFSFile):
    def __init__(self, disk: _Disk, base: str, name, flags) -> None:
        self._disk = disk
        super().__init__(base, name, flags)

    def excepthook(self, *_) -> None:
        """Refusals are on purpose: SQLite hears of them by its result code."""

    def xWrite(self, data, offset):
        if self._disk.is_full():
            raise apsw.FullError
        super().xWrite(data, offset)


def main(state: Path) -> None:
    """Run the command in the rest of the arguments."""
    _bend_time(state / "clock")
    disk = _Disk(_Kept(lambda: (state / "full").exists()))
    with contextlib.suppress(FileNotFoundError):
        speak((state / "version").read_text())
    from sync.commands.main import main as yizhan  # behind the bent clock and the disk: what it imports takes them

    yizhan()
    del disk


def _bend_time(path: Path) -> None:
    ahead = _Kept(lambda: _number(path))
    nanoseconds, seconds = time.time_ns, time.time
    time.time_ns = lambda: nanoseconds() + ahead() * 1_000_000
    time.time = lambda: seconds() + ahead() / 1000


def _number(path: Path) -> int:
    with contextlib.suppress(FileNotFoundError, ValueError):  # absent, or being written this moment
        return int(path.read_text())
    return 0


if __name__ == "__main__":
    place = Path(sys.argv.pop(1))
    main(place)
