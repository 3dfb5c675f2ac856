"""The table of the handbook's section 3, read back from the code."""

import pytest

from sync.records.case_table import CASE_1
from sync.records.states import Clock, Context, NotAllowed, Why, context_of, next_state, open_acts

# state: (Chinese, every state it may lead to by an act, clock): the handbook's lines.
HANDBOOK = {
    "draft": ("暂存", {"received", "void"}, Clock.NONE),
    "received": (
        "已收件",
        {"accepted", "tolerance", "supplement_before", "rejected", "withdrawn", "terminated"},
        Clock.ANSWER,
    ),
    "supplement_before": ("待补正（受理前）", {"received", "withdrawn", "returned", "terminated"}, Clock.STOPPED),
    "rejected": ("不予受理", set(), Clock.NONE),
    "accepted": ("已受理", {"in_review", "withdrawn", "terminated"}, Clock.RUNNING),
    "tolerance": ("容缺受理", {"accepted", "returned", "withdrawn", "terminated", "tolerance"}, Clock.RUNNING),
    "in_review": (
        "审查中",
        {"special", "supplement", "approved", "denied", "withdrawn", "terminated"},
        Clock.RUNNING,
    ),
    "special": ("特别程序", {"in_review", "withdrawn", "terminated"}, Clock.PAUSED),
    "supplement": ("补正（受理后）", {"in_review", "returned", "withdrawn", "terminated"}, Clock.PAUSED),
    "approved": ("准予", {"completed", "terminated"}, Clock.STOPPED),
    "denied": ("不予", {"completed", "terminated"}, Clock.STOPPED),
    "completed": ("办结", {"delivered"}, Clock.STOPPED),
    "delivered": ("已送达", {"reviewed", "archived"}, Clock.STOPPED),
    "archived": ("已归档", set(), Clock.NONE),
    "withdrawn": ("撤回", set(), Clock.NONE),
    "returned": ("退件", set(), Clock.NONE),
    "terminated": ("异常终止", set(), Clock.NONE),
}
COUNTY_ITEM = Context(village_role="受", deciding_level="county", tolerable=True)
VILLAGE_ITEM = Context(village_role="直", deciding_level="village", on_the_spot=True)
CARRIED_ITEM = Context(village_role="代", deciding_level="county")


def after(state, act, level, context, **fields):
    return next_state(CASE_1, state, act, level=level, context=context, fields=fields)


@pytest.mark.parametrize("code", HANDBOOK)
def test_every_state_has_the_handbooks_name_ways_out_and_clock(code):
    chinese, leads_to, clock = HANDBOOK[code]
    state = CASE_1.states[code]
    reached = {act.moves[code] for act in CASE_1.acts.values() if code in act.moves}
    assert (state.chinese, reached, state.clock) == (chinese, leads_to, clock)


def test_every_move_leads_from_and_to_a_state_of_the_table():
    for act in CASE_1.acts.values():
        assert {*act.moves, *act.moves.values()} <= {*CASE_1.states, ""}
        assert act.chinese


@pytest.mark.parametrize(
    ("state", "act", "level", "context", "expected"),
    [
        (None, "received", "village", CARRIED_ITEM, "received"),
        ("received", "accepted", "village", COUNTY_ITEM, "accepted"),
        ("received", "accepted", "village", CARRIED_ITEM, Why.LEVEL),
        ("received", "accepted", "township", CARRIED_ITEM, "accepted"),
        ("received", "tolerated", "village", COUNTY_ITEM, "tolerance"),
        ("received", "tolerated", "village", VILLAGE_ITEM, Why.ITEM),
        ("received", "rejected", "village", COUNTY_ITEM, Why.LEVEL),
        ("received", "rejected", "centre", COUNTY_ITEM, "rejected"),
        ("received", "supplement_asked", "village", CARRIED_ITEM, "supplement_before"),
        ("in_review", "supplement_asked", "village", COUNTY_ITEM, Why.LEVEL),
        ("in_review", "supplement_asked", "county", COUNTY_ITEM, "supplement"),
        ("supplement", "supplemented", "village", COUNTY_ITEM, "in_review"),
        ("in_review", "approved", "village", COUNTY_ITEM, Why.LEVEL),
        ("in_review", "approved", "township", COUNTY_ITEM, Why.LEVEL),
        ("in_review", "approved", "county", COUNTY_ITEM, "approved"),
        ("in_review", "approved", "centre", COUNTY_ITEM, "approved"),
        ("in_review", "approved", "village", VILLAGE_ITEM, "approved"),
        ("in_review", "special_started", "village", VILLAGE_ITEM, "special"),
        ("in_review", "special_started", "village", COUNTY_ITEM, Why.LEVEL),
        ("accepted", "approved", "county", COUNTY_ITEM, Why.STATE),
        ("approved", "completed", "village", VILLAGE_ITEM, "completed"),
        ("approved", "completed", "village", COUNTY_ITEM, Why.LEVEL),
        ("completed", "delivered", "village", COUNTY_ITEM, "delivered"),
        ("delivered", "archived", "village", COUNTY_ITEM, Why.LEVEL),
        ("archived", "noted", "village", COUNTY_ITEM, "archived"),
        ("received", "teleported", "centre", COUNTY_ITEM, Why.UNKNOWN),
        (None, "noted", "village", COUNTY_ITEM, Why.STATE),
    ],
)
def test_who_may_do_what_depends_on_level_item_and_state(state, act, level, context, expected):
    result = after(state, act, level, context)
    assert (result.why if isinstance(result, NotAllowed) else result) == expected


def test_a_withdrawal_after_the_decision_is_a_request():
    refusal = after("approved", "withdrawn", "village", COUNTY_ITEM)
    assert refusal.request
    assert refusal.sentence == "“准予”状态下不能“撤回”"


def test_a_station_may_reject_only_where_the_item_says_so():
    context = Context(deciding_level="county", station_may_reject=True)
    assert after("received", "rejected", "village", context) == "rejected"


def test_a_settled_status_is_for_the_deciding_level_and_must_exist():
    assert after("approved", "settled", "county", COUNTY_ITEM, status="denied") == "denied"
    assert after("approved", "settled", "township", COUNTY_ITEM, status="denied").why is Why.LEVEL
    assert after("approved", "settled", "county", COUNTY_ITEM, status="lost").why is Why.FIELD
    assert after("approved", "settled", "township", COUNTY_ITEM, phone="1") == "approved"


def test_a_case_that_does_not_say_gives_the_least_power():
    assert context_of({}) == Context()
    assert context_of({"village_role": 7, "deciding_level": "moon", "tolerable": "yes"}) == Context()


def test_the_buttons_of_a_screen_are_the_acts_open_to_its_level():
    village = {act.type for act in open_acts(CASE_1, "received", level="village", context=CARRIED_ITEM)}
    assert {"supplement_asked", "withdrawn", "noted", "corrected"} <= village
    assert village.isdisjoint({"accepted", "approved", "rejected", "received", "settled", "tolerated"})
