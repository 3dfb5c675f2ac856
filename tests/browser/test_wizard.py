"""What stands beside the wizard before a real Chromium: the card reader, the register, the camera, 一件事."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from edge_node.devices.simulator import INVENTED
from edge_node.services.matter import BUNDLE, matter_of
from fixtures.county import county
from sync.node.acts.acting import Doer
from sync.people.ask_consents import Given
from sync.people.give_consent import give_consent
from sync.people.register_person import register_person
from sync.typed import replace
from sync.values.json_text import parse_object
from tests.browser.conftest import DESK, PHONE, at_phone
from tests.browser.road import Road, begin, enter, fill, go_on, receive, type_in

pytestmark = pytest.mark.browser

ITEM = "高龄津贴"
BANK = "9902810000000000001"
# A paper of four colours lying askew on a dark table, and where its corners are.
_ASKEW = """
async () => {
  const steps = await import("/desk/straightening.js");
  const corners = [[0.2, 0.1], [0.85, 0.2], [0.9, 0.8], [0.1, 0.9]];
  const canvas = new OffscreenCanvas(320, 240);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#222";
  pen.fillRect(0, 0, 320, 240);
  const at = ([x, y]) => [x * 319, y * 239];
  const [a, b, c, d] = corners.map(at);
  const centre = [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4];
  const fill = (colour, ...path) => {
    pen.fillStyle = colour;
    pen.beginPath();
    path.forEach(([x, y]) => pen.lineTo(x, y));
    pen.fill();
  };
  fill("#ffc8c8", a, b, centre);
  fill("#c8ffc8", b, c, centre);
  fill("#c8c8ff", c, d, centre);
  fill("#ffffc8", d, a, centre);
  const photo = pen.getImageData(0, 0, 320, 240);
  const size = steps.straightSize(corners, 320, 240, 2000);
  const straight = steps.straighten(photo, corners, size);
  const colour = (x, y) => {
    const place = (Math.round(y * (size[1] - 1)) * size[0] + Math.round(x * (size[0] - 1))) * 4;
    return Array.from(straight.data.slice(place, place + 3));
  };
  const guessed = steps.guessCorners(photo);
  const blurred = new OffscreenCanvas(320, 240).getContext("2d");
  blurred.filter = "blur(6px)";
  blurred.drawImage(canvas, 0, 0);
  return {
    size,
    edges: [colour(0.5, 0.05), colour(0.95, 0.5), colour(0.5, 0.95), colour(0.05, 0.5)],
    tips: [colour(0.01, 0.01), colour(0.99, 0.01), colour(0.99, 0.99), colour(0.01, 0.99)],
    off: Math.max(...guessed.map(([x, y], number) => Math.hypot(x - corners[number][0], y - corners[number][1]))),
    sharp: !steps.isBlurred(photo),
    soft: !steps.isBlurred(blurred.getImageData(0, 0, 320, 240)),
    nothing: steps.guessCorners(new ImageData(40, 30)),
    isPaper: [steps.isPaper(corners), steps.isPaper([corners[1], corners[0], corners[2], corners[3]])],
  };
}
"""


def applicant(road: Road, open_page, **more) -> Page:
    page = open_page(road.village_url, **more)
    enter(page, "wang")
    begin(page, county().item(ITEM))
    return page


@pytest.mark.parametrize("name", [ITEM, "最低生活保障"], ids=["with a question", "without"])
def test_the_first_step_opens_at_its_top_and_the_keyboard_answers_it(road, open_page, size, name):
    page = open_page(road.village_url, size=size)
    enter(page, "wang")
    page.locator(".item-grid").get_by_role("link", name=county().item(name).name, exact=True).click()
    focused = page.locator("form.wizard input[type=radio]:focus")
    expect(focused).to_have_count(1)
    assert page.evaluate("scrollY") == 0
    before = focused.get_attribute("value")
    page.keyboard.press("ArrowDown")
    expect(focused).to_be_checked()
    expect(focused).to_be_in_viewport()
    assert focused.get_attribute("value") != before
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector('form.wizard[data-step="applicant"]')
    expect(page.locator('[name="fields.applicant_name"]')).to_be_focused()


def test_a_card_is_read_the_register_fills_in_the_rest_and_the_case_says_so(road, open_page, require_fit, picture):
    number = INVENTED["citizenId"]
    told = {"name": INVENTED["name"], "cert_kind": "id_card", "cert_number": number, "phone": "15400000009"}
    register_person(road.village.node, {**told, "bank_account": BANK}, Doer("acct:wang"))
    page = applicant(road, open_page, size=PHONE)
    page.get_by_role("button", name="读卡").click()
    expect(page.get_by_role("alert")).to_contain_text("读卡器没有放卡")
    require_fit(page)
    picture(page, "wizard-no-card")
    road.card.put({})
    page.get_by_role("button", name="读卡").click()
    expect(page.locator('[name="fields.id_number"]')).to_have_value(number)
    expect(page.locator("[data-source]")).to_contain_text("读卡")
    expect(page.locator('[name="fields.phone"]')).to_have_value("15400000009")
    expect(page.locator("[data-person]")).to_contain_text("本站已登记")
    require_fit(page)
    picture(page, "wizard-card")
    page.wait_for_load_state("load")
    name = page.locator('[name="fields.applicant_name"]')
    name.fill("示例")
    expect(page.locator("[data-source]")).to_contain_text("手输")
    name.fill(INVENTED["name"])
    go_on(page)
    expect(page.locator('[name="fields.bank_card"]')).to_have_value(BANK)
    page.get_by_label("是否独居").select_option("是")
    go_on(page)
    fill(page, county().item(ITEM))
    expect(page.get_by_text("预填 2 项")).to_be_visible()
    expect(page.locator(".facts").nth(1)).to_contain_text("读卡")
    require_fit(page)
    picture(page, "wizard-confirm-known")
    receive(page)
    expect(page.locator(".big-number")).to_be_visible()


def test_a_number_that_is_typed_fills_in_what_is_known_without_leaving_the_page(road, open_page):
    told = {"name": "示例王五", "cert_kind": "id_card", "cert_number": county().people[5].id_number}
    consents = [Given("processing", "oral"), Given("sensitive", "oral")]
    register_person(road.village.node, {**told, "phone": "15400000005"}, Doer("acct:wang"), consents=consents)
    page = applicant(road, open_page)
    expect(page.locator("[data-consents]")).to_be_visible()
    page.locator('[name="fields.id_number"]').fill(told["cert_number"])
    page.keyboard.press("Tab")
    expect(page.locator('[name="fields.applicant_name"]')).to_have_value("示例王五")
    expect(page.locator("[data-person]")).to_contain_text("示***")
    expect(page.locator("[data-person]")).to_contain_text("不用再问")
    expect(page.locator("[data-consents]")).to_be_hidden()


def test_under_which_authority_an_agent_comes_is_said_without_leaving_the_page(road, open_page, require_fit, picture):
    told, agent = county().people[6], county().people[7]
    paper = {"name": told.name, "cert_kind": "id_card", "cert_number": told.id_number}
    person = parse_object(register_person(road.village.node, paper, Doer("acct:wang")).body)["id"]
    errand = {"item": county().item(ITEM).code, "agent": agent.name, "agent_id_number": agent.id_number}
    terms = {"means": "signature", "until": "2030-01-01", "errand": errand}
    give_consent(road.village.node, person, "errand", Doer("acct:wang"), **terms)
    page = applicant(road, open_page, size=PHONE)
    page.locator('[name="fields.id_number"]').fill(told.id_number)
    page.locator('[name="fields.agent_name"]').fill("别人")
    said = page.locator("[data-authority]")
    expect(said).to_contain_text("没有登记给这位代办人")
    page.locator('[name="fields.agent_name"]').fill(agent.name)
    expect(said).to_contain_text("不用再交授权委托书")
    page.get_by_label("代办人是申请人的").select_option(label="子女")
    require_fit(page)
    picture(page, "wizard-agent")


def test_who_goes_on_with_tab_has_the_telephone_filled_in_where_the_cursor_is_and_types_over_nothing(road, open_page):
    first, second = told_of(56, phone="15400000056"), told_of(57, phone="15400000057")
    for one in (first, second):
        register_person(road.village.node, one, Doer("acct:wang"))
    page = applicant(road, open_page)
    number, phone = (page.locator(f'[name="fields.{name}"]') for name in ("id_number", "phone"))
    number.fill(first["cert_number"])
    page.keyboard.press("Tab")
    expect(phone).to_be_focused()
    expect(phone).to_have_value(first["phone"])
    number.fill(second["cert_number"])
    page.keyboard.press("Tab")
    expect(phone).to_have_value(second["phone"])
    page.keyboard.type("1540")  # it was marked, as by Tab
    expect(phone).to_have_value("1540")
    with page.expect_response(re.compile("/applicant/autosave$")):
        number.evaluate("(one) => one.dispatchEvent(new Event('change', { bubbles: true }))")
    expect(phone).to_have_value("1540")
    page.keyboard.type("0000058")
    expect(phone).to_have_value("15400000058")


def told_of(number: int, **more: str) -> dict[str, str]:
    """Somebody of the county, as the register takes him."""
    one = county().people[number]
    return {"name": one.name, "cert_kind": "id_card", "cert_number": one.id_number, **more}


def type_number(page: Page, number: str) -> None:
    page.locator('[name="fields.id_number"]').fill(number)
    page.locator('[name="fields.id_number"]').blur()


def test_another_number_takes_back_what_was_filled_in_of_the_first_and_what_is_taken_out_stays_out(road, open_page):
    """A wrong number was found first: his telephone stayed on the page, and went with the other's application."""
    first, second = told_of(51, phone="15400000051", address="一组51号"), told_of(52, phone="15400000052")
    for one in (first, second):
        register_person(road.village.node, one, Doer("acct:wang"))
    page = applicant(road, open_page)
    name, phone = page.locator('[name="fields.applicant_name"]'), page.locator('[name="fields.phone"]')
    type_number(page, first["cert_number"])
    expect(phone).to_have_value(first["phone"])
    page.locator('[name="fields.address"]').fill("现住乡里")
    type_number(page, second["cert_number"])
    expect(name).to_have_value(second["name"])
    expect(phone).to_have_value(second["phone"])
    expect(page.locator('[name="fields.address"]')).to_have_value("现住乡里")
    phone.fill("")
    with page.expect_response(re.compile("/applicant/autosave$")):
        name.focus()
    expect(phone).to_have_value("")
    page.reload()
    page.wait_for_load_state("load")
    type_number(page, county().people[53].id_number)
    expect(name).to_have_value("")
    expect(page.locator("[data-person]")).not_to_contain_text("本站已登记")


