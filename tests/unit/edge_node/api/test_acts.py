"""The life of a case through the API: every act, where it may happen, and what it leaves behind."""

from hashlib import sha256

import pytest

from edge_node.station import station_of
from edge_node.wiring import build_app
from fixtures.county import county
from sync.casework import ask_for_supplement
from sync.http_api.feeds import FeedGate
from sync.records.clock import time_text
from sync.records.items import Necessity
from sync.records.working_days import Calendar
from sync.revisions.tree import Branch
from sync.typed import replace
from sync.values.documents import Document, Wanted
from sync.web.roles import Role
from tests.model.story import Writer, append
from tests.unit.edge_node.applications import application, item, key
from tests.unit.edge_node.conftest import PASSWORD
from tests.unit.forms import form_on, read, send

CASES = "/api/v1/cases"
_DAY_MS = 24 * 3600 * 1000


def take(client, name="高龄津贴", *, number=0, without=()):
    body = application(name, number=number)
    body["materials"] = [one for one in body["materials"] if one["name"] not in without]
    answer = client.post(CASES, json=body, headers=key(f"{wanted(name)}-{number}"))
    assert answer.status_code == 201, answer.text
    return answer.get_json()["id"]


def wanted(name):
    return item(name).code


def act(client, case, name, **sent):
    return client.post(f"{CASES}/{case}/{name}", json=sent)


def done(client, case, name, **sent):
    answer = act(client, case, name, **sent)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def shown(client, case):
    return client.get(f"{CASES}/{case}").get_json()


@pytest.fixture
def township(make_station):
    client = build_app(make_station("t0wn1", township=True), FeedGate()).test_client()
    enter(client, "li")
    return client


def enter(client, name):
    client.post("/api/v1/session", json={"name": name, "password": PASSWORD})


def test_the_clock_of_an_answer_runs_from_the_receipt_and_is_shown_with_its_day(client, clock):
    case = take(client)
    now = shown(client, case)["clocks"]["now"]
    assert now["sentence"] == "答复剩余 5 个工作日"
    assert now["light"] == "green"
    assert now["due"] > time_text(clock())[:10]
    (row,) = client.get(CASES).get_json()["cases"]
    assert row["time"] == now


def test_what_is_accepted_counts_its_promise_and_what_waits_too_long_turns_red(client, clock, sign_in):
    case = take(client)
    done(client, case, "acceptance")
    clocks = shown(client, case)["clocks"]
    assert clocks["promise"]["limit"] == item().promise.label
    assert clocks["now"]["remaining"] == item().promise.amount
    clock.now_ms += 60 * _DAY_MS
    late = shown(sign_in("wang"), case)["clocks"]
    assert late["now"]["light"] == "red"
    assert late["now"]["sentence"].startswith("超期")


def test_nothing_is_accepted_as_complete_while_a_paper_is_missing(client):
    case = take(client, without=("银行卡",))
    refused = act(client, case, "acceptance")
    assert refused.status_code == 403
    assert refused.get_json()["detail"] == (
        "不能按材料齐全受理，还缺：银行卡。请办理容缺受理（申请人签承诺书，约定补齐日期），或者一次性告知申请人补正（补正告知）"
    )
    assert shown(client, case)["state"] == "received"
    assert done(client, case, "tolerance")["state"] == "tolerance"  # promised: it is accepted so


def hand_in(client, case, *names):
    """Papers brought later, at the desk."""
    asked_for = [one.name for one in item().materials]
    page = read(client, f"/cases/{case}/papers")
    got = {f"materials.{asked_for.index(name)}.got": "yes" for name in names}
    assert send(client, f"/cases/{case}/papers", {**form_on(page, "key")["values"], **got}).status_code == 303


