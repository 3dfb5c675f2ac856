"""公示: it hangs as long as the item says, and nobody ends it before, whatever the clock shows."""

import pytest

from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.conftest import PASSWORD
from tests.unit.forms import form_on, read, send

API = "/api/v1/cases"
DAY_MS = 24 * 3_600_000
HOUSE = "农村宅基地"  # 公示 of 5 working days; those from 26 September 2025 end on 10 October


@pytest.fixture
def township(make_station):
    client = build_app(make_station("t0wn1", township=True), FeedGate()).test_client()
    return signed_in(client)


def signed_in(client):
    client.post("/api/v1/session", json={"name": "li", "password": PASSWORD})
    return client


def posted(client, days="5W", name=HOUSE, kind="公示"):
    case = client.post(API, json=application(name), headers=key("case")).get_json()["id"]
    for act in ("acceptance", "review"):
        assert client.post(f"{API}/{case}/{act}", json={}).status_code == 200, act
    told = {"kind": kind, "basis": "实施清单", "days": days}
    assert client.post(f"{API}/{case}/special", json=told).status_code == 200
    return case


def end(client, case):
    return client.post(f"{API}/{case}/special-end", json={})


def later(client, clock, days):
    """So many days later, somebody signed in anew."""
    clock.now_ms += days * DAY_MS
    return signed_in(client)


def test_a_notice_is_not_taken_down_before_its_days_have_run_out(township, clock):
    case = posted(township)
    refused = end(township, case)
    assert refused.status_code == 403
    assert "公示到 10 月 10 日" in refused.get_json()["detail"]
    told = township.get(f"{API}/{case}").get_json()
    assert "special_ended" not in [one["type"] for one in told["acts"]]
    (withheld,) = told["withheld_acts"]
    assert (withheld["type"], withheld["why"]) == ("special_ended", refused.get_json()["detail"])
    page = read(township, f"/cases/{case}")
    assert 'value="special_end"' not in page
    assert "暂不能“特别程序结束”：公示到 10 月 10 日" in page
    later(township, clock, 13)
    assert end(township, case).status_code == 403
    later(township, clock, 1)
    assert 'value="special_end"' in read(township, f"/cases/{case}")
    assert end(township, case).get_json()["state"] == "in_review"


@pytest.mark.parametrize(("days", "until"), [("1W", "10 月 10 日"), ("7W", "10 月 13 日"), ("1N", "10 月 10 日")])
def test_the_items_own_days_count_and_more_where_more_were_told(township, days, until):
    case = posted(township, days)
    assert f"公示到 {until}" in end(township, case).get_json()["detail"]


def test_where_the_item_has_no_days_those_that_were_set_count(township, clock):
    case = posted(township, "2N", name="畜禽养殖备案")
    assert "公示到 9 月 28 日" in end(township, case).get_json()["detail"]
    later(township, clock, 2)
    assert end(township, case).status_code == 200


def test_other_procedures_end_when_they_are_done(township):
    assert end(township, posted(township, kind="勘验")).status_code == 200


def test_a_clock_that_leapt_ends_no_notice_before_somebody_vouches_for_it(township, clock):
    case = posted(township)
    later(township, clock, 40)
    refused = end(township, case)
    assert (refused.status_code, refused.get_json()["type"].rpartition(":")[2]) == (409, "clock-doubtful")
    page = read(township, f"/cases/{case}")
    form = form_on(page, "special_end")["values"]
    assert "先核对时间" in page
    values = {**form, "act": "special_end", "confirmed_time": "2025-11-05T14:05"}
    answer = send(township, f"/cases/{case}/acts", values)
    assert answer.status_code == 303
    assert township.get(f"{API}/{case}").get_json()["state"] == "in_review"


def test_a_clock_that_was_set_back_keeps_no_notice_hanging_whose_days_have_run_out(township, clock):
    case = posted(township)
    later(township, clock, 14)
    other = application("村级开具证明", number=1)
    assert township.post(API, json=other, headers=key("moves the floor")).status_code == 201
    later(township, clock, -4000)
    assert end(township, case).status_code == 200


def test_a_beginning_that_nobody_vouches_for_is_held_against_nobody(township, clock):
    case = township.post(API, json=application(HOUSE), headers=key("case")).get_json()["id"]
    later(township, clock, 40)
    for act in ("acceptance", "review"):
        assert township.post(f"{API}/{case}/{act}", json={}).status_code == 200, act
    told = {"kind": "公示", "basis": "实施清单", "days": "5W"}
    assert township.post(f"{API}/{case}/special", json=told).status_code == 200
    later(township, clock, -40)
    assert township.get(f"{API}/{case}").get_json()["log"][-1]["clock"] == "doubtful"
    assert end(township, case).status_code == 200
