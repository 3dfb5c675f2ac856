"""Someone does something to a case: one act, one event, one transaction, answered once.

The use cases beside this module say which act it is; the state table says whether it may be done.

Must not know: the acts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sync.casework.describe_case import act_name, state_name
from sync.casework.find_case import find_case
from sync.node.answer_once import Answer, Request, answer_once
from sync.node.name_version import require_seen
from sync.node.node import Node
from sync.node.own_clock import note_time
from sync.node.recording import Act, record
from sync.records.log import Record, record_from_document
from sync.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it (as events name actors), why, and under which request.

    seen  what the case may be called as they have seen it (`version_of`); None when they do not say
    """

    by: str
    reason: str = ""
    request: Request | None = None
    seen: frozenset[str] | None = None


def _nothing(tx: Transaction, case: Record) -> Mapping[str, Any]:
    return {}


def act_on_case(
    node: Node,
    case_id: str,
    choose: Callable[[Record], str],
    doer: Doer,
    *,
    fill: Callable[[Transaction, Record], Mapping[str, Any]] = _nothing,
) -> Answer:
    """Record one act on a case; durable on return.

    choose   the type of the event, by the case as it stands
    fill     the fields it sets; whatever it stores with them is in the same transaction
    returns  200 with {id, receipt_number, act, act_name, state, state_name}
    raises   NotFound; Forbidden, in Chinese, when state, item or level do not allow it; KeyReused;
             ChangedMeanwhile when the case is not as the doer has seen it
    """
    now_ms = node.clock()

    def work(tx: Transaction) -> Answer:
        def act() -> dict[str, Any]:
            case = find_case(tx, node, case_id)
            require_seen(case, doer.seen)
            event_type = choose(case)
            quality = note_time(tx, now_ms)
            what = Act(case_id, event_type, fill(tx, case), doer.by, now_ms, quality, note=doer.reason)
            return _answer(record_from_document(record(tx, node.documents, node.identity, what)), event_type)

        return answer_once(tx, doer.request, act, status=200, now_ms=now_ms)

    return node.write(work)


def _answer(case: Record, event_type: str) -> dict[str, Any]:
    return {
        "id": case.id,
        "receipt_number": case.fields.get("receipt_number", ""),
        "act": event_type,
        "act_name": act_name(event_type),
        "state": case.status,
        "state_name": state_name(case.status),
    }
