"""What a store does by itself when nobody asks: forgetting bodies no leaf needs, compaction, sweeping, moving the log.

One thread does it in slices through the writer, and rests after each for several times its length, so that
whoever writes meanwhile waits for one slice at most, seldom at all.

CouchDB keeps a replaced body until somebody compacts; nobody does on a village's PC. Here it goes some minutes
after it was replaced: long enough for whoever reads `?rev=` of what they just replaced. Replicators
ask for leaves. An idle store has nothing to forget and writes nothing.

Must not know: what the rows mean, HTTP.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from sync.errors import NotFound, SyncError
from sync.store.dropping import (
    compact_slice,
    forget_outgrown,
    give_pages_back,
    is_out_of_reach,
    spare_pages,
    sweep_slice,
)
from sync.store.place import find_place, sequences
from sync.store.purging import forget_old_purges
from sync.store.transaction import Reader, Transaction

T = TypeVar("T")
Read = Callable[[Callable[[Reader], Any]], Any]
Write = Callable[[Callable[[Transaction], Any]], Any]

GRACE_SECONDS = 300.0
_MOVE_SECONDS = 5.0  # the log has no checksums while it is read, so nothing stays in it for long
_PROBE_SECONDS = 2.0
_REST = 4.0  # lengths of the slice before: a fifth of the writer's time at most
_SHORTEST_REST_SECONDS = 0.002

_log = logging.getLogger(__name__)


class Upkeep:
    """Works from `start` to `close`."""

    def __init__(
        self,
        read: Read,
        write: Write,
        *,
        move_log: Callable[[], None],
        in_trouble: Callable[[], bool] = lambda: False,
        being_read: Callable[[], Collection[int]] = tuple,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """Work through these.

        write       must not come back as `notice`
        move_log    has the write-ahead log moved into the file, without waiting
        in_trouble  whether the disk refused what was written last
        being_read  runs of pieces that are not swept for now
        """
        self._read = read
        self._write = write
        self._move_log = move_log
        self._in_trouble = in_trouble
        self._being_read = being_read
        self._grace_seconds = grace_seconds
        self._wanted = threading.Event()
        self._settled = threading.Condition()
        self._to_compact: dict[str, float] = {}  # and since when, in the order they were asked for
        self._noticed = True  # the last run may have left something
        self._move_due: float | None = None
        self._forget_due: float | None = None
        self._probe_due: float | None = None
        self._bound = 0  # the sequence up to which is forgotten when it is due
        self._to_sweep = True
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="yizhan-upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._wanted.set()
        self._thread.start()

    def notice(self) -> None:
        """Something was written. Whatever is due for it may be due already; then nobody is woken for it."""
        if self._move_due is None or self._forget_due is None:
            self._noticed = True
            self._wanted.set()

    def watch_for_recovery(self) -> None:
        """The disk refused something: find out by oneself when it takes writes again."""
        if self._probe_due is None and self._in_trouble():
            self._probe_due = time.monotonic() + _PROBE_SECONDS
            self._wanted.set()

    def sweep(self) -> None:
        """Have removed what is out of reach: rows of destroyed databases, pieces of no content."""
        self._to_sweep = True
        self._wanted.set()

    def compact(self, name: str) -> None:
        """Have a database compacted, one after the other; asked for twice it is done once."""
        with self._settled:
            self._to_compact.setdefault(name, time.time())
        self._wanted.set()

    def is_compacting(self, name: str) -> bool:
        """Whether a compaction was asked for and has not ended."""
        with self._settled:
            return name in self._to_compact

    def await_compacted(self, name: str) -> None:
        """Wait until no compaction of a database is under way, or the store is closed."""
        with self._settled:
            self._settled.wait_for(lambda: name not in self._to_compact or self._closed.is_set())

    def compacting(self) -> Mapping[str, float]:
        """The databases of which that holds, and since when (wall time)."""
        with self._settled:
            return dict(self._to_compact)

    def close(self) -> None:
        """End after the slice under way; the rest is done when the store is opened again."""
        with self._settled:
            self._closed.set()
            self._settled.notify_all()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            self._wanted.wait(self._nap_seconds())
            self._wanted.clear()
            if self._closed.is_set():
                return
            self._do_what_was_asked()
            self._do_what_is_due()

    def _nap_seconds(self) -> float | None:
        due = [each for each in (self._move_due, self._forget_due, self._probe_due) if each is not None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _do_what_was_asked(self) -> None:
        if self._to_sweep:
            self._to_sweep = False
            self._attempt(self._sweep)
        while self._to_compact and not self._closed.is_set():
            name = next(iter(self._to_compact))
            self._attempt(partial(self._compact, name))
            with self._settled:
                del self._to_compact[name]
                self._settled.notify_all()

    def _do_what_is_due(self) -> None:
        now = time.monotonic()
        if self._noticed:
            self._noticed = False
            self._move_due = self._move_due or now + _MOVE_SECONDS
            if self._forget_due is None:
                self._forget_due, self._bound = now + self._grace_seconds, self._counter()
        if self._move_due is not None and now >= self._move_due:
            self._move_due = None
            self._move_log()
        if self._probe_due is not None and now >= self._probe_due:
            with suppress(SyncError):
                self._write(_probe)
            self._probe_due = now + _PROBE_SECONDS if self._in_trouble() else None
        if self._forget_due is not None and now >= self._forget_due:
            self._forget_due = None
            self._attempt(partial(self._forget, self._bound))
            if self._counter() != self._bound:
                self.notice()  # what was replaced meanwhile is due a grace later

    def _attempt(self, chore: Callable[[], None]) -> None:
        """Do a chore; what hinders it is said once, and it is tried again after the next write or request."""
        try:
            chore()
        except Exception as error:
            if self._closed.is_set():
                return
            if not isinstance(error, SyncError):
                _log.exception("upkeep of the store failed")
                return
            _log.warning("upkeep of the store was put off: %s", error.reason)
            self.notice()

    def _counter(self) -> int:
        with suppress(SyncError):
            return int(self._read(sequences).counter)
        return 0

    def _forget(self, bound: int) -> None:
        if self._read(lambda reader: reader.one("SELECT 1 FROM outgrown WHERE seq <= ? LIMIT 1", (bound,))):
            self._in_slices(lambda tx: forget_outgrown(tx, bound))
        self._sweep()
        if self._read(spare_pages):
            self._in_slices(lambda tx: bool(spare_pages(tx)) and give_pages_back(tx))

    def _sweep(self) -> None:
        if self._read(is_out_of_reach):
            self._in_slices(self._sweep_slice)
            self._in_slices(give_pages_back)

    def _sweep_slice(self, tx: Transaction) -> bool:
        return sweep_slice(tx, being_read=self._being_read())

    def _compact(self, name: str) -> None:
        with suppress(NotFound):  # destroyed meanwhile
            self._write(lambda tx: forget_old_purges(tx, find_place(tx, name)))
            after: int | None = 0

            def slice_(tx: Transaction) -> bool:
                nonlocal after
                after = compact_slice(tx, find_place(tx, name), after or 0)
                return after is not None

            self._in_slices(slice_)
            self._in_slices(self._sweep_slice)
            self._in_slices(give_pages_back)
            self._move_log()

    def _in_slices(self, slice_: Callable[[Transaction], bool]) -> None:
        """Write slice after slice while there is more, resting in between.

        What counts is how long the slice took, and not how long it waited for its turn: or the busier the store
        is, and the more there is to drop, the less would be dropped.
        """
        while not self._closed.is_set():
            more, seconds = self._write(partial(_timed, slice_))
            if not more:
                return
            self._closed.wait(max(_SHORTEST_REST_SECONDS, seconds * _REST))


def _timed(slice_: Callable[[Transaction], bool], tx: Transaction) -> tuple[bool, float]:
    """What a slice says, and how long it took."""
    begun = time.monotonic()
    more = slice_(tx)
    return more, time.monotonic() - begun


def _probe(tx: Transaction) -> None:
    """Write a page of the file anew, with the same in it."""
    tx.execute("UPDATE store SET update_seq = update_seq")
