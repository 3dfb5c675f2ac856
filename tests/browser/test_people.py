"""人员 before a real Chromium: registered, found, related, read in plain text for a reason; on a desk and a phone."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from edge_node.services.found_station import found_station
from edge_node.settings import read
from edge_node.wiring import build_app, build_station
from fixtures.catalogue import bring_county
from fixtures.county import county
from sync.http_api.feeds import FeedGate
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.web.passwords import Passwords
from sync.web.roles import Role
from sync.web.serving import running
from tests.browser.conftest import DESK
from tests.browser.road import PASSWORD, enter, take
from tests.unit.edge_node.pictures.drawing import page as sheet
from tests.unit.edge_node.pictures.drawing import saved

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A village that nobody is above; its address."""
    place = county().place("石桥村")
    with ExitStack() as stack:
        node = stack.enter_context(
            found_station(
                tmp_path_factory.mktemp("village") / "node",
                name=f"{place.name}便民服务站",
                region=place.code,
                upstream="http://127.0.0.1:1",
                code=str(EnrolmentCode("k3m7q", "01", "7KXW9RTB2C")),
            )
        )
        station = build_station(node, read({}), passwords=Passwords(memory_kib=64, passes=1))
        stack.callback(station.courier.close)
        stack.callback(station.fetcher.close)
        bring_county(node)
        station.accounts.create("wang", display_name="王春梅", role=Role.AGENT, password=PASSWORD)
        feeds = FeedGate()
        stack.callback(feeds.close)
        yield f"http://127.0.0.1:{stack.enter_context(running(build_app(station, feeds), threads=12))}"


def register(page: Page, number: int) -> str:
    """Register somebody of the village from the list; returns the address of his page."""
    one = county().residents(county().place("石桥村").code)[number]
    page.get_by_role("link", name="登记人员").first.click()
    page.get_by_label("姓名").fill(one.name)
    page.get_by_label("证件号码").fill(one.id_number)
    page.get_by_label("联系电话").fill(one.phone)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记，已存本机")).to_be_visible()
    return page.url


def test_a_day_with_the_register(village, open_page, look):
    one, other = county().residents(county().place("石桥村").code)[:2]
    page = open_page(village, DESK)

    enter(page, "wang")
    page.get_by_role("link", name="人员").click()
    look(page, "people-empty")
    page.get_by_role("link", name="登记人员").first.click()
    look(page, "people-new")
    page.get_by_role("link", name="返回人员").click()
    home = register(page, 0)
    page.goto(f"{village}/people")
    beside = register(page, 1)
    page.goto(home)
    page.get_by_role("link", name="建户（本人为户主）").click()
    page.get_by_role("button", name="建户（本人为户主）").click()
    page.goto(beside)
    page.get_by_role("link", name="加入已有的户").click()
    page.get_by_label("户主或家人").fill(one.id_number)
    page.get_by_label("与户主的关系").select_option(label="子女")
    page.get_by_role("button", name="加入已有的户").click()
    page.get_by_role("link", name="变更为户主").click()
    page.get_by_label("原户主是本人的").select_option(label="父母")
    look(page, "people-head")
    page.get_by_role("button", name="变更为户主").click()
    expect(page.get_by_text("本人是户主。")).to_be_visible()
    look(page, "people-new-head")
    page.goto(home)
    expect(page.get_by_text("本人是父母。")).to_be_visible()
    page.get_by_role("link", name="建立亲情关系").click()
    page.get_by_label("亲属", exact=False).first.fill(other.id_number)
    page.get_by_label("亲属是本人的").select_option(label="子女")
    page.get_by_label("有效期至").fill("2030-12-31")
    look(page, "people-relate")
    page.get_by_role("button", name="建立亲情关系").click()
    expect(page.get_by_text("已办理“建立亲情关系”")).to_be_visible()
    expect(page.get_by_text(one.id_number)).to_have_count(0)
    page.goto(f"{village}/people")
    page.get_by_role("link", name="亲属代查").click()
    page.get_by_label("来查的人的证件号码").fill(one.id_number)
    page.get_by_label("替谁查").fill(other.id_number)
    page.get_by_role("button", name="查办件进度").click()
    expect(page.get_by_role("alert")).to_contain_text("没有登记有效的亲情关系")
    look(page, "people-relatives-refused")
    page.goto(home)
    page.get_by_role("link", name="登记同意").click()
    page.get_by_label("同意事项").select_option(label="办件信息处理同意")
    look(page, "people-consent")
    page.get_by_role("button", name="登记同意").click()
    expect(page.get_by_text("签字件还没有拍照存档")).to_be_visible()
    page.get_by_role("link", name="签字件拍照").click()
    look(page, "people-signing")
    signed = {"name": "signed.jpg", "mimeType": "image/jpeg", "buffer": saved(sheet(700, 500, seed=3), quality=85)}
    page.locator("input[data-photos]").set_input_files([signed])
    expect(page.locator("[data-previews] img")).to_have_count(1)
    page.get_by_role("button", name="存档").click()
    expect(page.get_by_text("签字件已拍照存档")).to_be_visible()
    expect(page.locator(".photos img")).to_have_js_property("naturalWidth", 700)
    expect(page.get_by_text("签字件还没有拍照存档")).to_have_count(0)
    page.get_by_role("link", name="登记同意").click()
    page.get_by_label("同意事项").select_option(label="敏感信息单独同意")
    page.locator("input[data-photos]").set_input_files([signed])
    expect(page.locator("[data-previews] img")).to_have_count(1)
    look(page, "people-consent-photo")
    page.get_by_role("button", name="登记同意").click()
    expect(page.locator(".photos img")).to_have_count(2)
    expect(page.get_by_text("签字件还没有拍照存档")).to_have_count(0)
    page.get_by_text("查看完整信息").click()
    page.get_by_label("查看原因").fill("核对证件")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text(one.id_number)).to_be_visible()
    # An application of the same person leads back to the register.
    item = county().item("高龄津贴")
    page.goto(village)
    case_id = take(page, item, 0)
    page.goto(f"{village}/cases/{case_id}")
    page.get_by_role("link", name="申请人的登记").click()
    expect(page.get_by_role("heading", name="办件")).to_be_visible()
    look(page, "people-person")
    page.goto(beside)
    look(page, "people-named")
    page.get_by_role("button", name="代查办件").click()
    expect(page.get_by_text("登记了由")).to_be_visible()
    look(page, "people-relatives")
    page.goto(f"{village}/people")
    page.get_by_label("查找").fill(other.id_number[-4:])
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("row").filter(has_text=other.name[0])).to_have_count(1)
    assert other.id_number[-4:] not in page.url
    look(page, "people-found")
