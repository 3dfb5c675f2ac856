"""One owner process per data directory.

The lock belongs to the open file, so the system frees it when the owner dies, however it dies.
The pid in the file is only for the sentence shown to whoever comes second.

Must not know: what the owner does with the directory.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from sync.errors import StorageError, StoreLocked

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_NAME = "yizhan.lock"
_LOCKED_BYTE = 1 << 20  # far behind the pid: on Windows a locked byte cannot be read by others


class OwnerLock:
    """Held from construction until `release` or the end of the process."""

    def __init__(self, directory: Path) -> None:
        """Take the lock; raises StoreLocked naming the owner, StorageError when the file cannot be made."""
        path = directory / LOCK_NAME
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StorageError(f"The data directory cannot be locked: {error}") from error
        try:
            _lock(self._file)
        except OSError:
            owner = os.read(self._file, 20).decode("ascii", "replace").strip()
            os.close(self._file)
            raise StoreLocked(f"Process {owner or '(unknown)'} owns {directory}", owner=owner) from None
        with suppress(OSError):  # on a full disk nobody is named
            os.ftruncate(self._file, 0)
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, str(os.getpid()).encode("ascii"))

    def release(self) -> None:
        """Give the directory free; once is enough. The file stays: removing it would race with the next owner."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def is_owned(directory: Path) -> bool:
    """Whether some process owns a directory just now; takes nothing and leaves nothing behind."""
    try:
        file = os.open(directory / LOCK_NAME, os.O_RDWR)
    except OSError:
        return False
    try:
        _lock(file)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _lock(file: int) -> None:
    if sys.platform == "win32":
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(file, 0, os.SEEK_SET)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
