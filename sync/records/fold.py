"""From a record's events to its state: the same on every node, whatever roads they came by.

The status is the state table run over the events in the order `precedence` tells them; a status is
never overwritten by whoever wrote last. An event that may not happen where it falls is not dropped:
it stays in the log and is noted, as a request where it is one, as a dispute where two people acted
lawfully on what each had seen.

A state is flat: the record's fields, and beside them

    status, clock     where the record is, what its working-day clock does
    requests          withdrawals that came too late, for whoever decides
    noted             events without effect, and why
    verified, parked  fields that were checked; fields that stand empty because two people assigned them
    parked_edits      from version 2: what waits because the case had been handed over unseen (`parking`)

Versions are law: a published one is never changed, the next stands beside it in LAWS.

Must not know: documents, revisions, databases, who offers an event.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sync.errors import BadRequest
from sync.records.case_table import CASE_1
from sync.records.case_table_2 import CASE_2
from sync.records.disputes import settle_fields, written
from sync.records.events import Event, JsonObject
from sync.records.handover_table import HANDOVER_2
from sync.records.parking import parked_edits
from sync.records.person_table import PERSON_2
from sync.records.precedence import History, tell
from sync.records.states import (
    CONTEXT_FIELDS,
    Act,
    Clock,
    NotAllowed,
    StateTable,
    Why,
    context_of,
    known_to,
    next_state,
)
from sync.typed import Changing, Value, field

Laws = Mapping[int, Mapping[str, StateTable]]

# {fold version: {record type: table}}
LAWS: Laws = MappingProxyType(
    {
        1: MappingProxyType({"case": CASE_1}),
        2: MappingProxyType(
            {
                "case": CASE_2,
                "person": PERSON_2,
                "handover": HANDOVER_2,
            }
        ),
    }
)
# What every version's fold gives; a table names what its own gives besides.
RESERVED = frozenset(("status", "clock", "requests", "noted", "verified", "parked"))
_FEW = 64  # a case has twenty events; what is remembered of it grows with their square


class Folded(Value):
    """What a log amounts to: `state` and `disputes` as a record carries them."""

    state: JsonObject
    disputes: list[JsonObject]


class Stage(NamedTuple):
    """Where a record stood after an event that had effect."""

    event: Event
    status: str
    clock: Clock


def reserved_names(version: int, record_type: str, laws: Laws = LAWS) -> frozenset[str]:
    """The names of a state that its fold gives; of a version this node does not know, those of the newest it knows."""
    table = laws.get(version, laws[max(laws)]).get(record_type)
    return RESERVED if table is None else RESERVED | table.reserved


def not_understood(version: int, record_type: str, event_types: Collection[str], laws: Laws = LAWS) -> str:
    """What of a record this node does not know, in words; "" when it may fold it."""
    tables = laws.get(version)
    if tables is None:
        return f"fold version {version}"
    return known_to(tables, record_type, event_types)


def fold(version: int, record_type: str, events: Iterable[Event], laws: Laws = LAWS) -> Folded:
    """Fold a log.

    events   in any order, each once
    raises   BadRequest when this node does not know the version, the record type or an event type,
             or when an event had seen one that is not there
    """
    history, run = _ran(version, record_type, tuple(events), laws)
    fields = settle_fields(run.table, history, run.setting)
    state: JsonObject = {**fields.values, "status": run.status or "", "clock": str(run.clock)}
    _add(state, "requests", run.requests)
    _add(state, "noted", run.noted)
    _add(state, "verified", list(fields.verified))
    _add(state, "parked", list(fields.parked))
    _add(state, "parked_edits", [{"event": one.hash, "type": one.type, "by": one.by, "at": one.at} for one in run.held])
    return Folded(state, [*run.status_dispute(history), *fields.disputes])


def course(version: int, record_type: str, events: Iterable[Event], laws: Laws = LAWS) -> tuple[Stage, ...]:
    """The stages a record went through, in the order its events are told: the very run its state comes from.

    events   in any order, each once
    returns  one stage for each event that had effect, those that moved nothing too
    raises   BadRequest as `fold` does
    """
    return tuple(_ran(version, record_type, tuple(events), laws)[1].course)


def _ran(version: int, record_type: str, events: tuple[Event, ...], laws: Laws) -> tuple[History, "_Run"]:
    """What was told, and the run over it, which is not to be changed any more."""
    if laws is LAWS and len(events) <= _FEW:
        return _remembered(version, record_type, events)
    return _run_anew(version, record_type, events, laws)


# Whoever lists a case has just folded it, and lists show the same cases again and again.
@lru_cache(maxsize=128)
def _remembered(version: int, record_type: str, events: tuple[Event, ...]) -> tuple[History, "_Run"]:
    return _run_anew(version, record_type, events, LAWS)


def _run_anew(version: int, record_type: str, events: tuple[Event, ...], laws: Laws) -> tuple[History, "_Run"]:
    unknown = not_understood(version, record_type, [event.type for event in events], laws)
    if unknown:
        raise BadRequest(f"not understood here: {unknown}")
    table = laws[version][record_type]
    history = tell(
        events,
        decides=lambda event: table.acts[event.type].decides,
        lateness=lambda event: table.acts[event.type].late,
    )
    return history, _run(table, history)


class _Run(Changing):
    """The state machine on its way through a history."""

    table: StateTable
    nested: bool = False  # asked only for a status, by a run that is writing a dispute
    waits: Mapping[str, int] = field(default_factory=dict)  # as `parked_edits` says
    status: str | None = None
    clock: Clock = Clock.NONE
    fixed: dict[str, Any] = field(default_factory=dict)
    moved: list[tuple[Event, str]] = field(default_factory=list)
    setting: list[tuple[Event, Mapping[str, Any]]] = field(default_factory=list)
    requests: list[JsonObject] = field(default_factory=list)
    noted: list[JsonObject] = field(default_factory=list)
    rivals: list[tuple[Event, str]] = field(default_factory=list)
    held: list[Event] = field(default_factory=list)
    course: list[Stage] = field(default_factory=list)

    def note(self, event: Event, why: str) -> None:
        self.noted.append({"event": event.hash, "type": event.type, "why": str(why)})

    def status_dispute(self, history: History) -> Sequence[JsonObject]:
        """The dispute over the status, when there is one: each line's last word once."""
        last = [one for one in self.rivals if not any(history.saw(other[0], one[0]) for other in self.rivals)]
        if len({status for _, status in last}) < 2:
            return ()
        chosen = next((event.hash for event, status in last if status == self.status), "")
        return (written("status", last, chosen or self.moved[-1][0].hash),)