def test_what_was_promised_has_to_come_before_the_case_goes_on(client, clock, sign_in):
    case = take(client, without=("银行卡",))
    done(client, case, "tolerance")
    told = shown(client, case)
    assert "accepted" not in [one["type"] for one in told["acts"]]
    assert [(one["name"], one["why"]) for one in told["withheld_acts"]] == [
        ("受理", "容缺受理时承诺补交的材料还没有交齐：银行卡。请先补交材料；到期仍未补齐的，停止计时，最后予以退件")
    ]
    assert act(client, case, "acceptance").get_json()["detail"] == told["withheld_acts"][0]["why"]
    clock.now_ms += 60 * _DAY_MS  # the answer was given in time, and no day that passes keeps the promise
    wang = sign_in("wang")
    assert act(wang, case, "acceptance").status_code == 403
    hand_in(wang, case, "银行卡")
    assert shown(wang, case)["withheld_acts"] == []
    assert done(wang, case, "acceptance")["state"] == "accepted"


def test_all_that_is_missing_has_to_be_promised(client, station):
    case = take(client, without=("银行卡",))
    known = station.node.catalogue.version_of(item().code, item().version)
    card = next(one for one in known.materials if one.name == "银行卡")
    more = (*known.materials, replace(card, name="存折"))
    station.node.catalogue.version_of = lambda code, version: replace(known, materials=more)
    refused = act(client, case, "tolerance", materials=["银行卡"])
    assert refused.status_code == 422
    assert "还有：存折" in refused.text
    assert done(client, case, "tolerance", materials=["存折", "银行卡"])["state"] == "tolerance"


def test_what_another_node_let_pass_stands_and_is_not_approved_before_the_promise_is_kept(township):
    """Nodes of before accepted without what was promised: that is no fault of the record."""
    case = take(township, "农村宅基地", without=("宅基地四至图",))
    station = station_of(township.application)
    elsewhere(station, case, "tolerated", tolerance_materials=["宅基地四至图"], tolerance_due="2099-01-01")
    elsewhere(station, case, "accepted")
    assert shown(township, case)["state"] == "accepted"
    done(township, case, "review")
    assert act(township, case, "decision", decision="approve").status_code == 403
    told = shown(township, case)
    assert [one["type"] for one in told["withheld_acts"]] == ["approved"]
    assert {"denied", "supplement_asked"} <= {one["type"] for one in told["acts"]}
    page = read(township, f"/cases/{case}")
    assert "暂不能“准予”：容缺受理时承诺补交的材料还没有交齐：宅基地四至图。" in page
    assert done(township, case, "decision", decision="deny", reason="不符合规划")["state"] == "denied"


def elsewhere(station, case, event_type, **fields):
    """Another node of the township's level did something, and it came here."""
    database = station.node.documents.database("station_t0wn1")
    (before,) = database.read([Wanted(case)])
    event = Writer("other", "township").does(event_type, before.fields()["events"], **fields)
    body = append(before, event)
    path = Branch(before.path.generation + 1, (sha256(body).hexdigest()[:32], *before.path.digests))
    database.graft([Document(case, path, body)])


def test_what_is_necessary_and_missing_is_asked_for_and_nothing_is_promised(client, station):
    case = take(client, without=("银行卡",))
    known = station.node.catalogue.version_of(item().code, item().version)
    stricter = tuple(replace(one, necessity=Necessity.REQUIRED) for one in known.materials)
    station.node.catalogue.version_of = lambda code, version: replace(known, materials=stricter)
    detail = act(client, case, "acceptance").get_json()["detail"]
    assert detail == "不能受理，还缺：银行卡。请一次性告知申请人补正（补正告知）"


def test_once_the_days_to_answer_are_over_it_counts_as_accepted_and_may_be_accepted(client, clock, sign_in):
    case = take(client, without=("银行卡",))
    clock.now_ms += 20 * _DAY_MS
    wang = sign_in("wang")
    assert shown(wang, case)["clocks"]["deemed_accepted"]
    assert done(wang, case, "acceptance")["state"] == "accepted"


def test_what_counts_as_accepted_is_neither_sent_back_before_its_acceptance_nor_told_that_it_may_be(
    client, clock, sign_in
):
    case = take(client, without=("银行卡",))
    assert "supplement_asked" in {one["type"] for one in shown(client, case)["acts"]}
    clock.now_ms += 20 * _DAY_MS
    wang = sign_in("wang")
    assert "supplement_asked" not in {one["type"] for one in shown(wang, case)["acts"]}
    asked = act(wang, case, "notice", gaps=[{"material": "银行卡", "what": "没有提交"}])
    assert asked.status_code == 403
    assert asked.get_json()["detail"].startswith("五个工作日内没有答复，已视为自收件之日起受理。请先受理")
    assert done(wang, case, "acceptance")["state"] == "accepted"


