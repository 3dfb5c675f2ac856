"""预警通知 before a real Chromium: from the console's form, over the road, to the banner of a village's desk."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.elder import faults_of
from tests.browser.road import Road, enter
from tests.browser.test_live import SOON_MS

pytestmark = pytest.mark.browser


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        yield Road(tmp_path, stack)


def test_what_the_centre_publishes_stands_above_the_pages_of_a_village_until_it_is_read(
    road, open_page, require_fit, picture
):
    road.carry()
    page = open_page(road.village_url, PHONE)
    enter(page, "wang")
    console = open_page(road.centre_url, DESK)
    enter(console, "zhou")
    console.get_by_role("link", name="预警通知").click()
    console.get_by_label("级别").select_option("red")
    console.get_by_label("标题").fill("暴雨红色预警")
    console.get_by_label("内容").fill("今晚有大暴雨。\n低洼处请转移到村委会，值班电话见墙上。")
    console.get_by_label("给谁").select_option(label="柳河镇便民服务站和它以下的村站")
    console.get_by_label("有效到").fill(f"{road.centre.today().year + 1}-01-01T08:00")
    require_fit(console)
    picture(console, "console-alert-form")
    console.get_by_role("button", name="发布", exact=True).click()
    expect(console.locator("tbody")).to_contain_text("暴雨红色预警")
    require_fit(console)
    picture(console, "console-alerts")
    road.carry()
    expect(page.locator("[data-live-alert]")).to_contain_text("刚收到：暴雨红色预警", timeout=SOON_MS)
    page.reload()
    banner = page.get_by_role("region", name="红色预警")
    expect(banner).to_contain_text("低洼处请转移到村委会")
    require_fit(page)
    picture(page, "alert")
    console.on("dialog", lambda asked: asked.accept())
    banner.get_by_role("button", name="已阅，不再显示").click()
    expect(banner).to_have_count(0)
    page.goto(f"{road.village_url}/alerts")
    expect(page.locator("main")).to_contain_text("您已阅")
    require_fit(page)
    everybody = open_page(f"{road.village_url}/citizen/", PHONE)
    expect(everybody.get_by_role("region", name="红色预警")).to_contain_text("低洼处请转移到村委会")
    expect(everybody.get_by_role("button", name="已阅，不再显示")).to_have_count(0)
    require_fit(everybody)
    picture(everybody, "alert-for-citizens")
    everybody.goto(f"{road.village_url}/text-size?to=large&next=/citizen/")
    everybody.goto(f"{road.village_url}/citizen/")
    assert faults_of(everybody) == []
    township = open_page(road.township_url, DESK)
    enter(township, "li")
    banner = township.get_by_role("region", name="红色预警")
    expect(banner).to_be_visible()
    console.get_by_role("button", name="撤回").click()
    expect(console.locator("tbody")).to_contain_text("已撤回")
    road.carry()
    expect(banner).to_be_hidden(timeout=SOON_MS)
    console.goto(f"{road.centre_url}/misses")
    require_fit(console)
