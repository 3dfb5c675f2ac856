"""Databases of which it is not known how far the node above is: compared by CouchDB's protocol, told from there on.

So it is after a restore, on either side.

Must not know: when it is done, what is exchanged otherwise.
"""

from sync.database import Database
from sync.node.lanes import Lane, lane_of
from sync.node.node import Node
from sync.node.road.marks import Marks
from sync.node.road.retrying import keep_refused
from sync.node.road.tally import Stop, Tally
from sync.node.sharing import shared_with_parent
from sync.node.vouching.lost_photos import is_here
from sync.records.ids import PUBLIC
from sync.remote.database import RemoteDatabase
from sync.remote.transport import Transport
from sync.replication.replicate import Replicator
from sync.replication.report import Options
from sync.values.conversation import SetAside


class Comparing:
    """Between one node and the one above; one thread at a time."""

    def __init__(self, node: Node, marks: Marks, doors: Transport) -> None:
        self._node = node
        self._marks = marks
        self._doors = doors
        self._couch = doors.within("couch")
        self._replicators: dict[tuple[str, str], Replicator] = {}

    def forget(self) -> None:
        """Nothing that was remembered of the node above holds any more."""
        self._replicators.clear()

    def compare(self, name: str, stands_at: str, tally: Tally) -> None:
        """Ask what is lacking of records on either side; then it is known how far the other is.

        stands_at  how far the node above was with it when it said so last
        raises     LinkError and its kin
        """
        came_to_the_end = bool(self._marks.pulled(name)) or self._pull(name, tally)
        before = tally.carried
        if name != PUBLIC and not self._marks.pushed(name) and not tally.stop():
            self._push(name, tally, tally.stop)
        # What we have just pushed stands behind `stands_at`, and need not be told us from there on.
        if came_to_the_end and tally.carried == before and not self._marks.pulled(name):
            self._marks.note_pulled(name, stands_at)

    def push_photos(self, name: str, tally: Tally) -> None:
        """Bring up what photos are lacking, while their lane is open; where there are none yet, that is known then."""
        lane, counted = tally.photos, self._doors.traffic.bytes_sent
        if not lane.is_open():
            if self._node.documents.database(name).info().doc_count == 0:
                self._push(name, tally, tally.stop)
            return

        def stop() -> bool:
            nonlocal counted
            before, counted = counted, self._doors.traffic.bytes_sent
            lane.add(counted - before)
            return tally.stop() or not lane.is_open()

        try:
            self._push(name, tally, stop)
        finally:
            stop()
            lane.settle()

    def _pull(self, name: str, tally: Tally) -> bool:
        ours = shared_with_parent(self._node).open(name)
        return self._replicate("down", name, RemoteDatabase(self._couch, name), ours, tally, tally.stop)

    def _push(self, name: str, tally: Tally, stop: Stop) -> None:
        ours = self._node.documents.database(name)
        stands_at = ours.info().update_seq
        if self._marks.pushed(name) != stands_at and self._replicate(
            "up", name, ours, RemoteDatabase(self._couch, name), tally, stop
        ):
            self._marks.note_pushed(name, stands_at)

    def _replicate(self, way: str, name: str, source: Database, target: Database, tally: Tally, stop: Stop) -> bool:
        """Replicate one way; whether it went through to its end."""
        replicator = self._replicators.get((way, name))
        if replicator is None:
            replicator = Replicator(source, target, options=self._options(way, name))
            self._replicators[(way, name)] = replicator
        report = replicator.run(progress=lambda so_far: tally.progress(way, name, so_far), stop=stop)
        tally.carried += report.docs_written
        tally.refused += [(name, one.id, one.reason) for one in report.refused]
        for one in report.refused if way == "up" else ():
            if lane_of(name) is Lane.PHOTOS and not is_here(self._node, (name, one.id)):
                self._node.sought.add([(name, one.id)])  # let go of here; a node below may have it still
            if one.revision is not None:
                tally.may_go |= keep_refused(self._node, SetAside(name, one.id, one.revision, one.reason))
        report.checked()
        return not report.stopped

    def _options(self, way: str, name: str) -> Options:
        """Checkpoints hang on lives: what a restored node once knew is never trusted."""
        ours = f"{self._node.identity.life}/{name}"
        theirs = f"{self._marks.peer_life()}/{name}"
        return Options(source_identity=ours, target_identity=theirs) if way == "up" else Options(theirs, ours)
