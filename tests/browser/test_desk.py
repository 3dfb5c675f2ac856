"""The desk and the console before a real Chromium: an application taken, its road, and its decision."""

import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from central.services.number_cases import number_cases
from fixtures.bench.pages import wait_until
from fixtures.county import county
from fixtures.photos import photo
from sync.node.identity import take_upstream
from sync.node.vouching.safety import sign_safe
from sync.store.backup import back_up
from sync.web.roles import Role
from tests.browser.conftest import DESK, at_desk, at_phone
from tests.browser.elder import faults_of
from tests.browser.road import PASSWORD, begin, enter, fill, go_on, person, receive, take, type_in

pytestmark = pytest.mark.browser


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"{number}.jpg" for number in range(2)]
    for number, path in enumerate(paths):
        path.write_bytes(photo(number, max_bytes=30_000))
    return [str(path) for path in paths]


def said(page: Page) -> list[str]:
    """The custody line in words."""
    return [text.split("\n")[0] for text in page.locator(".custody .said").all_inner_texts()]


def test_an_application_with_photos_is_taken_numbered_and_printed(road, size, photos, open_page, require_fit, picture):
    item = county().item("高龄津贴")
    page = open_page(road.village_url, size)
    enter(page, "wang")
    require_fit(page)
    picture(page, "desk-home")
    page.locator(".item-grid").get_by_role("link", name="高龄津贴").click()
    expect(page.locator(".steps .label")).to_have_text(["情形引导", "申请人", "表单", "材料", "确认收件"])
    expect(page.get_by_text("可容缺，以后补")).to_be_visible()
    require_fit(page)
    picture(page, "wizard-guide")
    page.keyboard.press("Enter")
    expect(page.locator('[name="fields.applicant_name"]')).to_be_focused()
    require_fit(page)
    picture(page, "wizard-applicant")
    type_in(page, item)
    page.locator('[name="fields.phone"]').fill("123")
    expect(page.locator('[name="fields.phone"]')).to_have_value("123")
    page.locator('[name="fields.address"]').press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("联系电话：应为 11 位手机号")
    require_fit(page)
    picture(page, "wizard-refused")
    page.get_by_role("button", name="先往下，最后再改").click()
    page.wait_for_selector('form.wizard[data-step="form"]')
    page.wait_for_load_state("load")
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator('[name="fields.phone"]')).to_have_value("123")
    page.get_by_role("button", name="先往下").or_(page.get_by_role("button", name="下一步")).first.click()
    expect(page.get_by_role("alert")).to_contain_text("联系电话")
    page.get_by_role("button", name="先往下，最后再改").click()
    require_fit(page)
    picture(page, "wizard-form")
    type_in(page, item)
    page.locator("select").first.press("Enter")
    page.wait_for_selector('form.wizard[data-step="papers"]')
    type_in(page, item)
    follows = next(row for row, paper in enumerate(item.materials) if paper.may_follow)
    page.locator(f'[name="materials.{follows}.got"]').uncheck()
    page.locator('input[type="file"]').first.set_input_files(photos)
    expect(page.locator(".photos.kept img")).to_have_count(2)
    require_fit(page)
    picture(page, "wizard-papers")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("有 1 处需要改正")
    require_fit(page)
    picture(page, "wizard-confirm-refused")
    page.get_by_role("link", name="联系电话：").click()
    expect(page).to_have_url(re.compile("/applicant#fields.phone$"))
    type_in(page, item)
    page.get_by_role("button", name="确认收件").click()
    expect(page.get_by_text("还缺")).to_be_visible()
    require_fit(page)
    picture(page, "wizard-confirm")
    receive(page)
    expect(page.locator(".big-number")).to_have_text(re.compile(r"^01-[0-9]{4}-[0-9A-Z]$"))
    assert said(page)[0] == "已存本机（材料 2/2）"
    assert not [sentence for sentence in said(page)[1:] if sentence.startswith("已到")]
    require_fit(page)
    picture(page, "desk-received")
    page.get_by_role("link", name="打印回执").click()
    expect(page.get_by_role("heading", name="《石桥村便民服务站 收件回执》")).to_have_count(2)
    expect(page.locator(".slip-number").first).to_be_visible()
    require_fit(page)
    picture(page, "desk-slip")
    if size == DESK:
        paper = page.pdf(prefer_css_page_size=True)
        assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") == 2
    page.get_by_role("link", name="返回办件").click()
    shown = page.locator(".papers img")
    expect(shown).to_have_count(2)
    shown.first.scroll_into_view_if_needed()
    wait_until(page, "Array.from(document.querySelectorAll('.papers img')).every((one) => one.naturalWidth > 0)")
    require_fit(page)
    picture(page, "desk-case")
    page.goto(f"{road.village_url}/cases")
    require_fit(page)
    picture(page, "desk-cases")


