"""文书: what is printed says what was said, and nothing is printed that has not happened."""

import pytest

from tests.unit.edge_node.applications import application, key
from tests.unit.forms import HTML, read

API = "/api/v1/cases"


@pytest.fixture
def case(client):
    return client.post(API, json=application(), headers=key("1")).get_json()["id"]


def act(client, case, name, **sent):
    assert client.post(f"{API}/{case}/{name}", json=sent).status_code == 200


def test_a_case_just_received_has_no_notice_yet(client, case):
    assert "打印文书" not in read(client, f"/cases/{case}")
    assert client.get(f"/cases/{case}/prints/notice", headers=HTML).status_code == 404
    assert client.get(f"/cases/{case}/prints/nothing", headers=HTML).status_code == 404


def test_a_notice_lists_every_gap_and_its_day(client, case):
    gaps = [{"material": "户口簿", "what": "缺首页"}, {"what": "申请书没有签字"}]
    act(client, case, "notice", gaps=gaps, due="2025-10-15")
    assert f'href="/cases/{case}/prints/notice"' in read(client, f"/cases/{case}")
    paper = read(client, f"/cases/{case}/prints/notice")
    assert paper.count("<li>户口簿：缺首页</li>") == 2  # two copies
    assert "<li>申请书没有签字</li>" in paper
    assert "2025-10-15 前补正" in paper
    assert application()["fields"]["applicant_name"] not in paper


def test_an_acceptance_names_the_day_it_will_be_done(client, case):
    act(client, case, "acceptance")
    paper = read(client, f"/cases/{case}/prints/acceptance")
    assert "22 个工作日内办结，预计 2025-11-03 前" in paper


def test_paper_names_who_did_it_by_name_and_telephone_and_by_the_account_where_no_name_was_given(client, case, station):
    act(client, case, "acceptance")
    assert '经办人</th><td colspan="3">wang</td>' in read(client, f"/cases/{case}/prints/acceptance")
    station.accounts.set_person("wang", display_name="王芳", phone="13800138000", by="acct:root")
    assert '经办人</th><td colspan="3">王芳　13800138000</td>' in read(client, f"/cases/{case}/prints/acceptance")
    slip = read(client, f"/cases/{case}/receipt")
    assert "<td>王芳<br>13800138000</td>" in slip


def test_a_tolerance_comes_with_the_promise_to_be_signed(client, case):
    act(client, case, "tolerance")
    for name in ("tolerance", "promise"):
        paper = read(client, f"/cases/{case}/prints/{name}")
        assert "银行卡，2025-11-03 前补齐" in paper
    assert "承诺人签字（按指印）" in paper


def test_a_delivery_says_how(client, case):
    body = application("村级开具证明", number=1)
    case = client.post(API, json=body, headers=key("2")).get_json()["id"]
    act(client, case, "acceptance")
    act(client, case, "finish")
    act(client, case, "delivery", method="visit", receiver="王秀兰")
    assert "以上门送达方式送达" in read(client, f"/cases/{case}/prints/delivery")
