"""Carrying intents to the CouchDB, in their order, by one thread that never gives up.

    make      databases that are not there yet
    put       `_bulk_docs` with `new_edits=false`: twice is as good as once
    finish    the intents go, waiting readers and followers are told

A crash between any two of these repeats a step and loses nothing. What the server will not take, or fails
over while it takes others, stays, with its reason, and holds up nothing behind it.

Must not know: what the documents are.
"""

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby

from sync.errors import Forbidden, NotFound, ProtocolError, Refused, SyncError, Unauthorized
from sync.outbox.address import CouchAddress
from sync.outbox.administration import Administration
from sync.outbox.connections import Connection, trouble_of
from sync.outbox.foresight import Ticks
from sync.outbox.reach import Reach
from sync.outbox.standing import read_intent
from sync.store.engine import Engine
from sync.store.ledger.intents import Intent, finish, newest_intent, next_intents, try_again
from sync.store.ledger.kept_elsewhere import note_made, one_made, unmade
from sync.store.transaction import Transaction
from sync.values.traces import trace_of

# One request: well below any limit of CouchDB's, and little memory.
_MOST, _MOST_BYTES = 200, 4 << 20
# After a failure: soon, for most are a restart of the CouchDB, and then no rarer than a person would look.
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.2, 10.0

# Of documents over which the server fails so many are tried one by one; where none gets there it is the server.
_MOST_SUSPECTED = 20
# What it failed over may have been a moment's trouble of its own: it is offered again, whether or not more is written.
DOUBTED_SECONDS = 600.0
_PROBE = "yizhan-outbox"  # a local document, which nobody lists and nothing replicates
_FAILED = "the server fails over it"  # what it says itself then may quote the document

_log = logging.getLogger(__name__)


