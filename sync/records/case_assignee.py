"""Who has a case, and so whose turn it is: an account, which is that of the node at whose level it was named.

Village and township may each have a `zhang`, so an account alone says nobody.

A case may be given back to another level, to somebody who had it there (退回村站): the step that does so says of which
level the account is (`assigned_at`), and the turn is that level's until somebody goes on with the case.

首问负责: until a case is given to somebody, it is with whoever received it, while it is his station's turn. Not in
review, where the next thing to be done is a decision, which not everybody may take who receives.

Must not know: what people are called, which nodes there are.
"""

from collections.abc import Iterable, Sequence

from sync.records.case_table_2 import CASE_2
from sync.records.case_turn import turn_of
from sync.records.events import LEVELS, Event
from sync.records.log import Record
from sync.typed import Value

_DECIDED_NEXT = "in_review"
_ACCOUNT = "acct:"
_HAVING = (CASE_2.first, "passed_on")  # whoever did one of these had the case
ASSIGNED_AT = "assigned_at"


class Desk(Value):
    """Where a case lies.

    turn      the level that has to do something (`case_turn`), "" where nothing is left
    assignee  who has it, as events name actors, "" for nobody;  level, whose account that is
    """

    turn: str
    assignee: str = ""
    level: str = ""


def desk_of(case: Record) -> Desk:
    """Where a case lies, by its state, its fields and its log."""
    status, fields, events = case.status, case.fields, case.events
    assignee = str(fields.get("assignee", ""))
    level = level_assigned(events, assignee)
    turn = turn_of(status, fields, assigned_at=level, is_given_back=_is_given_back(events, assignee))
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
    given = next((one for one in reversed(tuple(events)) if one.set.get("assignee") == assignee), None)
    return given_level(given) if given else ""


def given_level(given: Event) -> str:
    """The level of the account that an event gives a case to: that of whoever did it, unless it says another."""
    said = given.set.get(ASSIGNED_AT)
    return said if isinstance(said, str) and said in LEVELS else given.level


def had_before(steps: Iterable[tuple[str, str, str]], *, level: str) -> dict[str, str]:
    """Who had a case at another level and may be given it back: {level: actor}, of each whoever had it last.

    steps  (type, actor, level) of all that was done;  level, of who asks
    """
    return {at: actor for kind, actor, at in steps if kind in _HAVING and at != level and actor.startswith(_ACCOUNT)}


def _is_given_back(events: Sequence[Event], assignee: str) -> bool:
    """Whether the last that was done with a case, but what moves nothing, was to give it to another level."""
    for event in reversed(events):
        if event.set.get("assignee") == assignee:
            return given_level(event) != event.level
        act = CASE_2.acts.get(event.type)
        if act is None or act.moves or event.type == "forwarded":
            return False
    return False