def test_what_is_known_of_a_number_that_was_typed_over_meanwhile_is_not_filled_in(road, open_page):
    first = told_of(54, phone="15400000054")
    register_person(road.village.node, first, Doer("acct:wang"))
    page = applicant(road, open_page)
    held = []
    page.route(re.compile("/applicant/autosave$"), lambda route: held.append(route), times=1)
    with page.expect_request(re.compile("/applicant/autosave$")):
        type_number(page, first["cert_number"])
    type_number(page, county().people[55].id_number)
    page.wait_for_timeout(100)
    with page.expect_response(re.compile("/applicant/autosave$")) as answer:
        held[0].continue_()
    assert first["phone"] in answer.value.text()
    page.wait_for_timeout(300)
    expect(page.locator('[name="fields.phone"]')).to_have_value("")


@at_phone
def test_a_photo_is_taken_on_the_page_straightened_by_its_corners_and_kept(road, size, open_page, require_fit, picture):
    page = applicant(road, open_page, size=size)
    page.goto(f"{page.url.rpartition('/')[0]}/papers")
    page.get_by_role("button", name="用摄像头、高拍仪拍").nth(1).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("把材料放平")
    picture(page, "camera-preview")
    dialog.get_by_role("button", name="拍照").click()
    corner = dialog.get_by_role("button", name="左上角")
    dialog.get_by_role("button", name="不用拉直").click()
    for _ in range(4):
        corner.press("Shift+ArrowRight")
    corner.press("ArrowDown")
    require_fit(page)
    picture(page, "camera-corners")
    box = dialog.locator(".frame").bounding_box()
    dialog.get_by_role("button", name="右下角").hover()
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.05)
    page.mouse.up()
    expect(dialog).to_contain_text("四个角的位置不对")
    expect(dialog.get_by_role("button", name="用这张")).to_be_disabled()
    dialog.get_by_role("button", name="重拍").click()
    dialog.get_by_role("button", name="拍照").click()
    dialog.get_by_role("button", name="不用拉直").click()
    dialog.get_by_role("button", name="右上角").press("Shift+ArrowDown")
    dialog.get_by_role("button", name="左上角").press("Shift+ArrowRight")
    dialog.get_by_role("button", name="用这张").click()
    expect(dialog).to_have_count(0)
    kept = page.locator('[data-kept="materials.1"] img')
    expect(kept).to_have_count(1)
    photo = page.request.get(f"{road.village_url}{kept.get_attribute('src')}").body()
    assert Image.open(io.BytesIO(photo)).format == "JPEG"
    expect(page.locator('[name="materials.1.got"]')).to_be_checked()