def _run(table: StateTable, history: History, *, nested: bool = False) -> _Run:
    run = _Run(table, nested, parked_edits(table, history))
    for event in history.line:
        act = table.acts[event.type]
        target = _step(run, event)
        if event.hash in run.waits and (isinstance(target, str) or target.why is Why.STATE):
            run.held.append(event)
        elif isinstance(target, NotAllowed):
            _stay(run, history, event, act, target)
        else:
            _move(run, history, event, act, target)
    _keep_first(run, history)
    return run


def _step(run: _Run, event: Event) -> str | NotAllowed:
    context = context_of(run.fixed)
    return next_state(run.table, run.status, event.type, level=event.level, context=context, fields=event.set)


def _move(run: _Run, history: History, event: Event, act: Act, target: str) -> None:
    settled = act.settles and "status" in event.set
    if act.moves or settled:
        run.moved.append((event, target))
        run.status = target
        run.clock = act.clock or run.table.states[target].clock
        _end_dispute(run, history, event, settled)
    if act.answers:
        run.requests = [one for one in run.requests if not history.past[event.hash] & history.place[one["event"]]]
    if act.unparks:
        past = history.past[event.hash]
        run.held = [one for one in run.held if not (history.saw(event, one) and past & run.waits[one.hash])]
    _set(run, event, act)
    run.course.append(Stage(event, target, run.clock))


def _stay(run: _Run, history: History, event: Event, act: Act, refusal: NotAllowed) -> None:
    """Keep an event that may not happen where it fell, and say what became of it."""
    unseen = [one for one in run.moved if history.apart(one[0], event)]
    if refusal.why is not Why.STATE:
        run.note(event, refusal.why)
    elif any(one.type == event.type for one, _ in unseen):
        run.note(event, "repeat")
        _set(run, event, act)
    elif refusal.request and run.status not in act.moves.values():
        run.requests.append({"event": event.hash, "type": event.type})
    elif not unseen:
        run.note(event, Why.STATE)
    elif act.late:
        run.note(event, "overtaken")
    elif not act.decides and any(run.table.acts[one.type].decides for one, _ in unseen):
        run.note(event, "decided")
    elif act.within:
        run.note(event, "overtaken")
    else:
        _dispute(run, history, event, unseen[-1])


def _dispute(run: _Run, history: History, event: Event, rival: tuple[Event, str]) -> None:
    """Write two acts down against each other, if the second was lawful on what its writer had seen."""
    if run.nested:
        return
    target = _step(_run(run.table, history.before(event), nested=True), event)
    if isinstance(target, NotAllowed):
        run.note(event, Why.STATE)
        return
    run.note(event, "disputed")
    run.rivals += [one for one in (rival, (event, target)) if one not in run.rivals]


def _end_dispute(run: _Run, history: History, event: Event, settled: bool) -> None:
    """Whoever saw both sides and moved on has settled it; over a decision, only who was asked to."""
    if all(history.saw(event, one) for one, _ in run.rivals) and (
        settled or not any(run.table.acts[one.type].decides for one, _ in run.rivals)
    ):
        run.rivals.clear()


def _set(run: _Run, event: Event, act: Act) -> None:
    """Let the fields an event may set count; note it where there were others."""
    closed = RESERVED | run.table.reserved
    closed |= frozenset() if act.settles or act.type == run.table.first else run.table.fixed
    closed |= {name for name, owner in run.table.owned.items() if owner != act.type}
    counts = {name: value for name, value in event.set.items() if name not in closed}
    if len(counts) < len(event.set) - (act.settles and "status" in event.set):
        run.note(event, Why.FIELD)
    counts = {name: value for name, value in counts.items() if name not in act.said}
    for name in CONTEXT_FIELDS:
        if name in counts and (act.settles or name not in run.fixed):
            run.fixed[name] = counts[name]
    run.setting.append((event, counts))


def _keep_first(run: _Run, history: History) -> None:
    """Of acts that are done once the first stands, by cause and then by order key; the others are noted."""
    once = [stage.event for stage in run.course if run.table.acts[stage.event.type].once]
    for event_type in dict.fromkeys(event.type for event in once):
        rivals = [event for event in once if event.type == event_type]
        among = sum(history.place[event.hash] for event in rivals)
        first = min((one for one in rivals if not history.past[one.hash] & among), key=lambda one: one.key)
        late = {one.hash for one in rivals} - {first.hash}
        for one in rivals:
            if one.hash in late:
                run.note(one, "repeat")
        run.setting = [one for one in run.setting if one[0].hash not in late]
        run.course = [stage for stage in run.course if stage.event.hash not in late]


def _add(state: JsonObject, name: str, rows: list[Any]) -> None:
    if rows:
        state[name] = list(rows)
