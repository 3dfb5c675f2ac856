"""An event of a case as its log tells it: what was done, by whom, what came with it, which dispute it ended, and
whether it counted.

Must not know: who asks, how it is shown.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.casework.describe_case import act_name, level_name
from sync.casework.describe_dispute import told_settled
from sync.casework.describe_steps import labels_of, said_by
from sync.casework.name_people import STRANGERS, People, account_of
from sync.messages import N_, _, pgettext
from sync.records.effects import ASKS, COUNTS, DISPUTED, IDLE, LEFT, REPEAT, TAKEN, WAITS, effects
from sync.records.events import Event
from sync.records.items import Item
from sync.records.log import Record
from sync.records.masks import mask_text

_PAPERS = "materials"
_EFFECTS = {
    WAITS: N_("waits to be taken"),
    TAKEN: N_("taken later"),
    LEFT: N_("left, it does not count"),
    ASKS: N_("waits for an answer"),
    REPEAT: N_("had been done already"),
    DISPUTED: N_("in dispute"),
    IDLE: N_("of no effect"),
}


def describe_log(
    case: Record, events: Iterable[Event], people: People = STRANGERS, item: Item | None = None
) -> list[dict[str, Any]]:
    """Some events of a case as its log tells them, numbers of people masked, those they name as `people` are called.

    item     whose form says what the fields are called that were put right
    returns  [{"event", "type", "name", "effect", "effect_name", "at", "clock", "by", "level", "level_name", "note",
             "said"}]; "effect" as `effects`, "" for what counts
    """
    became = effects(case)
    return [_described(case, event, became, people, item) for event in events]


def told_with(case: Record, event: Event, people: People = STRANGERS, item: Item | None = None) -> str:
    """What the log says beside the name of an event."""
    return str(_described(case, event, {}, people, item)["note"])


def _described(
    case: Record, event: Event, became: Mapping[str, str], people: People, item: Item | None
) -> dict[str, Any]:
    effect = became.get(event.hash, COUNTS)
    settled = told_settled(case, event, labels_of(event.set, item), people)
    said_too = said_by(event, people, item) if set(event.set) - set(settled) or not settled else []
    brought = [] if _PAPERS in settled else _brought(case, event)
    came = [_("handed in: %(materials)s", materials=_(", ").join(brought))] if brought else []
    number = event.set.get("case_number")  # it looks like that of a card, and is nobody's secret
    told = (event.note, *settled.values(), *said_too, *came)
    said = [one if one == number else mask_text(one) for one in told if one]
    return {
        "event": event.hash,
        "type": event.type,
        "name": _named(event, is_settled=bool(settled)),
        "effect": effect,
        "effect_name": _(_EFFECTS[effect]) if effect else "",
        "at": event.at,
        "clock": event.clock,
        "by": account_of(event.by),
        "level": event.level,
        "level_name": level_name(event.level),
        "note": pgettext("between sentences", "; ").join(said),
        "said": said,
    }


def event_name(case: Record, event: Event) -> str:
    """What an event is called; one that ended a dispute by that."""
    return _named(event, is_settled=bool(told_settled(case, event, {}, STRANGERS)))


def _named(event: Event, *, is_settled: bool) -> str:
    return _("Settle the dispute") if is_settled else act_name(event.type)


def _brought(case: Record, event: Event) -> list[str]:
    """The papers that came with an event, or of which more came; those of the receipt are told by themselves."""
    rows = _rows(event)
    if not rows:
        return []
    before: dict[str, Any] | None = None
    for one in case.events:
        if one.hash == event.hash:
            break
        if _PAPERS in one.set:
            before = _rows(one)
    return [] if before is None else [name for name, row in rows.items() if row != before.get(name)]


def _rows(event: Event) -> dict[str, Any]:
    rows = event.set.get(_PAPERS)
    told = rows if isinstance(rows, list) else ()
    return {str(row["name"]): row for row in told if isinstance(row, dict) and row.get("name")}
