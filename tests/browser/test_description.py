"""The description of the API before a real Chromium: read without signing in, tried when signed in."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from sync.web.serving import running
from tests.browser.conftest import DESK, PHONE
from tests.browser.road import enter
from tests.unit.edge_node.conftest import SetClock, stations

pytestmark = pytest.mark.browser


@pytest.fixture
def url(tmp_path) -> Iterator[str]:
    feeds = FeedGate()
    with stations(tmp_path, SetClock()) as make, running(build_app(make(), feeds), threads=8) as port:
        yield f"http://127.0.0.1:{port}"
        feeds.close()


def test_the_description_is_read_by_anybody_and_tried_by_whoever_is_signed_in(url, open_page, require_fit, picture):
    for size in (PHONE, DESK):
        page = open_page(f"{url}/api/v1/docs", size)
        expect(page.get_by_role("heading", level=1)).to_have_text("驿站站点接口")
        require_fit(page)
        picture(page, "description")
        page.goto(f"{url}/api/v1/docs#applications_receive")
        expect(page.locator("#applications_receive pre").first).to_contain_text("-H 'Idempotency-Key:")
        page.locator("#applications_receive").get_by_role("link", name="Material", exact=True).click()
        expect(page.locator("#shape-Material table")).to_be_visible()
        require_fit(page)
        picture(page, "description-open")
    page.goto(url)
    enter(page, "wang")
    page.goto(f"{url}/api/v1/docs#api_items")
    trying = page.locator("#api_items form.try")
    trying.get_by_label("最多要几条").fill("2")
    trying.get_by_role("button", name="发送").click()
    expect(trying.get_by_role("status")).to_contain_text(re.compile(r"^200　/api/v1/items\?limit=2$"))
    expect(trying.locator("pre")).to_contain_text('"next"')
    require_fit(page)
    picture(page, "description-tried")
