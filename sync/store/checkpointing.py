"""Moving the write-ahead log into the file beside the writer, so that nobody's commit pays for it.

SQLite left alone does it within the commit that makes the log long: two more flushes, and on a village's
hard disk a tenth of a second, for whoever happens to write then. Here a thread of its own does it, on a
connection of its own, while the writer goes on; SQLite allows that (a passive checkpoint). It waits for four times
the log that SQLite would: applications touch the same pages again and again, and of a longer log half as many are
written into the file, and flushed a quarter as often, while others wait for the same disk.

While others keep writing, such a checkpoint never quite catches up, and only a log that was caught up with
is begun anew. So a log that has grown beyond all patience is finished by the writer, which has little left to do;
it does so when it has answered those it wrote for, and before it takes on the next. It still costs whoever comes then
two flushes, and a third to begin the log anew, so patience is long, 128 MB of log: one application in three hundred at
the busiest, and hardly ever one in the field, where every pause of a few flushes lets the checkpoint catch up.
Nor is a log begun anew that somebody reads; where readers never cease, they are held back for a moment.

A log that is begun anew keeps its room while much is written, for to give it back and to ask for it again is work for
the disk, within the commit of whoever writes then: 10 to 30 ms. It gives it back where a log lasts for longer.

Must not know: tables, what is written.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from time import monotonic

import apsw

from sync.errors import StoreLocked
from sync.store.connection import LOG_BYTES, Connection, close, translated

_PAGES = 4000  # 16 MB of log
_PAGES_BEYOND_PATIENCE = 8 * _PAGES
_PAGES_THAT_READERS_HOLD = 10 * _PAGES
_LASTING_SECONDS = 10.0  # a log begun anew sooner than that after the one before keeps the room it has
_HELD_BACK_SECONDS = 2.0  # readers wait so long at the most, and hardly ever; those of a longer read are let be

Hold = Callable[[float], AbstractContextManager[bool]]

_log = logging.getLogger(__name__)


class Checkpointer:
    """Looks after the log of the connections it watches, from construction to `close`."""

    def __init__(
        self, open_connection: Callable[[], Connection], hold_readers: Hold, *, now: Callable[[], float] = monotonic
    ) -> None:
        """Begin.

        open_connection  gives a connection that may write; it is opened when it is first needed
        hold_readers     see `Readers.held_back`
        now              seconds of a clock
        """
        self._open = open_connection
        self._hold_readers = hold_readers
        self._now = now
        self._wanted = threading.Event()
        self._watched: Connection | None = None
        self._pages = 0  # of the log, as of the last commit
        self._pages_to_want = _PAGES
        self._almost_moved = False  # a log beyond patience was moved, but for what was written meanwhile
        self._begun_at = now()  # the log, anew
        self._keeps_room = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="yizhan-checkpoint", daemon=True)
        self._thread.start()

    def watch(self, connection: Connection) -> None:
        """Look after the log that a writing connection makes; SQLite then leaves that to us."""
        self._watched = connection
        connection.set_wal_hook(self._grown)

    def relieve(self) -> None:
        """Say whether the log is to keep its room, and finish one that has grown beyond patience.

        Called by the writer while nobody waits for an answer of it.
        """
        if self._watched is None:
            return
        with suppress(apsw.Error):
            self._keep_room(self._watched, keep=self._now() - self._begun_at < _LASTING_SECONDS)
            if self._almost_moved:
                self._almost_moved = False
                self._watched.wal_checkpoint()

    def want(self) -> None:
        """Have the log moved into the file, without waiting for it."""
        self._wanted.set()

    def close(self) -> None:
        """End, after the checkpoint under way."""
        self._closed = True
        self._wanted.set()
        self._thread.join()

    def _grown(self, connection: Connection, database: str, pages: int) -> int:
        """Called by SQLite within a commit that is on disk already: nothing that fails here may fail it."""
        if pages < self._pages:  # it was begun anew
            self._pages_to_want = _PAGES
            self._begun_at = self._now()
        self._pages = pages
        if pages >= self._pages_to_want:
            self._pages_to_want = pages + _PAGES
            self._wanted.set()
        return int(apsw.SQLITE_OK)

    def _run(self) -> None:
        connection: Connection | None = None
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._closed:
                break
            try:
                with translated():
                    connection = connection or self._open()
                    pages, _ = connection.wal_checkpoint()
                    self._almost_moved = pages >= _PAGES_BEYOND_PATIENCE
                    if pages >= _PAGES_THAT_READERS_HOLD:
                        self._begin_anew(connection)
            except StoreLocked:
                pass  # the writer is at it itself, or a backup is
            except Exception:
                # A disk that refuses is told to whoever writes next; the log keeps everything until then.
                _log.warning("the log could not be moved into the file; it is tried again as the log grows")
                if connection is not None:
                    close(connection)
                connection = None
        if connection is not None:
            close(connection)

    def _keep_room(self, connection: Connection, *, keep: bool) -> None:
        """Whether the log keeps the room it has when it is begun anew."""
        if keep != self._keeps_room:
            connection.execute(f"PRAGMA journal_size_limit = {-1 if keep else LOG_BYTES}")
            self._keeps_room = keep

    def _begin_anew(self, connection: Connection) -> None:
        """Finish the log while nobody reads it, so that the next write begins it anew."""
        with self._hold_readers(_HELD_BACK_SECONDS) as alone:
            if alone:
                connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_RESTART)
