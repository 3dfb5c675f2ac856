"""The run to the node above as somebody watches it: what passed so far in each lane, how fast, and what went wrong.

Whoever carries tells of each item as it goes; that is a few additions. What is learned of a lane, how fast it went and
when it last did, outlives the run and is handed to whoever keeps it.

    watch = Watch(now_ms=node.clock)
    with watch.run():
        for item in watch.telling(told): ...      one exchange: what we tell,
        watch.answered()                          that it arrived,
        for item in watch.hearing(items): ...     and what we hear
    watch.look()

Speeds are of bodies as they are kept, not of the packed bytes on the wire: what waits is counted so, too.

Must not know: marks, databases, how anything is shown.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from sync.errors import SyncError
from sync.node.lanes import Lane, lane_of
from sync.node.road.failing import failure_of
from sync.records.ids import chunk_content_bytes
from sync.replication.batch import weight_of
from sync.replication.report import Report
from sync.store.ledger.contacts import Failure
from sync.typed import Changing, Value, field, replace
from sync.values.conversation import Item, Told

UP, DOWN = "up", "down"
# What is smaller than this goes out with one packet, and says nothing of how fast the link is.
_LEAST_MEASURED_BYTES = 8 << 10
# Before so long what was sent is still in the buffers of this machine.
_LEAST_LOOK_SECONDS = 5.0


class Passed(Value):
    """What passed in one lane and direction: how many documents, of how many bytes."""

    documents: int = 0
    bytes: int = 0


class Known(Value):
    """What is known of one lane and direction, over runs.

    at_ms             when something last arrived whole; None for never
    bytes_per_second  how fast it went then; None while there is no measure
    """

    at_ms: int | None = None
    bytes_per_second: int | None = None


class Seen(Value):
    """A look at the run.

    running       whether one is under way
    lane          the lane of what passed last in it; None before anything did
    passed        in the run under way, or the last one, by lane and direction
    unconfirmed   of that, what was told in the exchange under way and not answered yet
    total         since this process began, by lane and direction
    known         by lane and direction
    errors        by lane: why the last run broke off in it, until it goes again
    bytes_per_second  of the exchange under way; None while it says nothing yet
    next_run_ms   when the next run begins by itself; None where nobody has said
    runs, failed  how many runs ended since this process began, and how many of them by an error
    """

    running: bool
    lane: Lane | None
    passed: Mapping[tuple[Lane, str], Passed]
    unconfirmed: Mapping[Lane, int]
    total: Mapping[tuple[Lane, str], Passed]
    known: Mapping[tuple[Lane, str], Known]
    errors: Mapping[Lane, Failure]
    bytes_per_second: int | None
    next_run_ms: int | None
    runs: int
    failed: int


# Called after a run that carried something, with what is known now.
Remember = Callable[[Mapping[tuple[Lane, str], Known]], None]
_PLACES = tuple((lane, way) for lane in Lane for way in (UP, DOWN))


def _forget(known: Mapping[tuple[Lane, str], Known]) -> None:
    """For who keeps nothing."""


class _Stretch(Changing):
    """What passes one way in one exchange, and how its time divides among the lanes."""

    bytes: dict[Lane, int] = field(default_factory=dict)
    documents: dict[Lane, int] = field(default_factory=dict)
    seconds: dict[Lane, float] = field(default_factory=dict)
    lane: Lane | None = None
    since: float = 0.0

    def note(self, item: Item, now: float) -> None:
        self.spend(now)
        self.lane = lane_of(item.name, item.document.id if isinstance(item, Told) else "")
        if isinstance(item, Told):
            self.bytes[self.lane] = self.bytes.get(self.lane, 0) + content_bytes(self.lane, weight_of(item.document))
            self.documents[self.lane] = self.documents.get(self.lane, 0) + 1

    def spend(self, now: float) -> None:
        """The time since the last item belongs to the lane of that one."""
        if self.lane is not None:
            self.seconds[self.lane] = self.seconds.get(self.lane, 0.0) + now - self.since
        self.since = now


def content_bytes(lane: Lane, body_bytes: int) -> int:
    """How many bytes of somebody's content bodies of so many bytes are: those of chunks are in base64."""
    return chunk_content_bytes(body_bytes) if lane is Lane.PHOTOS else body_bytes


