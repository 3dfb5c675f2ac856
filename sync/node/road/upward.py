"""The run to the node above: enrol, and exchange until neither side has more to say.

    exchange ──► what we say, and our records since the last time, told while they are read; then our photos
             ◄── what they hold now, receipts for it, and their records and catalogue since the last time

Where nothing is to be told on either side, that one round trip is the whole run. A database of which neither knows how
far the other is, after a restore, is compared first, by CouchDB's protocol, and told from there on. A broken link
raises; everything carried before it stays carried, and the next run first asks how far that was.

Must not know: when it is run, screens, HTTP beyond the parts it was given.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sync.errors import NotFound, SyncError, Unauthorized
from sync.messages import _
from sync.node.lists.tending import tend
from sync.node.meeting.calling import WayUp
from sync.node.meeting.enrolment import enrol, relay
from sync.node.node import Node
from sync.node.road.conversing import Conversing, Exchanged
from sync.node.road.failing import keep_failure
from sync.node.road.hearing import state_sightings
from sync.node.road.marks import Marks
from sync.node.road.photo_lane import PhotoLane
from sync.node.road.shut_lanes import shut_above
from sync.node.road.stating_misses import state_misses
from sync.node.road.tally import Progress, Stop, Tally
from sync.node.road.watching import Watch
from sync.node.sharing import UPSTREAM, held_stations
from sync.node.vouching.holding import account_for
from sync.records.ids import PUBLIC, blobs_database, station_database
from sync.remote.peer import RemotePeer
from sync.remote.traffic import Traffic
from sync.remote.transport import Transport
from sync.store.ledger.contacts import contact, note_contact
from sync.typed import Value

if TYPE_CHECKING:
    from sync.node.road.comparing import Comparing

# After so many exchanges in one run, those not counted that only go on with what is long, something keeps changing;
# the next run will take it.
_MOST_ROUNDS = 4
_WORTH_NOTING_MS = 60_000


class Run(Value):
    """What one run did.

    carried  documents that arrived, up and down
    refused  (database, document id, reason) of those that were set aside
    traffic  what it cost;  photo_bytes, about how much of what was sent was photos
    """

    carried: int
    refused: tuple[tuple[str, str, str], ...]
    traffic: Traffic
    photo_bytes: int = 0


class Upward:
    """From this node to the one above it; `run` is for one thread at a time."""

    def __init__(
        self, node: Node, *, timeout_seconds: float, allow_plain: bool = False, watch: Watch | None = None
    ) -> None:
        """watch: who looks on."""
        if not node.identity.upstream:
            raise NotFound(_("There is no node above this one"))
        self._node = node
        self._way = WayUp(node, timeout_seconds=timeout_seconds, allow_plain=allow_plain)
        self._doors = self._way.transport()
        self._asking: Transport | None = None  # while we ask to be enrolled
        self._peer = RemotePeer(self._doors)
        self._comparing: Comparing | None = None
        self._marks = Marks(node)
        self._watch = watch or Watch(now_ms=node.clock)
        self._conversing = Conversing(
            node, self._marks, self._peer, skip_counters=self._way.signer.skip, watch=self._watch
        )

    def run(
        self, *, progress: Progress | None = None, stop: Stop | None = None, photos: PhotoLane | None = None
    ) -> Run:
        """Bring everything up and down that either side lacks.

        progress  told of each replication by CouchDB's protocol as it goes; None for who watches
        stop      asked between batches; what is left is for the next run
        photos    their lane in this run; None for one that is open
        raises    LinkError when the link broke, Unauthorized when the node above does not know us, WrongPeer when it is
                  not a node above us, Forbidden when the way there is not one for people's data
        """
        tally = Tally(progress or self._watch.compared, stop or _never, photos or PhotoLane())
        before = self._doors.traffic
        try:
            with self._watch.run():
                self._converse(tally)
            self._note_contact(tally)
        except SyncError as error:
            keep_failure(self._node, error)
            raise
        traffic = self._doors.traffic - before + tally.traffic
        return Run(tally.carried, tuple(tally.refused), traffic, tally.photos.told_bytes)

    @property
    def heard_bytes(self) -> int:
        """What was heard from the node above so far, be it in runs that broke off."""
        return self._doors.traffic.bytes_received

    @property
    def answers(self) -> int:
        """How many exchanges the node above has answered so far."""
        return self._conversing.answers

    def relay_enrolment(self, request: bytes) -> bytes:
        """Carry another station's enrolment request up, on a connection of its own, and keep what is answered.

        raises  what the node above answers, or LinkError
        """
        self._way.require_safe()
        transport = self._way.transport()
        try:
            return relay(self._node, request, RemotePeer(transport).enrol)
        finally:
            transport.close()

    @property
    def way(self) -> WayUp:
        """How the node above is called, for who has another errand there."""
        return self._way

    def cut(self) -> None:
        """Break off the run under way, which then fails with LinkDown; another thread may call it."""
        for transport in (self._doors, self._asking):
            if transport is not None:
                transport.cut()

    def close(self) -> None:
        """Close the connection."""
        self._doors.close()

    def _converse(self, tally: Tally) -> None:
        self._way.require_safe()
        if not enrol(self._node, lambda request: self._ask_enrolment(request, tally)):
            remedy = _("Type the enrolment code that the centre gave: yizhan edge enrol.")
            raise Unauthorized(_("This station is not registered at the centre yet"), remedy=remedy)
        rounds = 0
        while rounds < _MOST_ROUNDS:
            stations = held_stations(self._node)
            tend(self._node, stations)
            account_for(self._node, stations)
            state_misses(self._node)
            state_sightings(self._node)
            tally.may_go = False
            exchanged = self._exchange(tally)
            # What it lost it says next, and before that is heard nothing is brought back: screens step back first.
            carried = not exchanged.forgotten and self._carry(exchanged.positions, tally)
            if tally.stop() or not (carried or exchanged.more or tally.may_go):
                return
            rounds += not exchanged.goes_on

    def _ask_enrolment(self, request: bytes, tally: Tally) -> bytes:
        """Carry our own request up, through whatever hands: they learn nothing, and the answer proves whose it is."""
        transport = self._asking = self._way.unrecognised()
        try:
            return RemotePeer(transport).enrol(request)
        finally:
            self._asking = None
            tally.traffic += transport.traffic
            transport.close()

    def _exchange(self, tally: Tally) -> Exchanged:
        exchanged = self._conversing.exchange(stop=tally.stop, photos=tally.photos)
        if exchanged.forgotten and self._comparing is not None:
            self._comparing.forget()
        tally.carried += exchanged.told + exchanged.heard
        tally.refused += [(one.name, one.id, one.reason) for one in (*exchanged.set_aside, *exchanged.refused)]
        return exchanged

    def _carry(self, theirs: Mapping[str, str], tally: Tally) -> bool:
        """Compare the databases of which it is not known how far the other is; whether anything was carried."""
        before, held = tally.carried, held_stations(self._node)
        for name in (PUBLIC, *(station_database(sid) for sid in held)):
            if name in theirs and not self._is_told(name) and not tally.stop():
                self._comparer().compare(name, theirs[name], tally)
        shut = self._node.read(shut_above)
        for name in (blobs_database(sid) for sid in held):
            if name in theirs and name not in shut and not self._marks.pushed(name) and not tally.stop():
                self._comparer().push_photos(name, tally)
        return tally.carried > before

    def _is_told(self, name: str) -> bool:
        """Whether each side knows of the other how far it is with these records; nobody pushes what is public."""
        return bool(self._marks.pulled(name)) and (name == PUBLIC or bool(self._marks.pushed(name)))

    def _comparer(self) -> "Comparing":
        if self._comparing is None:
            # Here and not above: a station that was never restored never loads it (0.5 MB).
            from sync.node.road.comparing import Comparing

            self._comparing = Comparing(self._node, self._marks, self._doors)
        return self._comparing

    def _note_contact(self, tally: Tally) -> None:
        """An idle exchange a moment after the last is no news worth a write."""
        self._node.unkept_failure = None
        now_ms = self._node.clock()
        known = self._node.read(lambda reader: contact(reader, UPSTREAM))
        fresh = (
            known is not None and known.succeeded_ms is not None and abs(now_ms - known.succeeded_ms) < _WORTH_NOTING_MS
        )
        failing = known is not None and (known.failed_ms or 0) > (known.succeeded_ms or 0)
        if tally.carried or failing or not fresh:
            self._node.write(lambda tx: note_contact(tx, UPSTREAM, now_ms=now_ms))


def _never() -> bool:
    return False
