"""文书: what is printed says what was said, and nothing is printed that has not happened."""

import re

import pytest

from edge_node.services.matter import BUNDLE, matter_of
from edge_node.station import station_of
from edge_node.wiring import build_app
from fixtures.county import county
from sync.http_api.feeds import FeedGate
from sync.records.people import mask_id_number
from sync.records.receipt_number import short_number
from sync.store.ledger.audit import entries_about
from tests.unit.edge_node.applications import application, item, key
from tests.unit.edge_node.bundles import CODE, take, whole
from tests.unit.edge_node.conftest import PASSWORD
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


def test_a_notice_is_made_out_to_the_full_name_with_a_masked_number_and_looking_at_it_is_audited(client, case, station):
    def looked_at():
        entries = station.node.read(lambda reader: entries_about(reader, case))
        return [(one.actor, one.detail) for one in entries if one.action == "identity_revealed"]

    act(client, case, "acceptance")
    sent = application()["fields"]
    assert looked_at() == []
    paper = read(client, f"/cases/{case}/prints/acceptance")
    assert paper.count(sent["applicant_name"]) == 2  # two copies
    assert paper.count(mask_id_number(sent["id_number"])) == 2
    assert sent["id_number"] not in paper
    assert "打开文书已留痕" in paper
    assert looked_at() == [("acct:wang", "打印受理通知书")]
    slip = read(client, f"/cases/{case}/prints/receipt")
    assert sent["applicant_name"] not in slip
    assert "打开文书已留痕" not in slip
    assert len(looked_at()) == 1


def test_an_acceptance_names_the_day_it_will_be_done(client, case):
    act(client, case, "acceptance")
    paper = read(client, f"/cases/{case}/prints/acceptance")
    assert "22 个工作日内办结，预计 2025-11-03 前" in paper


def test_paper_names_who_did_it_by_name_and_telephone_and_by_the_account_where_no_name_was_given(client, case, station):
    act(client, case, "acceptance")
    assert '经办人</th><td colspan="3">wang</td>' in read(client, f"/cases/{case}/prints/acceptance")
    station.accounts.set_person("wang", display_name="王芳", phone="13800138000", by="acct:root")
    assert '经办人</th><td colspan="3">王芳　13800138000</td>' in read(client, f"/cases/{case}/prints/acceptance")
    slip = read(client, f"/cases/{case}/prints/receipt")
    assert '<td>王芳<br><span class="more">13800138000</span></td>' in slip


def test_a_tolerance_comes_with_the_promise_to_be_signed(client):
    case = client.post(API, json=application(follow=True), headers=key("1")).get_json()["id"]
    act(client, case, "tolerance")
    for name in ("tolerance", "promise"):
        paper = read(client, f"/cases/{case}/prints/{name}")
        assert "银行卡，2025-11-03 前补齐" in paper
    assert "承诺人签字（按指印）" in paper


def test_a_delivery_says_how(client, case):
    body = application("村级开具证明", number=1)
    case = client.post(API, json=body, headers=key("2")).get_json()["id"]
    act(client, case, "acceptance")
    assert client.get(f"/cases/{case}/prints/delivery").status_code == 404
    act(client, case, "finish")
    blank = read(client, f"/cases/{case}/prints/delivery")  # to be signed at the door, before anybody notes that it was
    assert "送达方式：" in blank
    assert "签收人" in blank
    act(client, case, "delivery", method="visit", receiver="本人")
    paper = read(client, f"/cases/{case}/prints/delivery")
    assert "以上门送达方式送达" in paper
    assert f"<p>签收人：{county().people[1].name}</p>" in paper


def test_who_took_a_result_for_the_applicant_stands_on_its_proof_with_relation_and_number(client):
    case = client.post(API, json=application("村级开具证明", number=1), headers=key("3")).get_json()["id"]
    for name in ("acceptance", "finish"):
        act(client, case, name)
    neighbour = county().people[2]
    taker = {"receiver": neighbour.name, "relation": "other", "id_number": neighbour.id_number}
    act(client, case, "delivery", method="pickup", **taker)
    paper = read(client, f"/cases/{case}/prints/delivery")
    assert f"<p>签收人：{neighbour.name}</p>" in paper
    assert "邻居或其他人" in paper
    assert neighbour.id_number[:6] in paper
    assert neighbour.id_number not in paper


@pytest.fixture
def township(make_station):
    client = build_app(make_station("t0wn1", township=True), FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "li", "password": PASSWORD})
    return client


