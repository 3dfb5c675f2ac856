"""告警: what cannot be true and yet was signed or written, in words for whoever looks after the node.

Must not know: how it is shown, who may settle it.
"""

from typing import Any

from sync.casework.name_stations import owner_of, station_names
from sync.errors import NotFound
from sync.messages import N_, _
from sync.node.node import Node
from sync.records.clock import time_text
from sync.store.ledger.alarms import Alarm, find_alarm, open_alarms, settled_alarms
from sync.store.transaction import Reader
from sync.values.cursors import read_cursor, read_number, write_cursor

_MOST = 100
_COPIED = N_(
    "Somebody may have copied the data directory or restored one backup twice: see to it that one device alone "
    "is in use, and stop the other"
)
# {kind: (what was seen, what to do)}
_WORDS = {
    "two-events": (N_("Two different steps under one number"), _COPIED),
    "broken-link": (N_("Steps that do not follow each other"), _COPIED),
    "two-heads": (N_("A signature that does not fit the steps kept here"), _COPIED),
    "two-receipts": (N_("Two contents of one receipt"), _COPIED),
    "two-lives": (N_("One key used at two places"), _COPIED),
    "false-signature": (
        N_(
            "A signature that is wrong, it was not believed: the contents were changed on their way, or somebody "
            "took the name of this device"
        ),
        N_(
            "Call the station, check its device and the devices and sticks in between; where it happens again and "
            "again, have the centre revoke the certificate of this device"
        ),
    ),
    "turned-back": (
        N_(
            "The data of this machine was put back to an earlier state, or a copy of it is running; this machine "
            "has begun a new life and needs a new enrolment code before it gives receipt numbers"
        ),
        N_(
            "Find out whether a snapshot of the whole machine was restored; from now on restore backups with "
            "yizhan restore"
        ),
    ),
    "not-ours": (
        N_(
            "A step in the name of this machine that this machine does not know came from above, it was set aside: "
            "the data of this machine was put back to an earlier state, a copy of it is running, or somebody took "
            "its name"
        ),
        N_(
            "Find out whether a snapshot of the whole machine was restored. If so, receipt numbers may be given "
            "twice: make a backup, restore it with yizhan restore, go on with that, and have what was set aside "
            "taken once more"
        ),
    ),
}
_OTHERWISE = (N_("A contradiction that this version does not know"), N_("Update this machine, then look again"))


def list_alarms(node: Node, *, settled: bool = False, cursor: str = "", limit: int = _MOST) -> dict[str, Any]:
    """A page of what nobody has settled, or of what somebody has, newest first.

    cursor   from the page before; "" for the first
    returns  {"alarms": [{"alarm", "kind", "at", "station", "what", "advice", "writer", "life", "number", "source",
             "known", "offered", "settled_at", "settled_by", "why"}], "next": cursor or None}
    raises   BadRequest on a cursor that is none
    """
    names, place = station_names(node), {"before": read_number(*read_cursor(cursor, 1))} if cursor else {}
    find = settled_alarms if settled else open_alarms

    def work(reader: Reader) -> list[dict[str, Any]]:
        return [_row(reader, one, names) for one in find(reader, **place, limit=limit + 1)]

    rows = node.read(work)
    more = len(rows) > limit
    return {"alarms": rows[:limit], "next": write_cursor(str(rows[limit - 1]["alarm"])) if more else None}


def show_alarm(node: Node, alarm: int) -> dict[str, Any]:
    """One of them, as `list_alarms` tells it. Raises NotFound."""
    names = station_names(node)

    def work(reader: Reader) -> dict[str, Any]:
        found = find_alarm(reader, alarm)
        if found is None:
            raise NotFound(_("There is no such alarm"))
        return _row(reader, found, names)

    return node.read(work)


def _row(reader: Reader, one: Alarm, names: dict[str, str]) -> dict[str, Any]:
    what, advice = _WORDS.get(one.kind, _OTHERWISE)
    return {
        "alarm": one.alarm,
        "kind": one.kind,
        "at": time_text(one.at_ms),
        "station": owner_of(reader, one.writer, names),
        "what": _(what),
        "advice": _(advice),
        "writer": one.writer,
        "life": one.life,
        "number": one.number,
        "source": one.source,
        "known": one.known,
        "offered": one.offered,
        "settled_at": None if one.settled_ms is None else time_text(one.settled_ms),
        "settled_by": one.settled_by,
        "why": one.why,
    }
