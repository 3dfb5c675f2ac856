"""A stolen computer before a real Chromium: revoked at the console, turned away, told why, and trusted again."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sync.errors import Unauthorized
from tests.browser.road import Road, enter

pytestmark = pytest.mark.browser


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        yield Road(tmp_path, stack)


def test_a_device_is_revoked_at_the_console_and_its_own_desk_says_so(road, open_page, require_fit, picture, size):
    road.carry()
    console = open_page(road.centre_url, size)
    enter(console, "zhou")
    console.get_by_role("link", name="石桥村便民服务站").click()
    console.get_by_role("link", name="01", exact=True).click()
    require_fit(console)
    picture(console, "console-device")
    console.get_by_role("button", name="吊销").click()
    console.get_by_label("原因").fill("电脑夜间被盗")
    console.on("dialog", lambda asked: asked.accept())
    console.get_by_role("button", name="吊销").click()
    expect(console.locator("h1")).to_contain_text("已吊销")
    require_fit(console)
    picture(console, "console-device-revoked")
    road.township.courier.synchronise()
    with pytest.raises(Unauthorized):
        road.village.courier.synchronise()
    desk = open_page(road.village_url, size)
    enter(desk, "wang")
    expect(desk.get_by_role("alert")).to_contain_text("不再与本机交换")
    expect(desk.locator("body")).not_to_contain_text("联网后自动上报")
    require_fit(desk)
    picture(desk, "desk-revoked")
    console.get_by_role("button", name="恢复信任").click()
    expect(console.locator("h1")).to_contain_text("在用")
    road.carry()
    desk.reload()
    expect(desk.get_by_role("alert")).to_have_count(0)
