"""Someone does something to a person's record: one act, one event, one transaction, answered once.

The use cases beside this module say which act it is.

Must not know: the acts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sync.errors import Forbidden
from sync.node.answer_once import Answer, Request, answer_once
from sync.node.name_version import require_seen
from sync.node.node import Node
from sync.node.own_clock import note_time
from sync.node.recording import Act, record
from sync.people.find_person import MERGED, find_person
from sync.records.clock import beijing
from sync.records.log import Record, record_from_document
from sync.records.person_words import person_act_name, person_state_name
from sync.store.transaction import Transaction

# What may still be said of somebody who goes on as another.
_OF_MERGED = ("noted", "reinstated")


@dataclass(frozen=True, slots=True)
class By:
    """Who does it (as events name actors), why, and under which request; a repetition is answered alike.

    seen  what the person may be called as they have seen him (`version_of`); None when they do not say
    """

    actor: str
    reason: str = ""
    request: Request | None = None
    seen: frozenset[str] | None = None


Fill = Callable[[Transaction, Record], Mapping[str, Any]]


def act_on_person(node: Node, person_id: str, event_type: str, fill: Fill, by: By) -> Answer:
    """Record one act; durable on return.

    fill     the fields it sets, by the person as the record stands
    returns  200 with {id, act, act_name, state, state_name}
    raises   NotFound; Forbidden, in Chinese, when the state does not allow it; KeyReused; ChangedMeanwhile when the
             person is not as the doer has seen him; what `fill` raises
    """
    now_ms = node.clock()

    def work(tx: Transaction) -> Answer:
        def act() -> dict[str, Any]:
            person = find_person(tx, node, person_id)
            require_seen(person, by.seen)
            if person.status == MERGED and event_type not in _OF_MERGED:
                raise Forbidden("此人的登记已经并入另一条，请在那一条上办理")
            quality = note_time(tx, now_ms)
            what = Act(person_id, event_type, fill(tx, person), by.actor, now_ms, quality, note=by.reason)
            return answer_of(record_from_document(record(tx, node.documents, node.identity, what)), event_type)

        return answer_once(tx, by.request, act, status=200, now_ms=now_ms)

    return node.write(work)


def answer_of(person: Record, event_type: str) -> dict[str, Any]:
    """What is answered to an act."""
    return {
        "id": person.id,
        "act": event_type,
        "act_name": person_act_name(event_type),
        "state": person.status,
        "state_name": person_state_name(person.status),
    }


def today_of(node: Node) -> date:
    """The day it is here by our clock."""
    return beijing(node.clock()).date()