@at_desk
def test_a_township_returns_one_and_the_centre_decides_another(road, size, photos, open_page, require_fit, picture):
    village = open_page(road.village_url, size)
    enter(village, "wang")
    returned = take(village, county().item("高龄津贴"))
    village.get_by_role("link", name="再办一件").click()
    decided = take(village, county().item("高龄津贴"), 1)
    road.carry()

    village.goto(f"{road.village_url}/cases/{decided}")
    assert said(village) == ["已存本机", "已到乡镇", "已到中心"]
    require_fit(village)
    picture(village, "village-case")
    require_different_signs(village)

    township = open_page(f"{road.township_url}/cases", size)
    enter(township, "li")
    township.get_by_label("站点").select_option(label="石桥村便民服务站")
    township.get_by_role("button", name="查询").click()
    for case in (returned, decided):
        expect(township.locator(f'a[href="/cases/{case}"]')).to_be_visible()
    require_fit(township)
    picture(township, "township-cases")
    township.goto(f"{road.township_url}/cases/{returned}")
    expect(township.locator(".log")).to_contain_text("村站 王春梅")
    expect(township.locator(".acts button")).to_have_text(["受理", "撤回"])
    township.get_by_role("link", name="补正告知").click()
    require_fit(township)
    township.get_by_role("button", name="补正告知").click()
    expect(township.get_by_role("alert")).to_contain_text("1 处需要改正")
    township.get_by_role("checkbox", name=re.compile("^户口簿")).check()
    township.get_by_label("户口簿：缺什么、哪里不对").fill("缺首页和本人页的复印件")
    picture(township, "township-notice")
    township.get_by_role("button", name="补正告知").click()
    expect(township.get_by_role("status")).to_contain_text("现在的状态是“待补正（受理前）”")
    require_fit(township)
    picture(township, "township-returned")
    township.get_by_role("link", name="补正告知书").click()
    expect(township.locator(".print-list").first).to_contain_text("户口簿：缺首页和本人页的复印件")
    require_fit(township)
    picture(township, "township-notice-print")
    township.goto(f"{road.township_url}/cases/{decided}")
    for button in ("受理", "进入审查"):
        township.get_by_role("button", name=button, exact=True).click()
    expect(township.locator(".acts button")).to_have_text(["撤回"])
    road.carry()

    console = open_page(road.centre_url, size)
    enter(console, "zhou")
    require_fit(console)
    picture(console, "console-stations")
    console.goto(f"{road.centre_url}/cases/{decided}")
    console.once("dialog", lambda dialog: dialog.dismiss())
    console.get_by_role("button", name="准予").click()
    expect(console.locator(".acts button").first).to_have_text("准予")
    console.once("dialog", lambda dialog: dialog.accept())
    console.get_by_role("button", name="准予").click()
    expect(console.get_by_role("status")).to_contain_text("现在的状态是“准予”")
    require_fit(console)
    picture(console, "console-decided")
    road.carry()

    village.goto(f"{road.village_url}/cases/{decided}")
    expect(village.locator(".page-head .tag")).to_have_text("准予")
    for doer in ("村站 王春梅", "乡镇 李审核", "中心 周主管"):
        expect(village.locator(".log")).to_contain_text(doer)
    village.goto(f"{road.village_url}/cases/{returned}")
    expect(village.locator(".page-head .tag")).to_have_text("待补正（受理前）")
    expect(village.locator(".log")).to_contain_text("户口簿：缺首页和本人页的复印件")
    village.get_by_role("link", name="补交材料").click()
    expect(village.get_by_text("要求补正的内容：户口簿：缺首页和本人页的复印件")).to_be_visible()
    village.locator('[name="materials.1.photos"]').set_input_files(photos)
    expect(village.locator("[data-previews] img")).to_have_count(2)
    require_fit(village)
    picture(village, "desk-supplement")
    village.get_by_role("button", name="补交").click()
    expect(village.get_by_role("status")).to_contain_text("现在的状态是“已收件”")
    road.carry()
    assert said(village) == ["已存本机（材料 2/2）", "未到乡镇", "未到中心"]
    village.reload()
    assert said(village) == ["已存本机（材料 2/2）", "已到乡镇（材料 2/2）", "已到中心（材料 2/2）"]
    township.goto(f"{road.township_url}/cases/{returned}")
    expect(township.locator(".papers img")).to_have_count(2)
    picture(township, "township-supplemented")


