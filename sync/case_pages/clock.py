"""What a page asks where the date of an act counts and this machine's clock cannot be believed.

From some acts a limit runs, or their day stands on a notice: who does one of them beside a clock that stands wrong is
asked for date and time first, as at the receipt of an application. Once is enough: the clock is believed then. Other
acts, and whatever comes through the API, are noted with a time that is to be checked.

Must not know: routes, how an act is done.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import request

from sync.casework.confirm_clock import require_clock
from sync.casework.errors import ClockDoubtful
from sync.errors import Invalid
from sync.messages import _
from sync.node.node import Node
from sync.node.own_clock import read_clock
from sync.records.clock import BEIJING, minute_text, time_text

CONFIRMED = "confirmed_time"
_DATED = frozenset(
    (
        *("accepted", "tolerated", "supplement_asked", "rejected", "returned", "withdrawn"),
        *("special_started", "special_ended", "approved", "denied", "completed", "finished", "delivered"),
    )
)


def clock_question(node: Node, events: Collection[str]) -> dict[str, Any]:
    """What a page with acts that write these events shows of the clock: {"clock_shows", "clock_reason"}, or nothing."""
    now_ms = node.clock()
    if not _DATED.intersection(events):
        return {}
    clock = node.engine.look(lambda reader: read_clock(reader, now_ms))
    return {"clock_shows": minute_text(time_text(now_ms)), "clock_reason": clock.reason} if clock.must_ask else {}


def require_time(node: Node, events: Collection[str], *, by: str) -> None:
    """Take the agent's word that the clock is right, where it has to be given for one of these events.

    raises  Invalid naming `confirmed_time`
    """
    asked = clock_question(node, events)
    if not asked:
        return
    confirmed_ms = read_confirmed(request.form.get(CONFIRMED, ""))
    try:
        node.write(lambda tx: require_clock(tx, node.clock(), confirmed_ms=confirmed_ms, by=by))
    except ClockDoubtful as refusal:
        raise _wrong(refusal.reason) from None


def read_confirmed(text: str) -> int | None:
    """The time the agent reads off another clock, as `datetime-local` sends it; None when nothing was filled in.

    raises  Invalid naming `confirmed_time`
    """
    told = text.strip()
    try:
        return int(datetime.fromisoformat(told).replace(tzinfo=BEIJING).timestamp() * 1000) if told else None
    except (ValueError, OverflowError):
        raise _wrong(_("Not a date and time; it has to look like 2025-07-31 15:04")) from None


def _wrong(sentence: str) -> Invalid:
    return Invalid(_("Something is not filled in rightly"), fields=[(CONFIRMED, sentence)])