def test_a_paper_askew_is_seen_from_above_its_corners_are_found_and_blur_is_noticed(road, open_page):
    told = open_page(road.village_url).evaluate(_ASKEW)
    assert told["edges"] == [[255, 200, 200], [200, 255, 200], [200, 200, 255], [255, 255, 200]]
    assert all(min(tip) > 150 for tip in told["tips"]), told["tips"]  # nothing of the table is left
    assert told["off"] < 0.02
    assert (told["sharp"], told["soft"]) == (True, False)
    assert (told["nothing"], told["isPaper"]) == (None, [True, False])


def test_one_form_takes_a_whole_bundle(road, open_page, require_fit, picture):
    matter = matter_of(road.village.catalogue, BUNDLE, "QX-YJS-01")
    page = open_page(road.village_url, PHONE)
    enter(page, "wang")
    page.goto(f"{road.village_url}/items")
    page.get_by_role("link", name=re.compile("收件.*新生儿出生一件事")).click()
    expect(page.get_by_text("分成 3 件办理")).to_be_visible()
    require_fit(page)
    married = page.locator("[data-needed] li").filter(has_text="结婚证")
    expect(page.get_by_role("button", name="看这种情形要带的材料")).to_be_hidden()  # it follows by itself
    page.get_by_role("radio", name="再婚").check()
    expect(married).to_contain_text("必要")
    page.get_by_role("radio", name="初婚").check()
    expect(married).to_contain_text("有则提交")
    picture(page, "bundle-guide")
    go_on(page)
    for item in matter.items:
        keys = {name: key for (code, name), key in matter.keys.items() if code == item.code}
        fields = tuple(replace(field, name=keys[field.name]) for field in item.fields)
        type_in(page, replace(item, fields=fields, materials=matter.materials))
    go_on(page)
    for item in matter.items:
        type_in(page, replace(item, materials=matter.materials))
    go_on(page)
    type_in(page, replace(matter.items[0], materials=matter.materials))
    go_on(page)
    require_fit(page)
    picture(page, "bundle-confirm")
    receive(page)
    expect(page.locator(".bundle-cases li")).to_have_count(3)
    require_fit(page)
    picture(page, "bundle-received")


