"""A case on its way through village, township and centre: numbered, passed on, decided, delivered."""

import json
from typing import Any

import pytest

from central.services.number_cases import number_cases
from fixtures.applications import whole_materials
from fixtures.catalogue import publish_county, publish_texts
from fixtures.county import county, text
from sync.casework.accept_case import accept_case
from sync.casework.act_on_case import act_on_case
from sync.casework.ask_for_supplement import Gap, ask_for_supplement
from sync.casework.complete_case import complete_case
from sync.casework.correct_case import correct_case
from sync.casework.decide_case import decide_case
from sync.casework.deliver_case import archive_case, deliver_case
from sync.casework.list_cases import list_cases
from sync.casework.locate_case import locate_case
from sync.casework.narrow_cases import HERE, MINE, Wish, narrow_cases
from sync.casework.pass_on_case import answer_parked, pass_on_case
from sync.casework.read_case import read_case
from sync.casework.receiver import Receiver
from sync.casework.settle_dispute import settle_dispute
from sync.casework.start_review import start_review
from sync.casework.withdraw_case import close_request, withdraw_case
from sync.errors import Forbidden, Invalid
from sync.node.acts.acting import Doer
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.node.publishing import draft_withdrawal, publish
from sync.papers.prints import Office, prints_of, read_print
from sync.records.case_number import is_case_number
from sync.records.clock import Quality, time_text
from sync.records.powers import context_of_item
from sync.typed import asdict
from sync.values.json_text import dump
from tests.journeys.road import Road

WANG, LI, ZHOU = (Doer(f"acct:{name}", "见附页") for name in ("wang", "li", "zhou"))


@pytest.fixture
def town(road: Road) -> Road:
    """A road whose centre has published its catalogue, and whose stations have it."""
    publish_county(road.centre)
    road.run()
    road.run()
    return road


def take(node: Node, tail: str, name: str = "高龄津贴") -> str:
    item = county().item(name)
    fields: dict[str, Any] = {
        "receipt_number": tail,
        "received_at": time_text(node.clock()),
        "item": item.code,
        "item_version": item.version,
        "item_name": item.name,
        "phone": "13900000000",
        "materials": [{"name": paper} for paper in whole_materials(item)],
        **asdict(context_of_item(item)),
        "promise": item.promise.text if item.promise else "",
    }
    doc_id = f"case:{node.identity.sid}-{tail}"
    act = Act(doc_id, "received", fields, WANG.by, node.clock(), Quality.CONFIRMED)
    return node.write(lambda tx: record(tx, node.documents, node.identity, act)).id


def shown(node: Node, case: str) -> dict[str, Any]:
    return read_case(node, node.catalogue.items(), case, by="acct:zhou")


def under_review(road: Road) -> str:
    """A case the village has accepted, under review at the township, and known to all."""
    case = take(road.village, "one")
    accept_case(road.village, case, WANG)
    road.run()
    start_review(road.township, case, LI)
    road.run()
    return case


def nodes_of(road: Road) -> tuple[Node, ...]:
    return road.village, road.township, road.centre


def everywhere(road: Road, case: str, name: str) -> set[str]:
    """What a field, or the state, says at each of the three nodes."""
    told = [shown(node, case) for node in nodes_of(road)]
    return {
        str(one.get(name, "")) or next((field["value"] for field in one["fields"] if field["name"] == name), "")
        for one in told
    }


def test_the_number_of_the_centre_comes_down_and_finds_the_case_at_the_village(town: Road) -> None:
    case = take(town.village, "one")
    assert "case_number" not in shown(town.village, case)
    town.run()
    assert number_cases(town.centre) == 1
    town.run()
    number = shown(town.village, case)["case_number"]
    assert is_case_number(number)
    assert number.startswith(county().item("高龄津贴").task_code)
    assert locate_case(town.village, number)["id"] == case


