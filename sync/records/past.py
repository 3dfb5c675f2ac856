"""What events had seen, and a record as one of them left it.

Must not know: what events mean.
"""

from collections.abc import Iterable, Mapping

from sync.records.events import Event
from sync.records.log import Record, folded_record


def pasts(events: Iterable[Event]) -> Mapping[str, frozenset[str]]:
    """{hash: hashes of all the event had seen, directly or not}."""
    by_hash = {event.hash: event for event in events}
    past: dict[str, frozenset[str]] = {}
    for start in by_hash:
        waiting = [start]
        while waiting:
            name = waiting[-1]
            missing = [one for one in by_hash[name].seen if one not in past]
            if missing:
                waiting += missing
            else:
                seen = by_hash[name].seen
                past[name] = frozenset(seen).union(*(past[one] for one in seen))
                waiting.pop()
    return past


def as_left_by(record: Record, name: str) -> Record:
    """A record as whoever wrote an event, named by its hash, left it: with that and all it had seen.

    One that this node does not understand is given as it stands.
    """
    if not record.understood:
        return record
    there = pasts(record.events)[name] | {name}
    return folded_record(record, [event for event in record.events if event.hash in there])
