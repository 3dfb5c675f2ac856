"""Every station in one list: when it was heard, how many cases it has, what the centre still lacks of it.

Derived from the case index, the contacts and what the stations have signed; nothing here is written.
A station that comes by way of its township is heard when something it signed arrives, and when the township says
that it called.

Must not know: how a page shows it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from central.messages import _
from central.registry.registered import is_revoked, registered_station
from sync.casework.describe_case import level_name, state_name
from sync.casework.describe_offset import offset_text
from sync.casework.hear_stations import backlog_of
from sync.casework.read_status import ago
from sync.node.case_index import count_by_station
from sync.node.clock_offset import Offset, known_offset
from sync.node.hearing import heard_ms, sightings
from sync.node.node import Node
from sync.records.clock import time_text
from sync.store.ledger.alarms import count_alarms_by_writer
from sync.store.ledger.certificates import Known, certificates_of_station
from sync.store.ledger.set_aside import count_aside_by_offerer
from sync.store.ledger.stations import (
    Issued,
    Station,
    all_stations,
    issued_of,
    stations_behind,
)
from sync.store.transaction import Reader
from sync.typed import Value

MOST_STATIONS = 200
_DAY_MS = 24 * 3_600_000


class _View(Value):
    """What all rows of one list share."""

    now_ms: int
    silent_ms: int
    names: Mapping[str, str]
    cases: Mapping[str, Mapping[str, int]]
    aside: Mapping[str, int]
    alarms: Mapping[str, int]
    sighted: Mapping[str, int]


def list_stations(node: Node, *, silent_days: int) -> list[dict[str, Any]]:
    """Every registered station, by region code.

    silent_days  a station not heard for so long is marked `silent`
    returns      [{"sid", "name", "region", "level", "level_name", "parent", "parent_name", "registered_at",
                 "enrolled", "last_heard", "last_heard_text", "silent", "clock_offset_ms", "clock_offset_text", "cases",
                 "cases_by_state", "backlog": {"events", "photos"}, "set_aside", "alarms"}]; times as events write
                 them, None for never
    """

    def work(reader: Reader) -> list[dict[str, Any]]:
        stations = all_stations(reader)
        view = _view(reader, node, stations, count_by_station(reader), silent_days)
        return [_row(reader, station, view) for station in stations]

    return node.read(work)


def page_of_stations(node: Node, *, silent_days: int, cursor: str = "", limit: int = MOST_STATIONS) -> dict[str, Any]:
    """A page of `list_stations`: {"stations": [...], "next": cursor or None}.

    cursor  the region code behind which the page begins; "" for the first
    """

    def work(reader: Reader) -> dict[str, Any]:
        found = stations_behind(reader, cursor, limit=limit + 1)
        view = _view(reader, node, all_stations(reader), count_by_station(reader), silent_days)
        rows = [_row(reader, station, view) for station in found[:limit]]
        return {"stations": rows, "next": rows[-1]["region"] if len(found) > limit else None}

    return node.read(work)


def read_station(node: Node, sid: str, *, silent_days: int) -> dict[str, Any]:
    """One station as `list_stations` has it, and "devices": [{"device", "given_at", "used_at", "writer", "revoked",
    "revoked_at", "revoked_why"}].

    raises  NotFound
    """

    def work(reader: Reader) -> dict[str, Any]:
        station = registered_station(reader, sid)
        view = _view(reader, node, all_stations(reader), count_by_station(reader, sid=sid), silent_days)
        known = {one.writer: one for one in certificates_of_station(reader, sid)}
        devices = [_device(one, known.get(one.writer)) for one in issued_of(reader, sid)]
        return {**_row(reader, station, view), "devices": devices}

    return node.read(work)


def _view(
    reader: Reader,
    node: Node,
    stations: Iterable[Station],
    cases: Mapping[str, Mapping[str, int]],
    silent_days: int,
) -> _View:
    who = node.identity
    names = {who.sid: who.name, **{station.sid: station.name for station in stations}}
    aside, alarms = count_aside_by_offerer(reader), count_alarms_by_writer(reader)
    return _View(node.clock(), silent_days * _DAY_MS, names, cases, aside, alarms, sightings(reader))


def _row(reader: Reader, station: Station, view: _View) -> dict[str, Any]:
    certified = certificates_of_station(reader, station.sid)
    writers, in_use = [known.writer for known in certified], any(not known.revoked for known in certified)
    heard, offset = _heard_ms(reader, station.sid, writers, view), known_offset(reader, station.sid)
    cases, backlog = view.cases.get(station.sid, {}), backlog_of(reader, writers)
    return {
        "sid": station.sid,
        "name": station.name,
        "region": station.region,
        "level": station.level,
        "level_name": level_name(station.level),
        "parent": station.parent,
        "parent_name": view.names.get(station.parent, station.parent),
        "registered_at": time_text(station.registered_ms),
        "enrolled": in_use,
        "revoked": bool(writers) and not in_use,
        "last_heard": _time(heard),
        "last_heard_text": ago(heard, view.now_ms),
        "silent": in_use and (heard is None or view.now_ms - heard > view.silent_ms),
        "clock_offset_ms": None if offset is None else offset.ms,
        "clock_offset_text": ""
        if offset is None
        else offset_text(Offset(-offset.ms, offset.within_ms), other=_("Centre")),
        "cases": sum(cases.values()),
        "cases_by_state": [
            {"state": code, "state_name": state_name(code), "count": count} for code, count in sorted(cases.items())
        ],
        "backlog": {"events": backlog.events, "photos": backlog.photos},
        "set_aside": sum(view.aside.get(writer, 0) for writer in writers),
        "alarms": sum(view.alarms.get(writer, 0) for writer in writers),
    }


def _heard_ms(reader: Reader, sid: str, writers: Iterable[str], view: _View) -> int | None:
    """As `heard_ms`; that a device asked to be certified was heard, too, by whatever way it came."""
    asked = (issued.used_ms for issued in issued_of(reader, sid))
    return max(filter(None, (heard_ms(reader, sid, writers, view.sighted), *asked)), default=None)


def _device(issued: Issued, known: Known | None) -> dict[str, Any]:
    return {
        "device": issued.device,
        "given_at": time_text(issued.issued_ms),
        "used_at": _time(issued.used_ms),
        "writer": issued.writer,
        "revoked": is_revoked(issued, known),
        "revoked_at": _time(issued.revoked_ms),
        "revoked_why": issued.revoked_why,
    }


def _time(at_ms: int | None) -> str | None:
    return None if at_ms is None else time_text(at_ms)
