"""States of a record and who may move it: the handbook's table for cases, as data.

    received ─► accepted ─► in_review ─► approved / denied ─► completed ─► delivered ─► archived
       │  ▲        ▲         │  ▲  └► special (公示、听证 …)
       ▼  │        │         ▼  │
    supplement_before   tolerance    supplement            withdrawn · returned · rejected · terminated

A table per record type; the log, the fold and the guard know none of its words. What a village may
do depends on the item, so the case carries the item's `village_role`, `deciding_level` and marks.

Nothing here forgets an event: one that is not allowed where it falls is kept in the log and noted.

Must not know: logs, hashes, clocks, replication, Flask.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sync.messages import N_, _
from sync.records.events import LEVELS
from sync.typed import Value, field


class Clock(StrEnum):
    """What the case's working-day clock does in a state."""

    NONE = "none"
    ANSWER = "answer"  # five working days to say what is missing, else accepted from receipt
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class State(Value):
    """A state; `message` is what it is called, to be looked up."""

    code: str
    message: str
    clock: Clock

    @property
    def chinese(self) -> str:
        """How screens and papers call it."""
        return _(self.message)


class Who(StrEnum):
    """Who may do an act; levels above always may where those below may."""

    ANYONE = "anyone"
    ABOVE = "above"  # township and up; the village too for what it decides itself
    ACCEPTOR = "acceptor"  # the village where the item lets it finish or accept, else from the township up
    DECIDER = "decider"  # the level that decides the item, and up
    REFUSER = "refuser"  # the decider; the station too where the item says so
    COMPLETER = "completer"  # the decider; whoever accepts it where the item is done on the spot (即办件)
    FINISHER = "finisher"  # where the item is done on the spot: the decider; any level where the village does it (直)
    CENTRE = "centre"


class Context(Value):
    """What of a case decides who may do what; the least power where the case does not say.

    village_role     the catalogue's word: 直 受 代 协 公开告知
    deciding_level   village, township, county or centre
    on_the_spot      即办件;  tolerable, 可容缺;  station_may_reject, 村站可不予受理
    """

    village_role: str = "代"  # data
    deciding_level: str = "county"
    on_the_spot: bool = False
    tolerable: bool = False
    station_may_reject: bool = False


# What a case keeps from its item. Only its receipt sets them, for whoever could change them could give himself power.
CONTEXT_FIELDS = ("village_role", "deciding_level", "on_the_spot", "tolerable", "station_may_reject")


def context_of(fields: Mapping[str, Any]) -> Context:
    """The context a case's fields give; a value of the wrong kind counts as not said."""
    role, deciding = fields.get("village_role"), fields.get("deciding_level")
    return Context(
        village_role=role if isinstance(role, str) else "代",  # data
        deciding_level=deciding if isinstance(deciding, str) and deciding in LEVELS else "county",
        on_the_spot=fields.get("on_the_spot") is True,
        tolerable=fields.get("tolerable") is True,
        station_may_reject=fields.get("station_may_reject") is True,
    )


# Whether a field's value has the shape its act asks for: (value, level of whoever acts).
Shape = Callable[[object, str], bool]


class Family(Value):
    """Fields whose names begin alike: which acts may set them, and what may stand in one.

    fits  (the rest of the name, value) → whether it has the right shape
    """

    acts: frozenset[str]
    fits: Callable[[str, object], bool]


class Act(Value):
    """A type of event and what it does.

    message   what it is called, to be looked up
    moves     {state it may fall in: state it leads to}; empty, it moves nothing and may fall in any
    who       per state where that differs, else `who`
    decides   what led to it stands before what nobody in it had seen
    late      falls after whatever is unordered beside it: 1 a return, 2 a withdrawal
    request   where the state forbids it, it is a request to whoever decides
    verifies  the fields it sets are checked against a paper or a register
    settles   names the outcome of a dispute; may set `status` and fields that are fixed otherwise
    answers   closes the requests it has seen
    requires  fields it must set
    clock     what the clock does instead of what its state says
    within    states it may fall in, where it moves nothing and yet may not fall in any
    said      fields that stand in the log only: two who say different things do not contradict each other
    once      of several the first stands: by cause, then by order key
    shapes    {field: whether its value has the right shape}
    parks     hands the case over: what the one who had it did unseen waits in `parked_edits`
    unparks   answers the parked edits it has seen
    """

    type: str
    message: str
    who: Who
    moves: Mapping[str, str]
    who_in: Mapping[str, Who] | None = None
    decides: bool = False
    late: int = 0
    request: bool = False
    verifies: bool = False
    settles: bool = False
    answers: bool = False
    requires: tuple[str, ...] = ()
    clock: Clock | None = None
    only_tolerable: bool = False
    within: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    once: bool = False
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    parks: bool = False
    unparks: bool = False

    @property
    def chinese(self) -> str:
        """How screens and papers call it."""
        return _(self.message)

    def allowed_to(self, state: str | None) -> Who:
        """Who may do it in a state."""
        return (self.who_in or {}).get(state or "", self.who)


def moves_to(target: str, sources: Iterable[str]) -> Mapping[str, str]:
    """What an act `moves`, whose every source leads to one state."""
    return MappingProxyType(dict.fromkeys(sources, target))


def shapes_of(**shapes: Shape) -> Mapping[str, Shape]:
    """What an act has as its `shapes`."""
    return MappingProxyType(shapes)


