"""搜索 before a real Chromium: the same box at the township's desk and on the console."""

import pytest
from playwright.sync_api import expect

from fixtures.county import county
from tests.browser.conftest import DESK, PHONE
from tests.browser.road import enter, take

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_case_taken_in_a_village_is_found_in_one_box_above(road, size, open_page, require_fit, picture):
    village = open_page(road.village_url, DESK)
    enter(village, "wang")
    case = take(village, county().item("高龄津贴"))
    road.carry()
    for name, url, account in (("township", road.township_url, "li"), ("console", road.centre_url, "zhou")):
        page = open_page(url, size)
        enter(page, account)
        expect(page.get_by_role("search")).to_be_visible()
        require_fit(page)
        picture(page, f"search-{name}-home")
        page.get_by_role("searchbox").fill("gltt")
        page.get_by_role("button", name="搜索").click()
        expect(page.locator("#found-cases")).to_be_visible()
        assert page.locator(f'a[href="/cases/{case}"]').count()
        require_fit(page)
        picture(page, f"search-{name}")
        page.locator(".item-list").get_by_role("link", name="高龄津贴", exact=True).click()
        expect(page.get_by_role("heading", name="办事指南")).to_be_visible()
        require_fit(page)
        picture(page, f"search-{name}-guide")
