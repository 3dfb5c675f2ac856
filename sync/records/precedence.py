"""In which order a record's events are told, when nobody saw them all happen.

Causal first: an event stands after those it had seen. Of events that did not know of each other,
those that led to a decision stand before what no one in that line had seen, returns and
withdrawals as late as possible, and only then the order key speaks.

"Led to a decision" is counted: an event's weight is how many deciding events have it in their past.
A cause weighs at least what its effect weighs, so the count never contradicts the causes. And an
event that has seen everything raises all weights alike, so it never changes what was told before it.

Must not know: states, fields, or what an event sets.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sync.errors import BadRequest
from sync.records.events import Event
from sync.typed import Value

_UNSEEN = "an event had seen one that is not in the record"


class History(Value):
    """A record's events in the order they are told.

    line  the events;  place, each one's bit by hash;  past, the bits of all it had seen, directly or not
    """

    line: tuple[Event, ...]
    place: Mapping[str, int]
    past: Mapping[str, int]

    def saw(self, later: Event, earlier: Event) -> bool:
        """Whether an event came after another and its writer knew it."""
        return bool(self.past[later.hash] & self.place[earlier.hash])

    def apart(self, one: Event, other: Event) -> bool:
        """Whether neither writer knew of the other's event."""
        return one.hash != other.hash and not self.saw(one, other) and not self.saw(other, one)

    def before(self, event: Event) -> "History":
        """The history as an event's writer knew it."""
        return History(tuple(one for one in self.line if self.saw(event, one)), self.place, self.past)


def tell(events: Iterable[Event], *, decides: Callable[[Event], bool], lateness: Callable[[Event], int]) -> History:
    """Put a record's events in order.

    decides   whether what led to an event stands before what nobody in that line had seen
    lateness  the greater, the later among events nobody ordered; 0 as a rule
    raises    BadRequest when an event had seen one that is not among them
    """
    by_hash = {event.hash: event for event in events}
    if len(by_hash) == 1:
        return _told_alone(*by_hash.values())
    place = {name: 1 << index for index, name in enumerate(sorted(by_hash))}
    past = _pasts(by_hash, place)
    deciding = [past[name] | place[name] for name, event in by_hash.items() if decides(event)]

    def rank(event: Event) -> tuple[int, int, tuple[str, str, str]]:
        weight = sum(1 for line in deciding if line & place[event.hash])
        return (-weight, lateness(event), event.key)

    return History(tuple(_walk(by_hash, rank)), place, past)


def _told_alone(event: Event) -> History:
    """The history of most records for most of their time."""
    if event.seen:
        raise BadRequest(_UNSEEN)
    return History((event,), {event.hash: 1}, {event.hash: 0})


def _pasts(by_hash: Mapping[str, Event], place: Mapping[str, int]) -> Mapping[str, int]:
    past: dict[str, int] = {}
    for event in _walk(by_hash, lambda one: one.key):
        bits = 0
        for name in event.seen:
            bits |= past[name] | place[name]
        past[event.hash] = bits
    if len(past) < len(by_hash):
        raise BadRequest("events that had seen each other")
    return past


def _walk(by_hash: Mapping[str, Event], rank: Callable[[Event], tuple[Any, ...]]) -> Iterator[Event]:
    """Events, causes first; of those that may come next always the one of the smallest rank."""
    waiting = {name: len(event.seen) for name, event in by_hash.items()}
    followers: dict[str, list[Event]] = defaultdict(list)
    for event in by_hash.values():
        for name in event.seen:
            if name not in by_hash:
                raise BadRequest(_UNSEEN)
            followers[name].append(event)
    ready = [(rank(event), event.hash) for event in by_hash.values() if not event.seen]
    heapq.heapify(ready)
    while ready:
        event = by_hash[heapq.heappop(ready)[1]]
        yield event
        for follower in followers[event.hash]:
            waiting[follower.hash] -= 1
            if not waiting[follower.hash]:
                heapq.heappush(ready, (rank(follower), follower.hash))
