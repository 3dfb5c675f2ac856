"""Acts on a case before a real Chromium: what is signed is photographed on the form, what hangs is not taken down, and
whoever decides on edits that wait sees what changes."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from edge_node.services.matter import BUNDLE, matter_of
from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from sync.web.roles import Role
from tests.browser.road import PASSWORD, Road, enter
from tests.unit.edge_node.applications import application, key, png
from tests.unit.edge_node.bundles import CODE, take, whole, without
from tests.unit.edge_node.desk.test_acting import pass_on_unseen

pytestmark = pytest.mark.browser


@pytest.fixture
def chosen(tmp_path: Path) -> Path:
    path = tmp_path / "signed.png"
    path.write_bytes(png())
    return path


def took(road: Road, name: str, body: dict, *acts: str) -> str:
    """A case at the village, on which these acts were done."""
    client = build_app(road.village, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    case = client.post("/api/v1/cases", json=body, headers=key(name)).get_json()["id"]
    for act in acts:
        assert client.post(f"/api/v1/cases/{case}/{act}", json={}).status_code == 200
    return case


def test_a_promise_and_a_proof_of_delivery_are_photographed_on_their_forms(road, open_page, look, chosen):
    case = took(road, "promise", application(number=5, follow=True))
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/cases/{case}/acts/tolerance")
    page.locator('input[type="file"]').set_input_files(chosen)
    expect(page.locator("[data-previews] img")).to_have_count(1)
    look(page, "tolerance-form")
    page.get_by_role("button", name="容缺受理").click()
    expect(page.locator(".log li").first).to_contain_text("收到：容缺补正承诺书")
    look(page, "tolerance-filed")
    page.goto(f"{road.village_url}/cases/{case}/papers")
    look(page, "papers-with-number")
    done = took(road, "proof", application("村级开具证明", number=6), "acceptance", "finish")
    page.goto(f"{road.village_url}/cases/{done}/acts/delivery")
    page.get_by_label("签收人").fill("赵大壮")
    page.get_by_label("代领人与申请人的关系").select_option("other")
    page.get_by_label("代领人身份证号码").fill("990281197001010025")
    page.get_by_label("送达方式").select_option("visit")
    page.locator('input[type="file"]').set_input_files(chosen)
    expect(page.locator("[data-previews] img")).to_have_count(1)
    look(page, "delivery-form")
    page.get_by_role("button", name="送达", exact=True).click()
    expect(page.locator(".log li").first).to_contain_text("送达回证")
    look(page, "delivery-filed")


def test_a_public_notice_says_until_when_it_hangs(road, open_page, look):
    case = took(road, "posted", application("农村宅基地", number=7))
    road.carry()
    page = open_page(road.township_url)
    enter(page, "li")
    page.goto(f"{road.township_url}/cases/{case}")
    page.get_by_role("button", name="受理", exact=True).click()
    page.get_by_role("button", name="进入审查").click()
    page.get_by_role("link", name="特别程序").click()
    expect(page.get_by_text("本事项：公示 5 个工作日")).to_be_visible()
    look(page, "special-form")
    page.get_by_label("程序").select_option("公示")
    page.get_by_label("依据").fill("实施清单")
    page.get_by_label("天数").fill("5")
    page.get_by_role("button", name="特别程序").click()
    expect(page.locator("#acts")).to_contain_text("期满前不能结束")
    expect(page.get_by_role("button", name="特别程序结束")).to_have_count(0)
    look(page, "posting")


def test_a_card_that_comes_later_asks_for_its_number(road, open_page, look):
    body = application(number=8, follow=True)
    del body["fields"]["bank_card"]
    case = took(road, "card", body)
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/cases/{case}/papers")
    page.get_by_label("已收到").first.check()
    page.get_by_label("收款银行卡号").fill("6222000011112222")
    look(page, "card-number")
    page.get_by_role("button", name="补交").click()
    expect(page.locator(".log li").first).to_contain_text("填写：收款银行卡号；收到：银行卡")


def test_whoever_decides_on_edits_that_wait_looks_at_them_in_full(road, open_page, look):
    body = application(number=9)
    case = took(road, "parked", body)
    phone = body["fields"]["phone"]
    other = f"{phone[:3]}9999{phone[-4:]}"
    road.village.accounts.create("sun", display_name="孙晓梅", role=Role.AGENT, password=PASSWORD)
    pass_on_unseen(road.village, case, "village", "sun", phone=other)
    page = open_page(road.village_url)
    enter(page, "sun")
    page.goto(f"{road.village_url}/cases/{case}/acts/parked")
    expect(page.locator(".parked")).to_contain_text("遮住的部分有改动")
    page.get_by_text("查看完整信息").click()
    look(page, "parked-form")
    page.get_by_label("查看原因").fill("核对修改")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator("#parked")).to_contain_text(f"现为“{phone}”，改为“{other}”")
    look(page, "parked-in-full")


def lacking_a_certificate(road, name):
    """The ids of three cases of a 一件事; the second and the third lack the 出生医学证明."""
    client = build_app(road.village, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    told = without(whole(matter_of(road.village.catalogue, BUNDLE, CODE)), "出生医学证明", incomplete=True)
    return [one["id"] for one in take(client, told, name).get_json()["applications"]]


def test_a_bundle_that_lacks_papers_prints_a_notice_for_each_case(road, open_page, look):
    first, *_others = lacking_a_certificate(road, "b")
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/cases/{first}/received")
    expect(page.get_by_role("link", name="打印")).to_have_count(3)
    look(page, "bundle-lacking")


def test_a_paper_that_two_cases_of_a_bundle_lack_is_handed_in_once(road, open_page, look):
    _first, second, third = lacking_a_certificate(road, "once")
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/cases/{second}/papers")
    page.locator("fieldset.paper").filter(has_text="出生医学证明").get_by_label("已收到").check()
    expect(page.get_by_role("checkbox", name="新生儿参保")).to_be_checked()
    look(page, "bundle-papers")
    page.get_by_role("button", name="补交").click()
    expect(page.get_by_role("status").filter(has_text="新生儿参保")).to_contain_text("也收到了这次的材料")
    look(page, "bundle-papers-came")
    page.goto(f"{road.village_url}/cases/{third}")
    expect(page.locator(".log li").first).to_contain_text("收到：出生医学证明")
