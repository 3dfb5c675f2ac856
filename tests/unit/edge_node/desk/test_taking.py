"""An application taken step by step: right, wrong, left and come back to, twice, and on a clock nobody vouches for."""

import re

import pytest

from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from sync.papers.place_papers import place_papers
from sync.store.ledger.audit import entries_about
from tests.unit.edge_node.applications import JPEG, item, png
from tests.unit.edge_node.conftest import PASSWORD
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press, take
from tests.unit.forms import HTML, errors_on, form_on, photo, read, send

CASES = "/api/v1/cases"


@pytest.fixture
def draft(client):
    """The address of a fresh draft."""
    return begin(client, address_of())


def listed(client):
    return client.get(CASES).get_json()["cases"]


def wrong_on(page):
    """What the last step says is wrong: {sentence: where it leads}."""
    return {said: href for href, said in re.findall(r'<li><a href="([^"]*)">([^<]*)</a></li>', page)}


def test_the_first_step_says_what_it_is_what_is_asked_for_and_how_it_comes(client):
    page = read(client, address_of())
    wanted = item()
    for said in (
        "示例，以当地实施清单为准",
        wanted.subjects,
        wanted.guide.conditions,
        "可容缺，以后补",
        "窗口",
        "上门",
        "电话",
    ):
        assert said in page
    assert all(paper.name in page for paper in wanted.materials)
    assert re.findall(r'<span class="label">([^<]*)', page) == ["情形引导", "申请人", "表单", "材料", "确认收件"]
    assert re.findall(r'<span class="dot">([^<]*)<', page) == ["1", "2", "3", "4", "5"]


def test_a_step_that_was_never_opened_is_not_ticked(client, draft):
    wrong = press(client, draft, "applicant", {}, "next").text
    states = re.compile(r'<li class="(done|now|ahead)')
    assert states.findall(wrong) == ["done", "now", "ahead", "ahead", "ahead"]
    press(client, draft, "applicant", filled(), "next")
    assert states.findall(read(client, f"{draft}/applicant")) == ["done", "now", "done", "ahead", "ahead"]


def test_the_first_input_of_the_papers_has_the_keyboard(client, draft):
    page = read(client, f"{draft}/papers")
    assert re.findall(r'name="([^"]+)"[^>]* data-focus', page) == ["materials.0.got"]


def test_the_steps_ask_for_the_items_own_fields_and_papers(client, draft):
    applicant, form, papers = (read(client, f"{draft}/{step}") for step in ("applicant", "form", "papers"))
    at_applicant = ("applicant_name", "cert_kind", "id_number", "phone", "address", "agent_name")
    for field in item().fields:
        there = applicant if field.name in at_applicant else form
        assert f'id="fields.{field.name}"' in there
    assert papers.count('accept="image/*" capture="environment" multiple') == len(item().materials)


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("date", 'type="date"'),
        ("number", 'inputmode="numeric"'),
        ("phone", 'type="tel"'),
        ("money", 'inputmode="decimal"'),
        ("long_text", "<textarea"),
        ("choice", "<select"),
    ],
)
def test_each_kind_of_field_gets_an_input_that_fits_it(client, station, kind, mark):
    code, name = next(
        (one.code, field.name)
        for one in station.catalogue.items().values()
        for field in one.fields
        if field.kind == kind
    )
    draft = begin(client, f"/items/{code}/application")
    page = read(client, f"{draft}/{'applicant' if kind == 'phone' else 'form'}")
    place = page.index(f'id="fields.{name}"')
    tag = page[page.rindex("<", 0, place) : page.index(">", place)]
    assert mark in tag


