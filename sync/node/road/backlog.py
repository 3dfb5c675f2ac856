"""What waits to be told to the node above, lane by lane, weighed.

Of each database it is what stands behind the mark up to which the node above has everything. A mark only says what
need not be told again: whether something has *arrived* receipts say, and nothing here does.

Nothing is read to weigh it. A store that has no weights at hand says nothing, rather than being gone through.

Must not know: receipts, how fast it goes, how it is shown.
"""

import time
from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from sync.errors import SyncError
from sync.node.lanes import Lane, lane_of
from sync.node.node import Node
from sync.node.road.marks import Marks
from sync.node.road.sparing import Spared
from sync.node.road.watching import content_bytes
from sync.node.sharing import held_stations, home_databases
from sync.node.vouching.statements import statements_for_parent
from sync.replication.small_first import left_of
from sync.store.ledger.custody import last_arrival
from sync.typed import Value
from sync.values.changes import START


class Weight(Value):
    """So many things that wait, and their bytes as they are kept; None where nobody knows.

    things  cases, photos, statements
    """

    things: int | None = 0
    bytes: int | None = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(_sum(self.things, other.things), _sum(self.bytes, other.bytes))


UNKNOWN = Weight(None, None)
NOTHING = Weight()
# What is counted of a lane: of its records the cases, of the documents of photos their lists, one each.
_COUNTED = {Lane.RECORDS: "case:", Lane.PHOTOS: "blob:"}


@runtime_checkable
class Weighed(Protocol):
    """A database that knows the weight of its documents without reading them."""

    def weigh_after(self, since: str, *, counted: str = "") -> tuple[int, int]:
        """(how many documents whose id begins so, bytes of all of them) that changed after a sequence."""
        ...


class Backlog:
    """What waits on one node; worked out when somebody looks, and not twice as long as nothing changes."""

    def __init__(
        self,
        node: Node,
        *,
        runs: Callable[[], int] = lambda: 0,
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """runs: how many runs have ended; behind each it is worked out anew, be that dear."""
        self._node = node
        self._marks = Marks(node)
        self._weights: dict[str, tuple[tuple[str, str], Weight]] = {}
        self._whole = Spared(self._weigh, self._changed, ended=runs, now_seconds=now_seconds)

    def weigh(self) -> Mapping[Lane, Weight]:
        """What waits in every lane; above the centre nothing does."""
        if not self._node.identity.upstream:
            return dict.fromkeys(Lane, NOTHING)
        return self._whole.look()

    def _changed(self) -> tuple[int, int, int]:
        """Databases, statements and marks say together whether anything may have changed."""
        wakes = self._node.documents.wakes
        names = self._names()
        arrival, marks = self._node.read(lambda reader: (last_arrival(reader), hash(self._marks.all(reader))))
        return sum(wakes.count(name) for name in names), arrival, marks

    def _names(self) -> tuple[str, ...]:
        return home_databases(held_stations(self._node))

    def _weigh(self) -> Mapping[Lane, Weight]:
        found = dict.fromkeys(Lane, NOTHING)
        found[Lane.ALERTS] = self._statements()
        for name in self._names():
            found[lane_of(name)] += self._of(name)
        return found

    def _statements(self) -> Weight:
        who, sent = self._node.identity, self._marks.sent()
        waiting, _ = self._node.read(lambda reader: statements_for_parent(reader, who, sent=sent))
        return Weight(len(waiting), sum(len(one.payload) + len(one.signature) for one in waiting))

    def _of(self, name: str) -> Weight:
        database = self._node.documents.database(name)
        if not isinstance(database, Weighed):
            return UNKNOWN
        try:
            place = (self._marks.pushed(name), database.info().update_seq)
            known = self._weights.get(name)
            if known is None or known[0] != place:
                lane = lane_of(name)
                since, photos, left = (place[0] or START), 0, 0
                if lane is Lane.PHOTOS:
                    since, photos, left = left_of(database, since)
                things, size = database.weigh_after(since, counted=_COUNTED.get(lane, ""))
                known = place, Weight(photos + things, left + content_bytes(lane, size))
                self._weights[name] = known
        except SyncError:  # destroyed meanwhile, or its disk is in trouble: others say so
            return UNKNOWN
        return known[1]


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
