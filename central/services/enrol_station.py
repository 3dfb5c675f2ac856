"""A station is registered, or gets another code, on request of a supervisor; asked again, told again.

Codes are never stored: what is kept of an answer is which one was given, and the code is worked out
anew, so that a repeated request gets the code its sender missed and the disk holds no secret.

Must not know: how the code travels to the station.
"""

from collections.abc import Callable
from typing import Any

from central.registry.enrolling import Wanted, code_of, issue_code, register
from central.registry.registered import registered_station
from sync.node.acts.answer_once import Answer, Request, answer_once
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.node import Node
from sync.node.sharing import ensure_homes
from sync.store.ledger.stations import find_station
from sync.store.transaction import Reader, Transaction
from sync.values.json_text import dump, parse_object

CREATED = 201


def enrol_station(node: Node, wanted: Wanted, *, by: str, request: Request | None = None) -> Answer:
    """Register a station and give out its first code.

    by       who does it, as the audit names actors
    returns  201 with {"sid", "name", "region", "level", "parent", "parent_name", "device", "code"}
    raises   Invalid naming the fields; Conflict when the region has a station; KeyReused
    """
    return _given(node, lambda tx: register(tx, node, wanted, by=by), request)


def enrol_again(node: Node, sid: str, *, by: str, request: Request | None = None) -> Answer:
    """Give out another code for a station; see `enrol_station`. Raises NotFound."""
    return _given(node, lambda tx: issue_code(tx, node, sid, by=by), request)


def _given(node: Node, give: Callable[[Transaction], EnrolmentCode], request: Request | None) -> Answer:
    def work(tx: Transaction) -> Answer:
        def once() -> dict[str, Any]:
            code = give(tx)
            return {"sid": code.sid, "device": code.device}

        return answer_once(tx, request, once, status=CREATED, now_ms=node.clock())

    kept = node.write(work)
    given = parse_object(kept.body)
    ensure_homes(node, given["sid"])
    body = node.read(lambda reader: _told(reader, node, given["sid"], given["device"]))
    return Answer(kept.status, dump(body), replayed=kept.replayed)


def _told(reader: Reader, node: Node, sid: str, device: str) -> dict[str, Any]:
    station = registered_station(reader, sid)
    parent = find_station(reader, station.parent)
    return {
        "sid": sid,
        "name": station.name,
        "region": station.region,
        "level": station.level,
        "parent": station.parent,
        "parent_name": parent.name if parent else node.identity.name,
        "device": device,
        "code": str(code_of(node.identity.keys, sid, device)),
    }
