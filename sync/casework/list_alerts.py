"""预警通知: what the centre has told, in words: what concerns this node now, and all there ever was.

Must not know: who may see it, how it is shown.
"""

from typing import Any

from sync.casework.name_stations import station_names
from sync.errors import NotFound
from sync.messages import N_, _
from sync.node.node import Node
from sync.node.vouching.statements import stations_above
from sync.records.alerts import SEVERITIES, Alert, severity_name
from sync.records.clock import time_text
from sync.store.ledger.alerts import alerts_in_force, all_alerts, find_alert, note_read, read_by
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.certificates import certificates_above
from sync.store.transaction import Reader, Transaction
from sync.values.cursors import read_cursor, read_number, write_cursor

IN_FORCE, ENDED, WITHDRAWN = "in_force", "ended", "withdrawn"
_STATE_NAMES = {IN_FORCE: N_("in force"), ENDED: N_("expired"), WITHDRAWN: N_("taken back")}
_EVERYBODY = N_("All stations")
_ORDER = tuple(SEVERITIES)


def alerts_here(node: Node, *, by: str = "") -> list[dict[str, Any]]:
    """What holds and concerns this node, the worst first, of those the newest.

    by       an account; each then says when that one has read it
    returns  [{"code", "key", "severity", "severity_name", "title", "text", "audience", "audience_name", "at",
             "until", "state", "state_name", "read_at"}]; times as events write them, `read_at` None for not
             yet; key, another one for each issue
    """
    node.catalogue.labels()  # what has just arrived is looked at first
    now_ms = node.clock()
    found = node.read(lambda reader: concerning(reader, node, now_ms))
    if not found:
        return []
    names, read = station_names(node), node.read(lambda reader: read_by(reader, by)) if by else {}
    return [describe_alert(one, names, now_ms=now_ms, read_ms=read.get(one.code)) for one in found]


def concerning(reader: Reader, node: Node, now_ms: int) -> list[Alert]:
    """What holds and concerns this node: what is for all, for it, or for a station above it; the worst first."""
    found = alerts_in_force(reader, now_ms=now_ms)
    if not found:
        return []
    sid = node.identity.sid
    ours = {"", sid, *stations_above(sid, certificates_above(reader, sid))}
    return sorted((one for one in found if one.audience in ours), key=lambda one: _rank(one.severity))


def list_alerts(node: Node, *, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """A page of all there ever were, the newest first: {"alerts": [as `alerts_here`], "next": cursor or None}.

    raises  BadRequest on a cursor that is none
    """
    node.catalogue.labels()
    behind = {"behind": _place(cursor)} if cursor else {}
    found = node.read(lambda reader: all_alerts(reader, **behind, limit=limit + 1))
    page, names, now_ms = found[:limit], station_names(node), node.clock()
    more = write_cursor(str(page[-1].at_ms), page[-1].code) if len(found) > limit else None
    return {"alerts": [describe_alert(one, names, now_ms=now_ms) for one in page], "next": more}


def read_alert(node: Node, code: str, *, by: str) -> dict[str, Any]:
    """已阅: this account has read it, and is shown it no more; the same again changes nothing. Raises NotFound."""
    now_ms = node.clock()

    def work(tx: Transaction) -> dict[str, Any]:
        if find_alert(tx, code) is None:
            raise NotFound(_("There is no such alert"))
        if note_read(tx, code, by, now_ms=now_ms):
            append_entry(tx, Entry(now_ms, by, "alert_read", f"alert:{code}"))
        return {"read": code}

    return node.engine.write(work)


def describe_alert(one: Alert, names: dict[str, str], *, now_ms: int, read_ms: int | None = None) -> dict[str, Any]:
    """One of them as screens and the API tell it."""
    state = WITHDRAWN if one.withdrawn else IN_FORCE if one.until_ms > now_ms else ENDED
    return {
        "code": one.code,
        "key": one.key,
        "severity": one.severity if one.severity in SEVERITIES else "notice",
        "severity_name": severity_name(one.severity),
        "title": one.title,
        "text": one.text,
        "audience": one.audience,
        "audience_name": names.get(one.audience, one.audience) if one.audience else _(_EVERYBODY),
        "at": time_text(one.at_ms),
        "until": time_text(one.until_ms),
        "state": state,
        "state_name": _(_STATE_NAMES[state]),
        "read_at": None if read_ms is None else time_text(read_ms),
    }


def _rank(severity: str) -> int:
    return _ORDER.index(severity) if severity in _ORDER else len(_ORDER)


def _place(cursor: str) -> tuple[int, str]:
    at_ms, code = read_cursor(cursor, 2)
    return read_number(at_ms), code