def test_where_what_is_to_be_brought_cannot_be_worked_out_the_page_says_so_by_its_button(road, open_page):
    """Signed out meanwhile: the list of another answer stood there as if it were that of this one."""
    page = open_page(road.village_url)
    enter(page, "wang")
    page.goto(f"{road.village_url}/items")
    page.get_by_role("link", name=re.compile("收件.*新生儿出生一件事")).click()
    by_hand = page.get_by_role("button", name="看这种情形要带的材料")
    page.context.clear_cookies()
    page.get_by_role("radio", name="再婚").check()
    expect(by_hand).to_be_visible()
    sign_in_beside(road, page)
    page.get_by_role("radio", name="初婚").check()
    page.get_by_role("radio", name="再婚").check()
    expect(page.locator("[data-needed] li").filter(has_text="结婚证")).to_contain_text("必要")
    expect(by_hand).to_be_hidden()


def test_a_double_click_on_the_cameras_button_uses_no_photo_that_nobody_has_seen(road, open_page):
    page = applicant(road, open_page)
    page.goto(f"{page.url.rpartition('/')[0]}/papers")
    page.get_by_role("button", name="用摄像头、高拍仪拍").nth(1).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("把材料放平")
    shoot = dialog.get_by_role("button", name="拍照")
    shoot.dblclick()
    use = dialog.get_by_role("button", name="用这张")
    expect(use).to_be_visible()
    page.wait_for_timeout(1000)
    expect(use).to_be_visible()
    expect(use).to_be_focused()
    use.press("Enter")
    expect(page.locator('[data-kept="materials.1"] img')).to_have_count(1)


