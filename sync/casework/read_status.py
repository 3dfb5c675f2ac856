"""How the station stands: who it is, when it last reached anyone, what waits, and what somebody must look at.

Must not know: how it is shown.
"""

from typing import Any

from sync.casework.count_waiting import count_waiting
from sync.casework.describe_case import level_name, state_name
from sync.casework.describe_failure import failure_text
from sync.casework.describe_offset import offset_text
from sync.messages import N_, _
from sync.node.lists.case_index import count_by_status
from sync.node.node import Node
from sync.node.own_clock import read_clock
from sync.node.road.clock_offset import known_offset
from sync.node.road.failing import last_failure
from sync.node.sharing import UPSTREAM
from sync.records.clock import time_text
from sync.store.ledger.alarms import count_alarms
from sync.store.ledger.contacts import contact
from sync.store.ledger.set_aside import count_aside
from sync.store.letting_go import bytes_away
from sync.store.transaction import Reader
from sync.version import VERSION

_CLOCK_NAMES = {
    "heard": N_("checked with the level above"),
    "confirmed": N_("confirmed at this station"),
    "doubtful": N_("to be checked"),
}
_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000


def read_status(node: Node) -> dict[str, Any]:
    """Everything a screen or an operator asks about the station itself; times as events write them."""
    who, now_ms = node.identity, node.clock()
    return {
        "version": VERSION,
        "sid": who.sid,
        "name": who.name,
        "region": who.region,
        "level": who.level,
        "level_name": level_name(who.level),
        "writer": who.writer,
        "life": who.life,
        "certified": who.certified,
        "device": who.device,
        "upstream": who.upstream,
        "now": time_text(now_ms),
        **node.read(_counts),
        "waiting": count_waiting(node),
        "documents": _documents(node),
        "last_contact": node.read(lambda reader: _last_contact(node, reader, now_ms)),
        "clock": node.read(lambda reader: _clock(reader, now_ms)),
    }


def _documents(node: Node) -> dict[str, Any]:
    """Where the documents are: {"where": "directory" or "couchdb", "address", "trouble", "waiting", "refused"}."""
    stands = node.documents.elsewhere()
    if stands is None:
        return {"where": "directory", "address": "", "trouble": "", "waiting": 0, "refused": 0}
    return {
        "where": "couchdb",
        "address": stands.address,
        "trouble": stands.trouble,
        "waiting": stands.waiting,
        "refused": stands.refused,
    }


def ago(then_ms: int | None, now_ms: int) -> str:
    """How long ago something was, in words."""
    if then_ms is None:
        return _("never")
    passed = now_ms - then_ms
    if passed < _MINUTE_MS:
        return _("just now")
    if passed < _HOUR_MS:
        return _("%(minutes)s minutes ago", minutes=passed // _MINUTE_MS)
    if passed < _DAY_MS:
        return _("%(hours)s hours ago", hours=passed // _HOUR_MS)
    return _("%(days)s days ago", days=passed // _DAY_MS)


def _counts(reader: Reader) -> dict[str, Any]:
    by_state = count_by_status(reader)
    return {
        "cases": sum(by_state.values()),
        "cases_by_state": [{"state": code, "state_name": state_name(code), "count": n} for code, n in by_state.items()],
        "set_aside": count_aside(reader),
        "alarms": count_alarms(reader),
        "let_go_bytes": bytes_away(reader),
    }


def _last_contact(node: Node, reader: Reader, now_ms: int) -> dict[str, Any]:
    known, failure = contact(reader, UPSTREAM), last_failure(node, reader)
    succeeded_ms = None if known is None else known.succeeded_ms
    return {
        "at": None if succeeded_ms is None else time_text(succeeded_ms),
        "text": ago(succeeded_ms, now_ms),
        "error": failure_text(failure) if failure else "",
        "refused": failure is not None and failure.refused,
    }


def _clock(reader: Reader, now_ms: int) -> dict[str, Any]:
    reading, offset = read_clock(reader, now_ms), known_offset(reader, UPSTREAM)
    return {
        "quality": reading.quality.value,
        "quality_name": _(_CLOCK_NAMES[reading.quality.value]),
        "must_ask": reading.must_ask,
        "reason": reading.reason,
        "offset_ms": None if offset is None else offset.ms,
        "offset_within_ms": None if offset is None else offset.within_ms,
        "offset_text": "" if offset is None else offset_text(offset, other=_("Above")),
    }