@at_phone
def test_any_item_is_found_on_the_list_and_taken_from_its_guide(road, size, open_page, require_fit, picture):
    page = open_page(road.village_url, size)
    enter(page, "wang")
    page.get_by_role("link", name=f"全部 {len(county().items)} 个事项").click()
    require_fit(page)
    picture(page, "desk-items")
    page.get_by_role("link", name="农机购置与应用补贴", exact=True).click()
    expect(page.get_by_text("示例，以当地实施清单为准").first).to_be_visible()
    require_fit(page)
    picture(page, "desk-guide")
    page.locator(".page-head").get_by_role("link", name="收件").click()
    fill(page, county().item("农机购置与应用补贴"))
    receive(page)
    expect(page.locator(".big-number")).to_be_visible()


@at_desk
def test_one_box_finds_items_by_initials_and_cases_by_name(road, size, open_page, require_fit, picture):
    page = open_page(road.village_url, size, scripts=False)
    enter(page, "wang")
    take(page, county().item("高龄津贴"))
    page.goto(road.village_url)
    picture(page, "search-home")
    box = page.get_by_role("search").get_by_label("搜索事项、指南、办件")
    box.fill("gltt")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_role("heading", name="搜索“gltt”")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("收件.*高龄津贴"))).to_be_visible()
    expect(page.locator("table.list tbody tr").first).to_contain_text("高龄津贴")
    require_fit(page)
    picture(page, "search-found")
    box.fill("补贴")
    box.press("Enter")
    expect(page.get_by_role("link", name=re.compile("收件.*农机购置"))).to_be_visible()
    require_fit(page)
    picture(page, "search-many")
    box.fill("卫星电视")
    box.press("Enter")
    expect(page.get_by_text("没有找到“卫星电视”")).to_be_visible()
    require_fit(page)
    picture(page, "search-nothing")
    box.fill(person().name)
    box.press("Enter")
    page.locator("a.case-link").first.click()
    expect(page.locator(".page-head .tag")).to_be_visible()


def test_no_number_of_a_person_leaves_the_box(road, open_page):
    page = open_page(road.village_url)
    enter(page, "wang")
    box = page.get_by_role("search").get_by_label("搜索事项、指南、办件")
    for number in (person().id_number, "13800001111", "6217000000000000000"):
        box.fill(number)
        box.press("Enter")
        assert not box.evaluate("element => element.checkValidity()")
        assert box.evaluate("element => element.validationMessage").startswith("不要输入证件号码")
        expect(page).to_have_url(f"{road.village_url}/")
    box.fill("高龄津贴")
    assert box.evaluate("element => element.checkValidity()")


