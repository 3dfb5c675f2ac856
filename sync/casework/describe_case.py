"""How a case reads for people: state, act and level names in Chinese.

Must not know: roles, routes, databases.
"""

from collections.abc import Mapping

from sync.messages import N_, _
from sync.records.case_table_2 import CASE_2

_LEVELS: Mapping[str, str] = {
    "village": N_("Village station"),
    "township": N_("Township"),
    "county": N_("County"),
    "centre": N_("Centre"),
}


def level_name(level: str) -> str:
    """What screens and papers call a level; its code where this version does not know it."""
    return _(_LEVELS[level]) if level in _LEVELS else level


def state_name(code: str) -> str:
    """What screens and papers call a state; the code itself where this version does not know it."""
    state = CASE_2.states.get(code)
    return state.chinese if state else code


def act_name(event_type: str) -> str:
    """What screens and papers call an act; its type where this version does not know it."""
    act = CASE_2.acts.get(event_type)
    return act.chinese if act else event_type