def test_a_case_runs_from_its_receipt_to_the_archive_and_every_clock_stops(town: Road) -> None:
    case = under_review(town)
    decide_case(town.centre, case, "approve", ZHOU)
    complete_case(town.centre, case, ZHOU)
    town.run()
    assert shown(town.village, case)["clocks"]["promise"]["kept"] is True
    deliver_case(town.village, case, "visit", Receiver("本人"), WANG)
    town.run()
    archive_case(town.centre, case, ZHOU)
    town.run()
    assert everywhere(town, case, "state") == {"archived"}
    assert shown(town.village, case)["clocks"]["now"] is None


def test_what_an_agent_did_cut_off_waits_after_his_case_was_passed_on_and_is_not_lost(town: Road) -> None:
    case = take(town.village, "one")
    town.run()
    pass_on_case(town.township, case, LI.by, ZHOU, colleagues=lambda _: {LI.by: "li"})
    # The village has no link: wang does not know.
    act_on_case(town.village, case, lambda _: "corrected", WANG, fill=lambda tx, _: {"phone": "13911111111"})
    town.run()
    for node in (town.village, town.township, town.centre):
        told = shown(node, case)
        assert [(one["name"], one["by"]) for one in told["parked_edits"]] == [("信息更正", "wang")]
    assert everywhere(town, case, "phone") == {"139****0000"}
    for node, doer in ((town.village, WANG), (town.village, LI), (town.township, WANG)):  # who had it; two namesakes
        with pytest.raises(Forbidden, match="由现在的经办人"):
            answer_parked(node, case, doer, take=True, deciders=lambda _: {})
    with pytest.raises(Forbidden):  # a head of the village
        answer_parked(town.village, case, ZHOU, take=True, deciders=lambda _: {ZHOU.by: "zhou"})
    (told,) = shown(town.township, case)["parked_edits"]
    assert told["changes"] == [{"field": "phone", "label": "联系电话", "before": "139****0000", "after": "139****1111"}]
    answer_parked(town.township, case, LI, take=True, deciders=lambda _: {})
    town.run()
    assert everywhere(town, case, "phone") == {"139****1111"}
    assert everywhere(town, case, "parked_edits") == {"[]"}
    assert effects_of(town.village, case) == {
        **dict.fromkeys(("received", "passed_on", "parked_taken"), ""),
        "corrected": "后被采纳",
    }


def test_a_case_is_not_taken_past_a_notice_that_waits_for_an_answer(town: Road) -> None:
    """The citizen was told at the village what to bring: whoever has the case now first says whether that counts."""
    case = take(town.village, "one")
    town.run()
    pass_on_case(town.township, case, LI.by, ZHOU, colleagues=lambda _: {LI.by: "li"})
    ask_for_supplement(town.village, case, [Gap("", "证明上没有日期")], None, WANG)
    assert "notice" in printable(town.village, case)
    town.run()
    assert effects_of(town.township, case)["supplement_asked"] == "待认可"
    assert [one["to_be_redone"] for one in shown(town.township, case)["parked_edits"]] == [True]
    assert "notice" not in printable(town.village, case)
    assert "accepted" not in [act["type"] for act in shown(town.township, case)["acts"]]
    with pytest.raises(Forbidden, match=r"补正告知.*先采纳或不采纳"):
        accept_case(town.township, case, LI)
    withdraw_case(town.village, take(town.village, "two"), WANG)  # what the citizen does goes on
    answer_parked(town.township, case, LI, take=False, deciders=lambda _: {})
    accept_case(town.township, case, LI)
    town.run()
    assert effects_of(town.village, case)["supplement_asked"] == "未采纳"
    assert printable(town.village, case) == ["receipt", "acceptance"]


