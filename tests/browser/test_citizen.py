"""What a citizen meets at the kiosk and on his phone: guides, his case, 长辈版, and a voice that reads."""

import json

import pytest
from playwright.sync_api import Page, expect

from central.services.number_cases import number_cases
from edge_node.services.prepare_application import Application, Material
from edge_node.services.receive_application import receive_application
from edge_node.services.take_parts import Taking
from fixtures.applications import sample_fields, sample_materials
from fixtures.bench.desk_pages import MOST_BYTES, pages
from fixtures.bench.pages import visit, wait_until
from fixtures.county import county
from sync.casework.find_case import find_case
from sync.records.query_code import grouped, query_code
from tests.browser.conftest import DESK, PHONE
from tests.browser.elder import LARGEST_TEXT, faults_of, text_size
from tests.browser.road import Road, enter, person

pytestmark = pytest.mark.browser

# A device that can speak: what it is told to say is noted, and said at once.
_VOICE = """
  window.said = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  const voice = { lang: "zh-CN", name: "a voice" };
  const fake = new EventTarget();
  Object.assign(fake, {
    speaking: false,
    getVoices: () => [voice],
    cancel() { fake.speaking = false; },
    speak(utterance) {
      fake.speaking = true;
      window.said.push([utterance.text, document.querySelector(".being-read").innerText]);
      if (window.said.length < window.mostSaid) { setTimeout(utterance.onend, 0); }
    },
  });
  Object.defineProperty(window, "speechSynthesis", { value: fake });
"""


@pytest.fixture(scope="module")
def slip(road: Road) -> tuple[str, str]:
    """The numbers on the slip of a case of the village: receipt number and query code."""
    item, node = county().item("高龄津贴"), road.village.node
    papers = tuple(Material(name) for name in sample_materials(item))
    application = Application(item.code, sample_fields(item, person(), number=0), papers)
    how = Taking("acct:wang", None, road.village.photos)
    answer = receive_application(node, road.village.catalogue.items(), application, how)
    told = json.loads(answer.body)
    case = node.read(lambda reader: find_case(reader, node, told["id"]))
    return told["receipt_number"], grouped(query_code(case.events))


def ask(page: Page, number: str, code: str) -> None:
    page.get_by_label("收件号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()


def pages_of(road: Road) -> dict[str, str]:
    """The addresses of a citizen's pages by name."""
    item, bundle = county().item("高龄津贴").code, next(iter(road.village.catalogue.bundles()))
    paths = {
        "home": "citizen/",
        "items": "citizen/items",
        "guide": f"citizen/items/{item}",
        "bundle": f"citizen/bundles/{bundle}",
        "search": "citizen/search?q=补贴",
        "nothing": "citizen/search?q=卫星电视",
        "nothing-long": f"citizen/search?q={'a' * 100}",
        "progress": "citizen/progress",
        "size": "text-size?next=/citizen/",
    }
    return {name: f"{road.village_url}/{path}" for name, path in paths.items()}


def test_elder_mode_is_as_large_as_it_has_to_be_on_every_page(road, slip, open_page, require_fit, picture):
    page = open_page(f"{road.village_url}/citizen/")
    page.get_by_role("link", name="长辈版和字号").click()
    page.get_by_role("link", name="最大").click()
    page.get_by_role("link", name="返回").click()
    expect(page.locator("html")).to_have_class("large-text largest")
    assert text_size(page) >= LARGEST_TEXT
    page.get_by_role("link", name="字号", exact=True).click()
    page.get_by_role("link", name="标准").click()
    page.get_by_role("link", name="长辈版", exact=True).click()
    expect(page.locator("html")).to_have_class("large-text large")

    def measure(name: str) -> None:
        for size, least in (("large", 23.8), ("largest", LARGEST_TEXT)):
            page.evaluate(f"document.documentElement.className = 'large-text {size}'")  # as the server says it
            for width, height in (DESK, PHONE):
                page.set_viewport_size({"width": width, "height": height})
                assert faults_of(page) == [], f"{name}, {size}, at {width}"
                assert text_size(page) >= least
                require_fit(page)
                picture(page, f"citizen-{size}-{name}")

    for name, address in pages_of(road).items():
        page.goto(address)
        measure(name)
    page.goto(pages_of(road)["progress"])
    ask(page, slip[0][:-1] + "?", "1")
    expect(page.get_by_role("alert")).to_contain_text("2 处需要改正")
    measure("refused")
    ask(page, *slip)
    expect(page.locator("[data-shown] .tag")).to_have_text("已收件")
    measure("case")


def test_the_keyboard_alone_gets_an_answer_that_nobody_gets_a_second_time(road, slip, open_page, require_fit, picture):
    page = open_page(f"{road.village_url}/citizen/progress#{slip[0]}", PHONE)
    expect(page.get_by_label("收件号")).to_have_value(slip[0])
    expect(page).to_have_url(f"{road.village_url}/citizen/progress")
    expect(page.get_by_label("查询码")).to_be_focused()
    require_fit(page)
    picture(page, "citizen-progress")
    page.keyboard.type(slip[1])
    page.keyboard.press("Enter")
    expect(page.locator("[data-shown] .tag")).to_have_text("已收件")
    expect(page.locator(".custody")).to_contain_text("已到村站")
    require_fit(page)
    picture(page, "citizen-case")
    page.reload()
    expect(page.get_by_label("查询码")).to_have_value("")
    page.go_back()
    page.go_forward()
    expect(page.locator("[data-shown]")).to_have_count(0)
    page.goto(f"{road.village_url}/citizen/")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == "查办件进度":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="查办件进度")).to_be_visible()


