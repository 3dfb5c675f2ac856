"""The frame before a real Chromium: readable, reachable, and of use without scripts or a network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template
from playwright.sync_api import Page, expect

from sync.errors import Conflict
from sync.store.engine import Engine
from sync.web.accounts import Accounts
from sync.web.frame import HERE, Frame, Hop, MenuItem, register_frame
from sync.web.passwords import Passwords
from sync.web.problems import register_problems
from sync.web.roles import Role
from sync.web.serving import running
from sync.web.sessions import Sessions, signed_in
from sync.web.signing_in import register_signing_in

pytestmark = pytest.mark.browser

PAGES = Path(__file__).parent / "pages"
PASSWORD = "Shiqiao-2025"
MENU = (
    MenuItem("home", "首页", "home"),
    MenuItem("cases", "办件", "list"),
    MenuItem("take", "收件", "add"),
    MenuItem("receipt", "回执", "check"),
    MenuItem("stations", "站点", "station", roles=(Role.SUPERVISOR,)),
)
HOPS = (
    Hop(HERE, True, "2025-07-31 15:04"),
    Hop("乡镇", True, "2025-07-31 15:09", blobs=(5, 5)),
    Hop("中心", True, "2025-07-31 15:20", blobs=(3, 5)),
)
AHEAD = (Hop(HERE, True, "2025-07-31 15:04"), Hop("乡镇", False), Hop("中心", False))


def demo_app(engine: Engine, layout: str) -> Flask:
    app = Flask(__name__, template_folder=PAGES)
    app.secret_key = "only for messages"
    accounts = Accounts(engine, Passwords(memory_kib=64, passes=1), now_ms=lambda: 1_760_000_000_000)
    accounts.create("agent", display_name="李春梅", role=Role.AGENT, password=PASSWORD)
    accounts.create("supervisor", display_name="王主管", role=Role.SUPERVISOR, password=PASSWORD)
    app.first_password = accounts.create("new", display_name="新来的", role=Role.AGENT)
    register_problems(app)
    register_frame(app, Frame("石桥村便民服务站", layout=layout, home="home", menu=MENU))
    register_signing_in(app, Sessions(engine, accounts, now_ms=lambda: 1_760_000_000_000))
    rows = [
        ("990281101201250731010007G", "张*", "高龄津贴", "办理中", "running", HOPS),
        ("990281101201250731010008K", "欧阳**", "城乡居民基本养老保险参保登记", "待补正", "waiting", AHEAD),
        ("990281101201250731010009P", "李*", "临时救助", "办结", "done", HOPS[:2]),
    ]
    pages = {"/": "home", "/cases": "cases", "/receipt": "receipt", "/stations": "stations"}
    for path, name in pages.items():
        view = signed_in()(lambda name=name: render_template(f"{name}.html", rows=rows, hops=HOPS, ahead=AHEAD))
        app.add_url_rule(path, name, view)
    app.add_url_rule("/take", "take", signed_in()(take), methods=["GET", "POST"])
    app.add_url_rule("/broken", "broken", broken)
    return app


def take() -> str:
    errors = {"id_number": "校验位不对，请核对", "village": "此项必填"}
    return render_template("take.html", errors=errors)


def broken() -> str:
    raise Conflict("这件办件刚由柳河镇处理过")


@pytest.fixture(params=["desk", "console"])
def layout(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def address(tmp_path, layout) -> Iterator[str]:
    with Engine.open(tmp_path) as engine, running(demo_app(engine, layout), threads=8) as port:
        yield f"http://127.0.0.1:{port}"


def enter(page: Page, name: str = "agent", password: str = PASSWORD) -> None:
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_every_page_fits_desk_and_phone(address, layout, size, open_page, require_fit, picture):
    page = open_page(f"{address}/sign-in", size)
    require_fit(page)
    picture(page, f"{layout}-sign-in")
    enter(page, "supervisor" if layout == "console" else "agent")
    for name in ("", "cases", "take", "receipt", "password", "nowhere", "broken"):
        page.goto(f"{address}/{name}")
        require_fit(page)
        picture(page, f"{layout}-{name or 'home'}")


def test_large_text_grows_everything_and_still_fits(address, layout, size, open_page, require_fit, picture):
    page = open_page(f"{address}/sign-in", size)
    enter(page)
    page.get_by_role("link", name="长辈版").click()
    for name in ("", "cases", "take"):
        page.goto(f"{address}/{name}")
        require_fit(page)
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 23
        picture(page, f"{layout}-large-{name or 'home'}")
    page.get_by_role("link", name="字号").click()
    require_fit(page)
    picture(page, f"{layout}-large-sizes")
    page.get_by_role("link", name="标准").click()
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 17


@pytest.mark.parametrize("layout", ["desk"], indirect=True)
def test_the_main_job_needs_no_scripts(address, size, open_page):
    page = open_page(f"{address}/take", size, scripts=False)
    enter(page)
    expect(page.get_by_role("heading", name="高龄津贴")).to_be_visible()
    page.get_by_label("姓名").fill("张三")
    page.get_by_label("所在村组").select_option("一组")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("2 处需要改正")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile("/sign-in$"))


@pytest.mark.parametrize("layout", ["desk"], indirect=True)
def test_the_keyboard_alone_reaches_and_shows_where_it_is(address, open_page):
    page = open_page(f"{address}/sign-in")
    expect(page.get_by_label("账号")).to_be_focused()
    page.keyboard.type("agent")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="今天要办什么")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    for _ in range(3):
        page.keyboard.press("Tab")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"


@pytest.mark.parametrize("layout", ["desk"], indirect=True)
def test_a_wrong_password_and_an_initial_one_are_met_with_words(
    tmp_path, open_page, size, picture, require_fit, layout
):
    with Engine.open(tmp_path) as engine:
        app = demo_app(engine, layout)
        with running(app, threads=8) as port:
            page = open_page(f"http://127.0.0.1:{port}/sign-in", size)
            enter(page, "new", "Wrong-pass1")
            expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
            picture(page, "sign-in-refused")
            enter(page, "new", app.first_password)
            expect(page.get_by_role("heading", name="修改密码")).to_be_visible()
            require_fit(page)
            picture(page, "password-first")
            page.get_by_label("现在的密码").fill(app.first_password)
            page.get_by_label("新密码", exact=False).first.fill("Another-2026")
            page.get_by_label("再输一次").fill("Another-2026")
            page.get_by_role("button", name="修改密码").click()
            expect(page.get_by_role("status")).to_contain_text("密码已修改")


@pytest.mark.parametrize("layout", ["desk"], indirect=True)
def test_a_menu_shows_only_what_the_role_may_use(address, open_page):
    page = open_page(f"{address}/sign-in")
    enter(page)
    expect(page.get_by_role("navigation").get_by_role("link")).to_have_text(["首页", "办件", "收件", "回执"])
    expect(page.get_by_role("link", name="首页")).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize("layout", ["desk"], indirect=True)
def test_the_printed_receipt_is_one_a4_page_without_the_screen_around_it(address, open_page, tmp_path):
    page = open_page(f"{address}/sign-in")
    enter(page)
    page.goto(f"{address}/receipt")
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") == 1
    width, height = (float(side) for side in re.search(rb"MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", paper).groups())
    assert (round(width), round(height)) == (595, 842)
    page.emulate_media(media="print")
    for gone in ("header.top", "nav.menu", "footer.bottom", "button"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.get_by_role("heading", name="收件回执")).to_be_visible()


@pytest.mark.parametrize("layout", ["desk"], indirect=True)
def test_what_is_printed_is_as_large_whatever_the_size_of_the_screens_text(address, open_page):
    page = open_page(f"{address}/sign-in")
    enter(page)
    page.emulate_media(media="print")

    def printed(size: str) -> list[str]:
        page.goto(f"{address}/text-size?to={size}&next=/receipt")
        return page.evaluate(
            """() => [document.documentElement, document.body].flatMap(
                (one) => [getComputedStyle(one).fontSize, getComputedStyle(one).getPropertyValue("--small").trim()])"""
        )

    assert [printed(size) for size in ("large", "larger", "largest")] == [printed("standard")] * 3


@pytest.mark.parametrize("layout", ["desk"], indirect=True)
def test_the_custody_line_says_each_hop_in_words(address, open_page):
    page = open_page(f"{address}/sign-in")
    enter(page)
    page.goto(f"{address}/cases")

    def said(place: int) -> list[str]:
        return page.locator(".custody").nth(place).locator(".said").all_inner_texts()

    assert [text.split("\n")[0] for text in said(0)] == ["已存本机", "已到乡镇（材料 5/5）", "已到中心（材料 3/5）"]
    assert [text.split("\n")[0] for text in said(1)] == ["已存本机", "未到乡镇", "未到中心"]


@pytest.mark.parametrize("layout", ["desk"], indirect=True)
def test_a_form_pressed_twice_is_sent_once(address, open_page):
    page = open_page(f"{address}/sign-in")
    enter(page)
    page.goto(f"{address}/take")
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.evaluate("""() => {
      const form = document.querySelector("form.card");
      form.noValidate = true;
      form.requestSubmit();
      form.requestSubmit();
    }""")
    page.wait_for_load_state("networkidle")
    assert len(sent) == 1


@pytest.mark.parametrize("layout", ["desk"], indirect=True)
def test_files_of_the_frame_are_kept_for_ever_under_an_address_that_follows_their_content(address, open_page):
    page = open_page(f"{address}/sign-in")
    href = page.locator("link[rel=stylesheet]").get_attribute("href")
    kept = page.request.get(f"{address}{href}")
    assert "immutable" in kept.headers["cache-control"]
    stale = page.request.get(f"{address}{href.split('?')[0]}?v=old")
    assert "immutable" not in stale.headers["cache-control"]
    assert page.request.get(f"{address}/frame/nothing.css").status == 404
    assert page.request.get(f"{address}/frame/..%2Fframe.py").status == 404
