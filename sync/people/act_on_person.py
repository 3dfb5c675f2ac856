"""Someone does something to a person's record (`sync.node.acts.acting`).

The use cases beside this module say which act it is.

Must not know: the acts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sync.errors import Forbidden
from sync.messages import _
from sync.node.acts.acting import Doer, act_on_record
from sync.node.acts.answer_once import Answer
from sync.node.acts.name_version import version_of
from sync.node.node import Node
from sync.people.find_person import MERGED, find_person
from sync.records.log import Record
from sync.records.person_words import person_act_name, person_state_name
from sync.store.transaction import Transaction

# What may still be said of somebody who goes on as another.
_OF_MERGED = ("noted", "reinstated")


Fill = Callable[[Transaction, Record], Mapping[str, Any]]


def act_on_person(node: Node, person_id: str, event_type: str, fill: Fill, doer: Doer) -> Answer:
    """Record one act; durable on return.

    fill     the fields it sets, by the person as the record stands
    returns  200 with {id, version, act, act_name, state, state_name}
    raises   NotFound; Forbidden when the state does not allow it; KeyReused; ChangedMeanwhile when the
             person is not as the doer has seen him; what `fill` raises
    """

    def step(tx: Transaction, person: Record) -> tuple[str, Mapping[str, Any]]:
        if person.status == MERGED and event_type not in _OF_MERGED:
            raise Forbidden(_("This registration was merged into another one; act on that one"))
        return event_type, fill(tx, person)

    return act_on_record(node, lambda tx: find_person(tx, node, person_id), step, answer_of, doer)


def answer_of(person: Record, event_type: str) -> dict[str, Any]:
    """What is answered to an act."""
    return {
        "id": person.id,
        "version": version_of(person),
        "act": event_type,
        "act_name": person_act_name(event_type),
        "state": person.status,
        "state_name": person_state_name(person.status),
    }