def test_the_camera_is_no_more_than_a_file_where_there_is_none(road, open_page, tmp_path: Path):
    page = applicant(road, open_page, scripts=False)
    expect(page.locator('input[type="file"]')).to_have_count(1)
    expect(page.locator(".by-camera")).to_have_count(0)


def test_what_was_typed_while_signed_out_is_kept_by_signing_in_on_another_page(road, open_page):
    page = applicant(road, open_page)
    page.context.clear_cookies()
    page.locator('[name="fields.applicant_name"]').fill("示例赵六")
    expect(page.locator("[data-saved]")).to_contain_text("另开一页登录")
    sign_in_beside(road, page)
    page.locator('[name="fields.address"]').fill("3组12号")
    expect(page.locator("[data-saved]")).to_contain_text("已暂存在本机")


def test_a_step_sent_signed_out_is_sent_once_more_by_loading_its_page_again(road, open_page, require_fit, picture):
    page = applicant(road, open_page)
    type_in(page, county().item(ITEM), 7)
    page.context.clear_cookies()
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("main")).to_contain_text("没有丢")
    require_fit(page)
    picture(page, "signed-out")
    sign_in_beside(road, page)
    page.reload()
    expect(page.locator("form.wizard")).to_have_attribute("data-step", "form")


def sign_in_beside(road: Road, page: Page) -> None:
    other = page.context.new_page()
    other.goto(f"{road.village_url}/sign-in")
    enter(other, "wang")
    expect(other.get_by_role("button", name="退出")).to_be_visible()
    other.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_whoever_comes_with_a_passport_is_found_as_soon_as_its_kind_is_chosen(
    road, size, open_page, require_fit, picture
):
    passport = f"C01X00T{size[0] % 100}"
    told = {"name": "安娜", "cert_kind": "passport", "cert_number": passport, "phone": "15400000019"}
    register_person(road.village.node, told, Doer("acct:wang"))
    page = applicant(road, open_page, size=size)
    page.get_by_label("证件号码").fill(passport)
    page.get_by_label("证件种类").select_option("护照")
    expect(page.locator('[name="fields.applicant_name"]')).to_have_value("安娜")
    expect(page.locator("[data-person]")).to_contain_text("本站已登记")
    require_fit(page)
    picture(page, "wizard-passport")
    page.get_by_label("现居住地址").fill("石桥村一组")
    go_on(page)
    type_in(page, county().item(ITEM))
    go_on(page)
    type_in(page, county().item(ITEM))
    go_on(page)
    expect(page.locator(".facts").nth(1)).to_contain_text("护照")
    require_fit(page)
    receive(page)
    expect(page.locator(".big-number")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="暂存", exact=True).click()
    page.wait_for_url(re.compile(r":[0-9]+/$"))


def test_two_pages_of_one_step_take_nothing_from_each_other_when_they_are_sent(road, open_page):
    one = applicant(road, open_page)
    address = one.url
    other = one.context.new_page()
    other.goto(address)
    one.get_by_label("联系电话").fill("13900000001")
    save(one)
    other.locator("[name='fields.applicant_name']").fill("王秀兰")
    save(other)
    one.goto(address)
    expect(one.get_by_label("联系电话")).to_have_value("13900000001")
    expect(one.locator("[name='fields.applicant_name']")).to_have_value("王秀兰")
    papers = address.replace("/applicant", "/papers")
    one.goto(papers)
    save(one)  # the page of the papers was seen
    for page in (one, other):
        page.goto(papers)
    one.get_by_role("group", name="身份证").get_by_role("checkbox", name="已收到").check()
    save(one)
    other.get_by_role("group", name="户口簿").get_by_role("checkbox", name="已收到").check()
    save(other)
    other.goto(papers)
    for paper in ("身份证", "户口簿"):
        expect(other.get_by_role("group", name=paper).get_by_role("checkbox", name="已收到")).to_be_checked()


def test_what_was_kept_from_a_page_before_another_changed_it_stays_changed_when_the_first_is_sent(road, open_page):
    one = applicant(road, open_page)
    address = one.url
    other = one.context.new_page()
    other.goto(address)
    with one.expect_response(re.compile("autosave")):
        one.get_by_label("联系电话").fill("13900000001")
    expect(one.locator("[data-saved]")).to_contain_text("已暂存在本机")
    other.get_by_label("联系电话").fill("13900000002")
    save(other)
    save(one)
    one.goto(address)
    expect(one.get_by_label("联系电话")).to_have_value("13900000002")
