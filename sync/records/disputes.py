"""What each field of a record is, and where two people disagree about it unseen by each other.

Later and seeing beats earlier. Of what is left, a rule of the handbook decides where there is one:

    verified beats unverified, and of several verified the latest wins
    the earliest receipt stands, but a doubtful time never without a dispute
    a field that two people assigned to different hands stands empty: the case is parked
    what money depends on (a bank account) is never decided by a doubtful time without a dispute

and where there is none, the latest is shown and the disagreement is written down:

    {"field": "phone", "values": [{"value", "event", "writer"}, …], "chosen": "<hash of the event shown>"}

Whoever has seen it and sets the field again has settled it.

Must not know: how events are told or states are reached.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sync.records.clock import Quality
from sync.records.events import Event, JsonObject
from sync.records.precedence import History
from sync.records.states import StateTable
from sync.typed import Value
from sync.values.json_text import dump_sorted

_AFTER_EVERY_TIME = "~"


class Fields(Value):
    """The fields of a record.

    values    {field: value};  verified, the fields whose value was checked;  parked, those that stand empty
    """

    values: Mapping[str, Any]
    verified: tuple[str, ...]
    parked: tuple[str, ...]
    disputes: tuple[JsonObject, ...]


def settle_fields(table: StateTable, history: History, setting: Iterable[tuple[Event, Mapping[str, Any]]]) -> Fields:
    """Say what each field is.

    setting  (event, what of its fields counts), in the order the history tells them
    """
    sets: dict[str, list[tuple[Event, Any]]] = {}
    for event, fields in setting:
        for field, value in fields.items():
            earlier = sets.get(field)
            kept = [one for one in earlier if not _replaces(table, field, history, event, one[0])] if earlier else []
            sets[field] = [*kept, (event, value)]
    values: dict[str, Any] = {}
    verified, parked, disputes = [], [], []
    for field in sorted(sets):
        chosen, disputed = _choose(table, field, sets[field])
        if disputed:
            disputes.append(written(field, disputed, chosen[0].hash if chosen else ""))
        if chosen is None:
            parked.append(field)
            continue
        values[field] = chosen[1]
        if table.acts[chosen[0].type].verifies:
            verified.append(field)
    return Fields(values, tuple(verified), tuple(parked), tuple(disputes))


def written(field: str, values: Sequence[tuple[Event, Any]], chosen: str) -> JsonObject:
    """A dispute as a record carries it; `chosen` is the hash of the event shown, "" when none is."""
    ordered = sorted(values, key=lambda one: one[0].key)
    rows = [{"value": value, "event": event.hash, "writer": event.writer} for event, value in ordered]
    return {"field": field, "values": rows, "chosen": chosen}


def sides_of(dispute: Mapping[str, Any]) -> dict[str, str]:
    """What each side of a dispute wrote, where that is text: {event: value}."""
    return {row["event"]: row["value"] for row in dispute["values"] if isinstance(row["value"], str)}


def _replaces(table: StateTable, field: str, history: History, later: Event, earlier: Event) -> bool:
    if field in table.earliest and not table.acts[later.type].settles:
        return False
    return history.saw(later, earlier)


_Set = tuple[Event, Any]


def _choose(table: StateTable, field: str, sets: Sequence[_Set]) -> tuple[_Set | None, Sequence[_Set]]:
    """What stands of values nobody ordered, and those in dispute (none, as a rule)."""
    if field in table.earliest:
        return _earliest(table, field, sets)
    if len(sets) == 1:
        return sets[0], ()
    latest = max(sets, key=lambda one: one[0].key)
    if len({dump_sorted(value) for _, value in sets}) == 1:
        return latest, ()
    if field in table.parked:
        return None, sets
    verified = [one for one in sets if table.acts[one[0].type].verifies]
    if field in table.money:
        return _believed_first(table, verified or sets, sets, is_verified=bool(verified))
    if verified:
        return max(verified, key=lambda one: one[0].key), ()
    return latest, sets


def _believed_first(
    table: StateTable, among: Sequence[_Set], sets: Sequence[_Set], *, is_verified: bool
) -> tuple[_Set, Sequence[_Set]]:
    """The latest whose time is believed; no dispute only where it was verified besides."""
    believed = [one for one in among if _believed(table, one[0])]
    chosen = max(believed or among, key=lambda one: one[0].key)
    return chosen, () if believed and is_verified else sets


def _earliest(table: StateTable, field: str, sets: Sequence[_Set]) -> tuple[_Set, Sequence[_Set]]:
    def time_then_key(one: _Set) -> tuple[str, tuple[str, str, str]]:
        return (one[1] if isinstance(one[1], str) else _AFTER_EVERY_TIME, one[0].key)

    first = min(sets, key=time_then_key)
    if field not in table.money or _believed(table, first[0]):
        return first, ()
    believed = [one for one in sets if _believed(table, one[0])]
    return min(believed or sets, key=time_then_key), sets


def _believed(table: StateTable, event: Event) -> bool:
    return event.clock != Quality.DOUBTFUL or table.acts[event.type].settles
