"""Whose turn it is: the level at which somebody has to do the next thing to a case.

    received            whoever accepts such an item: the village that may, else the township
    accepted, review    the deciding level; above the township the township's, until it is reported upwards (上报)
    waiting for papers  the station that took it: there they are handed in
    decided             whoever completes such an item; completed, the station that delivers

`village` means the station that took the application, be it a township's own counter.

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


def turn_of(status: str, fields: Mapping[str, Any]) -> str:
    """The level whose turn it is; "" where nothing is left to be done."""
    context = context_of(fields)
    if status in _AT_THE_STATION:
        return _STATION
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