def require_different_signs(page: Page) -> None:
    """What is on this machine and what has gone further are drawn unlike, and both are in words."""
    drawn = page.locator(".custody .mark path").evaluate_all("marks => marks.map((one) => one.getAttribute('d'))")
    assert drawn[0] != drawn[1]
    assert drawn[1] == drawn[2]


@at_phone
def test_the_desk_works_without_scripts(road, size, photos, open_page):
    page = open_page(road.village_url, size, scripts=False)
    enter(page, "wang")
    begin(page, county().item("高龄津贴"))
    page.get_by_role("button", name="暂存").click()
    page.get_by_role("link", name="接着办").first.click()
    fill(page, county().item("高龄津贴"))
    page.get_by_role("button", name=re.compile("修改 ?材料")).click()
    page.locator('input[type="file"]').first.set_input_files(photos)
    go_on(page)
    receive(page)
    expect(page.locator(".big-number")).to_be_visible()
    expect(page.locator(".custody .said").first).to_contain_text("已存本机（材料 2/2）")
    page.get_by_role("link", name="查看办件").click()
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("现在的状态是“已受理”")
    page.get_by_text("查看完整信息").click()
    page.get_by_label("查看原因").fill("核对银行卡号")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text("本次查看已记入日志")).to_be_visible()


def test_large_text_fits_the_desk_too(road, size, open_page, require_fit, picture):
    page = open_page(road.village_url, size)
    enter(page, "wang")
    begin(page, county().item("高龄津贴"))
    draft = page.url.rpartition("/")[0]
    page.goto(road.village_url)
    take(page, county().item("高龄津贴"))
    page.get_by_role("link", name="长辈版").click()
    case = page.url.removesuffix("/received")
    for name, address in (
        ("home", road.village_url),
        ("items", f"{road.village_url}/items"),
        ("search", f"{road.village_url}/search?q=ylbx"),
        ("guide", f"{road.village_url}/items/{county().item('高龄津贴').code}"),
        ("take", f"{road.village_url}/items/{county().item('高龄津贴').code}/application"),
        ("received", f"{case}/received"),
        ("case", case),
        ("papers", f"{case}/papers"),
        *((f"step-{step}", f"{draft}/{step}") for step in ("guide", "applicant", "form", "papers", "confirm")),
        ("drafts", f"{road.village_url}/drafts"),
        ("slip", f"{case}/prints/receipt"),
    ):
        page.goto(address)
        require_fit(page)
        if name != "slip":  # which shows paper
            assert faults_of(page) == [], name
        picture(page, f"large-{name}")


class Late:
    """Scripts that come when they are let."""

    def __init__(self, page):
        self._held = None
        page.route(re.compile(r"/(wizard|photos)\.js"), self._meet)

    def hold(self):
        self._held = []

    def let_come(self):
        held, self._held = self._held, None
        assert held
        for route in held:
            route.continue_()

    def _meet(self, route):
        if self._held is None:
            route.continue_()
        else:
            self._held.append(route)


@at_phone
def test_what_was_typed_and_chosen_before_the_scripts_came_is_kept_too(road, size, photos, open_page):
    """On a slow phone the page is there seconds before its scripts."""
    item = county().item("高龄津贴")
    page = open_page(road.village_url, size)
    enter(page, "wang")
    begin(page, item)
    type_in(page, item, 4)
    scripts = Late(page)
    scripts.hold()
    go_on(page)
    page.locator('[name="fields.bank_card"]').fill("6217000000000000")
    with page.expect_response(re.compile("/form/autosave$")) as kept:
        scripts.let_come()
    assert "6217000000000000" in kept.value.request.post_data
    type_in(page, item, 4)
    scripts.hold()
    go_on(page)
    page.locator('input[type="file"]').first.set_input_files(photos)
    scripts.let_come()
    expect(page.locator(".photos.kept img")).to_have_count(2)