def test_a_page_is_read_aloud_where_the_device_can(road, open_page):
    page = open_page(f"{road.village_url}/text-size?to=large&next=/citizen/")
    expect(page.locator("[data-read-bar]")).to_be_hidden()
    expect(page.get_by_text("这台设备没有中文语音，不能朗读")).to_be_visible()
    page.add_init_script(_VOICE)
    page.goto(pages_of(road)["guide"])
    expect(page.get_by_text("这台设备没有中文语音")).to_be_hidden()
    page.evaluate("window.mostSaid = 3")
    page.get_by_role("button", name="朗读本页").click()
    wait_until(page, "window.said.length === 3")
    said = page.evaluate("window.said")
    assert said[0][0] == "高龄津贴"
    assert all(text in " ".join(marked.split()) for text, marked in said)
    page.get_by_role("button", name="停止朗读").click()
    expect(page.locator(".being-read")).to_have_count(0)
    page.evaluate("window.mostSaid = 1000")
    page.get_by_role("button", name="朗读本页").click()
    expect(page.get_by_role("button", name="朗读本页")).to_be_visible()
    told = "".join(text for text, _ in page.evaluate("window.said.slice(3)"))
    assert "身份证" in told
    assert "满80周岁" in told
    assert "回到首页" not in told  # a button is no text


def test_a_kiosk_asks_before_it_goes_back_and_shows_the_case_to_nobody_else(road, slip, open_page, picture):
    page = open_page(f"{road.village_url}/citizen/?kiosk=on")
    page.goto(f"{road.village_url}/citizen/progress")
    page.clock.install()
    ask(page, *slip)
    expect(page.locator("[data-shown]")).to_be_visible()
    page.wait_for_load_state()  # its script counts from then on
    page.clock.run_for(119_000)
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.clock.run_for(2_000)
    expect(page.get_by_role("dialog")).to_contain_text("您还在吗？")
    picture(page, "citizen-still-there")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("[data-shown]")).to_be_visible()
    page.wait_for_load_state()  # its script counts from then on
    page.clock.run_for(182_000)
    expect(page).to_have_url(f"{road.village_url}/citizen/")
    page.go_back()
    expect(page.locator("[data-shown]")).to_have_count(0)


def test_the_code_holds_above_the_village_too_and_with_the_long_number(road, slip, open_page):
    page = open_page(f"{road.township_url}/sign-in")
    page.get_by_role("link", name="群众查询、办事指南（不用登录）").click()
    page.get_by_role("navigation").get_by_role("link", name="查进度").click()
    ask(page, *slip)
    expect(page.get_by_role("alert")).to_contain_text("收件号和查询码对不上")  # it has not come there yet
    road.carry()
    ask(page, *slip)
    expect(page.locator("[data-shown] .tag")).to_have_text("已收件")
    expect(page.locator(".custody")).to_contain_text("已到中心")
    number_cases(road.centre)
    road.carry()
    page = open_page(f"{road.village_url}/citizen/progress")
    ask(page, slip[0][-13:], slip[1])
    number = page.locator(".facts > div", has_text="办件编号").locator("dd").inner_text()
    assert len(number) == 43
    page.goto(f"{road.village_url}/citizen/progress")
    ask(page, number, slip[1])
    expect(page.locator("[data-shown] .tag")).to_have_text("已收件")


def test_who_is_signed_in_finds_the_sizes_under_mine(road, open_page, require_fit, picture):
    page = open_page(road.village_url, PHONE)
    enter(page, "wang")
    page.get_by_role("link", name="我的", exact=True).click()
    require_fit(page)
    picture(page, "desk-mine")
    page.get_by_role("link", name="更大").click()
    assert text_size(page) == 27
    require_fit(page)
    page.get_by_role("link", name="标准").click()
    assert text_size(page) == 17


def test_no_page_weighs_more_than_a_slow_desk_can_bear(road, slip, browser, open_page):
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/cases")
    case_id = page.locator("a.case-link").first.get_attribute("href").split("/")[-1]
    cookies = page.context.storage_state()
    weights = {
        name: visit(browser, road.village_url + pages(case_id)[name], signed_in=cookies).bytes
        for name in ("首页", "收件", "a case", "群众首页")
    }
    assert [f"{name}: {weight}" for name, weight in weights.items() if weight > MOST_BYTES] == []
    assert all(weight > 10_000 for weight in weights.values()), weights  # a page and its sheet at least
