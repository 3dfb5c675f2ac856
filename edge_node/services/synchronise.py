"""The run to the upstream: by the clock or on demand, one at a time.

Must not know: when it is run, how the road goes.
"""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from edge_node.services.spare_link import PhotoMeter
from sync.errors import SyncError
from sync.node.meeting.calling import WayUp
from sync.node.node import Node
from sync.node.road.news import has_news
from sync.node.road.photo_lane import PhotoLane
from sync.node.road.upward import Run, Upward
from sync.node.road.watching import Watch
from sync.remote.probing import answers

# A link on which a connection takes longer is not one that a run would come through.
_PROBE_SECONDS = 15.0
_CUT_AGAIN_SECONDS = 0.2


def _nobody() -> None:
    """Is told of nothing."""


class Courier:
    """The way to the upstream of one node. Guards that there is one run at a time and one line of signatures."""

    def __init__(
        self,
        node: Node,
        photos: PhotoMeter,
        *,
        timeout_seconds: float,
        allow_plain: bool = False,
        watch: Watch | None = None,
    ) -> None:
        """Make it ready.

        photos  says whether theirs is the link to use, and counts what they cost
        watch   who looks on
        """
        self._node = node
        self._photos = photos
        self._turn = threading.Lock()
        self._reached: Callable[[], None] = _nobody
        self._moved: Callable[[], None] = _nobody
        self._asked = threading.Lock()  # held while a run that somebody asked for is to come, or under way
        self._ending = threading.Event()
        self._open = partial(Upward, node, timeout_seconds=timeout_seconds, allow_plain=allow_plain, watch=watch)
        self._upward = self._open()

    def synchronise(self) -> dict[str, Any]:
        """By hand: bring everything up and down that either side lacks, photos whatever the hour and the budget.

        It begins after the run under way, if there is one.

        returns  {"carried", "refused", "bytes_sent", "bytes_received", "round_trips", "photo_bytes"}
        raises   what `Upward.run` raises
        """
        run = self._run(self._photos.lane_by_hand())
        self._reached()
        return {
            "carried": run.carried,
            "refused": len(run.refused),
            "bytes_sent": run.traffic.bytes_sent,
            "bytes_received": run.traffic.bytes_received,
            "round_trips": run.traffic.round_trips,
            "photo_bytes": run.photo_bytes,
        }

    def tell_of_runs(self, reached: Callable[[], None]) -> None:
        """Have somebody told of each run by hand that went through."""
        self._reached = reached

    def tell_of_moves(self, moved: Callable[[], None]) -> None:
        """Have somebody told each time another address is in force."""
        self._moved = moved

    def begin(self) -> bool:
        """The same in a thread of its own, for whoever cannot wait; False when one that was begun has not ended.

        How it ended the ledger says: `contact(…, UPSTREAM)`.
        """
        if not self._asked.acquire(blocking=False):
            return False
        threading.Thread(target=self._begun, name="called-by-hand", daemon=True).start()
        return True

    def _begun(self) -> None:
        try:
            with suppress(SyncError):  # the run has noted it, where the one who asked will look
                self.synchronise()
        finally:
            self._asked.release()

    def keep_up(self) -> None:
        """The same by the clock, photos only when they may; raises likewise."""
        self._run(self._photos.lane())

    def _run(self, photos: PhotoLane) -> Run:
        with self._turn:
            return self._upward.run(stop=self._ending.is_set, photos=photos)

    def probe(self) -> bool:
        """Whether anybody answers at the upstream's address; costs a few bytes."""
        return answers(self._node.identity.upstream, timeout_seconds=_PROBE_SECONDS)

    def has_news(self, stations: Iterable[str]) -> bool:
        """Whether something of some stations is to be told up."""
        return has_news(self._node, stations, photos=self._photos.lane().is_open())

    @property
    def heard_bytes(self) -> int:
        """What was heard from the upstream so far."""
        return self._upward.heard_bytes

    @property
    def answers(self) -> int:
        """How many exchanges the upstream has answered so far."""
        return self._upward.answers

    def relay_enrolment(self, request: bytes) -> bytes:
        """Carry the enrolment request of a station below up to the centre, and its answer down."""
        return self._upward.relay_enrolment(request)

    def way(self) -> WayUp:
        """How the upstream is called at present."""
        return self._upward.way

    def begin_anew(self) -> None:
        """Close the connections, and call at the address that is in force now.

        The run under way is cut off, for it may hang where nobody answers any more; what it carried stays carried.
        """
        while not self._turn.acquire(timeout=_CUT_AGAIN_SECONDS):
            self._upward.cut()  # and again, for it may just be opening a connection
        try:
            self._upward.close()
            self._upward = self._open()
        finally:
            self._turn.release()
        self._moved()

    @property
    def is_ending(self) -> bool:
        """Whether the process is about to end."""
        return self._ending.is_set()

    def end(self) -> None:
        """Let the run under way stop at its next batch."""
        self._ending.set()

    def close(self) -> None:
        """Close the connections, after the run under way."""
        self.end()
        with self._turn:
            self._upward.close()