class Delivery:
    """Delivers from `start` to `stop`; guards the count of rounds that others wait for."""

    def __init__(
        self,
        engine: Engine,
        address: CouchAddress,
        owner: str,
        *,
        reach: Reach,
        ticks: Ticks,
        timeout_seconds: float,
        doubted_seconds: float = DOUBTED_SECONDS,
    ) -> None:
        """doubted_seconds: after so long what the server failed over is offered again."""
        self._engine = engine
        self._address = address
        self._owner = owner
        self._reach = reach
        self._ticks = ticks
        self._administration = Administration(address)
        self._administering = threading.Lock()
        self._connection = Connection(address, timeout_seconds)
        self._turn = threading.Condition()
        self._asked = self._begun = self._ended = 0
        self._doubted_seconds = doubted_seconds
        self._doubted_since: float | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="yizhan-outbox", daemon=True)

    def start(self) -> None:
        """Begin; what earlier lives of this process left is delivered first."""
        self.kick()
        self._thread.start()

    def kick(self) -> None:
        """There is something to deliver."""
        with self._turn:
            self._asked += 1
            self._turn.notify_all()

    def settle(self, *, timeout_seconds: float) -> bool:
        """Wait until all that is written by now was offered to the server; False while it is away or too slow."""
        deadline = time.monotonic() + timeout_seconds
        with self._turn:
            self._asked += 1
            wanted = self._begun + 1
            self._turn.notify_all()
            while self._ended < wanted:
                left = deadline - time.monotonic()
                if left <= 0 or self._stopping or self._reach.trouble():
                    return False
                self._turn.wait(left)
            return not self._reach.trouble()

    def destroy(self, name: str) -> None:
        """Remove a database from the server."""
        with self._administering:
            self._administration.destroy(name)

    def stop(self, *, timeout_seconds: float) -> None:
        """Deliver what waits, if the server takes it within so long, and end."""
        self.settle(timeout_seconds=timeout_seconds)
        with self._turn:
            self._stopping = True
            self._turn.notify_all()
        self._thread.join()
        self._connection.transport.close()

    def _run(self) -> None:
        pause = 0.0
        while self._wait(pause):
            try:
                self._round()
                pause = 0.0
            except SyncError as error:
                trouble = trouble_of(error)
                if self._reach.down(trouble):
                    _log.warning("documents wait for %s: %s", self._address.shown, error.reason)
                pause = min(max(pause * 2, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
            except Exception as fault:
                # A thread that ended here would keep everything waiting until a restart. The message is left
                # out: it may quote a record.
                _log.error("delivering failed: %s\n%s", type(fault).__name__, trace_of(fault))
                pause = _LONGEST_PAUSE_SECONDS
            with self._turn:
                self._ended = self._begun
                self._turn.notify_all()

    def _wait(self, pause: float) -> bool:
        """Wait until there is something to do, or after a failure for a while; False when it is time to end."""
        with self._turn:
            if pause:
                self._turn.wait_for(lambda: self._stopping, pause)
            else:
                self._turn.wait_for(
                    lambda: self._stopping or self._asked or not self._reach.is_up(), self._until_again()
                )
            self._asked = 0
            self._begun += 1
            return not self._stopping

    def _until_again(self) -> float | None:
        """Seconds until what the server failed over is offered again; None where there is nothing of the kind."""
        if self._doubted_since is None:
            return None
        return max(0.0, self._doubted_since + self._doubted_seconds - time.monotonic())

    def _round(self) -> None:
        """Everything that was written when the round began; raises SyncError when the server is away."""
        last = self._engine.read(newest_intent)
        if not self._reach.is_up():
            self._recognise()
        elif self._until_again() == 0.0:
            self._doubted_since = None
            self._engine.write(try_again)
        for name in self._engine.read(unmade):
            with self._administering:
                self._administration.make(name, self._owner)
            self._engine.write(partial(note_made, name=name))
        while batch := self._engine.read(
            lambda reader: next_intents(reader, up_to=last, most=_MOST, most_bytes=_MOST_BYTES)
        ):
            self._deliver(batch)

    def _recognise(self) -> None:
        """The server is back, or met for the first time: is it the one we know?"""
        with self._administering:
            self._administration.check()
            ours = self._engine.read(one_made)
            if ours is not None:
                self._administration.require_ours(ours, self._owner)
        self._engine.write(try_again)
        if self._reach.up():
            _log.info("the CouchDB at %s answers", self._address.shown)

    def _deliver(self, batch: Sequence[Intent]) -> None:
        refused: list[tuple[int, str]] = []
        # The sort keeps the order within each database; what one holds up is no matter of another's.
        by_database = sorted(batch, key=lambda one: one.database)
        for name, intents in groupby(by_database, key=lambda one: one.database):
            refused += self._put_or_blame(name, list(intents))
        # Before the rows go: whoever fetched earlier and finds no intent any more has to fetch again.
        for name, intents in groupby(by_database, key=lambda one: one.database):
            self._ticks.note(name, [one.id for one in intents])
        bad = {number for number, _ in refused}

        def work(tx: Transaction) -> None:
            finish(tx, [one.number for one in batch if one.number not in bad], refused)

        self._engine.write(work)
        self._engine.wakes.wake({one.database for one in batch})

    def _put_or_blame(self, name: str, intents: Sequence[Intent]) -> Iterable[tuple[int, str]]:
        """What `_put` says, also where the server fails over all there is of a few: if it takes something else.

        raises  the failure where it takes nothing, or fails over too many for them to be to blame
        """
        try:
            return self._put(name, intents)
        except ProtocolError:
            if len(intents) >= _MOST_SUSPECTED or not self._takes_another(name):
                raise
        self._doubted_since = time.monotonic()
        return self._refused(intents, _FAILED)

    def _takes_another(self, name: str) -> bool:
        """Whether the server writes into a database just now, whatever it makes of our documents."""
        try:
            self._connection.database(name).write_local(_PROBE, b"{}")
        except (ProtocolError, Refused):
            return False
        return True

    def _put(self, name: str, intents: Sequence[Intent]) -> Iterable[tuple[int, str]]:
        """Put documents of one database there; the numbers of those refused, and why."""
        try:
            outcomes = self._connection.database(name).graft([read_intent(one) for one in intents])
        except (Unauthorized, Forbidden):
            raise  # that is about us and not about these documents
        except NotFound:
            return self._refused(intents, "the database is not there any more")
        except Refused as error:
            if len(intents) == 1:
                return self._refused(intents, error.reason)
            return [bad for one in intents for bad in self._put_or_blame(name, [one])]
        except ProtocolError as error:
            if len(intents) == 1:
                raise
            return self._put_apart(name, intents, error)
        return [
            bad
            for one, outcome in zip(intents, outcomes, strict=True)
            if outcome.error is not None
            for bad in self._refused([one], outcome.error.reason)
        ]

    def _put_apart(self, name: str, intents: Sequence[Intent], failure: ProtocolError) -> Iterable[tuple[int, str]]:
        """Put one by one what the server failed over: where it takes some of them, the others are to blame.

        raises  the failure where it takes none: then nothing says that it is about these documents
        """
        refused: list[tuple[int, str]] = []
        failed: list[Intent] = []
        is_any_taken = False
        for one in intents:
            bad = self._put_one(name, one)
            if bad is None:
                failed.append(one)
                if not is_any_taken and len(failed) == _MOST_SUSPECTED:
                    break
            else:
                refused += bad
                is_any_taken = is_any_taken or not bad
        if not is_any_taken:
            raise failure
        for one in failed:  # once more: it may have been the server's trouble, which has passed in between
            bad = self._put_one(name, one)
            refused += self._refused([one], _FAILED) if bad is None else bad
            self._doubted_since = time.monotonic()
        return refused

    def _put_one(self, name: str, intent: Intent) -> Sequence[tuple[int, str]] | None:
        """What `_put` says of one document; None where the server failed over it."""
        try:
            return list(self._put(name, [intent]))
        except ProtocolError:
            return None

    def _refused(self, intents: Sequence[Intent], reason: str) -> list[tuple[int, str]]:
        for one in intents:
            _log.error("the CouchDB refuses a document of %s: %s", one.database, reason[:200])
        return [(one.number, reason) for one in intents]
