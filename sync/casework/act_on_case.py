"""Someone does something to a case (`sync.node.acts.acting`).

The use cases beside this module say which act it is; the state table says whether it may be done, and
`await_papers` what waits for papers whatever the table says.

Must not know: the acts.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sync.casework.await_papers import require_papers
from sync.casework.describe_case import state_name
from sync.casework.describe_event import event_name
from sync.casework.find_case import find_case
from sync.node.acts.acting import Beside, Doer, act_on_record
from sync.node.acts.answer_once import Answer
from sync.node.acts.name_version import version_of
from sync.node.node import Node
from sync.records.log import Record
from sync.store.transaction import Transaction
from sync.typed import Value

# The fields an act sets; whatever is stored with them is in the same transaction.
Fill = Callable[[Transaction, Record], Mapping[str, Any]]


class BesideCase(Value):
    """What is done to another case in the same transaction: as `act_on_case`; `choose` says "" for nothing."""

    case_id: str
    choose: Callable[[Record], str]
    fill: Fill


def nothing(tx: Transaction, case: Record) -> Mapping[str, Any]:
    """An act that sets no field."""
    return {}


def act_on_case(
    node: Node,
    case_id: str,
    choose: Callable[[Record], str],
    doer: Doer,
    *,
    fill: Fill = nothing,
    beside: Sequence[BesideCase] | None = None,
) -> Answer:
    """Record one act on a case; durable on return.

    choose   the type of the event, by the case as it stands
    fill     the fields it sets; whatever it stores with them is in the same transaction
    beside   what is done to other cases with it; all of it or none
    returns  200 with {id, version, receipt_number, act, act_name, state, state_name}, and where `beside`
             is given `also`, the like of each other case that something was done to
    raises   NotFound; Forbidden, in Chinese, when state, item, level or missing papers do not allow it; KeyReused;
             ChangedMeanwhile when the case is not as the doer has seen it
    """

    def finding(one: str) -> Callable[[Transaction], Record]:
        return lambda tx: find_case(tx, node, one)

    def step(tx: Transaction, case: Record) -> tuple[str, Mapping[str, Any]]:
        return _stepped(node, tx, case, choose(case), fill)

    def besides(other: BesideCase) -> Beside:
        def step(tx: Transaction, case: Record) -> tuple[str, Mapping[str, Any]] | None:
            event_type = other.choose(case)
            return _stepped(node, tx, case, event_type, other.fill) if event_type else None

        return Beside(finding(other.case_id), step)

    others = None if beside is None else [besides(other) for other in beside]
    return act_on_record(node, finding(case_id), step, _answer, doer, beside=others)


def _stepped(node: Node, tx: Transaction, case: Record, event_type: str, fill: Fill) -> tuple[str, Mapping[str, Any]]:
    require_papers(node, case, event_type)
    return event_type, fill(tx, case)


def _answer(case: Record, event_type: str) -> dict[str, Any]:
    return {
        "id": case.id,
        "version": version_of(case),
        "receipt_number": case.fields.get("receipt_number", ""),
        "act": event_type,
        "act_name": event_name(case, case.events[-1]),  # whoever has seen everything is told last
        "state": case.status,
        "state_name": state_name(case.status),
    }
