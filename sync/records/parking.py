"""Which edits wait because a case had been handed over, unseen by whoever made them.

    wang has the case ──┬── li is given it (转办)          what wang writes here does not count by itself:
                        └── wang, offline, corrects it    li, or whoever sees both, takes it or leaves it

An edit waits when its account had the case before the handing over, is neither who handed it over nor
who was given it, and neither of the two events had seen the other. It does not wait when a decision
was built on it by somebody who did not know of the handing over: a decision and what led to it stand.

This asks causes only, never clocks or the order of telling, so it is the same wherever copies meet;
and an event that has seen everything never waits.

Must not know: states, who may do what, what becomes of a parked edit.
"""

from collections.abc import Mapping, Set

from sync.records.events import Event
from sync.records.precedence import History
from sync.records.states import StateTable


def parked_edits(table: StateTable, history: History) -> Mapping[str, int]:
    """Say which edits wait.

    returns  {hash of the edit: the bits of all handings over it waits for}, in the places of the history
    """
    passings = [event for event in history.line if table.acts[event.type].parks]
    parked: dict[str, int] = {}
    if not passings:
        return parked
    edits = [event for event in history.line if _is_edit(table, event)]
    decisions = [event for event in history.line if table.acts[event.type].decides]
    for passing in passings:
        holders, told = _holders(table, history, passing, parked), (passing.by, passing.set.get("assignee"))
        for event in edits:
            if event.by not in holders or event.by in told or not history.apart(passing, event):
                continue
            if not any(history.saw(one, event) and not history.saw(one, passing) for one in decisions):
                parked[event.hash] = parked.get(event.hash, 0) | history.place[passing.hash]
    return parked


def _is_edit(table: StateTable, event: Event) -> bool:
    """Whether an event would move the record or set a field of it, and is none of those that never wait."""
    act = table.acts[event.type]
    changes = bool(act.moves) or not act.said.issuperset(event.set)
    return changes and not act.decides and event.type not in table.unparked


def _holders(table: StateTable, history: History, passing: Event, parked: Mapping[str, int]) -> Set[str]:
    """Who had the case, as whoever handed it over knew: whom it was last given to, else who had received it."""
    past = history.past[passing.hash]
    known = [event for event in history.line if past & history.place[event.hash]]
    given = [event for event in known if "assignee" in event.set and not parked.get(event.hash, 0) & past]
    superseded = 0
    for event in given:
        superseded |= history.past[event.hash]
    last = [event.set["assignee"] for event in given if not superseded & history.place[event.hash]]
    named = {one for one in last if isinstance(one, str) and one}
    return named or {event.by for event in known if event.type == table.first}