def test_an_application_with_photos_is_received_and_its_number_shown_large(client):
    photos = {"materials.0.photos": [photo(JPEG), photo(png(), "b.png")], "materials.0.copies": "2"}
    answer = take(client, values={**filled(), **photos}, channel="visit")
    assert answer.status_code == 303
    page = read(client, answer.headers["Location"])
    (case,) = listed(client)
    assert case["receipt_number"][-5:-1] == "0001"
    assert '<p class="big-number" data-copy="' in page
    assert "已存本机（材料 2/2）" in page
    told = client.get(f"{CASES}/{case['id']}").get_json()
    assert told["materials"][0] | {"photos": len(told["materials"][0]["photos"])} == {
        "name": "身份证",
        "kind": "copy",
        "compared": True,
        "kind_name": "复印件，已核原件",
        "copies": 2,
        "photos": 2,
    }
    assert [paper["name"] for paper in told["materials"]] == ["身份证", "户口簿", "近期照片"]
    assert (told["channel"], told["applicant_source"]) == ("visit", "hand")
    assert "暂存的件" not in read(client, "/")


def test_where_nothing_was_compared_nothing_is_said_of_comparing(client):
    draft = begin(client, address_of())
    fill(client, draft, {**filled(), "materials.0.kind": "photo"})
    assert "收件即记下" not in read(client, f"{draft}/confirm")


def test_a_form_begins_with_what_the_catalogue_asks_for_and_by_telephone_with_photos(client):
    def chosen(**more):
        values = form_on(read(client, f"{begin(client, address_of(), **more)}/papers"), "save")["values"]
        return [values[f"materials.{row}.kind"] for row in range(4)]

    assert chosen() == ["copy_compared", "copy", "copy", "original"]  # 身份证, 户口簿, 银行卡, 近期照片
    assert chosen(channel="phone") == ["photo"] * 4


def test_a_card_that_was_only_shown_is_on_the_slip_and_not_in_the_custody_of_papers(client, station):
    shown = {**filled(), "materials.0.kind": "shown", "materials.1.kind": "copy_compared"}
    draft = begin(client, address_of())
    fill(client, draft, shown)
    page = read(client, f"{draft}/confirm")
    assert "已核原件，当场退还</span>" in page
    assert "收件即记下：您看过并核对过这些材料的原件：身份证、户口簿。没有看过原件的，请改“收的是”" in page
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    (case,) = listed(client)
    told = client.get(f"{CASES}/{case['id']}").get_json()["materials"]
    assert [(one["name"], one.get("kind"), one.get("compared"), one.get("copies")) for one in told] == [
        ("身份证", "photo", True, None),
        ("户口簿", "copy", True, 1),
        ("近期照片", "original", None, 1),
    ]
    slip = read(client, f"/cases/{case['id']}/prints/receipt")
    assert slip.count("<td>身份证</td><td>已核原件，当场退还</td><td></td>") == 2
    assert slip.count("<td>户口簿</td><td>复印件，已核原件</td><td>1</td>") == 2
    assert [one["material"] for one in place_papers(station.node, case["id"])] == ["户口簿", "近期照片"]
    assert "已核原件，当场退还" in read(client, f"/cases/{case['id']}")


def test_what_was_typed_wide_is_confirmed_and_masked_as_it_will_be_kept(client, draft):
    press(client, draft, "applicant", {"fields.phone": "１５４ 0000 １１２２"})
    page = read(client, f"{draft}/confirm")
    assert "154****1122" in page
    assert "１１２２" not in page


def test_what_is_confirmed_is_masked_and_what_is_lacking_is_named(client, draft):
    fill(client, draft, filled())
    page = read(client, f"{draft}/confirm")
    typed = filled()
    assert "需要改正" not in page
    for name in ("applicant_name", "id_number", "phone", "bank_card", "address"):
        assert typed[f"fields.{name}"] not in page
    assert f"{typed['fields.id_number'][:3]}***" in page
    assert re.search(r"还缺.*银行卡.*可容缺，以后补", page, re.DOTALL)


