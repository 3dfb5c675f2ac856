"""The only module that opens SQLite, and the one that turns its complaints into our errors.

What is decided here holds for every connection: write-ahead log, a flush before every commit
returns (`synchronous=FULL`), foreign keys, a small page cache (a station is an old PC), and at the end of every
page what it is held against whenever it is read: a disk that gives other bits than it was given is found out, and
never believed. That is a checksum (`docs/decisions/0013`), or with a key the authentication code of the cipher
(`docs/decisions/0032`).

Must not know: tables, databases, who writes, where keys are kept.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path

import apsw
import apsw.sqlite_extra

from sync.errors import Damaged, DiskFull, StorageError, StoreLocked
from sync.store.keys import StoreKey
from sync.typed import Value

Connection = apsw.Connection

FILE_NAME = "yizhan.sqlite"
_BUSY_MILLISECONDS = 10_000  # only a backup or a curious person with a shell ever holds the file
_WRITER_CACHE_KIB = 4096
LOG_BYTES = 24 << 20  # the log is kept and reused; what a burst made it grow beyond this is given back
CHECKSUM_BYTES = 8  # at the end of a page, where cksumvfs keeps them
_INCREMENTAL = 2
_CHECKING = "cksmvfs"
_CIPHERING = "multipleciphers-"  # before the name of a VFS: the one over it that encrypts
_CIPHER = "chacha20"  # ChaCha20 and Poly1305, whose speed does not hang on a processor's instructions
_loading = threading.Lock()  # loaded twice it would stand upon itself
_READER_CACHE_KIB = 1024  # times the pool; the operating system caches the file anyway


class Opening(Value):
    """How the file is opened; the defaults are what every node uses.

    vfs          name of a registered SQLite VFS, which then has no checksums over it; None for the system's, with them
    key          what the pages are encrypted with; None: they are in the clear
    busy_milliseconds  how long to wait for another program that holds the file
    synchronous  FULL; anything less loses acknowledged writes, which the fault tests prove with OFF
    """

    vfs: str | None = None
    key: StoreKey | None = None
    synchronous: str = "FULL"
    busy_milliseconds: int = _BUSY_MILLISECONDS


def open_writer(path: Path, opening: Opening) -> Connection:
    """Open, and if need be create, the file for writing; raises Damaged or another StorageError."""
    with translated():
        connection = _connected(str(path), opening)
        connection.set_busy_timeout(opening.busy_milliseconds)
        # Both before the first table is made, or they have no effect; and the place of the checksums first of all.
        if opening.vfs is None and opening.key is None:
            connection.reserve_bytes(reserve=CHECKSUM_BYTES)
        if connection.execute("PRAGMA auto_vacuum").fetchall() != [(_INCREMENTAL,)]:  # set again, it would write a page
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {opening.synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
        connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
        return connection


def open_reader(path: Path, opening: Opening) -> Connection:
    """Open an existing file for reading alone."""
    with translated():
        connection = _connected(str(path), opening)
        connection.set_busy_timeout(opening.busy_milliseconds)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
        return connection


def open_frozen(path: Path, opening: Opening) -> Connection:
    """Open a file as it lies there, without its log, leaving no trace beside it; for a file nobody writes."""
    with translated():
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        connection = _connected(f"{path.absolute().as_uri()}?immutable=1", opening, flags)
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection


def frames_in_log(connection: Connection) -> int:
    """How many frames of the write-ahead log SQLite goes by; nothing is moved."""
    with translated():
        return connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)[0]


def close(connection: Connection) -> None:
    """Move the write-ahead log into the file, and close.

    A disk that refuses just then costs nothing: the log holds everything, and the next start reads it.
    """
    with suppress(apsw.Error):
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    with suppress(apsw.Error):
        connection.close(True)


def copy_snapshot(source: Connection, target: Path, key: StoreKey | None) -> None:
    """Copy a file as it stands at this moment, page by page, while others write; not yet flushed.

    Not by VACUUM INTO: cksumvfs learns from a new file's first page that there are checksums, and what is written
    of the file before that page would have none.

    key  what the copy is encrypted with; None for a copy in the clear, if the source is
    """
    with translated(), closing(_connected(str(target), Opening(key=key))) as copy:
        copy.reserve_bytes(reserve=source.reserve_bytes())
        copy.execute("PRAGMA auto_vacuum = INCREMENTAL")
        copy.execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; CREATE TABLE first_page (one INTEGER)")
        with copy.backup("main", source, "main") as copying:
            while not copying.done:
                copying.step(-1)


def copy_encrypted(source: Connection, target: Path, key: StoreKey) -> None:
    """Write an encrypted copy of what `open_frozen` opened, in the clear or with another key; not yet flushed.

    The code behind each page needs more room than a checksum, so no page can be taken over as it is.
    """
    pragmas = f"vfs={_enciphering(Opening())}&cipher={_CIPHER}&key={_raw(key)}"
    try:
        with translated():
            source.execute("VACUUM INTO ?", (f"{target.absolute().as_uri()}?{pragmas}",), can_cache=False)
    except (StorageError, apsw.Error) as error:  # SQLite names what it could not open, and the key is in that name
        kind = type(error) if isinstance(error, StorageError) else StorageError
        raise kind(str(error).replace(_raw(key), "…")) from None


def abandon(connection: Connection) -> None:
    """Close a file that was only looked at, and leave file and log as they were found."""
    with suppress(apsw.Error):
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        connection.close(True)


@contextmanager
def translated() -> Iterator[None]:
    """Raise SQLite's complaints about disk and file as ours; errors in our SQL stay what they are."""
    try:
        yield
    except apsw.FullError as error:
        raise DiskFull(f"The disk is full: {error}") from error
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise Damaged(f"The store's file is damaged: {error}") from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise StoreLocked(f"Another program holds the store's file: {error}") from error
    except apsw.IOError as error:
        if getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_DATA:
            raise Damaged("The store's file is damaged: a page is not what was written") from error
        raise StorageError(f"The disk refused: {error}") from error
    except (apsw.CantOpenError, apsw.ReadOnlyError) as error:
        raise StorageError(f"The disk refused: {error}") from error


_ANYHOW = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE


def _connected(address: str, opening: Opening, flags: int = _ANYHOW) -> Connection:
    key = opening.key
    vfs = (opening.vfs or _checking_vfs()) if key is None else _enciphering(opening)
    connection = apsw.Connection(address, flags, vfs=vfs)
    if key is not None:
        connection.execute(f"PRAGMA cipher = '{_CIPHER}'")
        connection.execute(f"PRAGMA key = '{_raw(key)}'", can_cache=False)
    # A statement's way is chosen once, and not anew for each value it is run with: the file has no statistics of its
    # values, and to choose took longer than to run.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
    return connection


def _raw(key: StoreKey) -> str:
    """A key as the cipher takes it; what it calls the salt stands at the head of the file, and salts no raw key."""
    return f"raw:{key.raw.hex()}{key.head.hex()}"


def _enciphering(opening: Opening) -> str:
    below = opening.vfs or _system_vfs()
    return below if below.startswith(_CIPHERING) else _CIPHERING + below


@cache
def _system_vfs() -> str:
    """What was the default when first a file was opened."""
    return str(apsw.vfs_names()[0])


def _checking_vfs() -> str:
    """The VFS that writes and looks at checksums, over what was the default when first it was asked for."""
    with _loading:
        _system_vfs()
        if _CHECKING not in apsw.vfs_names():
            with closing(apsw.Connection(":memory:")) as connection:
                apsw.sqlite_extra.load(connection, "cksumvfs")
    return _CHECKING
