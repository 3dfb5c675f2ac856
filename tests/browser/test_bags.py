"""A barcode gun at a page of bags types wherever the cursor stands and presses Enter, and signs for nothing."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from sync.node.acts.acting import Doer
from sync.papers.move_bag import hand_over, pack_bag
from sync.papers.offer_papers import offer_papers
from sync.papers.read_bag import read_bag
from sync.values.json_text import parse_object
from tests.browser.gun import scan
from tests.browser.road import PASSWORD, Road, enter
from tests.unit.edge_node.applications import application, key

pytestmark = pytest.mark.browser
WANG = Doer("acct:wang")
SAID = "没有登记：这里按回车不作签收"


def receive(road: Road, name: str, *items: str) -> list[str]:
    """The ids of the cases."""
    client = build_app(road.village, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    cases = []
    for number, item in enumerate(items):
        answer = client.post("/api/v1/cases", json=application(item, number=number), headers=key(f"{name}{number}"))
        assert answer.status_code == 201, answer.text
        cases.append(answer.get_json()["id"])
    return cases


def packed(road: Road) -> dict[str, Any]:
    """A bag of all that waits, handed over and known at the township, as it reads it."""
    node = road.village.node
    bag = parse_object(pack_bag(node, [one.key for one in offer_papers(node).papers], WANG).body)["id"]
    hand_over(node, bag, giver="王春梅", carrier="赵师傅", doer=WANG)
    road.carry()
    return read_bag(road.township.node, bag, by="acct:li")


@pytest.fixture
def bags(road: Road, request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """Two bags on their way."""
    both = []
    for number, item in enumerate(("个体工商户", "高龄津贴")):
        receive(road, f"{request.node.name}{number}", item)
        both.append(packed(road))
    return both


def state(road: Road, bag: dict[str, Any]) -> str:
    return read_bag(road.township.node, bag["id"], by="acct:li")["state"]


def ticks(page: Page) -> list[bool]:
    return page.locator("input[name=found]").evaluate_all("boxes => boxes.map(one => one.checked)")


def test_a_slip_scanned_while_another_is_ticked_signs_for_nothing_and_is_offered(road, bags, open_page, look):
    first, second = bags
    page = open_page(road.township_url)
    enter(page, "li")
    page.goto(f"{road.township_url}/bags/{first['id']}")
    for place in (0, 1):
        page.locator("input[name=found]").nth(place).check()
    told = page.locator("[data-scanned]")
    carrier = page.get_by_label("带件人姓名")
    for begin in (page.locator("input[name=found]").nth(1), page.get_by_role("button", name="全部都在，接收"), carrier):
        begin.focus()
        scan(page, second["code"])
        expect(told).to_contain_text("扫到另一张交接单")
        assert ticks(page) == [True, True, False]
    expect(carrier).to_have_value("赵师傅")
    assert state(road, first) == "handed"
    look(page, "bag-another-scanned")
    page.get_by_label("袋内还有什么").focus()
    scan(page, first["code"])
    expect(told).to_contain_text("扫到的就是这一张")
    page.locator("input[name=found]").nth(1).focus()
    scan(page, second["papers"][0]["receipt_number"])
    expect(told).to_contain_text("扫到的不是交接单")
    scan(page, second["bag_number"])
    told.get_by_role("link", name="打开扫到的交接单").click()
    expect(page).to_have_url(f"{road.township_url}/bags/{second['id']}")
    scan(page, first["code"])  # nothing is ticked yet
    expect(page).to_have_url(f"{road.township_url}/bags/{first['id']}")
    assert (state(road, first), state(road, second)) == ("handed", "handed")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_enter_takes_no_bag_and_what_would_be_missing_is_asked_by_name(road, bags, open_page, look, scripts):
    bag, _second = bags
    page = open_page(road.township_url, scripts=scripts)
    enter(page, "li")
    page.goto(f"{road.township_url}/bags/{bag['id']}")
    page.get_by_label("带件人姓名").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(SAID)
    page.locator("input[name=found]").first.check()
    page.locator("input[name=found]").first.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(SAID)
    assert (ticks(page), state(road, bag)) == ([True, False, False], "handed")
    page.get_by_role("button", name="按勾选接收").click()
    asked = page.get_by_role("alert")
    expect(asked).to_contain_text("有 2/3 份没有勾选")
    expect(asked.get_by_role("listitem")).to_have_count(2)
    if scripts:
        look(page, "bag-asked-again")
    page.locator("input[name=found]").nth(1).check()  # it is another question now
    page.get_by_role("button", name="确实不在袋内，记为缺件").click()
    expect(asked).to_contain_text("有 1/3 份没有勾选")
    assert state(road, bag) == "handed"
    page.get_by_role("button", name="确实不在袋内，记为缺件").click()
    expect(page.locator("h1")).to_contain_text("缺件")
    page.locator("input[name=found]").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(SAID)
    assert state(road, bag) == "short"


def test_who_counts_is_told_which_papers_go_back_to_their_applicant(road, open_page, look):
    case = receive(road, "stopped", "高龄津贴")[0]
    bag = packed(road)
    client = build_app(road.village, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    answer = client.post(f"/api/v1/cases/{case}/withdrawal", json={"reason": "不办了"}, headers=key("stopped-it"))
    assert answer.status_code == 200, answer.text
    road.carry()
    page = open_page(road.township_url)
    enter(page, "li")
    page.goto(f"{road.township_url}/bags/{bag['id']}")
    expect(page.locator(".notice.warning:not([hidden])")).to_contain_text("有的办件不再往下办（撤回）")
    expect(page.locator(".bag-papers .tag.bad")).to_have_count(len(bag["papers"]))
    look(page, "bag-stopped")


def test_at_the_village_neither_enter_nor_a_scan_packs_or_hands_over(road, bags, open_page):
    receive(road, "village", "高龄津贴")
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/bags/new")
    page.locator("input[name=papers]").first.focus()
    scan(page, bags[0]["papers"][0]["receipt_number"])
    expect(page.locator("[data-scanned]")).to_contain_text("扫到的不是交接单")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(SAID)
    page.get_by_role("button", name="装袋，生成交接单").click()
    page.get_by_label("带件人姓名").fill("赵")
    scan(page, bags[0]["code"])
    expect(page.locator("[data-scanned]")).to_contain_text("扫到另一张交接单")
    expect(page.get_by_label("带件人姓名")).to_have_value("赵")
    page.get_by_label("带件人姓名").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(SAID)
    expect(page.locator("h1")).to_contain_text("已装袋")
