"""Buttons of a case pressed by somebody tired: twice, before a slow machine, after 返回, on a tab of an hour ago."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from tests.browser.road import PASSWORD, Road, enter
from tests.unit.edge_node.applications import application, key

pytestmark = pytest.mark.browser


@pytest.fixture
def api(road: Road) -> Any:
    client = build_app(road.village, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    return client


@pytest.fixture
def case(road: Road, api: Any, request: pytest.FixtureRequest) -> str:
    sent = application(number=len(request.node.name) % 7)
    return api.post("/api/v1/cases", json=sent, headers=key(request.node.name)).get_json()["id"]


def log(api: Any, case: str) -> list[str]:
    return [one["type"] for one in api.get(f"/api/v1/cases/{case}").get_json()["log"]]


def be_slow(page: Page) -> None:
    """Every answer to a form takes a second and a half."""

    def wait(route: Any) -> None:
        if route.request.method == "POST":
            time.sleep(1.5)
        route.continue_()

    page.route("**/*", wait)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_double_click_before_a_slow_machine_is_one_act_and_told_as_done(road, api, case, open_page, scripts):
    page = open_page(road.village_url, scripts=scripts)
    enter(page, "wang")
    be_slow(page)
    page.goto(f"{road.village_url}/cases/{case}/acts/notice")
    page.locator("[name=others]").fill("申请书没有签字")
    page.get_by_role("button", name="补正告知").dblclick(no_wait_after=True)
    expect(page.get_by_role("status").filter(has_text="补正告知").first).to_be_visible()
    assert log(api, case) == ["received", "supplement_asked"]


def test_a_page_gone_back_to_says_that_it_was_done_and_asks_for_nothing(road, api, case, open_page, require_fit):
    page = open_page(road.village_url)
    enter(page, "wang")
    address = f"{road.village_url}/cases/{case}"
    page.goto(f"{address}/acts/step")
    page.get_by_label("哪一步").select_option("回访")
    page.get_by_label("说明").fill("电话回访")
    page.get_by_role("button", name="代办记录").click()
    page.wait_for_url(address)
    page.go_back()
    expect(page.get_by_role("status").filter(has_text="已经办好")).to_contain_text("电话回访")
    require_fit(page)
    page.get_by_role("button", name="代办记录").click()
    expect(page.get_by_role("alert").or_(page.locator(".error")).first).to_be_visible()
    assert log(api, case) == ["received", "walked"]
    page.goto(f"{address}/acts/notice")
    page.locator("[name=others]").fill("没有签字")
    page.get_by_role("button", name="补正告知").click()
    page.wait_for_url(address)
    page.go_back()
    expect(page.get_by_role("status").filter(has_text="现在不能办理“补正告知”")).to_be_visible()
    expect(page.locator("form.card")).to_have_count(0)
    require_fit(page)


def test_a_tab_of_before_does_nothing_and_shows_what_was_done_and_what_was_written(road, api, case, open_page):
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/cases/{case}")
    old = page.context.new_page()
    old.goto(page.url)
    for tab, why in ((page, "改天再来"), (old, "家人不同意")):
        tab.on("dialog", lambda dialog: dialog.accept())
        tab.locator("[name=reason]").fill(why)
        tab.get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已办理“撤回”")).to_be_visible()
    expect(old.get_by_role("alert").first).to_contain_text("改天再来")
    expect(old.get_by_text("您写的没有用上：“家人不同意”")).to_be_visible()
    assert log(api, case) == ["received", "withdrawn"]
    old.goto(old.url)  # Enter in the address bar
    expect(old).to_have_url(re.compile(f"/cases/{case}$"))