@at_desk
def test_what_a_page_kept_while_it_was_filled_in_replaces_nothing_when_it_comes_after_the_form(road, size, open_page):
    """On a busy machine, what was on its way when Enter was pressed came after the form, and emptied it."""
    item = county().item("高龄津贴")
    page = open_page(road.village_url, size)
    enter(page, "wang")
    begin(page, item)
    with page.expect_request(re.compile("/applicant/autosave$")) as kept:
        page.locator('[name="fields.applicant_name"]').fill(person(0).name)
    type_in(page, item)
    go_on(page)
    late = kept.value
    assert page.request.post(late.url, data=late.post_data_buffer, headers=late.headers).status == 200
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator('[name="fields.address"]')).not_to_have_value("")


@at_phone
def test_what_is_half_filled_is_there_after_a_restart_in_another_browser(
    road, size, photos, open_page, require_fit, picture
):
    item = county().item("高龄津贴")
    page = open_page(road.village_url, size)
    enter(page, "wang")
    begin(page, item)
    type_in(page, item, 3)
    expect(page.locator("[data-saved]")).to_contain_text("已暂存在本机")
    go_on(page)
    bank_card = page.locator('[name="fields.bank_card"]')
    with page.expect_response(re.compile("/form/autosave$")):
        bank_card.fill("6217000000000000")
    draft = page.url.removeprefix(road.village_url.rstrip("/")).rpartition("/")[0]
    page.goto(f"{road.village_url}{draft}/papers")
    with page.expect_response(re.compile("/papers/autosave$")):
        page.locator('input[type="file"]').first.set_input_files(photos)
    page.goto("about:blank")
    page.set_content('<html lang="zh-CN"><title>关机</title><main><h1>关机</h1></main></html>')
    road.restart_village()
    other = open_page(road.village_url, size)
    enter(other, "wang")
    require_fit(other)
    picture(other, "wizard-home-drafts")
    other.get_by_role("link", name="全部暂存").click()
    require_fit(other)
    picture(other, "wizard-drafts")
    other.locator(f'a[href^="{draft}/"]').click()
    expect(other.locator(".photos.kept img")).to_have_count(2)
    other.get_by_role("button", name="表单").click()
    expect(other.locator('[name="fields.bank_card"]')).to_have_value("6217000000000000")
    fill(other, item, 3)
    receive(other)
    expect(other.locator(".custody .said").first).to_contain_text("已存本机（材料 2/2）")
    other.goto(f"{road.village_url}{draft}/form")
    expect(other.locator(".big-number")).to_be_visible()


@at_desk
def test_a_supervisor_registers_a_station_and_reads_its_code(road, size, open_page, require_fit, picture):
    page = open_page(f"{road.centre_url}/stations/new", size)
    enter(page, "zhou")
    place = county().place("杨家湾村" if size == DESK else "双井村")
    page.get_by_label("站点名称").fill(f"{place.name}便民服务站")
    page.get_by_label("区划代码").fill("110000000000")
    page.get_by_role("button", name="注册，出具注册码").click()
    expect(page.get_by_role("alert")).to_contain_text("区划代码：")
    require_fit(page)
    picture(page, "console-register")
    page.get_by_label("区划代码").fill(place.code)
    page.get_by_role("button", name="注册，出具注册码").click()
    expect(page.locator(".code span")).to_have_count(5)
    require_fit(page)
    picture(page, "console-code")
    page.get_by_role("link", name="查看站点").click()
    expect(page.locator(".page-head .tag")).to_have_text("尚未启用")
    require_fit(page)
    picture(page, "console-station")


