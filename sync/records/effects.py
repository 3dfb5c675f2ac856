"""What became of each event of a record: whether it counted, waits for somebody, was overtaken, or was left.

An event that has no effect stays in the log as it was written; whoever reads the log is to see that it had none.

Must not know: what the codes are called, how a log is shown.
"""

from collections.abc import Mapping

from sync.records.events import Event
from sync.records.fold import course
from sync.records.log import Record
from sync.records.past import pasts

# COUNTS has effect. WAITS: an edit nobody has taken or left (`parking`); TAKEN and LEFT, one somebody has. ASKS: a
# request that waits. REPEAT: another had done the same; DISPUTED: two people acted lawfully. IDLE: it may not happen
# where it fell.
COUNTS, WAITS, TAKEN, LEFT, ASKS, REPEAT, DISPUTED, IDLE = (
    "",
    "waits",
    "taken",
    "left",
    "asks",
    "repeat",
    "disputed",
    "idle",
)
_ANSWERS = {"parked_taken": TAKEN, "parked_left": LEFT}


def effects(record: Record) -> Mapping[str, str]:
    """{hash of an event: what became of it}; nothing of a record this node does not understand."""
    if not record.understood:
        return {}
    counted = {stage.event.hash for stage in course(record.fold, record.type, record.events)}
    waiting = {str(edit["event"]) for edit in record.parked_edits}
    asked = {str(request["event"]) for request in record.requests}
    noted = {str(one["event"]): str(one.get("why", "")) for one in record.noted}
    idle = [event for event in record.events if event.hash not in counted]
    answered = _answered(record, idle) if idle else {}
    found: dict[str, str] = {}
    for event in idle:
        name = event.hash
        if name in waiting:
            found[name] = WAITS
        elif name in asked:
            found[name] = ASKS
        elif name in noted:
            found[name] = noted[name] if noted[name] in (REPEAT, DISPUTED) else IDLE
        else:
            found[name] = answered.get(name, IDLE)
    return found


def _answered(record: Record, idle: list[Event]) -> Mapping[str, str]:
    """{hash: how it was answered first} of edits that had waited."""
    answers = [event for event in record.events if event.type in _ANSWERS]
    past = pasts(record.events) if answers else {}
    found: dict[str, str] = {}
    for event in idle:
        for answer in answers:
            if event.hash in past[answer.hash]:
                found.setdefault(event.hash, _ANSWERS[answer.type])
    return found
