"""Someone does something to a record: one act, one event, one transaction, answered once.

The use cases above say which act it is and what it sets; the state table of the record's type says whether it may be
done.

Must not know: types of record, the acts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sync.node.acts.answer_once import Answer, Request, answer_once
from sync.node.acts.name_version import require_seen
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.node.own_clock import note_time
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


def act_on_record(
    node: Node,
    find: Callable[[Transaction], Record],
    step: Step,
    tell: Callable[[Record, str], dict[str, Any]],
    doer: Doer,
) -> Answer:
    """Record one act; durable on return.

    find     the record as it stands
    step     what is done to it; whatever it stores with that is in the same transaction
    tell     what is answered, by the record as it is then and the type of the event
    returns  200 with that
    raises   ChangedMeanwhile when the record is not as the doer has seen it; KeyReused; Forbidden, in Chinese, when
             state or level do not allow it; what `find` and `step` raise
    """
    now_ms = node.clock()

    def work(tx: Transaction) -> Answer:
        def act() -> dict[str, Any]:
            before = find(tx)
            require_seen(before, doer.seen)
            quality = note_time(tx, now_ms)
            event_type, fields = step(tx, before)
            what = Act(before.id, event_type, fields, doer.by, now_ms, quality, note=doer.reason)
            return tell(record(tx, node.documents, node.identity, what), event_type)

        return answer_once(tx, doer.request, act, status=_DONE, now_ms=now_ms)

    return node.write(work)