def test_what_counts_as_accepted_is_not_refused_nor_told_that_it_may_be(township, clock):
    case = take(township, "农村宅基地")
    assert "rejected" in {one["type"] for one in shown(township, case)["acts"]}
    clock.now_ms += 20 * _DAY_MS
    enter(township, "li")
    assert "rejected" not in {one["type"] for one in shown(township, case)["acts"]}
    refused = act(township, case, "refusal", reason="不属于本机关职权")
    assert refused.status_code == 403
    assert refused.get_json()["detail"].startswith("五个工作日内没有答复，已视为自收件之日起受理。请先受理")
    assert done(township, case, "acceptance")["state"] == "accepted"


@pytest.mark.parametrize(
    ("name", "sent", "state"),
    [
        ("refusal", {"reason": "不属于本机关职权"}, "rejected"),
        ("notice", {"gaps": [{"material": "", "what": "申请书没有签字"}]}, "supplement_before"),
    ],
)
def test_by_a_clock_that_nothing_vouches_for_nobody_has_missed_the_days_of_an_answer(
    township, clock, name, sent, state
):
    case = take(township, "农村宅基地")
    clock.now_ms += 40 * _DAY_MS  # it leapt: nobody knows which day it is
    enter(township, "li")
    assert {"rejected", "supplement_asked"} <= {one["type"] for one in shown(township, case)["acts"]}
    assert done(township, case, name, **sent)["state"] == state


def test_a_notice_demands_no_paper_that_the_item_does_not_ask_for_and_what_is_none_is_told_in_words(client):
    case = take(client, without=("银行卡",))
    gaps = [{"material": "银行卡", "what": "没有提交"}, {"material": "月球证", "what": "没有提交"}]
    refused = act(client, case, "notice", gaps=gaps)
    assert refused.status_code == 422
    (error,) = refused.get_json()["errors"]
    assert (error["field"], error["message"][:14]) == ("gaps.1.material", "本事项不需要材料“月球证”；")
    in_words = [gaps[0], {"material": "", "what": "申请书没有签字"}]
    assert done(client, case, "notice", gaps=in_words)["state"] == "supplement_before"


def test_what_a_notice_of_before_demands_beyond_the_item_may_be_handed_in(client, monkeypatch):
    case = take(client, without=("银行卡",))
    monkeypatch.setattr(ask_for_supplement, "_require_asked_for", lambda *given: None)
    done(client, case, "notice", gaps=[{"material": "月球证", "what": "没有提交"}])
    body = {"materials": [{"name": "月球证"}]}
    answer = client.post(f"{CASES}/{case}/materials", json=body, headers=key("brought"))
    assert (answer.status_code, answer.get_json()["state"]) == (200, "received")


def test_the_day_of_a_notice_and_of_a_tolerance_without_a_promise_is_within_reason(client):
    case = take(client, without=("银行卡",))
    gaps = [{"material": "银行卡", "what": "没有提交"}]
    for day in ("9999-12-31", "2026-09-26"):
        refused = act(client, case, "notice", gaps=gaps, due=day)
        assert refused.status_code == 422
        assert refused.get_json()["errors"][0] == {"field": "due", "message": "日期不能晚于 2025-12-25"}
    assert done(client, case, "notice", gaps=gaps, due="2025-12-25")["state"] == "supplement_before"
    case = take(client, "新生儿参保", without=("户口簿",))  # 即办: nothing is promised
    refused = act(client, case, "tolerance", due="2099-12-31")
    assert refused.get_json()["errors"][0] == {"field": "due", "message": "日期不能晚于 2025-12-25"}


