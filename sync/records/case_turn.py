"""Whose turn it is: the level at which somebody has to do the next thing to a case.

    received            whoever accepts such an item: the village that may, else the township
    accepted, review    the deciding level; above the township the township's, until it is reported upwards (上报)
    waiting for papers  the station that took it: there they are handed in
    decided             whoever completes such an item; completed, the station that delivers

`village` means the station that took the application, be it a township's own counter.

Whoever was given a case (转办) at a level above that of the turn takes the turn with him: what those below may do,
those above may. Not where the citizen comes to the station, with papers or for the result; and not down the road: an
item is not decided below its level because somebody there was once given it. What is given back on purpose (退回村站)
is that level's turn until somebody goes on with the case.

Must not know: who sits at a desk, what day it is.
"""

from collections.abc import Mapping
from typing import Any

from sync.records.case_table_2 import CASE_2
from sync.records.events import LEVELS
from sync.records.states import Context, context_of, has_power

_STATION, _TOWNSHIP = LEVELS[:2]
_DONE_NEXT = {"received": "accepted", "approved": "completed", "denied": "completed"}
_AT_THE_STATION = ("supplement_before", "supplement", "tolerance", "completed")
_EXAMINED = ("accepted", "in_review", "special")


def turn_of(status: str, fields: Mapping[str, Any], *, assigned_at: str = "", is_given_back: bool = False) -> str:
    """The level whose turn it is; "" where nothing is left to be done.

    assigned_at    the level whose account the case was given to (`case_assignee`); "" for nobody's
    is_given_back  whether it was given to that level by another one, and nobody went on with it since
    """
    if status in _AT_THE_STATION:
        return _STATION
    turn = _by_law(status, context_of(fields), fields)
    if turn and is_given_back and assigned_at in LEVELS:
        return assigned_at
    is_above = turn and assigned_at in LEVELS and LEVELS.index(assigned_at) > LEVELS.index(turn)
    return assigned_at if is_above else turn


def _by_law(status: str, context: Context, fields: Mapping[str, Any]) -> str:
    if status in _EXAMINED:
        return _examiner(context, fields.get("forwarded_to"))
    if status in _DONE_NEXT:
        act = CASE_2.acts[_DONE_NEXT[status]]
        return next(level for level in LEVELS if has_power(act, status, level=level, context=context))
    return ""


def _examiner(context: Context, forwarded_to: object) -> str:
    if context.on_the_spot and context.village_role == "直":  # data
        return _STATION
    if context.deciding_level in (_STATION, _TOWNSHIP):
        return context.deciding_level
    return forwarded_to if isinstance(forwarded_to, str) and forwarded_to in LEVELS else _TOWNSHIP
