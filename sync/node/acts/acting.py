"""Someone does something to a record: one act, one event, one transaction, answered once.

What is done to others beside it is done in the same transaction, or nothing is.

The use cases above say which act it is and what it sets; the state table of the record's type says whether it may be
done.

Must not know: types of record, the acts.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sync.node.acts.answer_once import Answer, Request, answer_once
from sync.node.acts.name_version import require_seen
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.node.own_clock import note_time
from sync.records.clock import Quality
from sync.records.log import Record
from sync.store.transaction import Transaction
from sync.typed import Value

_DONE = 200


class Doer(Value):
    """Who does it (as events name actors), why, and under which request; a repetition is answered alike.

    seen  what the record may be called as they have seen it (`version_of`); None when they do not say
    """

    by: str
    reason: str = ""
    request: Request | None = None
    seen: frozenset[str] | None = None


# The type of an event and the fields it sets, by the record as it stands.
Step = Callable[[Transaction, Record], tuple[str, Mapping[str, Any]]]


class Beside(Value):
    """What is done to another record: the record as it stands, and the step, None where nothing is to be done to it."""

    find: Callable[[Transaction], Record]
    step: Callable[[Transaction, Record], tuple[str, Mapping[str, Any]] | None]


def act_on_record(
    node: Node,
    find: Callable[[Transaction], Record],
    step: Step,
    tell: Callable[[Record, str], dict[str, Any]],
    doer: Doer,
    *,
    beside: Sequence[Beside] | None = None,
) -> Answer:
    """Record one act; durable on return.

    find     the record as it stands
    step     what is done to it; whatever it stores with that is in the same transaction
    tell     what is answered, by the record as it is then and the type of the event
    beside   what else is done, each an act of its own; what the doer has seen is the first record
    returns  200 with that; where `beside` is given, `also` tells of each that something was done to
    raises   ChangedMeanwhile when the record is not as the doer has seen it; KeyReused; Forbidden, in Chinese, when
             state or level do not allow it; what `find` and `step` raise
    """
    now_ms = node.clock()

    def work(tx: Transaction) -> Answer:
        def done(before: Record, quality: Quality, event_type: str, fields: Mapping[str, Any]) -> dict[str, Any]:
            what = Act(before.id, event_type, fields, doer.by, now_ms, quality, note=doer.reason)
            return tell(record(tx, node.documents, node.identity, what), event_type)

        def act() -> dict[str, Any]:
            before = find(tx)
            require_seen(before, doer.seen)
            quality = note_time(tx, now_ms)
            told = done(before, quality, *step(tx, before))
            if beside is None:
                return told
            others = ((other, one.step(tx, other)) for one in beside for other in (one.find(tx),))
            return {**told, "also": [done(other, quality, *taken) for other, taken in others if taken is not None]}

        return answer_once(tx, doer.request, act, status=_DONE, now_ms=now_ms)

    return node.write(work)
