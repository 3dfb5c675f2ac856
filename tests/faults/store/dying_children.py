"""Nodes that kill themselves at their n-th write or flush: `python -m tests.faults.store.dying_children DIRECTORY`.

For every n, a child of this process writes into DIRECTORY/n and is killed by its own disk right before that
operation reaches the system, until one lives to the end. What it was told is in DIRECTORY/n.told, a line each.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

import apsw

from sync.store.beside import SystemFiles
from sync.store.claim import claim_directory
from sync.store.connection import FILE_NAME
from sync.store.engine import Engine
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import found_node
from sync.trust import keys
from sync.values.documents import Attachment, Edit

PAIR = keys.generate()


class DeadlyDisk(apsw.VFS):
    """Kills the process at an operation; the default VFS, so that checksums stand upon it."""

    def __init__(self) -> None:
        self._base = apsw.vfs_names()[0]
        self.left = 0
        super().__init__("deadly", self._base, makedefault=True)

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def xOpen(self, name, flags):
        return _DeadlyFile(self, self._base, name, flags)

    def xDelete(self, filename, syncdir):
        self.step()
        super().xDelete(filename, syncdir)


class _DeadlyFile(apsw.VFSFile):
    def __init__(self, disk: DeadlyDisk, base: str, name, flags) -> None:
        self._disk = disk
        super().__init__(base, name, flags)

    def xWrite(self, data, offset):
        self._disk.step()
        super().xWrite(data, offset)

    def xTruncate(self, newsize):
        self._disk.step()
        super().xTruncate(newsize)

    def xSync(self, flags):
        self._disk.step()  # nothing to be flushed: a kill takes no page from the system


class _DeadlyFiles(SystemFiles):
    def __init__(self, disk: DeadlyDisk) -> None:
        self._disk = disk

    def write(self, path: Path, data: bytes) -> None:
        self._disk.step()
        super().write(path, data)

    def flush(self, path: Path) -> None:
        self._disk.step()

    def replace(self, source: Path, target: Path) -> None:
        self._disk.step()
        super().replace(source, target)


def body_of(doc_id: str) -> bytes:
    """The body a document is written with last."""
    return b'{"about":"%s","text":"%s"}' % (doc_id.encode(), b"z" * 1500)


def _live(directory: Path, told: int, disk: DeadlyDisk) -> None:
    def tell(doc_id: str) -> None:
        os.write(told, f"{doc_id}\n".encode())

    with Engine.open(directory) as engine:
        db = engine.databases.create("station")
        claim_directory(engine, now_ms=1, files=_DeadlyFiles(disk))
        scan = Attachment("scan", "image/jpeg", "md5-x", 3000, 0, bytes(3000))
        first = db.write([Edit("a", None, b"{}", attachments=(scan,))])[0].revision
        db.write([Edit("a", first, body_of("a"))])
        tell("a")
        db.write([Edit(doc_id, None, body_of(doc_id)) for doc_id in "bcd"])
        for doc_id in "bcd":
            tell(doc_id)
        db.compact()
    with Engine.open(directory) as engine:
        claim_directory(engine, now_ms=2, files=_DeadlyFiles(disk))
        db = engine.database("station")
        db.purge({"d": db.tree("d").leaves()})
        tell("-d")
        db.write([Edit("e", None, body_of("e"))])
        tell("e")


def _found(directory: Path) -> None:
    """The tables alone are three hundred writes; those are cut everywhere by `test_power_cuts`."""
    with Engine.open(directory) as engine:
        place = fingerprint_of(directory / FILE_NAME)
        engine.write(lambda tx: found_node(tx, PAIR, fingerprint=place, now_ms=1))


def main() -> None:
    directory = Path(sys.argv[1])
    disk = DeadlyDisk()
    founded = directory / "founded"
    _found(founded)
    nth = 0
    while True:
        nth += 1
        child = os.fork()
        if child == 0:
            shutil.copytree(founded, directory / str(nth))
            disk.left = nth
            _live(directory / str(nth), os.open(directory / f"{nth}.told", os.O_WRONLY | os.O_CREAT), disk)
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            break
    print(nth)


if __name__ == "__main__":
    main()
