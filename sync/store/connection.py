"""The only module that opens SQLite, and the one that turns its complaints into our errors.

What is decided here holds for every connection: write-ahead log, a flush before every commit
returns (`synchronous=FULL`), foreign keys, a small page cache (a station is an old PC).

Must not know: tables, databases, who writes.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import apsw

from sync.errors import Damaged, DiskFull, StorageError

Connection = apsw.Connection

FILE_NAME = "yizhan.sqlite"
_BUSY_MILLISECONDS = 10_000  # only a backup or a curious person with a shell ever holds the file
_WRITER_CACHE_KIB = 4096
_LOG_BYTES = 8 << 20  # the log is kept and reused; what a burst made it grow beyond this is given back
_READER_CACHE_KIB = 1024  # times the pool; the operating system caches the file anyway


@dataclass(frozen=True, slots=True)
class Opening:
    """How the file is opened; the defaults are what every node uses.

    vfs          name of a registered SQLite VFS, None for the system's; fault tests put one in between
    synchronous  FULL; anything less loses acknowledged writes, which the fault tests prove with OFF
    """

    vfs: str | None = None
    synchronous: str = "FULL"


def open_writer(path: Path, opening: Opening) -> Connection:
    """Open, and if need be create, the file for writing; raises Damaged or another StorageError."""
    with translated():
        connection = apsw.Connection(str(path), vfs=opening.vfs)
        connection.set_busy_timeout(_BUSY_MILLISECONDS)
        # Before the first table is made, or it has no effect.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {opening.synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
        return connection


def open_reader(path: Path, opening: Opening) -> Connection:
    """Open an existing file for reading alone."""
    with translated():
        connection = apsw.Connection(str(path), vfs=opening.vfs)
        connection.set_busy_timeout(_BUSY_MILLISECONDS)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
        return connection


def close(connection: Connection) -> None:
    """Move the write-ahead log into the file, and close.

    A disk that refuses just then costs nothing: the log holds everything, and the next start reads it.
    """
    with suppress(apsw.Error):
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    with suppress(apsw.Error):
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
    except (apsw.IOError, apsw.CantOpenError, apsw.ReadOnlyError, apsw.BusyError, apsw.LockedError) as error:
        raise StorageError(f"The disk refused: {error}") from error
