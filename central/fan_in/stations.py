"""Every station in one list: when it was heard, how many cases it has, what the centre still lacks of it.

Derived from the case index, the contacts and what the stations have signed; nothing here is written.
A station that comes by way of its township is heard when something it signed arrives, and when the township says
that it called.

Must not know: how a page shows it.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any

from central.fan_in.standing import Stand, stands_of
from central.messages import _
from central.registry.registered import is_revoked, registered_station
from sync.casework.describe_case import level_name, state_name
from sync.casework.describe_offset import offset_text
from sync.casework.read_status import ago
from sync.node.lists.case_index import count_by_station
from sync.node.node import Node
from sync.node.road.clock_offset import Offset, offset_in
from sync.records.clock import time_text
from sync.store.ledger.alarms import count_alarms_by_writer
from sync.store.ledger.certificates import Known, certificates_of_station
from sync.store.ledger.contacts import all_contacts
from sync.store.ledger.set_aside import count_aside_by_offerer
from sync.store.ledger.stations import Issued, Station, all_stations, find_station, issued_of
from sync.store.transaction import Reader
from sync.typed import Value

MOST_STATIONS = 200


class _View(Value):
    """What all rows of one list share."""

    now_ms: int
    names: Mapping[str, str]
    stands: Mapping[str, Stand]
    offsets: Mapping[str, Offset]
    aside: Mapping[str, int]
    alarms: Mapping[str, int]


def list_stations(node: Node, *, silent_days: int) -> list[dict[str, Any]]:
    """Every registered station, by region code.

    silent_days  a station not heard for so long is marked `silent`
    returns      [{"sid", "name", "region", "level", "level_name", "parent", "parent_name", "registered_at",
                 "enrolled", "revoked", "last_heard", "last_heard_text", "silent", "clock_offset_ms",
                 "clock_offset_text", "cases", "cases_by_state", "backlog": {"events", "photos"}, "set_aside",
                 "alarms"}]; times as events write them, None for never
    """

    def work(reader: Reader) -> list[dict[str, Any]]:
        stations, cases = all_stations(reader), count_by_station(reader)
        view = _view(reader, node, stations, silent_days)
        return [_row(station, view, cases.get(station.sid, {})) for station in stations]

    return node.read(work)


def page_of_stations(
    node: Node, *, silent_days: int, way: str = "", q: str = "", cursor: str = "", limit: int = MOST_STATIONS
) -> dict[str, Any]:
    """A page of `list_stations`: {"stations": [...], "next": cursor or None}; see `counted_page`."""
    page, _counts = counted_page(node, silent_days=silent_days, way=way, q=q, cursor=cursor, limit=limit)
    return page


def counted_page(
    node: Node, *, silent_days: int, way: str = "", q: str = "", cursor: str = "", limit: int = MOST_STATIONS
) -> tuple[dict[str, Any], dict[str, int]]:
    """A page of stations, and `count_stations` of them all, at one look.

    way     those that stand so, of `standing.Way`; "" for any
    q       those with this in their name or that of the station above, whose region code begins so, or of this id
    cursor  the region code behind which the page begins; "" for the first
    """

    def work(reader: Reader) -> tuple[dict[str, Any], dict[str, int]]:
        stations = all_stations(reader)
        view = _view(reader, node, stations, silent_days)
        behind = (one for one in stations if one.region > cursor and view.stands[one.sid].stands(way))
        found = list(islice((one for one in behind if _is_meant(one, q.strip().lower(), view.names)), limit + 1))
        rows = [_row(one, view, count_by_station(reader, sid=one.sid).get(one.sid, {})) for one in found[:limit]]
        page = {"stations": rows, "next": rows[-1]["region"] if len(found) > limit else None}
        return page, _counted(view.stands.values())

    return node.read(work)


def count_stations(node: Node, *, silent_days: int) -> dict[str, int]:
    """How many stations are {"registered", "enrolled", "silent", "behind"}.

    behind  with steps or photos the centre still lacks
    """

    def work(reader: Reader) -> dict[str, int]:
        sids = [station.sid for station in all_stations(reader)]
        return _counted(stands_of(reader, sids, now_ms=node.clock(), silent_days=silent_days).values())

    return node.read(work)


def name_stations(node: Node, *, level: str = "") -> list[tuple[str, str, str]]:
    """(sid, name, level) of the registered stations, of one level where it is named, by region code."""
    return [(one.sid, one.name, one.level) for one in node.read(all_stations) if level in ("", one.level)]


def read_station(node: Node, sid: str, *, silent_days: int) -> dict[str, Any]:
    """One station as `list_stations` has it, and "devices": [{"device", "given_at", "used_at", "writer", "revoked",
    "revoked_at", "revoked_why"}].

    raises  NotFound
    """

    def work(reader: Reader) -> dict[str, Any]:
        station = registered_station(reader, sid)
        above = find_station(reader, station.parent)
        view = _view(reader, node, [station, *([above] if above else [])], silent_days)
        known = {one.writer: one for one in certificates_of_station(reader, sid)}
        devices = [_device(one, known.get(one.writer)) for one in issued_of(reader, sid)]
        return {**_row(station, view, count_by_station(reader, sid=sid).get(sid, {})), "devices": devices}

    return node.read(work)


def _counted(stands: Collection[Stand]) -> dict[str, int]:
    return {
        "registered": len(stands),
        "enrolled": sum(one.in_use for one in stands),
        "silent": sum(one.silent for one in stands),
        "behind": sum(one.is_behind for one in stands),
    }


def _is_meant(station: Station, q: str, names: Mapping[str, str]) -> bool:
    named = station.name, names.get(station.parent, "")
    return any(q in name.lower() for name in named) or station.region.startswith(q) or station.sid == q


def _view(reader: Reader, node: Node, stations: Sequence[Station], silent_days: int) -> _View:
    who, now_ms = node.identity, node.clock()
    return _View(
        now_ms,
        {who.sid: who.name, **{station.sid: station.name for station in stations}},
        stands_of(reader, [station.sid for station in stations], now_ms=now_ms, silent_days=silent_days),
        {one.peer: offset for one in all_contacts(reader) if (offset := offset_in(one))},
        count_aside_by_offerer(reader),
        count_alarms_by_writer(reader),
    )


def _row(station: Station, view: _View, cases: Mapping[str, int]) -> dict[str, Any]:
    stand, offset = view.stands[station.sid], view.offsets.get(station.sid)
    return {
        "sid": station.sid,
        "name": station.name,
        "region": station.region,
        "level": station.level,
        "level_name": level_name(station.level),
        "parent": station.parent,
        "parent_name": view.names.get(station.parent, station.parent),
        "registered_at": time_text(station.registered_ms),
        "enrolled": stand.in_use,
        "revoked": stand.revoked,
        "last_heard": _time(stand.heard_ms),
        "last_heard_text": ago(stand.heard_ms, view.now_ms),
        "silent": stand.silent,
        "clock_offset_ms": None if offset is None else offset.ms,
        "clock_offset_text": ""
        if offset is None
        else offset_text(Offset(-offset.ms, offset.within_ms), other=_("Centre")),
        "cases": sum(cases.values()),
        "cases_by_state": [
            {"state": code, "state_name": state_name(code), "count": count} for code, count in sorted(cases.items())
        ],
        "backlog": {"events": stand.backlog.events, "photos": stand.backlog.photos},
        "set_aside": sum(view.aside.get(writer, 0) for writer in stand.writers),
        "alarms": sum(view.alarms.get(writer, 0) for writer in stand.writers),
    }


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
