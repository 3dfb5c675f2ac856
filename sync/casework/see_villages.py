"""The stations below a node, one line each: when each was heard, what of it is here, what is late, what is on its way.

Everything is as it came up: what a village did since it was last heard is not known here, and no line says it is.

Must not know: how it is shown.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sync.casework.hear_stations import Backlog, backlogs
from sync.casework.read_status import ago
from sync.node.node import Node
from sync.node.road.hearing import heard_at
from sync.records.clock import beijing, time_text
from sync.store.ledger.case_queue import Lights, count_lights, count_received
from sync.store.ledger.certificates import Known, certificates_below
from sync.store.transaction import Reader
from sync.typed import Value

# A village that says nothing for so long is telephoned; no rule says when. A default, as at the centre.
SILENT_DAYS = 3
_DAY_MS = 86_400_000
_NONE = Lights("", 0, 0, 0, 0, 0)


class _View(Value):
    """What all lines share."""

    now_ms: int
    lights: Mapping[str, Lights]
    today: Mapping[str, int]
    week: Mapping[str, int]
    heard: Mapping[str, int]
    lacking: Mapping[str, Backlog]


def see_villages(node: Node) -> list[dict[str, Any]]:
    """Every station below this one that is still certified, the silent first, then those with most that is late.

    returns  [{"sid", "name", "last_heard", "last_heard_text", "silent_days", "red", "yellow", "due_today", "open",
             "received_today", "received_week", "backlog": {"events", "photos"}}]; last_heard as events write times,
             None for never; silent_days, how many whole days nothing was heard, 0 below `SILENT_DAYS`; open, those
             with a clock; received_week, in the seven days that end today
    """
    now_ms = node.clock()
    today = beijing(now_ms).date()

    def work(reader: Reader) -> list[dict[str, Any]]:
        own = node.identity.sid
        stations: dict[str, list[Known]] = {}
        for known in certificates_below(reader, own) if own else ():
            stations.setdefault(known.sid, []).append(known)
        below = {sid: known for sid, known in stations.items() if sid != own and not all(one.revoked for one in known)}
        view = _View(
            now_ms,
            count_lights(reader, today.isoformat()),
            count_received(reader, today.isoformat()),
            count_received(reader, (today - timedelta(days=6)).isoformat()),
            heard_at(reader, {sid: [one.writer for one in known] for sid, known in below.items()}),
            backlogs(reader),
        )
        rows = [_row(sid, known, view) for sid, known in below.items()]
        return sorted(rows, key=lambda row: (-row["silent_days"], -row["red"], row["name"]))

    return node.read(work)


def _row(sid: str, known: Sequence[Known], view: _View) -> dict[str, Any]:
    heard, backlog = view.heard.get(sid), Backlog.of((one.writer for one in known), view.lacking)
    lights = view.lights.get(sid, _NONE)
    days = 0 if heard is None else max(0, view.now_ms - heard) // _DAY_MS
    return {
        "sid": sid,
        "name": max(known, key=lambda one: one.issue).name,
        "last_heard": None if heard is None else time_text(heard),
        "last_heard_text": ago(heard, view.now_ms),
        "silent_days": days if days >= SILENT_DAYS else 0,
        "red": lights.red,
        "yellow": lights.yellow,
        "due_today": lights.today,
        "open": lights.red + lights.yellow + lights.green + lights.unknown,
        "received_today": view.today.get(sid, 0),
        "received_week": view.week.get(sid, 0),
        "backlog": {"events": backlog.events, "photos": backlog.photos},
    }