class StateTable(Value):
    """The whole law of one record type.

    first     the act that begins a record
    fixed     fields only `first` (or a settling act) may set
    earliest  fields where the earliest time stands, whatever came later
    money     fields a doubtful time never wins without a dispute
    parked    fields that stand empty when two people set them unseen by each other
    owned     {field: the one act that may set it}
    reserved  names its fold gives a state besides those of every version
    unparked  acts that never wait when a case was handed over
    families  {how names of fields begin: the family}; asked at the door
    """

    record_type: str
    states: Mapping[str, State]
    acts: Mapping[str, Act]
    first: str
    fixed: frozenset[str] = frozenset()
    earliest: frozenset[str] = frozenset()
    money: frozenset[str] = frozenset()
    parked: frozenset[str] = frozenset()
    owned: Mapping[str, str] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    unparked: frozenset[str] = frozenset()
    families: Mapping[str, Family] = field(default_factory=dict)


class Why(StrEnum):
    """Why an act has no effect where it falls; these words stand in the record."""

    UNKNOWN = "unknown"
    LEVEL = "level"
    ITEM = "item"
    STATE = "state"
    FIELD = "field"


class NotAllowed(Value):
    """An act has no effect where it falls.

    message   for the one who tried, to be looked up, with what the act and the state are called
    request   whether it stands as a request
    """

    why: Why
    message: str
    request: bool = False
    act: str = ""
    state: str = ""

    @property
    def sentence(self) -> str:
        """The message as it is shown."""
        return _(self.message, act=_(self.act), state=_(self.state))


def next_state(
    table: StateTable, state: str | None, event_type: str, *, level: str, context: Context, fields: Mapping[str, Any]
) -> str | NotAllowed:
    """Where an act leads.

    state    where the record is; None before its first event
    level    of whoever acts;  fields, what the act sets
    returns  the state afterwards (the same, where the act moves nothing), or why not
    source   the handbook, 3. Case life cycle and clocks
    """
    act = table.acts.get(event_type)
    if act is None:
        return NotAllowed(Why.UNKNOWN, N_("This version does not know this act"))
    if not has_power(act, state, level=level, context=context):
        return NotAllowed(Why.LEVEL, N_("This level may not do “%(act)s”"), act=act.message)
    if act.settles and "status" in fields:
        return _settled(table, fields["status"], level=level, context=context)
    if not act.moves and state is None:
        return NotAllowed(Why.STATE, N_("The application is not received yet"))
    target = act.moves.get(state or "") if act.moves else _stays(act, state)
    if target is None:
        refusal = N_("“%(act)s” may not be done in the state “%(state)s”")
        return NotAllowed(Why.STATE, refusal, act.request, act.message, _message(table, state))
    if act.only_tolerable and not context.tolerable:
        return NotAllowed(Why.ITEM, N_("The item cannot be accepted with tolerance"))
    return target


def has_power(act: Act, state: str | None, *, level: str, context: Context) -> bool:
    """Whether a level may do an act on such an item at all."""
    rank, deciding = LEVELS.index(level), LEVELS.index(context.deciding_level)
    accepting = 0 if context.village_role in ("直", "受") else 1  # data
    match act.allowed_to(state):
        case Who.ANYONE:
            return True
        case Who.ABOVE:
            return rank >= min(1, deciding)
        case Who.ACCEPTOR:
            return rank >= min(accepting, deciding)
        case Who.DECIDER:
            return rank >= deciding
        case Who.REFUSER:
            return rank >= deciding or context.station_may_reject
        case Who.COMPLETER:
            return rank >= deciding or (context.on_the_spot and rank >= accepting)
        case Who.FINISHER:
            return context.on_the_spot and (rank >= deciding or context.village_role == "直")  # data
        case Who.CENTRE:
            return rank == len(LEVELS) - 1


def level_with_power(
    table: StateTable, state: str, event_types: Collection[str], *, level: str, context: Context
) -> str:
    """The lowest level that may do one of these acts in such a state, where this one has the power for none of them.

    returns  "" where it has it, or nobody has
    """
    acts = [table.acts[one] for one in event_types if one in table.acts]
    able = [one for one in LEVELS if any(has_power(act, state, level=one, context=context) for act in acts)]
    return able[0] if able and level not in able else ""


def ever_has_power(act: Act, *, level: str, context: Context, fields: Mapping[str, Any]) -> bool:
    """Whether a level may do an act on such an item in some state: what the guard asks of a log it did not write."""
    if act.settles and "status" in fields:
        return LEVELS.index(level) >= LEVELS.index(context.deciding_level)
    states = (None, *act.moves, *(act.who_in or ()))
    return any(has_power(act, state, level=level, context=context) for state in states)


def open_acts(table: StateTable, state: str, *, level: str, context: Context) -> tuple[Act, ...]:
    """The acts a level may do now, in the table's order: what the buttons of a screen are."""
    return tuple(
        act
        for act in table.acts.values()
        if act.type != table.first
        and not act.settles
        and not isinstance(next_state(table, state, act.type, level=level, context=context, fields={}), NotAllowed)
    )


def _settled(table: StateTable, status: object, *, level: str, context: Context) -> str | NotAllowed:
    if not isinstance(status, str) or status not in table.states:
        return NotAllowed(Why.FIELD, N_("There is no such state"))
    if LEVELS.index(level) < LEVELS.index(context.deciding_level):
        return NotAllowed(Why.LEVEL, N_("A state in dispute is decided by whoever decides the case"))
    return status


def _stays(act: Act, state: str | None) -> str | None:
    """Where an act that moves nothing leaves a record; None where it may not fall."""
    return state if not act.within or state in act.within else None


def _message(table: StateTable, state: str | None) -> str:
    return table.states[state].message if state is not None else N_("not received")


def known_to(tables: Mapping[str, StateTable], record_type: str, event_types: Collection[str]) -> str:
    """What of a record these tables do not know, as words for a log; "" when they know it all."""
    table = tables.get(record_type)
    if table is None:
        return f"record type {record_type}"
    unknown = sorted({one for one in event_types if one not in table.acts})
    return f"event type {', '.join(unknown)}" if unknown else ""
