"""The second law for cases (办件): all that the first says, and what came to be needed beside it.

    编号 当场办结                    the centre's long number; done while the citizen waits
    委托 代办记录                    the agent's authority, and the seven steps of his way
    审核意见 上报 转办                 what an examiner thinks, who has the case now
    采纳/不采纳搁置的修改             what is to become of edits made unseen by whoever had handed the case over

A record is folded by the first law until one of these acts comes to it, so that older nodes understand it longer.
What they bar (`owned`, `reserved`) they bar in the fold, not at the door: an event that was lawful under the first
law stays one that may be carried.

Must not know: how events are ordered, or where cases are kept.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sync.messages import N_
from sync.records.case_number import is_case_number
from sync.records.case_table import CASE_1
from sync.records.events import LEVELS
from sync.records.states import Act, Who, shapes_of
from sync.typed import replace

# 七步法: the steps of an errand; each is told when it is done, in whatever order life brings them.
SEVEN_STEPS = ("委托", "受理", "办理", "送达", "归档", "上报", "回访")  # data


def _is_number(value: object, _level: str) -> bool:
    return is_case_number(value)


def _is_object(value: object, _level: str) -> bool:
    return isinstance(value, dict) and bool(value)


def _is_text(value: object, _level: str) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_step(value: object, _level: str) -> bool:
    return value in SEVEN_STEPS


def _is_above(value: object, level: str) -> bool:
    return value in LEVELS[LEVELS.index(level) + 1 :]


_NOWHERE: Mapping[str, str] = MappingProxyType({})
_ACTS = (
    Act(
        "numbered",
        N_("Number the case"),
        Who.CENTRE,
        _NOWHERE,
        requires=("case_number",),
        once=True,
        shapes=shapes_of(case_number=_is_number),
    ),
    # A decision like any other: the citizen has gone home with the result.
    Act(
        "finished", N_("Complete on the spot"), Who.FINISHER, MappingProxyType({"accepted": "completed"}), decides=True
    ),
    Act(
        "entrusted",
        N_("Entrust"),
        Who.ANYONE,
        _NOWHERE,
        requires=("authority",),
        shapes=shapes_of(authority=_is_object),
    ),
    Act(
        "walked",
        N_("Step of the errand"),
        Who.ANYONE,
        _NOWHERE,
        requires=("step",),
        said=frozenset(("step",)),
        shapes=shapes_of(step=_is_step),
    ),
    Act(
        "checked",
        N_("Opinion"),
        Who.ANYONE,
        _NOWHERE,
        requires=("opinion",),
        within=frozenset(("accepted", "tolerance", "in_review", "special")),
        said=frozenset(("opinion",)),
        shapes=shapes_of(opinion=_is_text),
    ),
    Act(
        "forwarded",
        N_("Report upwards"),
        Who.ABOVE,
        _NOWHERE,
        requires=("forwarded_to",),
        within=frozenset(("accepted", "in_review")),
        shapes=shapes_of(forwarded_to=_is_above),
    ),
    Act(
        "passed_on",
        N_("Pass on"),
        Who.ANYONE,
        _NOWHERE,
        requires=("assignee",),
        parks=True,
        shapes=shapes_of(assignee=_is_text),
    ),
    Act("parked_taken", N_("Take the parked edits"), Who.ANYONE, _NOWHERE, unparks=True),
    Act("parked_left", N_("Leave the parked edits"), Who.ANYONE, _NOWHERE, unparks=True),
)

CASE_2 = replace(
    CASE_1,
    acts=MappingProxyType({**CASE_1.acts, **{act.type: act for act in _ACTS}}),
    owned=MappingProxyType({"case_number": "numbered"}),
    reserved=frozenset(("parked_edits",)),
    # The receipt and the citizen's withdrawal are nobody's edits, a number is given once, an answer is given on what
    # waits; and a case that was given to two hands at once has its own rule (`parked`).
    unparked=frozenset(("received", "withdrawn", "numbered", "reassigned", "passed_on", "parked_taken", "parked_left")),
)