def test_where_no_calendar_tells_the_promised_day_it_is_said_and_a_day_within_it_in_any_case_is_taken(client, station):
    case = take(client, without=("银行卡",))  # 22 working days are promised
    station.node.catalogue.calendar = lambda: Calendar(frozenset(), frozenset(), frozenset())
    said = (
        "没有 2025 年的工作日历，不能推算工作日，承诺的 22 个工作日到哪天也就不能确定；"
        "请填写不晚于 2025-10-18 的日期，无论如何都在承诺期限内"
    )
    for sent in ({}, {"due": "2025-10-19"}, {"due": "2025-12-20"}):
        refused = act(client, case, "tolerance", **sent)
        assert refused.status_code == 422
        assert refused.get_json()["errors"] == [{"field": "due", "message": said}]
    assert done(client, case, "tolerance", due="2025-10-18")["state"] == "tolerance"
    case = take(client, number=1, without=("银行卡",))
    address = f"/cases/{case}/acts/tolerance"
    page = send(client, address, form_on(read(client, address), "due")["values"])
    assert page.status_code == 422
    assert said in page.text


def test_whoever_asked_in_time_for_what_is_missing_has_answered_and_still_accepts_nothing_without(
    client, clock, sign_in
):
    case = take(client, without=("银行卡",))
    done(client, case, "notice", gaps=[{"material": "银行卡", "what": "没有提交"}])
    clock.now_ms += 20 * _DAY_MS
    assert act(sign_in("wang"), case, "acceptance").status_code == 403


def test_papers_that_may_follow_are_promised_for_a_day(client):
    case = take(client, without=("银行卡",))
    refused = act(client, case, "tolerance", materials=["户口簿"])
    assert refused.status_code == 422
    assert act(client, case, "tolerance", due="2099-01-01").status_code == 422
    assert done(client, case, "tolerance")["state_name"] == "容缺受理"
    told = shown(client, case)
    assert {field["name"]: field["value"] for field in told["fields"]}["tolerance_materials"] == "银行卡"
    assert any("补齐" in note["sentence"] or "容缺" in note["sentence"] for note in told["clocks"]["notes"])


def test_an_old_gap_told_a_second_time_is_flagged(client):
    case = take(client)
    done(client, case, "notice", gaps=[{"material": "户口簿", "what": "缺首页"}])
    assert shown(client, case)["late_gaps"] == []
    assert client.post(f"{CASES}/{case}/acceptance", json={}).status_code == 403
    assert act(client, case, "notice", gaps=[{"what": "又缺"}]).status_code == 403


def test_a_notice_says_everything_and_names_a_day_that_is_not_past(client):
    case = take(client)
    assert act(client, case, "notice", gaps=[]).status_code == 422
    assert act(client, case, "notice", gaps=[{"what": "缺"}], due="2001-01-01").status_code == 422
    told = done(client, case, "notice", gaps=[{"material": "户口簿", "what": "缺首页"}, {"what": "照片不清楚"}])
    assert told["state"] == "supplement_before"


def test_an_item_done_on_the_spot_is_finished_where_the_village_has_the_power(client):
    case = take(client, "村级开具证明")
    done(client, case, "acceptance")
    assert done(client, case, "finish")["state"] == "completed"
    assert done(client, case, "delivery", method="pickup", receiver="本人")["state"] == "delivered"
    assert act(client, case, "delivery", method="pickup", receiver="本人").status_code == 403
    other = take(client, number=1)
    done(client, other, "acceptance")
    assert act(client, other, "finish").status_code == 403


def test_delivery_names_who_signed(client):
    case = take(client, "村级开具证明")
    done(client, case, "acceptance")
    done(client, case, "finish")
    assert act(client, case, "delivery", method="pickup").status_code == 422
    assert act(client, case, "delivery", method="pigeon", receiver="王").status_code == 422
    assert done(client, case, "delivery", method="notice")["state"] == "delivered"


def test_a_special_procedure_pauses_the_clock_and_names_its_basis(township):
    case = take(township, "农村宅基地")
    done(township, case, "acceptance")
    done(township, case, "review")
    assert act(township, case, "special", kind="公示", basis="实施清单", days="0W").status_code == 422
    assert act(township, case, "special", kind="公示", basis="", days="5W").status_code == 422
    assert act(township, case, "special", kind="公示", basis="实施清单", days="367N").status_code == 422
    assert act(township, case, "special", kind="公示", basis="实施清单", days="99999H").status_code == 422
    assert done(township, case, "special", kind="勘验", basis="实施清单", days="5W")["state"] == "special"
    assert shown(township, case)["clocks"]["now"]["standing"] == "paused"
    assert done(township, case, "special-end")["state"] == "in_review"
    assert shown(township, case)["clocks"]["now"]["standing"] == "running"


