"""The road up as it is seen: lane by lane what waits, how fast it goes, how long it will take, and what went wrong.

What waits is weighed by marks, for an estimate; what has *arrived* is counted from receipts alone. Photos that may
not go now have no time that is left, but a reason.

Must not know: how it is shown.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sync.casework.count_arrived import count_arrived
from sync.casework.count_waiting import count_waiting
from sync.casework.describe_failure import failure_text
from sync.messages import N_, _
from sync.node.lanes import Lane
from sync.node.node import Node
from sync.node.road.backlog import NOTHING, UNKNOWN, Backlog, Weight
from sync.node.road.failing import last_failure
from sync.node.road.shut_lanes import shut_above
from sync.node.road.watching import DOWN, UP, Seen, Watch
from sync.node.sharing import UPSTREAM
from sync.records.clock import time_text
from sync.records.ids import blobs_database
from sync.store.ledger.contacts import contact
from sync.store.ledger.set_aside import count_aside
from sync.store.transaction import Reader
from sync.typed import Value
from sync.values.amounts import time_left

LANE_NAMES = {
    Lane.ALERTS: N_("alarms and receipts"),
    Lane.RECORDS: N_("cases"),
    Lane.CATALOGUE: N_("catalogue of items"),
    Lane.PHOTOS: N_("photos of materials"),
}
_UNITS = {
    Lane.ALERTS: N_("pieces"),
    Lane.RECORDS: N_("of cases"),
    Lane.CATALOGUE: N_("of items"),
    Lane.PHOTOS: N_("of photos"),
}


def _never() -> str:
    return ""


class RoadView(Value):
    """What the road of a running node is seen by; `spared`, why it sends no photos by itself now, in words, or ""."""

    node: Node
    watch: Watch
    backlog: Backlog
    spared: Callable[[], str] = _never


def see_road(view: RoadView) -> dict[str, Any]:
    """How the road stands just now; times as events write them, None for never or not known.

    returns  {"arrived": as `count_arrived`, "waiting": as `count_waiting`, "lanes": [{"lane", "name", "unit",
             "waiting", "waiting_bytes", "unanswered_bytes", "told", "told_bytes", "heard", "heard_bytes",
             "bytes_per_second", "seconds_left", "left_text", "held", "last_success", "error"}], "run": {"lane",
             "lane_name", "bytes_done", "bytes_left", "percent", "bytes_per_second"} or None, "last_contact", "error",
             "kind", "refused", "next_run", "set_aside"}; kind, of what is wrong (`sync.node.road.failing`), None where
             nobody said; refused, whether what is wrong does not go by waiting; unanswered_bytes, of what was told in
             the exchange under way; held, why the lane is closed, "" while it is not: what waits in it has no time,
             and is none of a run's
    """
    seen, weights = view.watch.look(), view.backlog.weigh()
    unanswered = {lane: min(seen.unconfirmed.get(lane, 0), weights[lane].bytes or 0) for lane in Lane}
    left = {lane: _left(weights[lane], unanswered[lane]) for lane in Lane}
    held = "" if seen.running and seen.lane is Lane.PHOTOS else photos_held(view)
    node = view.node
    last_contact, aside, failure = node.read(
        lambda reader: (_last_contact(reader), count_aside(reader), last_failure(node, reader))
    )
    return {
        "arrived": count_arrived(view.node),
        "waiting": count_waiting(view.node),
        "lanes": _lanes(seen, left, unanswered, last_contact, held),
        "run": _run(seen, {**left, Lane.PHOTOS: NOTHING} if held else left),
        "last_contact": last_contact,
        "error": failure_text(failure) if failure else "",
        "kind": (failure.kind or None) if failure else None,
        "refused": failure is not None and failure.refused,
        "next_run": None if seen.next_run_ms is None else time_text(seen.next_run_ms),
        "set_aside": aside,
    }


def photos_held(view: RoadView) -> str:
    """Why no photos go by themselves now, in words; "" while they may."""
    shut = view.node.engine.look(shut_above)
    if shut:
        reason = shut.get(blobs_database(view.node.identity.sid)) or next(iter(shut.values()))
        return _("the level above takes none now: %(reason)s", reason=reason)
    return view.spared()


def _last_contact(reader: Reader) -> str | None:
    known = contact(reader, UPSTREAM)
    return None if known is None or known.succeeded_ms is None else time_text(known.succeeded_ms)


def _left(weight: Weight, unanswered: int) -> Weight:
    """What has not been told yet; what was, and is not answered, may still have to be told again."""
    if weight.bytes is None:
        return UNKNOWN
    return Weight(weight.things, weight.bytes - unanswered)


def _lanes(
    seen: Seen, left: Mapping[Lane, Weight], unanswered: Mapping[Lane, int], last_contact: str | None, held: str
) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    before: float | None = 0.0  # of the lanes that go first
    for lane in Lane:
        waiting, speed = left[lane], _speed(seen, lane)
        before = _seconds(before, waiting, speed or _slowest(seen))
        waits = waiting.bytes is None or waiting.bytes > 0
        success = last_contact if lane is Lane.ALERTS else _latest(seen, lane)
        up, down = seen.passed[(lane, UP)], seen.passed[(lane, DOWN)]
        why = held if waits and lane is Lane.PHOTOS else ""
        seconds = before if waits and not why else None
        told.append(
            {
                "lane": lane.name.lower(),
                "name": _(LANE_NAMES[lane]),
                "unit": _(_UNITS[lane]),
                "waiting": waiting.things,
                "waiting_bytes": waiting.bytes,
                "unanswered_bytes": unanswered[lane],
                "told": up.documents,
                "told_bytes": up.bytes,
                "heard": down.documents,
                "heard_bytes": down.bytes,
                "bytes_per_second": speed,
                "seconds_left": None if seconds is None else round(seconds),
                "left_text": time_left(seconds),
                "held": why,
                "last_success": success,
                "error": failure_text(seen.errors[lane]) if lane in seen.errors else "",
            }
        )
    return told


def _speed(seen: Seen, lane: Lane) -> int | None:
    """How fast a lane goes up, in the run under way or the last one that carried enough to measure."""
    if seen.bytes_per_second is not None and seen.lane is lane:
        return seen.bytes_per_second
    return seen.known[(lane, UP)].bytes_per_second


def _slowest(seen: Seen) -> int | None:
    """A lane that was never measured is taken to go as slow as any other."""
    speeds = (seen.known[(other, UP)].bytes_per_second for other in Lane)
    return min((speed for speed in speeds if speed is not None), default=None)


def _seconds(before: float | None, waiting: Weight, speed: int | None) -> float | None:
    """How long it takes until a lane is through, behind those before it; None while something is not known."""
    if waiting.bytes == 0:
        return before
    if before is None or waiting.bytes is None or speed is None:
        return None
    return before + waiting.bytes / speed


def _latest(seen: Seen, lane: Lane) -> str | None:
    times = [seen.known[(lane, way)].at_ms for way in (UP, DOWN)]
    latest = max((at_ms for at_ms in times if at_ms is not None), default=None)
    return None if latest is None else time_text(latest)


def _run(seen: Seen, left: Mapping[Lane, Weight]) -> dict[str, Any] | None:
    """The run under way, as far as bodies move in it."""
    if not seen.running or seen.lane is None:
        return None
    done = sum(one.bytes for one in seen.passed.values())
    ahead = [left[lane].bytes for lane in Lane if lane is not Lane.ALERTS]
    rest = None if any(size is None for size in ahead) else sum(size or 0 for size in ahead)
    percent = None if rest is None or not done + rest else int(100 * done / (done + rest))
    return {
        "lane": seen.lane.name.lower(),
        "lane_name": _(LANE_NAMES[seen.lane]),
        "bytes_done": done,
        "bytes_left": rest,
        "percent": percent,
        "bytes_per_second": seen.bytes_per_second,
    }
