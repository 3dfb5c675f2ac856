"""The one thread that writes: what queued up while the disk flushed goes into the next flush together.

Each piece of work stands in a savepoint of its own, so one that fails undoes only itself. Nobody
hears of success before the group's commit, and with it the flush, has returned.

Whoever was just answered tends to ask again. A group that leaves without them makes them wait for two flushes, so it
waits for as many as were let go of last or had to stay behind then, while they keep coming.

What is in no hurry (books that are kept behind the answers) waits, for a few flushes after somebody was answered, for
work that is, and goes with it: on a disk of 15 ms it would otherwise keep a phone waiting for a flush that only the
books need. Where nobody was answered lately it waits for nobody.

Must not know: tables, databases, what the work does.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sync.errors import StorageError
from sync.store.connection import Connection, close, translated
from sync.store.transaction import Transaction
from sync.store.wakes import Wakes

T = TypeVar("T")

_GROUP_LIMIT = 200  # so that the first of a long queue does not wait for the last
# Shares of what the last commit took: so long nobody of those expected has to have come, and so long it is in all.
_SHARE_UNTIL_NEXT, _SHARE_UNTIL_LAST = 0.3, 2.0
_LONGEST_UNTIL_NEXT_SECONDS = 0.008
# After somebody was answered, what is in no hurry waits for company so many times as long as the last flush took.
_FLUSHES_WAITED, _LONGEST_LEISURE_SECONDS = 3.0, 0.1


class _Task:
    """One piece of work, and what became of it once `done` is released."""

    __slots__ = ("done", "error", "patient", "result", "transaction", "work")

    def __init__(self, work: Callable[[Transaction], Any], *, patient: bool) -> None:
        self.work = work
        self.patient = patient
        self.done = threading.Lock()
        self.done.acquire()
        self.result: Any = None
        self.error: BaseException | None = None
        self.transaction: Transaction | None = None


class Writer:
    """Owns the writing connection from construction to `close`."""

    def __init__(
        self,
        connection: Connection,
        reopen: Callable[[], Connection],
        wakes: Wakes,
        *,
        when_refused: Callable[[], None] = lambda: None,
        when_answered: Callable[[], None] = lambda: None,
    ) -> None:
        """Take over a connection.

        reopen         gives another when this one could not even roll back
        when_refused   called when the disk took nothing of a group, from the writer thread: it must be quick
        when_answered  called when all of a group have heard, from the writer thread, before the next group is begun
        """
        self._connection = connection
        self._reopen = reopen
        self._usable = True
        self._wakes = wakes
        self._when_refused = when_refused
        self._when_answered = when_answered
        self._queue: SimpleQueue[_Task | None] = SimpleQueue()
        self._stayed: deque[_Task | None] = deque()  # from the queue, and in no group yet
        self._gate = threading.Lock()
        self._closed = False
        self._current: Transaction | None = None
        self.trouble: StorageError | None = None  # why the last group could not be written; None when it could
        self._mood = threading.local()  # `patient` in threads that are in no hurry
        self._expected = 0  # in a hurry: let go of by the last commit with any, or left behind by it
        self._answered_at = 0.0  # when that was
        self._commit_seconds = self._flush_seconds = 0.0  # of the last one, and of its end alone
        self._thread = threading.Thread(target=self._run, name="yizhan-writer", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[Transaction], T]) -> T:
        """Run work in the writer thread; durable on return, undone on an exception.

        raises  what the work raised; a StorageError when the disk refused; RuntimeError from within work
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("write within write: pass the transaction on instead")
        task = _Task(work, patient=getattr(self._mood, "patient", False))
        self._put(task)
        task.done.acquire()
        if task.error is not None:
            raise task.error
        result: T = task.result
        return result

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """What this thread has run while the block runs is in no hurry."""
        self._mood.patient = True
        try:
            yield
        finally:
            self._mood.patient = False

    def post(self, work: Callable[[Transaction], object]) -> None:
        """Have work run some time soon, in no hurry; it is dropped when the store is closing."""
        with self._gate:
            if not self._closed:
                self._queue.put(_Task(work, patient=True))

    def transaction_of_this_thread(self) -> Transaction | None:
        """The transaction now running, when asked from within its work; otherwise None."""
        return self._current if threading.current_thread() is self._thread else None

    def close(self) -> None:
        """Finish what is queued, move the log into the file and close it."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        close(self._connection)

    def _put(self, task: _Task) -> None:
        with self._gate:
            if self._closed:
                raise StorageError("The store is closed", remedy="Open it again.")
            self._queue.put(task)

    def _run(self) -> None:
        last = False
        while not last:
            group, last = self._next_group()
            if group:
                self._commit(group)

    def _next_group(self) -> tuple[list[_Task], bool]:
        """Wait for work, and take with it what has queued up; the flag says that the store is closing."""
        group: list[_Task] = []
        hurried, first_at = 0, 0.0
        task = self._stayed.popleft() if self._stayed else self._queue.get()
        while task is not None:
            group.append(task)
            if len(group) == _GROUP_LIMIT:
                return group, False
            if not task.patient:
                hurried += 1
                first_at = first_at or time.monotonic()
            try:
                task = self._stayed.popleft() if self._stayed else self._queue.get_nowait()
            except Empty:
                left = self._patience(hurried, first_at)
                if left <= 0:
                    return group, False
                try:
                    task = self._queue.get(timeout=left)
                except Empty:
                    return group, False
        return group, True

    def _patience(self, hurried: int, first_at: float) -> float:
        """Seconds worth waiting for one more; so many of the group are in a hurry, the first of them since then."""
        if not hurried:
            leisure = min(_LONGEST_LEISURE_SECONDS, self._flush_seconds * _FLUSHES_WAITED)
            return self._answered_at + leisure - time.monotonic()
        if hurried >= self._expected:
            return 0.0
        until_next = min(_LONGEST_UNTIL_NEXT_SECONDS, self._commit_seconds * _SHARE_UNTIL_NEXT)
        return min(until_next, first_at + self._commit_seconds * _SHARE_UNTIL_LAST - time.monotonic())

    def _commit(self, group: list[_Task]) -> None:
        begun = time.monotonic()
        try:
            with translated():
                before = self._ready().total_changes()
                self._connection.execute("BEGIN IMMEDIATE")
                for task in group:
                    self._attempt(task)
                worked = time.monotonic()
                self._connection.execute("COMMIT")
                self._flush_seconds = time.monotonic() - worked
        except BaseException as error:
            self._abandon(group, error)
            if isinstance(error, StorageError):
                self.trouble = error
                self._when_refused()
        else:
            if self._connection.total_changes() != before:  # what writes nothing proves nothing
                self.trouble = None
            self._publish(group)
        ended = time.monotonic()
        self._commit_seconds = ended - begun
        if hurried := sum(not task.patient for task in group):
            self._expected, self._answered_at = hurried + self._left_behind(), ended
        for task in group:
            task.done.release()
        self._when_answered()

    def _left_behind(self) -> int:
        """How many in a hurry wait already."""
        with suppress(Empty):
            while True:
                self._stayed.append(self._queue.get_nowait())
        return sum(task is not None and not task.patient for task in self._stayed)

    def _ready(self) -> Connection:
        if not self._usable:
            close(self._connection)
            self._connection = self._reopen()
            self._usable = True
        return self._connection

    def _attempt(self, task: _Task) -> None:
        """Run one piece of work; raises only what ends the whole group."""
        self._current = transaction = Transaction(self._connection)
        self._connection.execute("SAVEPOINT work")
        try:
            with translated():
                task.result = task.work(transaction)
            task.transaction = transaction
        except BaseException as error:
            task.error = error
            transaction.end()
            if not self._connection.in_transaction:
                # A full or failing disk made SQLite roll back everything: the group is lost, and is told so.
                raise
            self._connection.execute("ROLLBACK TO work")
        finally:
            self._current = None
            transaction.end()
        self._connection.execute("RELEASE work")

    def _abandon(self, group: list[_Task], error: BaseException) -> None:
        """Undo a whole group; nothing may escape from here, or the thread and every writer would hang."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except Exception:
            logging.getLogger(__name__).exception("the connection could not roll back and is opened anew")
            self._usable = False
        for task in group:
            task.error = task.error or error

    def _publish(self, group: list[_Task]) -> None:
        touched: set[str] = set()
        for task in group:
            if task.transaction is None:
                continue
            touched |= task.transaction.touched
            for hook in task.transaction.hooks:
                try:
                    hook()
                except Exception:
                    # The work is on disk and its caller must hear so; this is the edge where it ends.
                    logging.getLogger(__name__).exception("a hook after commit failed")
        if touched:
            self._wakes.wake(touched)
