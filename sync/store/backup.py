"""Backing up a data directory while its owner works on, and bringing a backup back as a new life.

A backup is one SQLite file, a snapshot of one moment: readers never wait for writers here, nor the other
way round, so nothing stands still for it. It appears whole or not at all: before it gets its name it is read back,
every page of it, and compared with what was copied.

A directory restored is not the one that was lost: numbers may have been given and events written after
the backup was made. So it begins a new life, without a device code, and every sequence it ever gave
counts as the beginning; peers look at everything again and send back what it lost.

The backup of an encrypted directory is encrypted with the same key, and so is what is made from it.

Must not know: stations, HTTP, when backups are made.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sync.errors import Damaged, DiskFull, FileExists, NotFound, StorageError
from sync.messages import _
from sync.store.beside import SYSTEM, Files
from sync.store.connection import FILE_NAME, Opening, open_frozen, translated
from sync.store.copying import require_sound, snapshot
from sync.store.engine import Engine
from sync.store.key_folder import KeyFolder
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import begin_life
from sync.store.place import renew_epoch
from sync.store.transaction import Reader, Transaction
from sync.store.unlocking import opening_of


def back_up(directory: Path, target: Path, *, keys: KeyFolder | None = None, files: Files = SYSTEM) -> int:
    """Write a backup of a data directory to a file; whoever owns the directory works on.

    keys     where the key of an encrypted one is
    returns  its size in bytes, once it is on disk
    raises   NotFound when there is no store, FileExists when the target is there already, KeyMissing, Damaged when it
             does not read back as it was written, another StorageError
    """
    source = directory / FILE_NAME
    if not source.is_file():
        raise NotFound(
            _("There is no data in %(directory)s", directory=directory), remedy=_("Check the data directory.")
        )
    if target.exists():
        raise FileExists(
            _("%(file)s is there already", file=target), remedy=_("Choose another name, and keep the old backup.")
        )
    opening = opening_of(source, keys, Opening())
    beside = target.with_name(f"{target.name}.part")
    try:
        files.remove(beside)
        beside.touch(mode=0o600)  # citizens' records, and nobody else's business
        stood = snapshot(source, beside, opening)
        files.flush(beside)
        require_sound(beside, stood, opening)
        files.replace(beside, target)
        files.flush(target.parent)
    except DiskFull as error:
        told = _("There is no room for the backup in %(directory)s", directory=target.parent)
        raise DiskFull(told, remedy=_("Free room there, or choose another disk. The data are as they were.")) from error
    except OSError as error:
        told = _("The backup could not be written: %(error)s", error=error)
        raise StorageError(told, remedy=_("Check room and permissions of the disk it goes to.")) from error
    finally:
        with suppress(OSError):  # a disk that takes nothing does not let go of anything either
            files.remove(beside)
    return target.stat().st_size


def restore(backup: Path, directory: Path, *, now_ms: int, keys: KeyFolder | None = None) -> None:
    """Make a data directory from a backup; it begins a new life.

    directory  must not exist, or be empty
    keys       where the key of an encrypted backup is; the directory has the same
    raises     NotFound when there is no backup, KeyMissing, Damaged when it is none; FileExists when the directory is
               in use; NewerStore when a newer Yizhan made it, and then the directory is left empty
    """
    if not backup.is_file():
        raise NotFound(_("There is no backup %(file)s", file=backup))
    _require_store(backup, opening_of(backup, keys, Opening()))
    if directory.exists() and any(directory.iterdir()):
        told = _("%(directory)s is not an empty directory", directory=directory)
        raise FileExists(told, remedy=_("Choose a new directory; do not overwrite the data that is there."))
    try:
        with _damage_told(backup):
            directory.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(backup, directory / FILE_NAME)
            for copied in (directory / FILE_NAME, directory, directory.parent):
                SYSTEM.flush(copied)
            _begin_anew(directory, now_ms, keys)
    except BaseException as error:
        _empty(directory)
        if not isinstance(error, OSError | DiskFull):
            raise
        told = _("The backup could not be restored: %(error)s", error=error)
        raise StorageError(told, remedy=_("Check room and permissions of the disk.")) from error


def _empty(directory: Path) -> None:
    """Leave nothing of what was begun: a directory that is not empty could not be restored to again."""
    with suppress(OSError):
        for left in directory.iterdir():
            left.unlink()


@contextmanager
def _damage_told(backup: Path) -> Iterator[None]:
    """Say of what is found in a copy that the backup is damaged, and not the store of a node."""
    try:
        yield
    except Damaged as error:
        told = _("%(file)s is no backup of ours, or is damaged or cut short", file=backup)
        raise Damaged(told, remedy=_("Use an earlier backup.")) from error


def _require_store(backup: Path, opening: Opening) -> None:
    """Raise Damaged when a file is no store of ours; an empty one would pass for a new store."""
    with _damage_told(backup), translated(), closing(open_frozen(backup, opening)) as connection:
        found = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'store'").get
    if not found:
        raise Damaged(_("%(file)s is no backup of ours", file=backup))


@contextmanager
def reading(backup: Path, keys: KeyFolder | None) -> Iterator[Reader]:
    """Read what is in a backup, as it lies there.

    keys    where the key of an encrypted one is
    raises  NotFound when it is gone, KeyMissing, Damaged when it is none
    """
    if not backup.is_file():
        raise NotFound(_("There is no backup %(file)s", file=backup))
    opening = opening_of(backup, keys, Opening())
    _require_store(backup, opening)
    with translated(), closing(open_frozen(backup, opening)) as connection:
        reader = Reader(connection)
        try:
            yield reader
        finally:
            reader.end()


def is_on_another_disk(directory: Path, target: Path) -> bool:
    """Whether a file lies where the disk of a data directory may die without it."""
    return directory.stat().st_dev != target.stat().st_dev


def _begin_anew(directory: Path, now_ms: int, keys: KeyFolder | None) -> None:
    place = fingerprint_of(directory / FILE_NAME)

    def work(tx: Transaction) -> None:
        (broken,) = tx.execute("PRAGMA quick_check(1)")[0]
        if broken != "ok":
            raise StorageError(
                _("The backup is damaged: %(problem)s", problem=broken), remedy=_("Use an earlier backup.")
            )
        renew_epoch(tx)
        if tx.one("SELECT 1 FROM node_key") is not None:
            begin_life(tx, "restore", fingerprint=place, now_ms=now_ms)
        tx.execute("DELETE FROM openings")

    with Engine.open(directory, keys=keys) as engine:
        engine.write(work)
