"""The engine: one file, one owner process, one thread that writes, a few connections that read.

Must not know: HTTP, stations, what the tables mean.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from sync.errors import StorageError
from sync.store.building import Building
from sync.store.checkpointing import Checkpointer
from sync.store.connection import (
    FILE_NAME,
    Connection,
    Opening,
    abandon,
    close,
    frames_in_log,
    open_frozen,
    open_writer,
)
from sync.store.database import EmbeddedDatabase
from sync.store.databases import EmbeddedDatabases
from sync.store.dropping import forget_uploads
from sync.store.key_folder import KeyFolder
from sync.store.lending import Lending
from sync.store.lock import OwnerLock
from sync.store.log import index_of, is_at_rest, require_whole
from sync.store.migrations import migrate, require_known
from sync.store.readers import Readers
from sync.store.transaction import Reader, Transaction
from sync.store.unlocking import opening_of
from sync.store.upkeep import Upkeep
from sync.store.wakes import Wakes
from sync.store.writer import Writer

T = TypeVar("T")

_SYSTEM_OPENING = Opening()


class Engine:
    """A data directory, owned from `open` to `close`; also a context manager."""

    def __init__(self, directory: Path, lock: OwnerLock, connection: Connection, opening: Opening) -> None:
        """Use `open`: this takes over a lock and an up-to-date connection."""
        path = directory / FILE_NAME
        self.opening = opening
        self._directory = directory
        self._lock = lock
        self._wakes = Wakes()
        self._building = Building()
        self._readers = Readers(path, opening)
        self._checkpointer = Checkpointer(partial(open_writer, path, opening), self._readers.held_back)
        self._checkpointer.watch(connection)
        self._writer = Writer(
            connection,
            partial(self._reopen, path, opening),
            self._wakes,
            when_refused=self._refused,
            when_answered=self._checkpointer.relieve,
        )
        self._lending = Lending()
        self._upkeep = Upkeep(
            self._readers.run,
            self._writer.run,
            move_log=self._checkpointer.want,
            in_trouble=self._in_trouble,
            being_read=self._lending.runs,
        )
        self._databases = EmbeddedDatabases(self)
        with suppress(StorageError):  # a disk that is full at the start may be read all the same
            self._writer.run(forget_uploads)
        self._upkeep.start()

    @classmethod
    def open(cls, directory: Path | str, *, opening: Opening = _SYSTEM_OPENING, keys: KeyFolder | None = None) -> Self:
        """Take the directory, making it if need be, and bring its file up to date.

        opening  how a file is opened; its key is for a file that is to be made
        keys     where the key of an encrypted file is; None where there is none to be had
        raises   StoreLocked when another process owns it, KeyMissing, NewerStore, Damaged, or another StorageError
        """
        directory = Path(directory)
        try:
            # Citizens' records: nobody else on the machine has any business in there.
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"The data directory cannot be made: {error}") from error
        with ExitStack() as undone_on_failure:
            lock = OwnerLock(directory)
            undone_on_failure.callback(lock.release)
            opening = opening_of(directory / FILE_NAME, keys, opening)
            connection = _opened(directory / FILE_NAME, opening)
            undone_on_failure.pop_all()
        return cls(directory, lock, connection, opening)

    @property
    def directory(self) -> Path:
        """The data directory."""
        return self._directory

    @property
    def databases(self) -> EmbeddedDatabases:
        """Every database in the file (`sync.database.Databases`)."""
        return self._databases

    @property
    def upkeep(self) -> Upkeep:
        """What is done in the background: compaction, sweeping, forgetting."""
        return self._upkeep

    @property
    def trouble(self) -> StorageError | None:
        """Why nothing can be written just now; None when it can. It passes by itself once the cause is gone."""
        return self._writer.trouble

    @property
    def lending(self) -> Lending:
        """Which runs of pieces are being read, and so stay for now."""
        return self._lending

    @property
    def wakes(self) -> Wakes:
        """Where to wait for changes."""
        return self._wakes

    @property
    def building(self) -> Building:
        """Whose turn it is to bring an index on."""
        return self._building

    def database(self, name: str) -> EmbeddedDatabase:
        """A database by name; whether it exists shows when it is used."""
        return EmbeddedDatabase(self, name)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run work in the writer thread, grouped with others into one flush.

        returns  what the work returned, once it is on disk
        raises   what the work raised, with that work alone undone; DiskFull or another StorageError
                 when the disk refused, with nothing written (writing resumes once the cause is gone);
                 RuntimeError when called from within work: pass the transaction on instead
        """
        result = self._writer.run(work)
        self._upkeep.notice()
        return result

    def patiently(self) -> AbstractContextManager[None]:
        """What this thread writes while the block runs is in no hurry: it waits a moment for a flush others need."""
        return self._writer.patiently()

    def post(self, work: Callable[[Transaction], object]) -> None:
        """Have work written some time soon, without waiting; it is dropped when the store closes first."""
        self._writer.post(work)

    def read(self, work: Callable[[Reader], T]) -> T:
        """Run work over one unchanging snapshot; never waits for writers.

        From within `write`'s work it sees what that transaction has written so far.
        """
        transaction = self._writer.transaction_of_this_thread()
        return work(transaction) if transaction is not None else self._readers.run(work)

    def look(self, work: Callable[[Reader], T]) -> T:
        """`read` for work that asks one statement, at less than half its price."""
        transaction = self._writer.transaction_of_this_thread()
        return work(transaction) if transaction is not None else self._readers.look(work)

    def is_writing(self) -> bool:
        """Whether this thread is within `write`'s work, where nothing may be written by another `write`."""
        return self._writer.transaction_of_this_thread() is not None

    def elsewhere(self) -> None:
        """Nothing of this node's is outside its directory (`sync.store.documents.Documents`)."""

    def close(self) -> None:
        """Finish what is queued, move the log into the file, and give the directory free."""
        try:
            self._wakes.close()
            self._upkeep.close()
            self._readers.close()
            self._checkpointer.close()
            self._writer.close()
        finally:
            self._lock.release()

    def _refused(self) -> None:
        self._upkeep.watch_for_recovery()

    def _in_trouble(self) -> bool:
        return self._writer.trouble is not None

    def _reopen(self, path: Path, opening: Opening) -> Connection:
        connection = open_writer(path, opening)
        self._checkpointer.watch(connection)
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _opened(path: Path, opening: Opening) -> Connection:
    """The file, looked at before anything is written: what is refused is left as it was, to the byte."""
    if path.exists() and is_at_rest(path):
        with closing(open_frozen(path, opening)) as frozen:
            require_known(frozen)
    index_was_there = index_of(path).exists()
    connection = open_writer(path, opening)
    try:
        require_whole(path, frames_in_log(connection))
        require_known(connection)
    except BaseException:
        abandon(connection)
        if not index_was_there:
            index_of(path).unlink(missing_ok=True)
        raise
    try:
        migrate(connection)
    except BaseException:
        close(connection)
        raise
    return connection
