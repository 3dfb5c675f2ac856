"""Who has a case, and so whose turn it is: an account, which is that of the node at whose level it was named.

Village and township may each have a `zhang`, so an account alone says nobody.

首问负责: until a case is given to somebody, it is with whoever received it, while it is his station's turn. Not in
review, where the next thing to be done is a decision, which not everybody may take who receives.

Must not know: what people are called, which nodes there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sync.records.case_table_2 import CASE_2
from sync.records.case_turn import turn_of
from sync.records.events import LEVELS, Event
from sync.typed import Value

_DECIDED_NEXT = "in_review"
_ACCOUNT = "acct:"


class Desk(Value):
    """Where a case lies.

    turn      the level that has to do something (`case_turn`), "" where nothing is left
    assignee  who has it, as events name actors, "" for nobody;  level, whose account that is
    """

    turn: str
    assignee: str = ""
    level: str = ""


def desk_of(status: str, fields: Mapping[str, Any], events: Sequence[Event]) -> Desk:
    """Where a case lies, by its state, its fields and its log."""
    assignee = str(fields.get("assignee", ""))
    level = level_assigned(events, assignee)
    turn = turn_of(status, fields, assigned_at=level)
    receipt = next((one for one in events if one.type == CASE_2.first), None)
    if receipt is None or not turn or turn not in (LEVELS[0], receipt.level) or status == _DECIDED_NEXT:
        return Desk(turn, assignee, level)
    if any("assignee" in one.set for one in events) or not receipt.by.startswith(_ACCOUNT):
        return Desk(turn, assignee, level)  # it was given to somebody, or to two at once, who have to agree
    return Desk(turn, receipt.by, receipt.level)


def level_assigned(events: Iterable[Event], assignee: str) -> str:
    """The level at which a case was given to somebody; "" if nobody named him."""
    if not assignee:
        return ""
    return next((one.level for one in reversed(tuple(events)) if one.set.get("assignee") == assignee), "")
