"""The township before a real Chromium: its queue over a village, and a bag of papers taken with one that lacks."""

import re

import pytest
from playwright.sync_api import expect

from central.services.number_cases import number_cases
from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from sync.papers.offer_papers import offer_papers
from sync.papers.read_bag import read_bag, show_bags
from sync.web.roles import Role
from tests.browser.conftest import DESK, PHONE
from tests.browser.gun import scan
from tests.browser.road import PASSWORD, Road, enter
from tests.unit.edge_node.applications import application, key

pytestmark = pytest.mark.browser


@pytest.fixture
def taken(road: Road, request: pytest.FixtureRequest) -> list[dict]:
    """Two applications taken at the village, known to all: one whose turn is the township's, one the village's."""
    name = request.node.name
    client = build_app(road.village, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    cases = [
        client.post("/api/v1/cases", json=application(item, number=number), headers=key(f"{name}{number}")).get_json()
        for number, item in enumerate(("个体工商户", "高龄津贴"))
    ]
    road.carry()
    return cases


def test_a_township_works_through_its_queue(road, taken, open_page, look):
    theirs, villages = taken
    page = open_page(road.township_url)
    enter(page, "li")
    queue = page.get_by_role("region", name="我的待办")
    expect(queue.locator(f'a[href="/cases/{theirs["id"]}"]')).to_be_visible()
    expect(queue.locator(f'a[href="/cases/{villages["id"]}"]')).to_have_count(0)
    mine = queue.get_by_role("row").filter(has=page.locator(f'a[href="/cases/{theirs["id"]}"]'))
    expect(mine.locator(".time.green")).to_contain_text("答复剩余 5 个工作日")
    row = page.get_by_role("region", name="各村站").get_by_role("row").filter(has_text="石桥村")
    expect(row).to_contain_text("刚刚")
    expect(row).to_contain_text("截至最近联系没有")
    look(page, "township-home")
    page.get_by_role("link", name="全部待办").click()
    expect(page.locator(".chip")).to_have_text([re.compile("轮到本级办理"), re.compile("我的和未分派的")])
    look(page, "township-queue")
    page.goto(f"{road.township_url}/cases")
    page.locator("#q").focus()
    scan(page, villages["receipt_number"])
    expect(page).to_have_url(f"{road.township_url}/cases/{villages['id']}")
    page.goto(f"{road.township_url}/cases")
    page.get_by_text("更多条件").click()
    page.get_by_label("时限").select_option("green")
    page.get_by_label("排序").select_option("due")
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".chip")).to_have_text([re.compile("时限内")])
    look(page, "township-list")
    for address in ("cases", "search"):
        page.goto(f"{road.township_url}/{address}?q={'a' * 100}")
        look(page, f"township-{address}-long")
    page.goto(f"{road.township_url}/cases/{theirs['id']}")
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已办理“受理”")


def test_a_case_with_its_long_number_in_the_log_fits_the_centres_page(road, taken, open_page, look):
    theirs, _villages = taken
    number_cases(road.centre)
    page = open_page(road.centre_url)
    enter(page, "zhou")
    page.goto(f"{road.centre_url}/cases/{theirs['id']}")
    expect(page.locator(".log li").first).to_contain_text("系统自动")
    look(page, "centre-case")
    page.goto(
        f"{road.centre_url}/cases/{theirs['id']}/acts/settlement"
    )  # nothing to settle: what was done last stands there
    look(page, "centre-closed-act")


