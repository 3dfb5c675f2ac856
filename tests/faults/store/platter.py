"""A disk and what a power cut leaves of it: every write, flush and change of a name is written down, and cut anywhere.

The model is the honest worst case of what POSIX promises. Of data not flushed any sector may be there or not. Names
made, changed or removed since the directory was flushed are there up to some moment. What was flushed is there.

`Recorder` stands between SQLite (its checksums included) and the system; `RecordedFiles` does the same for the files
beside the database. Both write operations down in one order:

    create name inode · delete name · rename old new · write inode offset data · truncate inode size · flush inode
    flush-names · intend key value · ack key value
"""

import itertools
import os
import random
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import apsw

from sync.store.beside import SYSTEM

Operation = tuple[Any, ...]


class Journal:
    """All operations, in their order."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._inodes: dict[str, int] = {}
        self._lock = threading.RLock()
        self._next = 0

    def note(self, *operation: Any) -> None:
        with self._lock:
            self.operations.append(operation)

    def create(self, name: str) -> int:
        with self._lock:
            self._next += 1
            self._inodes[name] = self._next
            self.note("create", name, self._next)
            return self._next

    def inode(self, name: str) -> int:
        with self._lock:
            return self._inodes[name] if name in self._inodes else self.create(name)

    def delete(self, name: str) -> None:
        with self._lock:
            if self._inodes.pop(name, None) is not None:
                self.note("delete", name)

    def rename(self, old: str, new: str) -> None:
        with self._lock:
            self._inodes[new] = self._inodes.pop(old)
            self.note("rename", old, new)


class Recorder(apsw.VFS):
    """The default VFS from construction on, so it must be made before checksums are asked for."""

    def __init__(self, journal: Journal) -> None:
        self._base = apsw.vfs_names()[0]
        self.journal = journal
        super().__init__("recorder", self._base, makedefault=True)

    def xOpen(self, name, flags):
        return _RecordedFile(self.journal, self._base, name, flags)

    def xDelete(self, filename, syncdir):
        super().xDelete(filename, syncdir)
        self.journal.delete(Path(filename).name)
        if syncdir:
            self.journal.note("flush-names")


class _RecordedFile(apsw.VFSFile):
    def __init__(self, journal: Journal, base: str, name, flags) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._journal, self._inode = journal, 0
        # As SQLite does on Unix: the name of a new journal or log is flushed along with its first content.
        self._name_is_new = False
        is_new = bool(path) and not os.path.exists(path)
        super().__init__(base, name, flags)
        if path and flags[0] & apsw.SQLITE_OPEN_CREATE:
            self._inode = journal.create(Path(path).name) if is_new else journal.inode(Path(path).name)
            self._name_is_new = is_new and bool(flags[0] & (apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL))

    def excepthook(self, *_) -> None:
        """SQLite hears of failures by its result code."""

    def xWrite(self, data, offset):
        super().xWrite(data, offset)
        if self._inode:
            self._journal.note("write", self._inode, offset, bytes(data))

    def xTruncate(self, newsize):
        super().xTruncate(newsize)
        if self._inode:
            self._journal.note("truncate", self._inode, newsize)

    def xSync(self, flags):
        if self._inode:
            self._journal.note("flush", self._inode)
            if self._name_is_new:
                self._journal.note("flush-names")
                self._name_is_new = False


class RecordedFiles:
    """The files beside the database."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def write(self, path: Path, data: bytes) -> None:
        self._journal.delete(path.name)
        SYSTEM.write(path, data)
        self._journal.note("write", self._journal.create(path.name), 0, data)

    def flush(self, path: Path) -> None:
        if path.is_dir():
            self._journal.note("flush-names")
        else:
            self._journal.note("flush", self._journal.inode(path.name))

    def replace(self, source: Path, target: Path) -> None:
        SYSTEM.replace(source, target)
        self._journal.rename(source.name, target.name)

    def remove(self, path: Path) -> None:
        SYSTEM.remove(path)
        self._journal.delete(path.name)


class Platter:
    """The disk after some operations: what is on it for sure, and what may be."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._pending_names: list[Operation] = []
        self._data: dict[int, bytearray] = {}
        self._pending_data: list[Operation] = []
        self.acknowledged: dict[str, Any] = {}
        self.intended: dict[str, list[Any]] = {}

    def apply(self, operation: Operation) -> None:
        """Take the next operation in."""
        kind, *rest = operation
        if kind in ("create", "delete", "rename"):
            self._pending_names.append(operation)
        elif kind == "flush-names":
            _rename_all(self._names, self._pending_names)
            self._pending_names.clear()
        elif kind in ("write", "truncate"):
            self._pending_data.append(operation)
        elif kind == "flush":
            mine = [each for each in self._pending_data if each[1] == rest[0]]
            self._pending_data = [each for each in self._pending_data if each[1] != rest[0]]
            _write_all(self._data, mine)
        elif kind == "intend":
            self.intended.setdefault(rest[0], []).append(rest[1])
        else:
            self.acknowledged[rest[0]] = rest[1]
            self.intended.pop(rest[0], None)

    def cut(self, directory: Path, chance: random.Random, how: str) -> None:
        """Put into a directory what is left.

        how  `lost`: nothing that was not flushed; `kept`: everything, as after a kill; `ordered`: everything up to some
             moment, and half of a write; `torn-512`, `torn-4096`: any sectors of that size, any names up to some moment
        """
        names = dict(self._names)
        data = {inode: bytearray(content) for inode, content in self._data.items()}
        _rename_all(names, _some_names(self._pending_names, chance, how))
        _write_all(data, _some_data(self._pending_data, chance, how))
        directory.mkdir()
        for name, inode in names.items():
            (directory / name).write_bytes(data.get(inode, b""))


def _some_names(pending: Sequence[Operation], chance: random.Random, how: str) -> Sequence[Operation]:
    if how == "lost":
        return ()
    return pending if how == "kept" else pending[: chance.randint(0, len(pending))]


def _some_data(pending: Sequence[Operation], chance: random.Random, how: str) -> Iterable[Operation]:
    if how == "lost":
        return ()
    if how == "kept":
        return pending
    if how == "ordered":
        up_to = chance.randint(0, len(pending))
        return [*pending[:up_to], *(_half(each) for each in pending[up_to : up_to + 1])]
    size = int(how.partition("-")[2])
    return [sector for each in pending for sector in _sectors(each, size) if chance.random() < 0.5]


def _half(operation: Operation) -> Operation:
    if operation[0] != "write":
        return operation
    kind, inode, offset, data = operation
    return kind, inode, offset, data[: len(data) // 2 // 512 * 512]


def _sectors(operation: Operation, size: int) -> Iterable[Operation]:
    if operation[0] != "write":
        return [operation]
    kind, inode, offset, data = operation
    edges = [offset, *range((offset // size + 1) * size, offset + len(data), size), offset + len(data)]
    return [(kind, inode, a, data[a - offset : b - offset]) for a, b in itertools.pairwise(edges)]


def _rename_all(names: dict[str, int], operations: Iterable[Operation]) -> None:
    for kind, name, *rest in operations:
        if kind == "create":
            names[name] = rest[0]
        elif kind == "delete":
            names.pop(name, None)
        elif name in names:
            names[rest[0]] = names.pop(name)


def _write_all(data: dict[int, bytearray], operations: Iterable[Operation]) -> None:
    for kind, inode, at, *rest in operations:
        image = data.setdefault(inode, bytearray())
        if kind == "truncate":
            del image[at:]
            continue
        if len(image) < at:
            image.extend(bytes(at - len(image)))
        image[at : at + len(rest[0])] = rest[0]
