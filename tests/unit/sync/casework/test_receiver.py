"""送达: into whose hands a result is given, and what the citizen is told of it by each way."""

from datetime import date

import pytest

from sync.casework.receiver import Receiver, receiver_fields
from sync.casework.tell_delivery import told_of_delivery

TODAY = date(2025, 9, 26)
CASE = {"applicant_name": "阿依古丽·买买提", "id_number": "990281194103150025"}
NUMBER = "990281197001010025"


def taken(method="pickup", /, *told, **more):
    return receiver_fields(Receiver(*told), method, {**CASE, **more}, TODAY)


@pytest.mark.parametrize("name", ["本人", "阿依古丽·买买提", " 阿依古丽·买买提 "])
def test_the_applicant_takes_it_by_name_alone(name):
    assert taken("pickup", name) == ({"receiver_name": CASE["applicant_name"]}, [])


def test_of_whoever_takes_it_for_him_relation_and_number_are_kept():
    fields, problems = taken("pickup", "赵大壮", "other", NUMBER)
    told = {"receiver_name": "赵大壮", "receiver_relation": "other", "receiver_id_number": NUMBER}
    assert (fields, problems) == (told, [])


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ((), ["receiver"]),
        (("赵大壮",), ["relation", "id_number"]),
        (("赵大壮", "friend", NUMBER), ["relation"]),
        (("赵大壮", "other", "123"), ["id_number"]),
        (("赵大壮", "other", CASE["id_number"]), ["id_number"]),
    ],
)
def test_whoever_says_too_little_or_what_cannot_be_is_given_nothing(told, wrong):
    assert [member for member, _ in taken("pickup", *told)[1]] == wrong


def test_the_agent_of_the_case_is_known_and_by_post_nobody_sees_who_opens_the_door():
    agent = {"agent_name": "王春梅", "agent_relation": "staff", "agent_id_number": NUMBER}
    told = {"receiver_name": "王春梅", "receiver_relation": "staff", "receiver_id_number": NUMBER}
    assert taken("pickup", "王春梅", **agent) == (told, [])
    known = {"agent_name": "王春梅", "agent_id_number": NUMBER}
    assert taken("pickup", "王春梅", **known) == ({"receiver_name": "王春梅", "receiver_id_number": NUMBER}, [])
    assert [member for member, _ in taken("pickup", "王春梅", agent_name="王春梅")[1]] == ["id_number"]
    assert taken("post", "赵大壮") == ({"receiver_name": "赵大壮"}, [])
    assert taken("notice") == ({"receiver_name": ""}, [])


@pytest.mark.parametrize(
    ("method", "fields", "told"),
    [
        ("pickup", {"receiver_name": CASE["applicant_name"]}, "交给您"),
        ("visit", {"receiver_name": "赵大壮", "receiver_relation": "other"}, "由赵**（邻居或其他人）代您领取"),
        ("pickup", {"receiver_name": "邻居赵大壮代领"}, "由邻***代您领取"),  # as it was noted before
        ("post", {"receiver_name": "赵大壮"}, "邮寄送达"),
        ("notice", {"receiver_name": ""}, "公告送达"),
        ("", {}, "交给您"),
    ],
)
@pytest.mark.parametrize("is_denied", [True, False])
def test_each_way_has_a_sentence_of_its_own_and_no_other_claims_his_hands(method, fields, told, is_denied):
    sentence = told_of_delivery({**CASE, "delivery_method": method, **fields}, is_denied=is_denied)
    assert told in sentence
    assert ("交给您" in sentence) == (told == "交给您")
    assert ("决定书" in sentence, "行政复议" in sentence) == (is_denied, is_denied)