def test_who_accepts_a_case_that_lacks_a_paper_reads_which_and_what_may_be_done(road, open_page, look):
    client = build_app(road.village, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    case = client.post("/api/v1/cases", json=application(number=4, follow=True), headers=key("lacks")).get_json()
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/cases/{case['id']}")
    acts = page.locator("#acts")
    expect(acts).to_contain_text("暂不能“受理”：不能按材料齐全受理，还缺：银行卡。请办理容缺受理")
    expect(page.get_by_role("button", name="受理", exact=True)).to_be_hidden()
    look(page, "accept-lacking")
    acts.get_by_role("link", name="容缺受理").click()
    expect(page.get_by_role("heading", name="容缺受理")).to_be_visible()
    road.carry()  # as it was received
    above = open_page(road.centre_url)
    enter(above, "zhou")
    above.goto(f"{road.centre_url}/cases/{case['id']}")
    expect(above.locator("#acts")).to_contain_text("暂不能“受理”")
    look(above, "accept-lacking-centre")
    page.get_by_role("button", name="容缺受理").click()
    expect(acts).to_contain_text("暂不能“受理”：容缺受理时承诺补交的材料还没有交齐：银行卡。请先补交材料")
    look(page, "promise-open")
    acts.get_by_role("link", name="补交材料").click()
    expect(page.get_by_role("group").first).to_contain_text("本次要交")
    look(page, "papers-asked-for")
    page.get_by_role("group", name="银行卡").get_by_role("checkbox", name="已收到").check()
    page.get_by_role("button", name="补交", exact=True).click()
    expect(acts.get_by_role("button", name="受理", exact=True)).to_be_visible()
    look(page, "promise-kept")


def test_who_has_a_case_is_named_in_the_lists_of_every_level(road, taken, open_page, look):
    _theirs, villages = taken
    road.village.accounts.create("zhao", display_name="赵晓梅", role=Role.AGENT, password=PASSWORD)
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/cases/{villages['id']}/acts/passing")
    page.get_by_label("转给").select_option("zhao")
    page.get_by_label("原因").fill("外出培训")
    page.get_by_role("button", name="转办").click()
    road.carry()
    for url, who in ((road.village_url, ""), (road.township_url, "li"), (road.centre_url, "zhou")):
        one = open_page(url) if who else page
        if who:
            enter(one, who)
        one.goto(f"{url}/cases")
        row = one.get_by_role("row").filter(has=one.locator(f'a[href="/cases/{villages["id"]}"]'))
        expect(row.get_by_role("cell", name="赵晓梅")).to_be_visible()
        look(one, f"assignee-{who or 'village'}")
        if who == "zhou":  # who has a case at a station is told with the station
            one.goto(f"{url}/cases?who=zhao@{road.village.node.identity.sid}")
            expect(row).to_be_visible()
            expect(one.locator("main")).to_contain_text("经办：赵晓梅（石桥村便民服务站）")
            look(one, "assignee-narrowed")


def test_no_column_of_the_list_is_cut_off_and_none_is_one_character_wide_at_any_size_of_text(road, taken, open_page):
    page = open_page(road.township_url)
    enter(page, "li")
    for size in ("standard", "large", "larger", "largest"):
        page.goto(f"{road.township_url}/text-size?to={size}&next=/cases")
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        frame = page.locator(".table-frame").first
        assert frame.evaluate("it => it.scrollWidth - it.clientWidth") <= 0, size
        station = page.get_by_role("cell").filter(has_text="石桥村便民服务站").first.bounding_box()
        assert station["width"] > station["height"], size
        words = page.locator(".arrival > span").last
        assert words.evaluate("it => it.offsetHeight < 2 * parseFloat(getComputedStyle(it).lineHeight)"), size


def test_on_a_phone_a_case_takes_four_lines_and_all_of_its_headings_can_still_be_heard(road, taken, open_page):
    page = open_page(road.township_url, PHONE)
    enter(page, "li")
    page.goto(f"{road.township_url}/cases")
    for row in page.locator(".cases tbody tr").all():
        lines = row.locator("td").evaluate_all(
            "cells => new Set(cells.map(c => Math.round(c.getBoundingClientRect().bottom / 30))).size"
        )
        assert lines <= 5
        assert row.bounding_box()["height"] <= 230
    assert page.locator(".cases td").first.get_attribute("data-head") == "收件号"


def test_at_the_console_lists_fit_beside_the_menu_at_any_size_of_text(road, taken, open_page):
    page = open_page(road.centre_url)
    enter(page, "zhou")
    for size in ("large", "largest"):
        page.goto(f"{road.centre_url}/text-size?to={size}&next=/cases")
        assert page.locator(".table-frame").first.evaluate("it => it.scrollWidth - it.clientWidth") <= 0, size
        page.goto(f"{road.centre_url}/")
        code = page.locator(".list .number").first
        assert code.evaluate("it => it.getClientRects().length") == 1, size


def test_a_notice_is_headed_by_the_office_that_gave_it_wherever_it_is_printed(road, taken, open_page):
    theirs, _villages = taken
    page = open_page(road.township_url)
    enter(page, "li")
    page.goto(f"{road.township_url}/cases/{theirs['id']}")
    page.get_by_role("button", name="受理", exact=True).click()
    road.carry()
    village = open_page(road.village_url)
    enter(village, "wang")
    centre = open_page(road.centre_url)
    enter(centre, "zhou")
    for one, url in ((page, road.township_url), (village, road.village_url), (centre, road.centre_url)):
        one.goto(f"{url}/cases/{theirs['id']}/prints/acceptance")
        expect(one.locator(".sheet .head").first).to_contain_text("柳河镇便民服务站")


def test_a_bag_with_a_paper_too_few_is_taken_by_scanner_and_both_ends_see_it(road, taken, open_page, look):
    village = open_page(road.village_url)
    enter(village, "wang")
    village.get_by_role("navigation", name="主菜单").get_by_role("link", name="交接单").click()
    look(village, "bags")
    village.get_by_role("link", name="装袋，新建交接单").click()
    papers = len(offer_papers(road.village.node).papers)
    expect(village.locator("[data-ticked]")).to_have_text(f"已勾选 {papers}/{papers} 份")
    look(village, "bag-new")
    village.get_by_role("button", name="装袋，生成交接单").click()
    village.get_by_label("带件人姓名").fill("赵师傅")
    look(village)
    village.get_by_role("button", name="交出", exact=True).click()
    expect(village.locator("h1")).to_contain_text("在途")
    address = village.url
    village.get_by_role("link", name="打印交接单").click()
    look(village, "bag-print")
    bag = show_bags(road.village.node)["bags"][0]["id"]
    code = read_bag(road.village.node, bag, by="acct:wang")["code"]

    township = open_page(road.township_url)
    enter(township, "li")
    township.goto(f"{road.township_url}/bags")
    township.locator("#q").focus()
    scan(township, code)
    expect(township.get_by_role("status").first).to_contain_text("还没有同步到本站")
    look(township, "bag-not-here")
    road.carry()
    township.locator("#q").focus()
    scan(township, code)
    expect(township.get_by_role("heading", name="双方签字")).to_be_visible()
    township.locator("body").click(position={"x": 5, "y": 5})
    township.keyboard.press("Alt+a")
    expect(township.locator("[data-ticked]")).to_have_text(f"已勾选 {papers}/{papers} 份")
    township.locator('input[name="found"]').nth(1).uncheck()
    township.get_by_label("袋内还有什么").fill("多一份身份证复印件\n像是王秀兰的")
    look(township, "bag-ticking")
    expect(township.get_by_label("带件人姓名")).to_have_value("赵师傅")
    township.get_by_role("button", name="按勾选接收").click()
    township.get_by_role("button", name="确实不在袋内，记为缺件").click()
    expect(township.locator("h1")).to_contain_text("缺件")
    lacks = township.locator(".notice.bad").inner_text()
    look(township, "bag-short")
    road.carry()
    village.goto(address)
    expect(village.locator(".notice.bad")).to_have_text(lacks)
    expect(village.locator(".notice.warning:not([hidden])")).to_contain_text(
        "袋内清单以外的材料：多一份身份证复印件\n像是王秀兰的"
    )
    look(village, "bag-short-at-the-village")
    village.get_by_role("link", name="打印交接单").click()
    expect(village.locator(".sheet")).to_contain_text("多一份身份证复印件")
    look(village, "bag-print-taken")
    case = read_bag(road.village.node, bag, by="acct:wang")["papers"][1]["case"]
    village.goto(f"{road.village_url}/cases/{case}")
    expect(village.locator(".paper-places .tag.bad")).to_have_text("缺件")
    look(village, "bag-case")
    township.locator('input[name="found"]').check()
    township.get_by_role("button", name="登记补到").click()
    expect(township.locator("h1")).to_contain_text("已补齐")


def test_the_centre_prints_slip_and_notices_and_a_page_of_the_api_needs_nothing_beside_it(
    road, taken, open_page, look, picture
):
    theirs, _villages = taken
    page = open_page(road.centre_url)
    enter(page, "zhou")
    page.goto(f"{road.centre_url}/cases/{theirs['id']}")
    page.get_by_role("button", name="受理", exact=True).click()
    page.get_by_role("link", name="受理通知书").click()
    expect(page.get_by_role("heading", name="《受理通知书》")).to_have_count(2)
    expect(page.get_by_role("button", name="打印（一式两份）")).to_be_visible()
    look(page, "centre-acceptance")
    page.get_by_role("link", name="返回办件").click()
    page.get_by_role("link", name="收件回执").click()
    look(page, "centre-slip")
    page.goto(f"{road.centre_url}/api/v1/cases/{theirs['id']}/prints/receipt/page")
    expect(page.get_by_role("heading", name="收件回执")).to_have_count(2)
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        picture(page, "api-slip")
