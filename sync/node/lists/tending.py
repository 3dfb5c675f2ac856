"""A node looks after its own databases: it merges what is in conflict, and lists and shelves what arrived.

It follows each home database from where it last stopped, so every change is looked at once, whichever
door it came through, and a start after a crash goes on where the disk stands. What this node
wrote itself was listed as it was written.

Must not know: who wrote the changes, or who reads the list.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from sync.errors import SyncError
from sync.node.lists.case_due import recount_due
from sync.node.lists.record_index import LISTING, index_record
from sync.node.lists.search_index import index_listed, index_shelf
from sync.node.node import Node
from sync.node.sharing import held_stations
from sync.records.ids import blobs_database, station_database
from sync.records.merge import merge_conflicts
from sync.store.documents import BoundDatabase
from sync.store.ledger.followed import followed_to, note_followed
from sync.store.transaction import Transaction
from sync.store.wakes import ANYTHING
from sync.values.changes import Changes
from sync.values.documents import Document, Wanted
from sync.values.heard_text import heard_text
from sync.values.traces import trace_of

_PAGE = 200
# Wakes come with every write; this is only for a start, and for what a failure left undone.
_LOOK_AGAIN_SECONDS = 60.0
# Where much is written one round follows another no sooner: it then looks at once at what came meanwhile.
_APART_SECONDS = 0.25
# After a storm all stations come back in the same minute: so long lists may stay behind what is here.
_LET_PASS_SECONDS = 10.0

# What odd values in a record make code raise that did not think of them; a full disk is none of these.
_UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

_log = logging.getLogger(__name__)


def tend(node: Node, stations: Iterable[str], *, is_ending: Callable[[], bool] = lambda: False) -> int:
    """Bring merges and lists of some stations up to date; returns how many changes were looked at.

    is_ending  asked before each page of changes: what is left is looked at after the next start
    """
    looked_at = 0
    for sid in sorted(stations):
        with node.upkeep:
            looked_at += _tend_station(node, sid, is_ending)
    return looked_at


def merge_arrived(node: Node, stations: Iterable[str]) -> None:
    """Merge what is in conflict in some stations' databases; lists are left to whoever tends the node."""
    for sid in sorted(stations):
        database = node.documents.database(station_database(sid))
        since, more = _listed_to(node, database), True
        while more:
            page = database.changes(since, limit=_PAGE)
            if conflicts := _conflicts_in(page):
                with node.upkeep:
                    merge_conflicts(database, conflicts)
            since, more = page.last_seq, len(page.results) == _PAGE


def _tend_station(node: Node, sid: str, is_ending: Callable[[], bool]) -> int:
    database = node.documents.database(station_database(sid))
    looked_at = 0
    while not is_ending():
        page = database.changes(_listed_to(node, database), limit=_PAGE)
        if not page.results:
            return looked_at
        merge_conflicts(database, _conflicts_in(page))
        node.write(_listing(node, database, page))
        looked_at += len(page.results)
    return looked_at


def _listing(node: Node, database: BoundDatabase, page: Changes) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        for found in database.read_in(tx, [Wanted(change.id) for change in page.results]):
            if isinstance(found, Document):
                _list_it(tx, found, now_ms=node.clock())
        note_followed(tx, LISTING, database.name, seq=page.last_seq)

    return work


def _list_it(tx: Transaction, found: Document, *, now_ms: int) -> None:
    """List one record; of one that was signed in a shape nobody foresaw it is logged, and the others are listed."""
    try:
        index_record(tx, found, now_ms=now_ms)
    except _UNFORESEEN:
        _log.exception("%s cannot be listed", heard_text(found.id))


def _listed_to(node: Node, database: BoundDatabase) -> str:
    return node.engine.look(lambda reader: followed_to(reader, LISTING, database.name))


def _conflicts_in(page: Changes) -> list[str]:
    return [change.id for change in page.results if len(change.leaves) > 1]


class Caretaker:
    """Tends a node in a thread of its own, whatever was written to, until `stop`."""

    def __init__(self, node: Node, *, then: Callable[[frozenset[str], Callable[[], bool]], None]) -> None:
        """`then` is called with the stations whose records or photos changed, and with what says that all is ending."""
        self._node = node
        self._then = then
        self._seen: dict[str, tuple[int, int]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="caretaker", daemon=True)

    def start(self) -> None:
        """Begin, with every station once."""
        self._node.is_tended = True
        self._thread.start()

    def stop(self) -> None:
        """End, after the page of changes under way."""
        self._node.is_tended = False
        self._stop.set()
        self._node.documents.wakes.wake([LISTING])
        self._node.crowd.look_again()
        self._thread.join()

    def _run(self) -> None:
        with self._node.engine.patiently():
            self._look_after()

    def _look_after(self) -> None:
        wakes = self._node.documents.wakes
        while not self._stop.is_set():
            before, begun = wakes.count(ANYTHING), time.monotonic()
            try:
                self._node.catalogue.items()  # shelved now, so that nobody at the desk waits for it
                index_shelf(self._node.engine)
                index_listed(self._node.engine)
                recount_due(self._node)
                changed = self._changed()
                if changed:
                    self._tend(changed)
                    self._then(changed, self._stop.is_set)
            except SyncError as error:
                self._seen.clear()
                _log.error("tending failed: %s", error.reason)
            except Exception as fault:
                # A thread that ended here would leave lists and receipts standing still until a restart. The
                # message is left out: it may quote a record.
                self._seen.clear()
                _log.error("tending failed: %s\n%s", type(fault).__name__, trace_of(fault))
            wakes.wait(ANYTHING, before, timeout_seconds=_LOOK_AGAIN_SECONDS)
            self._stop.wait(begun + _APART_SECONDS - time.monotonic())

    def _tend(self, stations: frozenset[str]) -> None:
        """Station by station, and whoever is being answered goes first, for a while."""
        until = time.monotonic() + _LET_PASS_SECONDS
        for sid in sorted(stations):
            self._node.crowd.let_pass(seconds=until - time.monotonic(), is_ending=self._stop.is_set)
            tend(self._node, [sid], is_ending=self._stop.is_set)

    def _changed(self) -> frozenset[str]:
        """The stations written to since the last look; all of them at the first."""
        wakes = self._node.documents.wakes
        now = {
            sid: (wakes.count(station_database(sid)), wakes.count(blobs_database(sid)))
            for sid in held_stations(self._node)
        }
        changed = frozenset(sid for sid, counts in now.items() if self._seen.get(sid) != counts)
        self._seen = now
        return changed
