"""Encrypting the data directory of a node that stands still, or giving it another key.

An encrypted copy is written beside the file, flushed, read back page by page, and takes the file's name in one step.
Kill it, or cut the power, at any moment: under that name is the old file or the new one, whole, and the key of either
is on disk. It stays the same life: the copy notes that it is where this life goes on.

What the old file occupied on the disk is given free and not wiped.

Must not know: who asks for it.
"""

from pathlib import Path

from sync.errors import NotFound, StorageError, StoreLocked
from sync.messages import _
from sync.store.beside import SYSTEM, Files
from sync.store.connection import FILE_NAME, Opening, close, open_writer, translated
from sync.store.copying import require_sound, with_key
from sync.store.engine import Engine
from sync.store.key_folder import KeyFolder
from sync.store.keys import StoreKey
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import move_life
from sync.store.lock import OwnerLock
from sync.store.log import index_of, is_at_rest, log_of
from sync.store.transaction import Transaction
from sync.store.unlocking import opening_of

_BESIDE = f"{FILE_NAME}.encrypting"


def encrypt(directory: Path, key: StoreKey, keys: KeyFolder, *, files: Files = SYSTEM) -> None:
    """Have everything in a data directory encrypted with a key, whether it was in the clear or had another.

    keys    has, or is given, the old key and the new one
    raises  NotFound when there is no store, Forbidden when the keys would lie in it, StoreLocked when a process runs
            it, KeyMissing, Damaged, DiskFull, and then the directory is as it was
    """
    path = directory / FILE_NAME
    if not path.is_file():
        raise NotFound(
            _("There is no data in %(directory)s", directory=directory), remedy=_("Check the data directory.")
        )
    keys.require_outside(directory)
    keys.keep(key, files=files)
    Engine.open(directory, keys=keys).close()  # what a crash left is put right, and the log moved into the file
    lock = OwnerLock(directory)
    try:
        if not is_at_rest(path):
            raise StoreLocked(_("%(directory)s is in use", directory=directory), remedy=_("Try again later."))
        _replace(path, directory / _BESIDE, key, keys, files)
    finally:
        lock.release()


def _replace(path: Path, beside: Path, key: StoreKey, keys: KeyFolder, files: Files) -> None:
    old, new = opening_of(path, keys, Opening()), Opening(key=key)
    try:
        files.remove(beside)
        beside.touch(mode=0o600)
        stood = with_key(path, beside, old, key)
        _note_place(beside, new, fingerprint_of(path), fingerprint_of(beside))
        files.flush(beside)
        require_sound(beside, stood, new)
        place = fingerprint_of(beside)
        files.replace(beside, path)
        files.flush(path.parent)
        if fingerprint_of(path) != place:  # Windows gives a file the time of birth of the one whose name it took
            _note_place(path, new, place, fingerprint_of(path))
    except OSError as error:
        told = _("It could not be encrypted: %(error)s", error=error)
        remedy = _("Check room and permissions of the disk; the data is as it was.")
        raise StorageError(told, remedy=remedy) from error
    finally:
        files.remove(beside)
        for left in (log_of(beside), index_of(beside)):
            files.remove(left)


def _note_place(path: Path, opening: Opening, old: str, new: str) -> None:
    """Have the current life go on in another file, if it lived in the old one."""
    connection = open_writer(path, opening)
    try:
        with translated():
            connection.execute("BEGIN IMMEDIATE")
            move_life(Transaction(connection), old=old, new=new)
            connection.execute("COMMIT")
    finally:
        close(connection)
