"""The bar above the pages before a real Chromium: it follows what happens, over one stream for all tabs."""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, expect

from edge_node.services.change_upstream import change_upstream
from fixtures.county import county
from fixtures.link_weak import WeakLink
from sync.store.ledger.alarms import Alarm, raise_alarm
from sync.store.ledger.set_aside import keep_aside
from sync.web.roles import Role
from tests.browser.conftest import at_desk, at_phone
from tests.browser.road import PASSWORD, Road, enter, take
from tests.journeys.road import take as take_case

pytestmark = pytest.mark.browser

SOON_MS = 8000


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        yield Road(tmp_path, stack)


def sign(page: Page, name: str):
    return page.locator(f"[data-live-sign={name}]")


def count_streams(page: Page) -> list[str]:
    """Addresses of the streams that the browser of a page asks for from now on."""
    asked: list[str] = []
    page.context.on("request", lambda sent: asked.append(sent.url) if sent.url.endswith("/events") else None)
    return asked


@at_phone
def test_the_bar_follows_a_case_from_here_to_the_centre(road, size, open_page, require_fit, picture):
    road.carry()
    page = open_page(road.village_url, size)
    enter(page, "wang")
    expect(sign(page, "here")).to_have_text("已存本机 0 件")
    other = page.context.new_page()
    other.goto(road.village_url)
    take(other, county().item("高龄津贴"))
    expect(sign(page, "here")).to_have_text("已存本机 1 件", timeout=SOON_MS)
    expect(sign(page, "top")).to_have_text("已到中心 0 件")
    expect(page.locator("[data-live-line]")).to_contain_text("等待上报：办件 1 件")
    require_fit(page)
    picture(page, "live-waiting")
    road.township.courier.synchronise()
    road.village.courier.synchronise()
    expect(page.locator("[data-live-line]")).to_have_text("本机的办件上级都已签收", timeout=SOON_MS)
    expect(sign(page, "top")).to_have_text("已到中心 0 件")  # the township has it, and the centre has not said so
    road.carry()
    expect(sign(page, "top")).to_have_text("已到中心 1 件", timeout=SOON_MS)
    icons = [sign(page, name).locator("xpath=..").locator("path").get_attribute("d") for name in ("here", "top")]
    assert icons[0] != icons[1]
    picture(page, "live-arrived")


def test_the_page_of_a_case_follows_it_from_here_to_the_centre(road, open_page):
    """It showed 未到中心 below a bar that said everything had arrived, until it was loaded anew."""
    road.carry()
    case = take_case(road.village.node, "one")
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/cases/{case}")
    told = page.locator(".road-card")
    expect(told).to_contain_text("未到乡镇")
    expect(told).to_contain_text("未到中心")
    page.wait_for_load_state("load")
    page.evaluate("window.isSamePage = true")
    page.get_by_label("说明", exact=True).fill("正写着")
    road.carry()
    expect(told).to_contain_text("已到乡镇", timeout=2 * SOON_MS)
    expect(told).to_contain_text("已到中心", timeout=2 * SOON_MS)
    assert page.evaluate("window.isSamePage")
    expect(page.get_by_label("说明", exact=True)).to_have_value("正写着")


def test_several_tabs_share_one_stream_and_another_takes_over(road, open_page):
    first = open_page(road.village_url)
    asked = count_streams(first)
    enter(first, "wang")
    expect(sign(first, "here")).to_have_text("已存本机 0 件")
    tabs = [first.context.new_page() for _ in range(3)]
    for tab in tabs:
        tab.goto(f"{road.village_url}/cases")
    take_case(road.village.node, "one")
    for tab in (first, *tabs):
        expect(sign(tab, "here")).to_have_text("已存本机 1 件", timeout=SOON_MS)
    first.wait_for_timeout(5000)  # longer than a lease is renewed in
    assert len(asked) <= 2  # pages of one tab follow each other: the first asked once before it was left
    before = len(asked)
    first.close()
    take_case(road.village.node, "two")
    for tab in tabs:
        expect(sign(tab, "here")).to_have_text("已存本机 2 件", timeout=2 * SOON_MS)
    assert len(asked) == before + 1


@at_desk
def test_without_scripts_the_bar_is_as_the_page_was_drawn(road, size, open_page, require_fit):
    road.carry()
    take_case(road.village.node, "one")
    page = open_page(road.village_url, size, scripts=False)
    enter(page, "wang")
    expect(sign(page, "here")).to_have_text("已存本机 1 件")
    road.carry()
    page.reload()
    expect(sign(page, "top")).to_have_text("已到中心 1 件")
    require_fit(page)
    page.get_by_role("link", name="详情").click()
    expect(page.get_by_role("heading", name="上报情况")).to_be_visible()
    require_fit(page)


@at_phone
def test_the_page_of_the_road_tells_each_lane_and_follows_it(road, size, open_page, require_fit, picture):
    road.carry()
    take_case(road.village.node, "one", photo=b"\xff\xd8" + bytes(90_000))
    page = open_page(f"{road.village_url}/road", size)
    enter(page, "wang")
    records, photos = (
        page.locator('[data-live="lane.records.waiting"]'),
        page.locator('[data-live="lane.photos.waiting"]'),
    )
    expect(records).to_contain_text("1 件")
    expect(photos).to_contain_text("1 张")
    require_fit(page)
    picture(page, "road-waiting")
    road.carry()
    expect(photos).to_have_text("没有", timeout=SOON_MS)
    expect(page.locator('[data-live="arrived.centre"]')).to_have_text("1 件")
    require_fit(page)
    picture(page, "road-arrived")