def decided(client, decision, *more, reason="年龄不足八十周岁"):
    """A case decided at the township, which did more acts then."""
    body = application("农村宅基地")
    case = client.post(API, json=body, headers=key("decided")).get_json()["id"]
    for name in ("acceptance", "review"):
        act(client, case, name)
    act(client, case, "decision", decision=decision, reason=reason)
    for name in more:
        act(client, case, name)
    return case


@pytest.mark.parametrize("more", [(), ("completion",)])
def test_whoever_is_denied_takes_home_why_on_what_basis_and_where_to_turn_and_by_when(township, more):
    case = decided(township, "deny", *more)
    assert f'href="/cases/{case}/prints/denial"' in read(township, f"/cases/{case}")
    paper = read(township, f"/cases/{case}/prints/denial")
    for sentence in (
        "《不予许可（批准）决定书》",
        "年龄不足八十周岁",
        item("农村宅基地").guide.basis,
        "60 日内",
        "申请行政复议",
        "6 个月内",
        "提起行政诉讼",
        "行政复议机关：",
        "人民法院：",
        "决定机关（盖章）、日期：",
    ):
        assert paper.count(sentence) >= 2, sentence  # two copies
    assert paper.count(application("农村宅基地")["fields"]["applicant_name"]) == 2


def test_a_denial_has_room_for_its_basis_where_the_catalogue_names_none(township, monkeypatch):
    case = decided(township, "deny")
    catalogue = station_of(township.application).node.catalogue
    monkeypatch.setattr(catalogue, "version_of", lambda code, version: None)
    assert '依据：<span class="blank"></span>' in read(township, f"/cases/{case}/prints/denial")


def test_nobody_who_was_approved_is_given_a_denial(township):
    case = decided(township, "approve")
    assert "prints/denial" not in read(township, f"/cases/{case}")
    assert township.get(f"/cases/{case}/prints/denial", headers=HTML).status_code == 404


def test_a_special_procedure_is_told_in_writing_with_its_basis_and_how_long_it_takes(township):
    case = township.post(API, json=application("农村宅基地"), headers=key("special")).get_json()["id"]
    for name in ("acceptance", "review"):
        act(township, case, name)
    act(township, case, "special", kind="勘验", basis="《行政许可法》第四十五条", days="5W")
    assert f'href="/cases/{case}/prints/special"' in read(township, f"/cases/{case}")
    paper = read(township, f"/cases/{case}/prints/special")
    for sentence in ("《特别程序告知书》", "勘验，5 个工作日，依据：《行政许可法》第四十五条", "不计入办理时限"):
        assert paper.count(sentence) == 2, sentence


def test_a_refusal_to_accept_says_by_when_to_turn_where(township):
    case = township.post(API, json=application("农村宅基地"), headers=key("1")).get_json()["id"]
    act(township, case, "refusal", reason="不属于本机关职权")
    paper = read(township, f"/cases/{case}/prints/refusal")
    for sentence in ("不属于本机关职权", "60 日内", "6 个月内"):
        assert paper.count(sentence) == 2, sentence


def test_all_slips_of_a_bundle_are_printed_at_one_go_each_with_its_papers_and_query_code(client, station):
    matter = matter_of(station.catalogue, BUNDLE, CODE, {})
    cases = take(client, whole(matter)).get_json()["applications"]
    page = read(client, f"/cases/{cases[0]['id']}/received")
    address = f"/cases/{cases[0]['id']}/prints/receipt?bundle=all"
    assert f'href="{address}"' in page
    sheets = read(client, address).split('<section class="sheet">')[1:]
    assert len(sheets) == 2 * len(cases)
    codes = set()
    for one, own in zip(cases, sheets[::2], strict=True):
        assert f'<strong class="slip-number">{short_number(one["receipt_number"])}</strong>' in own
        assert "每件各有回执和查询码" in own
        (code,) = re.findall(r'<strong class="slip-number">([0-9]{4} [0-9]{4})</strong>', own)
        assert code in page
        codes.add(code)
    assert len(codes) == len(cases)
    printed = read(client, address)
    wanted = {one["name"] for each in cases for one in client.get(f"{API}/{each['id']}").get_json()["materials"]}
    assert [name for name in wanted if f"<td>{name}</td>" not in printed] == []
    alone = read(client, f"/cases/{cases[1]['id']}/prints/receipt")
    assert alone.count('<section class="sheet">') == 2
