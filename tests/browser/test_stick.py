"""U盘传送 before a real Chromium: what one page exports another takes in, on a desk's screen and on a phone's."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fixtures.county import county
from tests.browser.conftest import at_desk
from tests.browser.road import Road, enter, take

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def road(road: Road) -> Road:
    road.carry()
    return road


def download_all(page: Page, directory: Path) -> list[str]:
    """What the page offers, saved as on a stick."""
    links = page.get_by_role("link", name="下载")
    expect(links.first).to_be_visible()
    paths = []
    for number in range(links.count()):
        with page.expect_download() as saved:
            links.nth(number).click()
        path = directory / saved.value.suggested_filename
        saved.value.save_as(path)
        paths.append(str(path))
    return paths


def export(page: Page, to: str, directory: Path) -> list[str]:
    page.get_by_label("给谁").select_option(label=to)
    page.get_by_role("button", name="导出").click()
    expect(page.get_by_text(f"已导出给{to}")).to_be_visible()
    return download_all(page, directory)


def bring(page: Page, paths: list[str]) -> None:
    page.get_by_label("选择U盘上的文件").set_input_files(paths)
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_text("刚才导入的文件")).to_be_visible()


def test_a_phone_has_five_tabs_and_how_sending_stands_leads_to_the_stick(road, open_page, require_fit, picture):
    phone = open_page(road.village_url, (360, 740))
    enter(phone, "wang")
    tabs = phone.locator("nav.menu a")
    assert [one.inner_text() for one in tabs.all() if one.is_visible()] == ["首页", "办件", "人员", "交接单", "我的"]
    phone.goto(f"{road.village_url}/road")
    require_fit(phone)
    picture(phone, "road-on-a-phone")
    phone.get_by_role("link", name="U盘传送").click()
    expect(phone.get_by_role("button", name="导出")).to_be_visible()


@at_desk
def test_a_case_goes_by_stick_from_the_desk_to_the_console_and_the_receipt_back(
    road, size, tmp_path, open_page, require_fit, picture
):
    desk = open_page(road.village_url, size)
    enter(desk, "wang")
    case_id = take(desk, county().item("高龄津贴"), number=size[0] % 7)
    desk.goto(f"{road.village_url}/stick")
    require_fit(desk)
    picture(desk, "stick-empty")
    paths = export(desk, "青溪县政务服务中心", tmp_path)
    require_fit(desk)
    picture(desk, "stick-exported")
    console = open_page(road.centre_url, size)
    enter(console, "zhou")
    console.get_by_role("link", name="U盘传送").click()
    (tmp_path / "说明.txt").write_text("不是传送文件")
    bring(console, [*paths, str(tmp_path / "说明.txt")])
    expect(console.locator(".tag.done")).to_have_text("已收下")
    require_fit(console)
    picture(console, "stick-imported")
    desk.goto(f"{road.village_url}/cases/{case_id}")
    expect(desk.locator(".custody .said").filter(has_text="已到中心")).to_have_count(0)
    console.goto(f"{road.centre_url}/stations/{road.village.node.identity.sid}")
    console.get_by_role("link", name="给它导出").click()
    back = export(console, road.village.node.identity.name, tmp_path)
    desk.goto(f"{road.village_url}/stick")
    bring(desk, back)
    desk.goto(f"{road.village_url}/cases/{case_id}")
    expect(desk.locator(".custody .said").filter(has_text="已到中心")).to_have_count(1)


def test_it_works_without_scripts(road, tmp_path, open_page):
    desk = open_page(road.village_url, scripts=False)
    enter(desk, "wang")
    desk.goto(f"{road.village_url}/stick")
    assert export(desk, "青溪县政务服务中心", tmp_path)
