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

Versions are law: a published one is never changed, the next stands beside it in LAWS.

Must not know: documents, revisions, databases, who offers an event.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sync.errors import BadRequest
from sync.records.case_table import CASE_1
from sync.records.disputes import settle_fields, written
from sync.records.events import Event, JsonObject
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

Laws = Mapping[int, Mapping[str, StateTable]]

# {fold version: {record type: table}}
LAWS: Laws = MappingProxyType({1: MappingProxyType({"case": CASE_1})})
RESERVED = frozenset(("status", "clock", "requests", "noted", "verified", "parked"))


@dataclass(frozen=True, slots=True)
class Folded:
    """What a log amounts to: `state` and `disputes` as a record carries them."""

    state: JsonObject
    disputes: list[JsonObject]


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
    events = tuple(events)
    unknown = not_understood(version, record_type, [event.type for event in events], laws)
    if unknown:
        raise BadRequest(f"not understood here: {unknown}")
    table = laws[version][record_type]
    history = tell(
        events,
        decides=lambda event: table.acts[event.type].decides,
        lateness=lambda event: table.acts[event.type].late,
    )
    run = _run(table, history)
    fields = settle_fields(table, history, run.setting)
    state: JsonObject = {**fields.values, "status": run.status or "", "clock": str(run.clock)}
    _add(state, "requests", run.requests)
    _add(state, "noted", run.noted)
    _add(state, "verified", list(fields.verified))
    _add(state, "parked", list(fields.parked))
    return Folded(state, [*run.status_dispute(history), *fields.disputes])


@dataclass(slots=True)
class _Run:
    """The state machine on its way through a history."""

    table: StateTable
    nested: bool = False  # asked only for a status, by a run that is writing a dispute
    status: str | None = None
    clock: Clock = Clock.NONE
    fixed: dict[str, Any] = field(default_factory=dict)
    moved: list[tuple[Event, str]] = field(default_factory=list)
    setting: list[tuple[Event, Mapping[str, Any]]] = field(default_factory=list)
    requests: list[JsonObject] = field(default_factory=list)
    noted: list[JsonObject] = field(default_factory=list)
    rivals: list[tuple[Event, str]] = field(default_factory=list)

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
    run = _Run(table, nested)
    for event in history.line:
        act = table.acts[event.type]
        target = _step(run, event)
        if isinstance(target, NotAllowed):
            _stay(run, history, event, act, target)
        else:
            _move(run, history, event, act, target)
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
    _set(run, event, act)


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
    closed = RESERVED | (frozenset() if act.settles or act.type == run.table.first else run.table.fixed)
    counts = {name: value for name, value in event.set.items() if name not in closed}
    if len(counts) < len(event.set) - (act.settles and "status" in event.set):
        run.note(event, Why.FIELD)
    for name in CONTEXT_FIELDS:
        if name in counts and (act.settles or name not in run.fixed):
            run.fixed[name] = counts[name]
    run.setting.append((event, counts))


def _add(state: JsonObject, name: str, rows: list[Any]) -> None:
    if rows:
        state[name] = rows