class Watch:
    """Watches one way up; carried on by the thread of the run, looked at by any."""

    def __init__(
        self,
        *,
        now_ms: Callable[[], int],
        known: Mapping[tuple[Lane, str], Known] | None = None,
        remember: Remember = _forget,
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """known: what was remembered of former runs."""
        self._now_ms = now_ms
        self._now_seconds = now_seconds
        self._remember = remember
        self._known = {place: Known() for place in _PLACES} | dict(known or {})
        self._errors: dict[Lane, Failure] = {}
        self._passed = dict.fromkeys(_PLACES, Passed())
        self._total = dict(self._passed)
        self._runs = self._failed = 0
        self._next_run_ms: int | None = None
        self._running = False
        self._lane: Lane | None = None
        self._up, self._down = _Stretch(), _Stretch()
        self._compared: dict[tuple[str, str], Report] = {}
        self.version = 0  # rises with whatever is worth another look

    def runs(self) -> int:
        """How many have ended."""
        return self._runs

    @contextmanager
    def run(self) -> Iterator[None]:
        """A run, from its first request to its end; the error that ends it is noted and goes through."""
        before = dict(self._known)
        self._passed = dict.fromkeys(_PLACES, Passed())
        self._compared = {}
        self._up, self._down = _Stretch(), _Stretch()
        self._lane, self._running = None, True
        self.version += 1
        try:
            yield
        except SyncError as error:
            self._failed += 1
            if self._lane is not None:
                self._errors[self._lane] = failure_of(error)
            raise
        else:
            self._errors = {}
        finally:
            self._runs += 1
            self._up, self._down, self._running = _Stretch(), _Stretch(), False
            self.version += 1
            if self._known != before:
                self._remember(dict(self._known))

    def plan(self, next_run_ms: int | None) -> None:
        """The next run begins then; None where that is open."""
        if self._next_run_ms != next_run_ms:
            self._next_run_ms = next_run_ms
            self.version += 1

    def telling(self, items: Iterable[Item]) -> Iterator[Item]:
        """Pass on what is told in one exchange, from the beginning: what was told and not answered counts no more."""
        self._up = _Stretch(since=self._now_seconds())
        for item in items:
            self._note(self._up, item)
            yield item

    def answered(self) -> None:
        """What was told in the exchange has arrived."""
        up, self._up = self._up, _Stretch()
        up.spend(self._now_seconds())
        self._settle(UP, up)

    def hearing(self, items: Iterable[Item]) -> Iterator[Item]:
        """Pass on what is heard in one exchange."""
        stretch = self._down = _Stretch(since=self._now_seconds())
        for item in items:
            self._note(stretch, item)
            yield item
        self._down = _Stretch()
        stretch.spend(self._now_seconds())
        self._settle(DOWN, stretch)

    def compared(self, way: str, name: str, report: Report) -> None:
        """A replication by CouchDB's protocol goes on: its report so far."""
        before, lane = self._compared.get((way, name), Report()), lane_of(name)
        written = report.docs_written - before.docs_written
        if written <= 0:
            return
        carried = report.bytes_sent - before.bytes_sent if way == UP else report.bytes_received - before.bytes_received
        self._compared[(way, name)] = report
        self._lane = lane
        self._add(lane, way, written, max(carried, 0))
        self._known[(lane, way)] = replace(self._known[(lane, way)], at_ms=self._now_ms())

    def look(self) -> Seen:
        """How it stands just now."""
        up, passed = self._up, dict(self._passed)
        for way, stretch in ((UP, up), (DOWN, self._down)):
            for lane, size in list(stretch.bytes.items()):
                so_far = passed[(lane, way)]
                passed[(lane, way)] = Passed(so_far.documents + stretch.documents.get(lane, 0), so_far.bytes + size)
        return Seen(
            running=self._running,
            lane=self._lane,
            passed=passed,
            unconfirmed=dict(up.bytes),
            total=dict(self._total),
            known=dict(self._known),
            errors=dict(self._errors),
            bytes_per_second=self._speed_now(),
            next_run_ms=self._next_run_ms,
            runs=self._runs,
            failed=self._failed,
        )

    def _note(self, stretch: _Stretch, item: Item) -> None:
        stretch.note(item, self._now_seconds())
        self._lane = stretch.lane
        self.version += 1

    def _add(self, lane: Lane, way: str, documents: int, size: int) -> None:
        for counts in (self._passed, self._total):
            so_far = counts[(lane, way)]
            counts[(lane, way)] = Passed(so_far.documents + documents, so_far.bytes + size)
        self.version += 1

    def _settle(self, way: str, stretch: _Stretch) -> None:
        """It has arrived: count it, and learn how fast it went."""
        now_ms = self._now_ms()
        for lane, size in stretch.bytes.items():
            seconds = stretch.seconds.get(lane, 0.0)
            speed = self._known[(lane, way)].bytes_per_second
            if size >= _LEAST_MEASURED_BYTES and seconds > 0:
                speed = max(1, int(size / seconds))
            self._known[(lane, way)] = Known(now_ms, speed)
            self._errors.pop(lane, None)
            self._add(lane, way, stretch.documents[lane], size)

    def _speed_now(self) -> int | None:
        """Bytes a second of the exchange under way; None while there is none, or it says nothing yet."""
        if not self._running:
            return None
        for stretch in (self._down, self._up):
            size = sum(stretch.bytes.values())
            seconds = sum(stretch.seconds.values()) + (
                self._now_seconds() - stretch.since if stretch.lane is not None else 0.0
            )
            if size and seconds >= _LEAST_LOOK_SECONDS:
                return max(1, int(size / seconds))
        return None
