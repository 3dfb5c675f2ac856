"""A store's file copied whole, and read back before anybody counts on the copy.

Must not know: what the copy is for.
"""

import os
from contextlib import closing
from pathlib import Path

from sync.errors import Damaged
from sync.messages import _
from sync.store.connection import (
    Connection,
    Opening,
    close,
    copy_encrypted,
    copy_snapshot,
    open_frozen,
    open_reader,
    translated,
)
from sync.store.keys import StoreKey
from sync.store.transaction import Row


def snapshot(source: Path, target: Path, opening: Opening) -> Row:
    """Copy a store's file, with the key it has; returns how far it stood at that moment. Not yet flushed."""
    connection = open_reader(source, opening)
    try:
        with translated():
            connection.execute("BEGIN")
            stood = _stands(connection)
            copy_snapshot(connection, target, opening.key)
            connection.execute("COMMIT")
        return stood
    finally:
        close(connection)


def with_key(source: Path, target: Path, opening: Opening, key: StoreKey) -> Row:
    """Copy a file nobody writes, whose log is empty, and encrypt the copy; otherwise as `snapshot`."""
    with translated(), closing(open_frozen(source, opening)) as connection:
        stood = _stands(connection)
        copy_encrypted(connection, target, key)
        return stood


def require_sound(copy: Path, stood: Row, opening: Opening) -> None:
    """Raise Damaged unless a copy is what was copied; its pages come from the disk where the system lets us ask."""
    _forget_cached(copy)
    with translated(), closing(open_frozen(copy, opening)) as connection:
        # Walks every page, and each is held against its checksum or code.
        ((broken,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
        if broken != "ok" or _stands(connection) != stood:
            raise Damaged(
                _("What was written does not read back: %(problem)s", problem=broken),
                remedy=_("Try again with another disk."),
            )


def _stands(connection: Connection) -> Row:
    row: Row = connection.execute("SELECT epoch, update_seq FROM store").fetchall()[0]
    return row


def _forget_cached(path: Path) -> None:
    """Have the system forget what it holds of a file in memory; where it cannot, that is read instead of the disk."""
    if hasattr(os, "posix_fadvise"):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)