@pytest.mark.parametrize("take_them", [True, False])
def test_papers_that_came_while_a_case_was_passed_on_are_there_whatever_the_answer(town: Road, take_them: bool) -> None:
    """Neither what the citizen handed in at the village is lost, nor what came to the township since."""
    case = take(town.village, "one")
    town.run()
    before = [row["name"] for row in shown(town.village, case)["materials"]]
    pass_on_case(town.township, case, LI.by, ZHOU, colleagues=lambda _: {LI.by: "li"})
    bring(town.village, case, "残疾人证", WANG)
    bring(town.township, case, "户口簿首页", LI)
    town.run()
    assert [one["name"] for one in shown(town.township, case)["parked_edits"]] == ["补充材料"]
    answer_parked(town.township, case, LI, take=take_them, deciders=lambda _: {})
    town.run()
    for node in nodes_of(town):
        assert [row["name"] for row in shown(node, case)["materials"]] == [*before, "户口簿首页", "残疾人证"]


def bring(node: Node, case: str, paper: str, doer: Doer) -> None:
    def fill(_tx: object, record: Any) -> dict[str, Any]:
        return {"materials": [*record.fields["materials"], {"name": paper}]}

    act_on_case(node, case, lambda _: "materials_added", doer, fill=fill)


def test_what_was_decided_is_put_right_by_who_decided_and_its_notices_stay_as_they_were(town: Road) -> None:
    case = take(town.village, "one")
    correct_case(town.village, case, {"applicant_name": "王秀兰"}, WANG)
    accept_case(town.village, case, WANG)
    town.run()
    start_review(town.township, case, LI)
    town.run()
    decide_case(town.centre, case, "approve", ZHOU)
    town.run()
    for node in (town.village, town.township):
        with pytest.raises(Forbidden, match="决定所依据的信息由中心或以上更正"):
            correct_case(node, case, {"applicant_name": "王麻子", "phone": "13911111111"}, WANG)
    correct_case(town.village, case, {"phone": "13911111111"}, WANG)
    correct_case(town.centre, case, {"applicant_name": "王秀蓝"}, ZHOU)
    complete_case(town.centre, case, ZHOU)
    town.run()
    assert applicant_on(town.village, case, "acceptance") == "王秀兰"
    assert applicant_on(town.village, case, "delivery") == "王秀蓝"
    deliver_case(town.village, case, "visit", Receiver("王秀蓝"), WANG)
    town.run()
    archive_case(town.centre, case, ZHOU)
    with pytest.raises(Forbidden, match="已归档"):
        correct_case(town.centre, case, {"applicant_name": "王秀兰"}, ZHOU)


def printable(node: Node, case: str) -> list[str]:
    return [one["name"] for one in prints_of(shown(node, case))]


def applicant_on(node: Node, case: str, name: str) -> str:
    """Who it is made out to."""
    told = read_print(node, case, name, Office(lambda account: ""), by="acct:zhou")
    return next(cell.value for row in told.rows for cell in row if cell.label == "申请人")


def effects_of(node: Node, case: str) -> dict[str, str]:
    """{type of an event: what became of it} as a log tells it."""
    return {step["type"]: step["effect_name"] for step in shown(node, case)["log"]}


def test_a_case_the_township_gives_to_one_of_its_own_is_the_townships_turn_and_somebodys_to_do(town: Road) -> None:
    case = take(town.village, "one")
    town.run()
    assert everywhere(town, case, "turn") == {"village"}
    pass_on_case(town.township, case, LI.by, ZHOU, colleagues=lambda _: {LI.by: "li"})
    town.run()
    assert everywhere(town, case, "turn") == {"township"}
    to_do = Wish(turn=HERE, assignee=MINE)
    found = [list_cases(node, narrow_cases(node, to_do, by=LI.by))["cases"] for node in nodes_of(town)]
    assert [len(one) for one in found] == [0, 1, 0]
    accept_case(town.township, case, LI)
    town.run()
    assert everywhere(town, case, "state") == {"accepted"}


