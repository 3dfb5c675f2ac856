"""The run to the node above: enrol, exchange, records both ways, then photos up, then receipts.

    exchange ──► what they hold, and where their databases stand
    records      push what we changed, pull what they changed; merge what met
    photos       behind every record
    exchange ──► receipts for what was pushed

When the exchange says that nothing moved on either side, that one round trip is the whole run. A
broken link raises; everything carried before it stays carried, and the next run goes on there.

Must not know: when it is run, screens, HTTP beyond the parts it was given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.custody.taking import take
from sync.database import Database
from sync.errors import NotFound, ProtocolError, SyncError, Unauthorized
from sync.node.enrolment import enrol, relay
from sync.node.heard_time import note_heard_time
from sync.node.holding import account_for
from sync.node.marks import Marks
from sync.node.node import Node
from sync.node.sharing import held_stations, home_databases, shared_with_parent
from sync.node.signing import RequestSigner
from sync.node.statements import is_cursor, is_page, own_of, pinned_centre, statements_for_parent
from sync.node.tending import tend
from sync.records.ids import PUBLIC, blobs_database, station_database
from sync.remote.database import RemoteDatabase
from sync.remote.peer import RemotePeer
from sync.remote.traffic import Traffic
from sync.remote.transport import Transport
from sync.replication.replicate import Replicator
from sync.replication.report import Options, Report
from sync.store.ledger.contacts import contact, note_contact, note_error
from sync.store.transaction import Transaction
from sync.values.statements import Answer, Offer

UPSTREAM = "upstream"
# After so many exchanges in one run something keeps changing; the next run will take it.
_MOST_ROUNDS = 4
_WORTH_NOTING_MS = 60_000

# (up or down, database, the report so far)
Progress = Callable[[str, str, Report], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run did.

    carried  documents that arrived, up and down
    refused  (database, document id, reason) of those that were set aside
    traffic  what it cost
    """

    carried: int
    refused: tuple[tuple[str, str, str], ...]
    traffic: Traffic


@dataclass(slots=True)
class _Tally:
    """A run while it goes on."""

    progress: Progress
    stop: Stop
    carried: int = 0
    refused: list[tuple[str, str, str]] = field(default_factory=list)