@at_phone
def test_a_photo_that_is_above_is_waited_for_and_then_shown(
    road, size, photos, open_page, require_fit, picture, tmp_path
):
    page = open_page(road.village_url, size)
    enter(page, "wang")
    begin(page, county().item("高龄津贴"))
    fill(page, county().item("高龄津贴"), 2)
    page.get_by_role("button", name=re.compile("修改 ?材料")).click()
    page.locator('input[type="file"]').first.set_input_files(photos)
    expect(page.locator(".photos.kept img")).to_have_count(2)
    go_on(page)
    receive(page)
    page.wait_for_url(re.compile("/received$"))
    case = page.url.split("/")[-2]
    road.carry()
    back_up(road.centre.engine.directory, tmp_path / "backup")
    sign_safe(road.centre, tmp_path / "backup", trust_same_disk=True)
    road.carry()
    node = road.village.node
    blobs = f"blobs_{node.identity.sid}"
    node.databases.destroy(blobs)
    node.databases.create(blobs)

    page.goto(f"{road.village_url}/cases/{case}")
    expect(page.locator(".road-card")).to_contain_text("中心已备份")
    away = page.locator("a.not-here")
    expect(away).to_have_count(2)
    require_fit(page)
    picture(page, "photo-not-here")
    node.rewrite_identity(lambda tx: take_upstream(tx, "http://127.0.0.1:1"))
    road.village.courier.begin_anew()
    away.first.click()
    expect(page.get_by_role("heading")).to_have_text("正在从上级取回这张照片")
    require_fit(page)
    picture(page, "photo-on-its-way")
    expect(page.get_by_role("heading")).to_have_text("照片没有取回", timeout=20_000)  # it asks again by itself
    expect(page.get_by_role("status")).to_contain_text("与上级的网络不通")
    require_fit(page)
    picture(page, "photo-no-road")
    node.rewrite_identity(lambda tx: take_upstream(tx, road.township_url))
    road.village.courier.begin_anew()
    page.wait_for_timeout(5_000)
    page.get_by_role("link", name="再取一次").click()
    expect(page.locator("body > img")).to_be_visible()
    page.goto(f"{road.village_url}/cases/{case}")
    expect(page.locator(".papers img")).to_have_count(1)
    expect(page.locator("a.not-here")).to_have_count(1)


