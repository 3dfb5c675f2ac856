"""Every station in one list: when it was heard, how many cases it has, what the centre still lacks of it.

Derived from the case index, the contacts and the stations' seals; nothing here is written.

Must not know: how a page shows it.
"""

from dataclasses import dataclass
from typing import Any

from sync.casework.describe_case import LEVEL_NAMES
from sync.custody.holdings import holdings_of
from sync.custody.seals import SEAL, read_seal
from sync.node.case_index import count_by_status
from sync.node.node import Node
from sync.records.clock import time_text
from sync.store.ledger.certificates import certificates_of_station
from sync.store.ledger.contacts import contact
from sync.store.ledger.custody import statements_of
from sync.store.ledger.stations import Station, all_stations
from sync.store.transaction import Reader

_DAY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a station has sealed and the centre does not hold: events, and photos of events held."""

    events: int
    photos: int


def list_stations(node: Node, *, silent_days: int) -> list[dict[str, Any]]:
    """Every registered station, by region code.

    silent_days  a station not heard for so long is marked `silent`
    """
    now_ms = node.clock()
    return node.read(lambda reader: [_row(reader, one, now_ms, silent_days) for one in all_stations(reader)])


def backlog_of(reader: Reader, sid: str) -> Backlog:
    """What the centre still lacks of a station's own events and photos, as far as seals tell."""
    writers = {known.writer for known in certificates_of_station(reader, sid)}
    held = {(one.writer, one.life): one for one in holdings_of(reader, writers)}
    events = 0
    for kept in statements_of(reader, SEAL, writers):
        seal = read_seal(kept.signed.payload)
        holding = held.get((seal.writer, seal.life))
        events += seal.counter if holding is None else max(seal.counter - holding.counter, 0)
    gaps = sum(last - first + 1 for one in held.values() for first, last in one.missing)
    return Backlog(events + gaps, sum(len(one.lacks) for one in held.values()))


def _row(reader: Reader, station: Station, now_ms: int, silent_days: int) -> dict[str, Any]:
    known = contact(reader, station.sid)
    heard_ms = known.heard_ms if known is not None else _newest_seal_ms(reader, station.sid)
    cases, backlog = count_by_status(reader, sid=station.sid), backlog_of(reader, station.sid)
    return {
        "sid": station.sid,
        "name": station.name,
        "region": station.region,
        "level": station.level,
        "level_name": LEVEL_NAMES.get(station.level, station.level),
        "parent": station.parent,
        "enrolled": bool(certificates_of_station(reader, station.sid)),
        "last_heard": None if heard_ms is None else time_text(heard_ms),
        "silent": heard_ms is None or now_ms - heard_ms > silent_days * _DAY_MS,
        "cases": sum(cases.values()),
        "by_state": cases,
        "backlog": {"events": backlog.events, "photos": backlog.photos},
    }


def _newest_seal_ms(reader: Reader, sid: str) -> int | None:
    """A village that comes by way of its township is heard through what it signed."""
    writers = [known.writer for known in certificates_of_station(reader, sid)]
    return max((kept.heard_ms for kept in statements_of(reader, SEAL, writers)), default=None)
