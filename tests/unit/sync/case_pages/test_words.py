"""What the pages say of a state, a number and a road."""

import pytest

from sync.case_pages.words import LISTED_STATES, STEPS, arrival, hops_of, look_of, moment, step_of
from sync.records.case_table import CASE_1
from sync.records.receipt_number import short_number
from sync.web.frame import HERE

ENDED = {"draft", "void", "rejected", "withdrawn", "returned", "terminated"}


def test_every_state_is_on_the_road_or_has_left_it():
    assert {state for state in CASE_1.states if not step_of(state)} == ENDED
    assert all(0 <= step_of(state) <= len(STEPS) + 1 for state in CASE_1.states)


def test_the_road_goes_forward():
    way = ["received", "accepted", "in_review", "approved", "completed", "delivered"]
    assert [step_of(state) for state in way] == [2, 3, 3, 5, 6, 7]  # 审查 is not done while it is under review


def test_a_state_nobody_knows_looks_plain_and_stands_nowhere():
    assert (look_of("from the future"), step_of("from the future")) == ("plain", 0)


def test_a_list_can_be_narrowed_to_every_state_a_case_may_stand_in():
    assert sorted(LISTED_STATES) == sorted(set(CASE_1.states) - {"draft", "void"})


@pytest.mark.parametrize(
    ("number", "said"),
    [("150624101201250731010007G", "01-0007-G"), ("150624101201250731010007H", "150624101201250731010007H"), ("", "")],
)
def test_a_number_is_said_short_where_it_is_one(number, said):
    assert short_number(number) == said


def test_a_moment_is_read_to_the_minute():
    assert moment("2025-09-26T14:04:05+08:00") == "2025-09-26 14:04"
    assert moment(None) == ""


def hop(sid, level_name, state, *, since=None, held=0, of=0):
    return {
        "sid": sid,
        "level_name": level_name,
        "state": state,
        "since": since,
        "materials_held": held,
        "materials": of,
        "fell_back": False,
    }


def test_a_village_reads_its_own_disk_first_and_then_receipts():
    custody = {
        "hops": [
            hop("v1", "村站", "held", held=5, of=5),
            hop("t1", "乡镇", "held", since="2025-09-26T14:09:00+08:00", held=5, of=5),
            hop("centre", "中心", "records", since="2025-09-26T14:20:00+08:00", held=3, of=5),
        ]
    }
    hops = hops_of(custody, own_sid="v1", received_at="2025-09-26T14:04:05+08:00")
    assert [(one.sentence, one.at) for one in hops] == [
        ("已存本机（材料 5/5）", "2025-09-26 14:04"),
        ("已到乡镇（材料 5/5）", "2025-09-26 14:09"),
        ("已到中心（材料 3/5）", "2025-09-26 14:20"),
    ]


def test_a_hop_without_a_receipt_is_named_as_not_reached():
    custody = {"hops": [hop("v1", "村站", "held"), hop("t1", "乡镇", "none")]}
    assert [one.sentence for one in hops_of(custody, own_sid="v1")] == ["已存本机", "未到乡镇"]


def test_a_township_calls_its_own_disk_its_own():
    custody = {"hops": [hop("v1", "村站", "held"), hop("t1", "乡镇", "held")]}
    assert [one.place for one in hops_of(custody, own_sid="t1")] == ["村站", HERE]


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("village", {"sign": "cloud", "words": "已到乡镇（材料 1/2）"}),
        ("township", {"sign": "device", "words": "已存本机（材料 1/2）"}),
    ],
)
def test_here_and_further_have_different_signs(level, told):
    custody = {"reached": "township", "materials_held": 1, "materials": 2}
    assert arrival(custody, own_level=level) == told