class Upward:
    """The way from this node to the one above it; `run` is for one thread at a time."""

    def __init__(self, node: Node, *, timeout_seconds: float) -> None:
        if not node.identity.upstream:
            raise NotFound("本节点没有上级")
        self._node = node
        self._timeout_seconds = timeout_seconds
        self._signer = RequestSigner(node)
        self._doors = self._transport()
        self._couch = self._doors.within("couch")
        self._peer = RemotePeer(self._doors)
        self._replicators: dict[tuple[str, str], Replicator] = {}
        self._marks = Marks(node)

    def run(self, *, progress: Progress | None = None, stop: Stop | None = None) -> Run:
        """Bring everything up and down that either side lacks.

        progress  told of each replication as it goes
        stop      asked between batches; what is left is for the next run
        raises    LinkError when the link broke, Unauthorized when the node above does not know us
        """
        tally = _Tally(progress or _nobody, stop or _never)
        before = self._doors.traffic
        try:
            self._converse(tally)
        except SyncError as error:
            reason = error.reason
            self._node.write(lambda tx: note_error(tx, UPSTREAM, reason, now_ms=self._node.clock()))
            raise
        self._note_contact(tally)
        return Run(tally.carried, tuple(tally.refused), self._doors.traffic - before)

    def relay_enrolment(self, request: bytes) -> bytes:
        """Carry another station's enrolment request up, on a connection of its own, and keep what is answered.

        raises  what the node above answers, or LinkError
        """
        transport = self._transport()
        try:
            return relay(self._node, request, RemotePeer(transport).enrol)
        finally:
            transport.close()

    def close(self) -> None:
        """Close the connection."""
        self._doors.close()

    def _converse(self, tally: _Tally) -> None:
        if not enrol(self._node, self._peer.enrol):
            raise Unauthorized("本站尚未登记", remedy="请输入中心发放的注册码：yizhan edge enrol。")
        for _ in range(_MOST_ROUNDS):
            stations = held_stations(self._node)
            tend(self._node, stations)
            account_for(self._node, stations)
            answer, more = self._exchange()
            carried = self._carry(answer, tally)
            if tally.stop() or not (carried or more):
                return

    def _exchange(self) -> tuple[Answer, bool]:
        """One question and its answer, taken in; and whether either side has more to say already."""
        who = self._node.identity
        names = (PUBLIC, *home_databases(held_stations(self._node)))
        sent, heard = self._marks.sent(), self._marks.heard()
        statements, position = self._node.read(lambda reader: statements_for_parent(reader, who, sent=sent))
        offer = Offer(statements, heard, names)
        try:
            answer = self._peer.exchange(offer)
        except Unauthorized:
            # The node above may have started anew and take our counters for heard; once is enough to tell.
            self._signer.skip()
            answer = self._peer.exchange(offer)
        forgotten = self._take(answer, sent=position)
        return answer, forgotten or is_page(statements) or is_page(answer.statements)

    def _take(self, answer: Answer, *, sent: int) -> bool:
        """Take in what was said and how far that goes, all or nothing; whether nothing remembered holds any more."""
        if not is_cursor(answer.heard):
            raise ProtocolError("the answer to an exchange names no life and position")
        own, centre_key = own_of(self._node.identity), self._node.read(pinned_centre)
        if centre_key is None:
            raise NotFound("本站尚未登记")
        now_ms = self._node.clock()

        def work(tx: Transaction) -> bool:
            note_heard_time(tx, now_ms=now_ms, told_ms=answer.at_ms)
            taken = take(tx, own, answer.statements, centre_key=centre_key, now_ms=now_ms)
            return self._marks.note_exchange(tx, sent=sent, heard=answer.heard, fallen=bool(taken.fallen))

        forgotten = self._node.write(work)
        if forgotten:
            self._replicators.clear()
        return forgotten

    def _carry(self, answer: Answer, tally: _Tally) -> bool:
        """Carry both lanes; whether anything was carried."""
        before = tally.carried
        theirs = dict(answer.databases)
        homes = held_stations(self._node)
        for name in (PUBLIC, *(station_database(sid) for sid in homes)):
            if name in theirs:
                self._pull(name, theirs[name], tally)
        for name in (*(station_database(sid) for sid in homes), *(blobs_database(sid) for sid in homes)):
            if name in theirs:
                self._push(name, tally)
        return tally.carried > before

    def _pull(self, name: str, stands_at: str, tally: _Tally) -> None:
        if self._marks.pulled(name) == stands_at or tally.stop():
            return
        ours = shared_with_parent(self._node).open(name)
        if self._replicate("down", name, RemoteDatabase(self._couch, name), ours, tally):
            self._marks.note_pulled(name, stands_at)

    def _push(self, name: str, tally: _Tally) -> None:
        ours = self._node.documents.database(name)
        stands_at = ours.info().update_seq
        if self._marks.pushed(name) == stands_at or tally.stop():
            return
        if self._replicate("up", name, ours, RemoteDatabase(self._couch, name), tally):
            self._marks.note_pushed(name, stands_at)

    def _replicate(self, way: str, name: str, source: Database, target: Database, tally: _Tally) -> bool:
        """Replicate one way; whether it went through to its end. Raises LinkError and its kin."""
        replicator = self._replicators.get((way, name))
        if replicator is None:
            replicator = Replicator(source, target, options=self._options(way, name))
            self._replicators[(way, name)] = replicator
        report = replicator.run(progress=lambda so_far: tally.progress(way, name, so_far), stop=tally.stop)
        tally.carried += report.docs_written
        tally.refused += [(name, one.id, one.reason) for one in report.refused]
        report.checked()
        return not report.stopped

    def _options(self, way: str, name: str) -> Options:
        """Checkpoints hang on lives: what a restored node once knew is never trusted."""
        ours = f"{self._node.identity.life}/{name}"
        theirs = f"{self._marks.peer_life()}/{name}"
        return Options(source_identity=ours, target_identity=theirs) if way == "up" else Options(theirs, ours)

    def _note_contact(self, tally: _Tally) -> None:
        """An idle exchange a moment after the last is no news worth a write."""
        now_ms = self._node.clock()
        known = self._node.read(lambda reader: contact(reader, UPSTREAM))
        fresh = (
            known is not None and known.succeeded_ms is not None and abs(now_ms - known.succeeded_ms) < _WORTH_NOTING_MS
        )
        failing = known is not None and (known.failed_ms or 0) > (known.succeeded_ms or 0)
        if tally.carried or failing or not fresh:
            self._node.write(lambda tx: note_contact(tx, UPSTREAM, now_ms=now_ms))

    def _transport(self) -> Transport:
        upstream = self._node.identity.upstream
        return Transport(upstream, timeout_seconds=self._timeout_seconds, sign=self._sign)

    def _sign(self, method: str, target: str, body: bytes) -> dict[str, str]:
        return {"Authorization": self._signer.sign(method, target, body)}


def _nobody(way: str, name: str, report: Report) -> None:
    """Watches nothing."""


def _never() -> bool:
    return False