def test_a_case_goes_back_to_the_village_and_up_again_to_who_gave_it_back(town: Road) -> None:
    case = take(town.village, "one")
    accept_case(town.village, case, WANG)
    town.run()
    assert everywhere(town, case, "turn") == {"township"}
    for nobody in ("acct:zhou@village", "acct:wang@centre"):
        with pytest.raises(Invalid):
            pass_on_case(town.township, case, nobody, LI, colleagues=lambda _: {})
    pass_on_case(town.township, case, "acct:wang@village", LI, colleagues=lambda _: {})
    town.run()
    assert everywhere(town, case, "turn") == {"village"}
    step = shown(town.village, case)["log"][-1]
    assert (step["name"], step["said"][-1]) == ("转办", "交还村站 wang")
    mine = narrow_cases(town.village, Wish(turn=HERE, assignee=MINE), by=WANG.by)
    assert [one["assignee"] for one in list_cases(town.village, mine)["cases"]] == ["wang"]
    pass_on_case(town.village, case, "acct:li@township", WANG, colleagues=lambda _: {})
    town.run()
    assert everywhere(town, case, "turn") == {"township"}
    pass_on_case(town.township, case, "acct:wang@village", LI, colleagues=lambda _: {})
    start_review(town.township, case, LI)  # nobody waits for the village any more
    town.run()
    assert everywhere(town, case, "turn") == {"township"}


def test_a_case_goes_on_by_its_own_version_when_its_item_changes_and_is_withdrawn(town: Road) -> None:
    case = take(town.village, "one")
    accept_case(town.village, case, WANG)
    before = shown(town.village, case)["clocks"]["promise"]["limit"]
    whole = json.loads(text("items.json"))
    code = whole["items"][0]["code"]
    whole["items"][0] |= {"version": whole["items"][0]["version"] + 1, "promise": {"amount": 1, "unit": "W"}}
    publish_texts(town.centre, dump(whole))
    draft_withdrawal(town.centre, code, by=ZHOU.by)
    publish(town.centre, by=ZHOU.by)
    town.run()
    town.run()
    assert not town.village.catalogue.items()[code].takes_cases
    for node in (town.village, town.township, town.centre):
        assert shown(node, case)["clocks"]["promise"]["limit"] == before
    start_review(town.township, case, LI)
    town.run()
    assert everywhere(town, case, "state") == {"in_review"}


def test_two_who_wrote_unseen_by_each_other_are_told_apart_and_it_is_settled_with_no_link(town: Road) -> None:
    case = take(town.village, "one")
    town.run()
    for node, doer, phone in ((town.village, WANG, "13911111111"), (town.township, LI, "13922222222")):
        act_on_case(node, case, lambda _: "corrected", doer, fill=lambda tx, _, phone=phone: {"phone": phone})
    town.run()
    (dispute,) = shown(town.village, case)["disputes"]
    assert [(one["by"], one["value"]) for one in dispute["sides"]] == [("wang", "139****1111"), ("li", "139****2222")]
    mine = next(one["event"] for one in dispute["sides"] if one["by"] == "wang")
    with pytest.raises(Invalid):
        settle_dispute(town.village, case, {"phone": "x" * 43}, WANG)
    settle_dispute(town.village, case, {"phone": mine}, WANG)
    with pytest.raises(Forbidden):
        settle_dispute(town.village, case, {"phone": mine}, WANG)
    town.run()
    assert everywhere(town, case, "phone") == {"139****1111"}
    assert everywhere(town, case, "disputes") == {"[]"}


def test_a_withdrawal_that_came_after_the_decision_is_a_request_that_somebody_answers(town: Road) -> None:
    case = under_review(town)
    decide_case(town.centre, case, "approve", ZHOU)
    withdraw_case(town.village, case, WANG)  # the village has not heard of the decision
    town.run()
    assert everywhere(town, case, "state") == {"approved"}
    assert len(shown(town.centre, case)["requests"]) == 1
    close_request(town.centre, case, ZHOU)
    town.run()
    assert everywhere(town, case, "requests") == {"[]"}
    with pytest.raises(Forbidden):
        close_request(town.centre, case, ZHOU)
