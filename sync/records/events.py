"""One event of a record's log: one thing one person did, once.

An event is a JSON object and stays one, so that a node passes on what it does not understand
exactly as it came. `Event` is our reading of it.

    {"writer": "q3vh…", "life": "9f0c…", "number": 17, "previous": "<hash>", "seen": ["<hash>", …],
     "order": "0199…", "at": "2025-09-26T15:04:05+08:00", "clock": "heard",
     "type": "received", "by": "acct:wang", "level": "village", "set": {"phone": "138…"}, "note": "…"}

Its name is its hash: `previous` chains a writer's events over all its records, `seen` says after
which events of this record it came. Both name hashes, so neither can be rewritten later.

Must not know: what types of event there are, and what they do to a record.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from typing import Any

from sync.errors import BadRequest
from sync.records.clock import Quality, is_time_text, parse_order
from sync.trust.chain import digest_text
from sync.typed import Value
from sync.values.json_text import LARGEST_INTEGER, canonical

LEVELS = ("village", "township", "county", "centre")
MAX_SEEN = 256
MAX_FIELDS = 256
MAX_NOTE = 2000  # characters; a reason for a refusal is a paragraph, not a file
MAX_EVENT_BYTES = 65536
_REQUIRED = ("writer", "life", "number", "previous", "seen", "order", "at", "clock", "type", "by", "level", "set")
MEMBERS = frozenset((*_REQUIRED, "note"))
_QUALITIES = frozenset(Quality)
_WRITER = re.compile(r"[a-z2-7]{16}\Z")
_LIFE = re.compile(r"[0-9a-f]{16}\Z")
_HASH = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_TYPE = re.compile(r"[a-z][a-z_]{0,31}\Z")
_FIELDS = re.compile(r"(?:[a-z][^\x00-\x1f\ud800-\udfff\U00010000-\U0010ffff]{0,99}\n)*\Z")  # a line each

JsonObject = dict[str, Any]


class Event(Value):
    """An event as we read it.

    hash   its name, 43 characters; computed, never stored in it
    extra  whether it has members this version does not know
    json   the object itself, which is not to be changed
    """

    hash: str
    writer: str
    life: str
    number: int
    previous: str
    seen: tuple[str, ...]
    order: str
    at: str
    clock: str
    type: str
    by: str
    level: str
    set: Mapping[str, Any]
    note: str
    extra: bool
    json: JsonObject

    def __eq__(self, other: object) -> bool:
        """By their names: whatever else they hold follows from that."""
        return isinstance(other, Event) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def key(self) -> tuple[str, str, str]:
        """Where the event stands among those nobody ordered: order key, then writer, then hash."""
        return (self.order, self.writer, self.hash)

    @property
    def place(self) -> tuple[str, str, int]:
        """(writer, life, number): there is one event for each."""
        return (self.writer, self.life, self.number)


def new_event(
    event_type: str,
    fields: Mapping[str, Any],
    *,
    writer: str,
    life: str,
    number: int,
    previous: str,
    seen: Iterable[str],
    order: str,
    at: str,
    clock: str,
    by: str,
    level: str,
    note: str = "",
) -> Event:
    """Make an event.

    fields    what it sets
    number    the writer's next in this life; previous, the hash of the one before it, "" for the first
    seen      the heads of the record as the writer saw them (`heads`); none for the first event
    order     the writer's hybrid clock, advanced (`clock.advance`); at, what the device showed
    raises    BadRequest when anything has not its shape
    """
    event: JsonObject = {
        "writer": writer,
        "life": life,
        "number": number,
        "previous": previous,
        "seen": sorted(seen),
        "order": order,
        "at": at,
        "clock": str(clock),
        "type": event_type,
        "by": by,
        "level": level,
        "set": dict(fields),
    }
    if note:
        event["note"] = note
    return read_event(event)


def event_hash(event: Mapping[str, Any]) -> str:
    """An event's name: unpadded base64url of the SHA-256 of its canonical JSON, 43 characters.

    raises  BadRequest on floats and whatever else has no canonical form
    """
    return digest_text(hashlib.sha256(canonical(event)).digest())


def read_event(value: object) -> Event:
    """Read an event and check the shape of every member we know.

    raises  BadRequest, naming the member
    """
    if not isinstance(value, dict):
        raise BadRequest("an event is an object")
    for name in _REQUIRED:
        if name not in value:
            raise BadRequest(f"an event lacks {name}")
    _check_writer(value)
    _check_order(value)
    _check_act(value)
    text = canonical(value)
    if len(text) > MAX_EVENT_BYTES:
        raise BadRequest(f"an event has at most {MAX_EVENT_BYTES} bytes")
    return Event(
        hash=digest_text(hashlib.sha256(text).digest()),
        writer=value["writer"],
        life=value["life"],
        number=value["number"],
        previous=value["previous"],
        seen=tuple(value["seen"]),
        order=value["order"],
        at=value["at"],
        clock=value["clock"],
        type=value["type"],
        by=value["by"],
        level=value["level"],
        set=value["set"],
        note=value.get("note", ""),
        extra=not MEMBERS.issuperset(value),
        json=value,
    )


def heads(events: Iterable[Event]) -> tuple[str, ...]:
    """The hashes of those events that no other event of the record has seen, sorted."""
    events = tuple(events)
    seen = {one for event in events for one in event.seen}
    return tuple(sorted(event.hash for event in events if event.hash not in seen))


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Events as a record lists them, each once: by order key, writer, hash."""
    return tuple(sorted({event.hash: event for event in events}.values(), key=lambda event: event.key))


def _check_writer(event: JsonObject) -> None:
    _require(_matches(_WRITER, event["writer"]), "writer")
    _require(_matches(_LIFE, event["life"]), "life")
    number = event["number"]
    _require(type(number) is int and 1 <= number <= LARGEST_INTEGER, "number")
    previous = event["previous"]
    _require(previous == "" if number == 1 else _matches(_HASH, previous), "previous")


def _check_order(event: JsonObject) -> None:
    seen = event["seen"]
    _require(isinstance(seen, list) and len(seen) <= MAX_SEEN, "seen")
    if seen:
        _require(all(_matches(_HASH, one) for one in seen) and all(a < b for a, b in pairwise(seen)), "seen")
    parse_order(event["order"])
    _require(is_time_text(event["at"]), "at")
    _require(isinstance(event["clock"], str) and event["clock"] in _QUALITIES, "clock")


def _check_act(event: JsonObject) -> None:
    _require(_matches(_TYPE, event["type"]), "type")
    _require(isinstance(event["by"], str) and 0 < len(event["by"]) <= 100, "by")
    _require(event["level"] in LEVELS, "level")
    fields = event["set"]
    _require(isinstance(fields, dict) and len(fields) <= MAX_FIELDS, "set")
    _require(_name_fields(fields), "set")
    note = event.get("note", "")
    _require(isinstance(note, str) and len(note) <= MAX_NOTE, "note")


def _name_fields(names: Collection[object]) -> bool:
    """Asked of all of them at once: an application has twenty."""
    try:
        told = "\n".join((*names, ""))  # type: ignore[arg-type]  # of JSON's members, all names are text
    except TypeError:
        return False
    return told.count("\n") == len(names) and _FIELDS.match(told) is not None


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None


def _require(holds: bool, name: str) -> None:
    if not holds:
        raise BadRequest(f"an event's {name} has not its shape")