@at_phone
def test_lists_and_a_case_with_its_long_number_fit_a_phone_at_every_size_of_text(road, size, open_page, picture):
    page = open_page(road.village_url, size)
    enter(page, "wang")
    case_id = take(page, county().item("高龄津贴"), 9)
    road.village.accounts.create("abdu", display_name="阿卜杜热西提·艾合买提江", role=Role.AGENT, password=PASSWORD)
    act = page.request.post  # of what is set for it, and of who has it, the list says the longest words
    gaps = [{"material": "户口簿", "what": "缺首页"}]
    assert act(f"{road.village_url}/api/v1/cases/{case_id}/notice", data={"gaps": gaps}).ok
    sent = {"assignee": "abdu", "reason": "休假"}
    assert act(f"{road.village_url}/api/v1/cases/{case_id}/passing", data=sent).ok
    road.carry()
    assert number_cases(road.centre) > 0
    road.carry()
    for text in ("standard", "large", "largest"):
        for name, path in (("home", "/"), ("list", "/cases"), ("bags", "/bags"), ("case", f"/cases/{case_id}")):
            page.goto(f"{road.village_url}/text-size?to={text}&next={path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], f"{name}, {text}"
            if name == "list":
                expect(page.locator(".list").get_by_text("阿卜杜热西提·艾合买提江")).to_be_visible()
            picture(page, f"phone-{text}-{name}")
    expect(page.locator(".log")).to_contain_text(re.compile("编号.*[0-9]{8}"))


@at_desk
def test_a_page_whose_way_on_was_stopped_keeps_on_and_is_sent_again(road, size, open_page, monkeypatch):
    """The station was slow, and Esc was pressed: nothing on the page did anything any more, and nothing was kept."""
    page = open_page(road.village_url, size)
    enter(page, "wang")
    begin(page, county().item("高龄津贴"))
    type_in(page, county().item("高龄津贴"), 3)
    change, is_free = road.village.drafts.change, threading.Event()

    def change_slowly(*told):
        is_free.wait(20)
        return change(*told)

    monkeypatch.setattr(road.village.drafts, "change", change_slowly)
    going = page.locator(".wizard-bar [data-next]")
    going.evaluate("button => setTimeout(() => { button.click(); setTimeout(() => window.stop(), 1000); }, 0)")
    expect(going).to_be_disabled()
    page.wait_for_timeout(1500)
    page.keyboard.press("Escape")
    is_free.set()
    expect(going).to_be_enabled()
    with page.expect_response(re.compile("/applicant/autosave$")) as kept:
        page.locator('[name="fields.address"]').fill("三组12号")
    assert "三组12号" in kept.value.request.post_data
    going.click()
    page.wait_for_selector('form.wizard[data-step="form"]')


@at_desk
def test_two_pages_of_one_step_undo_nothing_of_each_other_and_an_old_one_nothing_when_it_is_closed(
    road, size, open_page
):
    page = open_page(road.village_url, size)
    enter(page, "wang")
    begin(page, county().item("高龄津贴"))
    phone, address = '[name="fields.phone"]', '[name="fields.address"]'
    old = page.context.new_page()
    old.goto(page.url)
    with old.expect_response(re.compile("/applicant/autosave$")):
        old.locator(phone).fill("15400000001")
    with page.expect_response(re.compile("/applicant/autosave$")):
        page.locator(address).fill("三组12号")
    with page.expect_response(re.compile("/applicant/autosave$")):
        page.locator(phone).fill("15400000002")
    with old.expect_response(re.compile("/applicant/autosave$")):
        old.locator('[name="fields.applicant_name"]').fill("张桂兰")
    old.goto(road.village_url)
    old.wait_for_timeout(500)
    page.reload()
    expect(page.locator('[name="fields.applicant_name"]')).to_have_value("张桂兰")
    expect(page.locator(address)).to_have_value("三组12号")


@at_desk
def test_what_an_old_page_kept_long_ago_is_not_sent_again_when_it_is_closed(road, size, open_page):
    page = open_page(road.village_url, size)
    enter(page, "wang")
    begin(page, county().item("高龄津贴"))
    phone = '[name="fields.phone"]'
    old = page.context.new_page()
    old.goto(page.url)
    for one, number in ((old, "15400000001"), (page, "15400000002")):
        with one.expect_response(re.compile("/applicant/autosave$")):
            one.locator(phone).fill(number)
    old.wait_for_timeout(300)
    old.goto(road.village_url)
    old.wait_for_timeout(500)
    page.reload()
    expect(page.locator(phone)).to_have_value("15400000002")


# Presses 下一步, and types while its answer is waited for.
_GO_ON_AND_TYPE = """
(input, text) => setTimeout(() => {
  document.querySelector(".wizard-bar [data-next]").click();
  setTimeout(() => {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, 300);
}, 0)
"""


@at_desk
def test_what_is_typed_after_the_button_was_pressed_is_kept_too(road, size, open_page, monkeypatch):
    """The station was slow, and somebody went on typing until the next page came."""
    item = county().item("高龄津贴")
    page = open_page(road.village_url, size)
    enter(page, "wang")
    begin(page, item)
    type_in(page, item, 3)
    change, is_free = road.village.drafts.change, threading.Event()

    def change_slowly(*told):
        is_free.wait(20)
        return change(*told)

    monkeypatch.setattr(road.village.drafts, "change", change_slowly)
    threading.Timer(1, is_free.set).start()
    page.locator('[name="fields.address"]').evaluate(_GO_ON_AND_TYPE, "三组13号")
    page.wait_for_selector('form.wizard[data-step="form"]')
    page.wait_for_timeout(500)
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator('[name="fields.address"]')).to_have_value("三组13号")