def test_sent_twice_it_is_one_case_and_the_draft_leads_to_it(client, draft):
    fill(client, draft, filled())
    values = form_on(read(client, f"{draft}/confirm"), "save")["values"]
    first, again = (send(client, f"{draft}/confirm", {**values, "go": "receive"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    assert client.get(f"{draft}/form").headers["Location"] == first.headers["Location"]
    assert len(listed(client)) == 1


def test_a_first_step_come_back_to_after_it_was_taken_begins_another(client):
    first = form_on(read(client, address_of()), "key")["values"]
    draft = send(client, address_of(), first).headers["Location"].rpartition("/")[0]
    fill(client, draft, filled())
    press(client, draft, "confirm", {}, "receive")
    other = send(client, address_of(), first).headers["Location"].rpartition("/")[0]
    assert other != draft
    fill(client, other, filled(number=1))
    assert press(client, other, "confirm", {}, "receive").status_code == 303
    assert len(listed(client)) == 2


def test_a_step_says_what_is_wrong_with_it_and_may_be_left_for_later(client, draft):
    values = {"fields.applicant_name": "张桂兰", "fields.phone": "123"}
    answer = press(client, draft, "applicant", values, "next")
    assert answer.status_code == 422
    assert errors_on(answer.text) == [
        "证件号码：请填写",
        "联系电话：应为 11 位手机号，或带区号的固定电话",
        "现居住地址：请填写",
    ]
    assert "先往下，最后再改" in answer.text
    back = form_on(answer.text, "save")["values"]
    assert (back["fields.applicant_name"], back["fields.phone"]) == ("张桂兰", "123")
    assert send(client, f"{draft}/applicant", {**back, "go": "on"}).headers["Location"] == f"{draft}/form"


def test_at_last_everything_wrong_is_said_at_once_with_the_way_to_it(client, draft, keep_unchanged):
    keep_unchanged()
    values = {
        "fields.applicant_name": "张桂兰",
        "fields.phone": "123",
        "fields.address": "x" * 101,
        "materials.0.got": "yes",
        "materials.0.copies": "0",
        "materials.1.got": "yes",
    }
    fill(client, draft, values)
    answer = press(client, draft, "confirm", {}, "receive")
    assert answer.status_code == 422
    assert wrong_on(answer.text) == {
        "证件号码：请填写": f"{draft}/applicant#fields.id_number",
        "联系电话：应为 11 位手机号，或带区号的固定电话": f"{draft}/applicant#fields.phone",
        "现居住地址超过 100 个字": f"{draft}/applicant#fields.address",
        "是否独居：请填写": f"{draft}/form#fields.living_alone",
        "身份证：份数应为 1 到 99 的整数": f"{draft}/papers#materials.0.copies",
        "缺少材料：近期照片": f"{draft}/papers#materials.3",
    }
    assert form_on(read(client, f"{draft}/applicant"), "save")["values"]["fields.phone"] == "123"


def test_whose_bank_card_may_follow_need_not_know_its_number(client):
    values = {name: value for name, value in filled().items() if name != "fields.bank_card"}
    assert take(client, values=values).status_code == 303


def test_where_only_papers_are_missing_it_may_be_received_all_the_same(client, draft):
    fill(client, draft, {name: value for name, value in filled().items() if name != "materials.3.got"})
    refused = press(client, draft, "confirm", {}, "receive")
    assert refused.status_code == 422
    assert "材料不齐，先收件并一次性告知" in refused.text
    page = form_on(read(client, f"{draft}/confirm"), "save")["values"]
    answer = send(client, f"{draft}/confirm", {**page, "incomplete": "yes", "go": "receive"})
    assert answer.status_code == 303
    received = read(client, answer.headers["Location"])
    assert "近期照片：没有提交" in received
    assert "/prints/notice" in received
    (case,) = listed(client)
    assert case["state"] == "supplement_before"


def test_by_a_clock_that_was_set_back_it_is_only_papers_that_are_missing_too(client, draft, clock):
    fill(client, draft, {name: value for name, value in filled().items() if name != "materials.3.got"})
    clock.now_ms -= 95 * 366 * 24 * 3_600_000
    page = read(client, f"{draft}/confirm")
    assert "出生日期还没有到" not in page
    assert "材料不齐，先收件并一次性告知" in page


def test_what_else_is_wrong_cannot_be_received_with_missing_papers(client, draft):
    wrong = {**filled(), "fields.phone": "123"}
    fill(client, draft, {name: value for name, value in wrong.items() if name != "materials.3.got"})
    assert "材料不齐，先收件" not in read(client, f"{draft}/confirm")
    page = form_on(read(client, f"{draft}/confirm"), "save")["values"]
    assert send(client, f"{draft}/confirm", {**page, "incomplete": "yes", "go": "receive"}).status_code == 422
    assert not listed(client)


def test_a_text_of_several_lines_comes_from_a_browser_with_carriage_returns_and_is_taken(client):
    long_text = next(field.name for field in item("临时救助").fields if field.kind == "long_text")
    values = {**filled("临时救助"), f"fields.{long_text}": "一\r\n二"}
    assert take(client, "临时救助", values).status_code == 303


def test_a_doubtful_clock_asks_for_the_time_before_anything_is_received(client, draft, clock, station):
    clock.now_ms += 40 * 24 * 3_600_000
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    fill(client, draft, {**filled(), "materials.0.photos": photo(JPEG)})
    page = read(client, f"{draft}/confirm")
    assert "先核对时间" in page
    assert "2025-11-05 14:04" in page
    asked = press(client, draft, "confirm", {}, "receive")
    assert asked.status_code == 409
    assert "本机时间比最近一次记录晚了 30 天以上" in asked.text
    far = send(client, f"{draft}/confirm", {**_confirming(asked.text), "confirmed_time": "2025-11-05T15:30"})
    assert far.status_code == 409
    assert "相差超过 10 分钟" in far.text
    wrong = send(client, f"{draft}/confirm", {**_confirming(far.text), "confirmed_time": "yesterday"})
    assert wrong.status_code == 422
    assert "现在的时间：日期或时间格式不对，应如 2025-07-31 15:04" in wrong_on(wrong.text)
    assert listed(client) == []
    done = send(client, f"{draft}/confirm", {**_confirming(wrong.text), "confirmed_time": "2025-11-05T14:06"})
    assert done.status_code == 303
    (case,) = listed(client)
    assert case["materials"] == {"held": 1, "photos": 1}
    assert station.node.read(lambda reader: entries_about(reader, case["id"]))
    assert "先核对时间" not in read(client, f"{begin(client, address_of())}/confirm")


def _confirming(page):
    return {**form_on(page, "save")["values"], "go": "receive"}


def test_a_station_without_a_number_says_so_and_keeps_what_was_typed(make_station):
    station = make_station("")
    client = build_app(station, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    assert "本站还没有注册" in read(client, "/")
    draft = begin(client, address_of())
    fill(client, draft, filled())
    answer = press(client, draft, "confirm", {}, "receive")
    assert answer.status_code == 409
    assert "本站还没有注册" in answer.text
    assert form_on(read(client, f"{draft}/applicant"), "save")["values"]["fields.applicant_name"]


@pytest.mark.parametrize("key", ["", "x" * 129, "钥匙", "a b"])
def test_a_form_without_a_key_of_ours_is_no_form(client, keep_unchanged, key):
    keep_unchanged()
    form = form_on(read(client, address_of()), "key")["values"]
    answer = send(client, address_of(), {**form, "key": key})
    assert answer.status_code == 400
    assert "表单不完整" in answer.text


def test_a_form_from_elsewhere_is_refused(client, draft, keep_unchanged):
    keep_unchanged()
    answer = press(client, draft, "applicant", {}, "next")
    assert answer.status_code == 422
    answer = send(client, f"{draft}/applicant", {"fields.phone": "1", "csrf_token": "guessed"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.text


def test_a_form_too_large_is_refused_with_a_sentence(client, draft, station, keep_unchanged):
    keep_unchanged()
    much = b"x" * (station.settings.largest_application_bytes + (1 << 20))
    answer = client.post(f"{draft}/papers", data=much, headers=HTML, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert "内容过大" in answer.text


def test_an_item_that_is_not_in_the_catalogue_is_not_found(client):
    answer = client.get("/items/none/application", headers=HTML)
    assert answer.status_code == 404
    assert "目录中没有这个事项" in answer.text


def test_who_may_not_see_applications_may_not_take_any(sign_in):
    root = sign_in("root")
    assert root.get(address_of(), headers=HTML).status_code == 403
    assert root.get("/drafts", headers=HTML).status_code == 403
    assert "本站状况" in read(root, "/")


def test_nobody_takes_anything_before_signing_in(app):
    answer = app.test_client().get(address_of(), headers=HTML)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=/items/")
