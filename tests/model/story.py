"""Writers with their own counters and clocks, who make events as a node does."""

from sync.records.clock import NEVER, advance, observe, parse_order, time_text
from sync.records.events import heads, new_event, read_event
from sync.records.log import grow

NOON = 1_758_870_245_000  # 2025-09-26 15:04:05 in Beijing
RECEIPT = {
    "received_at": "2025-09-26T15:04:05+08:00",
    "village_role": "受",
    "deciding_level": "county",
    "tolerable": True,
    "applicant_name": "测试人",
}


class Writer:
    """Someone with a key: numbers and chains its events, and has a clock that may be wrong."""

    def __init__(self, name, level="village", *, skew_ms=0, clock="heard"):
        self.name = (name + "a" * 16)[:16]
        self.level = level
        self.life = f"{sum(name.encode()):016x}"
        self.skew_ms = skew_ms
        self.clock = clock
        self.number = 0
        self.previous = ""
        self.order = NEVER

    def does(self, event_type, seen=(), /, *, now=NOON, level=None, note="", clock=None, **fields):
        """One event, after the events (dicts) it has seen: the heads of those are named."""
        for event in seen:
            self.order = observe(self.order, parse_order(event["order"]), now + self.skew_ms)
        self.order = advance(self.order, now + self.skew_ms)
        self.number += 1
        told = new_event(
            event_type,
            fields,
            writer=self.name,
            life=self.life,
            number=self.number,
            previous=self.previous,
            seen=heads(map(read_event, seen)),
            order=str(self.order),
            at=time_text(now + self.skew_ms),
            clock=clock or self.clock,
            by=f"acct:{self.name[:4]}",
            level=level or self.level,
            note=note,
        )
        self.previous = told.hash
        return told.json


def append(document, event, **law):
    """The body of a record with one more event, a dict."""
    return grow(document, read_event(event), **law).body
