"""A disk that can be watched, filled, broken and cut from its power: an SQLite VFS between the store and the real one.

The model of a power cut is the honest worst case: what was synced is there, and of what was only
written any part may be there or not, in any order.
"""

import itertools
import random
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import apsw

_names = (f"watched-{number}" for number in itertools.count())


class Disk(apsw.VFS):
    """Registered under `vfs_name` from construction on; names are unique, so tests do not meet."""

    def __init__(self) -> None:
        self.vfs_name = next(_names)
        super().__init__(self.vfs_name, "")
        self.refuse: Callable[[str, str], Exception | None] = lambda operation, file_name: None
        self._lock = threading.Lock()
        self._durable: dict[str, bytearray] = {}
        self._pending: defaultdict[str, list[tuple[int, bytes | None]]] = defaultdict(list)
        self.syncs = 0

    def xOpen(self, name, flags):
        return _File(self, name, flags)

    def xDelete(self, filename, syncdir):
        with self._lock:
            self._durable.pop(Path(filename).name, None)
            self._pending.pop(Path(filename).name, None)
        super().xDelete(filename, syncdir)

    def cut_power(self, directory: Path, chance: random.Random, *, kept: float) -> None:
        """Put into a directory what a power cut at this moment leaves.

        kept  share of the unsynced writes that happen to have reached the platter
        """
        directory.mkdir()
        with self._lock:
            for name in self._durable.keys() | self._pending.keys():
                image = bytearray(self._durable.get(name, b""))
                survivors = [op for op in self._pending[name] if chance.random() < kept]
                _apply(image, survivors)
                if image:
                    (directory / name).write_bytes(image)

    def note_write(self, name: str, offset: int, data: bytes | None) -> None:
        """A write, or with no data a truncation to `offset` bytes."""
        with self._lock:
            self._pending[name].append((offset, data))

    def note_sync(self, name: str) -> None:
        with self._lock:
            self.syncs += 1
            _apply(self._durable.setdefault(name, bytearray()), self._pending.pop(name, []))

    def check(self, operation: str, name: str) -> None:
        error = self.refuse(operation, name)
        if error is not None:
            raise error


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name, flags) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path).name if path else ""
        self._disk = disk
        super().__init__("", name, flags)

    def excepthook(self, *_) -> None:
        """Refusals are on purpose: SQLite hears of them by its result code."""

    def xRead(self, amount, offset):
        self._disk.check("read", self._name)
        return super().xRead(amount, offset)

    def xWrite(self, data, offset):
        self._disk.check("write", self._name)
        super().xWrite(data, offset)
        self._disk.note_write(self._name, offset, bytes(data))

    def xTruncate(self, newsize):
        self._disk.check("write", self._name)
        super().xTruncate(newsize)
        self._disk.note_write(self._name, newsize, None)

    def xSync(self, flags):
        self._disk.check("sync", self._name)
        self._disk.note_sync(self._name)


def _apply(image: bytearray, operations: list[tuple[int, bytes | None]]) -> None:
    for offset, data in operations:
        if data is None:
            del image[offset:]
            continue
        if len(image) < offset:
            image.extend(bytes(offset - len(image)))
        image[offset : offset + len(data)] = data