@at_desk
def test_a_slow_transfer_shows_how_far_it_is(road, size, open_page, picture, require_fit):
    road.carry()
    township = road.township_url.removeprefix("http://")
    with WeakLink(township, rate_kbit=256, rtt_ms=300) as weak:
        change_upstream(road.village.node, road.village.courier, f"http://127.0.0.1:{weak.port}", allow_plain=False)
        page = open_page(road.village_url, size)
        enter(page, "wang")
        expect(page.locator("[data-live-percent]")).to_be_hidden()
        for number in range(3):
            take_case(road.village.node, f"n{number}", photo=b"\xff\xd8" + Random(number).randbytes(90_000))
        carrying = threading.Thread(target=road.village.courier.synchronise)
        carrying.start()
        expect(page.locator("[data-live-percent]")).to_be_visible(timeout=SOON_MS)
        expect(page.locator("[data-live-line]")).to_contain_text(
            re.compile("正在传(办件|材料照片)，已传 .*%"), timeout=SOON_MS
        )
        require_fit(page)
        picture(page, "live-carrying")
        carrying.join()
    expect(page.locator("[data-live-percent]")).to_be_hidden(timeout=SOON_MS)


@at_desk
def test_what_was_set_aside_is_listed_in_plain_words_and_settled(road, size, open_page, require_fit, picture):
    node = road.village.node
    name = f"station_{node.identity.sid}"
    node.write(
        lambda tx: keep_aside(
            tx,
            name,
            "case:x",
            revision="1-a",
            document=b"x" * 2000,
            reason="records are not deleted: this would bury events",
            offered_by="upstream",
            now_ms=node.clock(),
        )
    )
    page = open_page(road.village_url, size)
    enter(page, "wang")
    page.get_by_role("link", name="需要留意 1 项").click()
    expect(page.get_by_role("article")).to_contain_text("对方要删除办件，没有照办")
    expect(page.get_by_text("已经处理好了")).to_have_count(0)  # an agent may look, and no more
    require_fit(page)
    page.get_by_role("button", name="退出").click()
    road.village.accounts.create("head", display_name="张站长", role=Role.HEAD, password=PASSWORD)
    enter(page, "head")
    page.get_by_role("link", name="需要留意 1 项").click()
    number = node.identity.writer, "l1", 7, "aa", "bb", "wx", node.clock()
    node.write(lambda tx: raise_alarm(tx, Alarm("two-heads", *number)))
    expect(page.get_by_role("link", name="需要留意 2 项")).to_be_visible(timeout=SOON_MS)  # it came by the stream
    page.reload()
    page.get_by_text("已经处理好了").first.click()
    require_fit(page)
    picture(page, "attention")
    page.get_by_label("查到了什么、怎样处理的").first.fill("旧电脑已停用")
    page.get_by_role("button", name="记下，从清单中去掉").first.click()
    page.get_by_text("已经处理好了").first.click()
    page.get_by_label("查到了什么、怎样处理的").fill("是误操作，已告诉对方")
    page.get_by_role("button", name="记下，从清单中去掉").click()
    expect(page.get_by_text("没有。送来的内容都收下了。")).to_be_visible()
    expect(page.locator(".live .badge")).to_be_hidden()
    expect(page.locator("ol.log")).to_contain_text("旧电脑已停用")


@at_desk
def test_the_console_follows_what_its_stations_bring(road, size, open_page, require_fit, picture):
    road.carry()
    page = open_page(road.centre_url, size)
    enter(page, "zhou")
    expect(page.locator('[data-live="centre.cases"]')).to_have_text("0")
    take_case(road.village.node, "one")
    road.carry()
    expect(page.locator('[data-live="centre.cases"]')).to_have_text("1", timeout=SOON_MS)
    expect(sign(page, "cases")).to_have_text("已到中心 1 件")
    require_fit(page)
    picture(page, "console-live")


def test_after_signing_out_elsewhere_the_bar_says_that_it_is_old(road, open_page):
    first = open_page(road.village_url)
    enter(first, "wang")
    expect(sign(first, "here")).to_have_text("已存本机 0 件")
    first.wait_for_timeout(500)  # the stream of this tab is open
    other = first.context.new_page()
    other.goto(road.village_url)
    other.get_by_role("button", name="退出").click()
    take_case(road.village.node, "one")
    trouble = first.locator("[data-live-trouble]")
    expect(trouble).to_contain_text("登录已结束", timeout=3 * SOON_MS)
    enter(other, "wang")
    expect(sign(other, "here")).to_have_text("已存本机 1 件")
    take_case(road.village.node, "two")
    expect(sign(other, "here")).to_have_text("已存本机 2 件", timeout=2 * SOON_MS)
    expect(sign(first, "here")).to_have_text("已存本机 2 件")  # and hears of it again


def test_while_the_node_is_away_the_bar_says_that_it_is_old(road, open_page):
    page = open_page(road.village_url)
    page.route("**/events", lambda route: route.abort("aborted"))
    enter(page, "wang")
    trouble = page.locator("[data-live-trouble]")
    expect(trouble).to_contain_text("正在重新连接", timeout=SOON_MS)
    page.unroute("**/events")
    take_case(road.village.node, "one")
    expect(sign(page, "here")).to_have_text("已存本机 1 件", timeout=2 * SOON_MS)
    expect(trouble).not_to_contain_text("重新连接")