def test_opinions_and_steps_stand_in_the_log_and_move_nothing(township):
    case = take(township, "农村宅基地")
    done(township, case, "acceptance")
    assert done(township, case, "opinion", opinion="材料属实")["state"] == "accepted"
    assert done(township, case, "step", step="受理")["state"] == "accepted"
    assert act(township, case, "step", step="跑腿").status_code == 422
    assert act(township, case, "forwarding", to="county").status_code == 422  # it says why
    assert done(township, case, "forwarding", to="county", reason="请县局审批")["state"] == "accepted"
    assert act(township, case, "forwarding", to="township").status_code in (403, 422, 400)
    names = [event["name"] for event in shown(township, case)["log"]]
    assert names[-3:] == ["审核意见", "代办记录", "上报"]


def test_an_agent_needs_written_authority_that_has_not_ended(client):
    case = take(client)
    person = county().people[3]
    good = {
        "agent_name": person.name,
        "agent_id_number": person.id_number,
        "scope": "代为申请和领取",
        "until": "2099-12-31",
        "signed": "fingerprint",
    }
    assert act(client, case, "authority", **{**good, "until": "2001-01-01"}).status_code == 422
    assert act(client, case, "authority", **{**good, "agent_id_number": "990281194103150022"}).status_code == 422
    assert act(client, case, "authority", **{**good, "signed": "witness"}).status_code == 422
    own = application("高龄津贴")["fields"]
    himself = {"agent_name": own["applicant_name"], "agent_id_number": own["id_number"]}
    assert act(client, case, "authority", **{**good, **himself}).status_code == 422
    seen_by = {"signed": "witness", "witness_name": own["applicant_name"]}
    assert act(client, case, "authority", **{**good, **seen_by}).status_code == 422
    done(client, case, "authority", **good)
    told = client.get(f"{CASES}/{case}")
    assert person.id_number not in told.text
    assert person.name not in told.text


def test_a_case_is_passed_on_with_a_reason_and_not_to_oneself(client):
    case = take(client)
    assert act(client, case, "passing", assignee="zhang").status_code == 422
    assert act(client, case, "passing", assignee="wang", reason="本人休假").status_code == 422
    done(client, case, "passing", assignee="zhang", reason="本人休假")
    assert shown(client, case)["parked_edits"] == []
    assert act(client, case, "parked", take=True).status_code == 403


@pytest.mark.parametrize("stranger", ["nobody", "root", "closed", "acct:zhang", "Zhang"])
def test_a_case_is_passed_on_to_nobody_who_could_not_take_it_up(client, station, stranger):
    station.accounts.create("closed", display_name="关", role=Role.AGENT, password=PASSWORD)
    station.accounts.set_disabled("closed", True, by="acct:root")
    station.accounts.set_person("zhang", display_name="张建国", by="acct:root")
    case = take(client)
    refused = act(client, case, "passing", assignee=stranger, reason="本人休假")
    assert refused.status_code == 422
    sentence = f"这里没有可以接手的账号“{stranger}”，可以转给：li、zhang（张建国）"
    assert refused.get_json()["errors"] == [{"field": "assignee", "message": sentence}]
    assert [one["value"] for one in shown(client, case)["fields"] if one["name"] == "assignee"] == ["wang"]


def test_a_passing_on_that_is_sent_again_is_answered_alike_after_the_account_was_closed(client, station):
    case = take(client)
    sent = {"assignee": "zhang", "reason": "本人休假"}
    first = client.post(f"{CASES}/{case}/passing", json=sent, headers=key("again"))
    station.accounts.set_disabled("zhang", True, by="acct:root")
    again = client.post(f"{CASES}/{case}/passing", json=sent, headers=key("again"))
    assert (first.status_code, again.status_code, again.get_json()) == (200, 200, first.get_json())


def test_refusing_names_where_to_turn(township):
    case = take(township, "农村宅基地")
    assert act(township, case, "refusal").status_code == 422
    assert done(township, case, "refusal", reason="不属于本机关职权")["state"] == "rejected"
    assert "12345" in str(shown(township, case)["fields"])
