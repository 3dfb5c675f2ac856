"""How a case reads for people: state, act and level names in Chinese.

Must not know: roles, routes, databases.
"""

from collections.abc import Mapping

from sync.records.case_table_2 import CASE_2

LEVEL_NAMES: Mapping[str, str] = {"village": "村站", "township": "乡镇", "county": "县级", "centre": "中心"}


def state_name(code: str) -> str:
    """What screens and papers call a state; the code itself where this version does not know it."""
    state = CASE_2.states.get(code)
    return state.chinese if state else code


def act_name(event_type: str) -> str:
    """What screens and papers call an act; its type where this version does not know it."""
    act = CASE_2.acts.get(event_type)
    return act.chinese if act else event_type
