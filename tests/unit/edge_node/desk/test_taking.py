"""An application taken at the desk's form: right, wrong, twice, and on a clock nobody vouches for."""

import pytest

from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from sync.store.ledger.audit import entries_about
from tests.unit.edge_node.applications import JPEG, item, png
from tests.unit.edge_node.conftest import PASSWORD
from tests.unit.edge_node.desk.typing_in import address_of, filled
from tests.unit.forms import HTML, errors_on, form_on, photo, read, send

CASES = "/api/v1/cases"


@pytest.fixture
def form(client):
    """The hidden values of a fresh form."""
    return form_on(read(client, address_of()), "key")["values"]


def listed(client):
    return client.get(CASES).get_json()["cases"]


def test_the_form_asks_for_the_items_own_fields_and_papers(client):
    page = read(client, address_of())
    wanted = item()
    assert "示例，以当地实施清单为准" in page
    for field in wanted.fields:
        assert f'id="fields.{field.name}"' in page
        assert field.label in page
    assert page.count('<span class="must">必填</span>') == sum(field.required for field in wanted.fields)
    assert page.count('accept="image/*" capture="environment" multiple') == len(wanted.materials)


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
    page = read(client, f"/items/{code}/application")
    place = page.index(f'id="fields.{name}"')
    tag = page[page.rindex("<", 0, place) : page.index(">", place)]
    assert mark in tag


def test_an_application_with_photos_is_received_and_its_number_shown_large(client, form):
    values = {**form, **filled(), "materials.0.photos": [photo(JPEG), photo(png(), "b.png")], "materials.0.copies": "2"}
    answer = send(client, address_of(), values)
    assert answer.status_code == 303
    page = read(client, answer.headers["Location"])
    (case,) = listed(client)
    assert case["receipt_number"][-5:-1] == "0001"
    assert '<p class="big-number" data-copy="' in page
    assert "已存本机（材料 2/2）" in page
    told = client.get(f"{CASES}/{case['id']}").get_json()
    assert told["materials"][0] | {"photos": len(told["materials"][0]["photos"])} == {
        "name": "身份证",
        "kind": "original",
        "copies": 2,
        "photos": 2,
    }
    assert [paper["name"] for paper in told["materials"]] == ["身份证", "户口簿", "近期照片"]


def test_a_form_sent_twice_is_one_case(client, form):
    values = {**form, **filled()}
    first, again = (send(client, address_of(), dict(values)) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    assert len(listed(client)) == 1


def test_a_form_changed_after_it_was_received_says_so_and_may_be_sent_as_another(client, form):
    send(client, address_of(), {**form, **filled()})
    answer = send(client, address_of(), {**form, **filled(number=1)})
    assert answer.status_code == 422
    assert "这张表已经收过件了" in answer.text
    fresh = form_on(answer.text, "key")["values"]
    assert fresh["key"] != form["key"]
    assert send(client, address_of(), {**fresh, "materials.0.got": "yes"}).status_code == 303
    assert len(listed(client)) == 2


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(client, form, keep_unchanged):
    keep_unchanged()
    values = {
        **form,
        "fields.applicant_name": "张桂兰",
        "fields.phone": "123",
        "fields.address": "x" * 101,
        "materials.0.got": "yes",
        "materials.0.copies": "0",
        "materials.1.photos": photo(b"no picture", "note.txt"),
    }
    answer = send(client, address_of(), values)
    assert answer.status_code == 422
    assert set(errors_on(answer.text)) == {
        "公民身份号码：请填写",
        "联系电话：应为 11 位手机号，或带区号的固定电话",
        "现居住地址：现居住地址超过 100 个字",
        "收款银行卡号：请填写",
        "是否独居：请填写",
        "身份证：份数应为 1 到 99 的整数",
        "户口簿：新选的第 1 张：不是 JPEG 或 PNG 照片",
        "近期照片：缺少材料：近期照片",
    }
    back = form_on(answer.text, "key")["values"]
    assert (back["fields.applicant_name"], back["fields.phone"]) == ("张桂兰", "123")
    assert back["materials.0.got"] == "yes"
    assert back["key"] == form["key"]


def test_photos_of_a_form_that_comes_back_are_shown_and_need_not_be_taken_again(client, form):
    values = {**form, **filled(), "fields.phone": "1", "materials.0.photos": [photo(JPEG), photo(png(), "b.png")]}
    back = send(client, address_of(), values)
    assert "已拍的 2 张照片保留着" in back.text
    again = form_on(back.text, "key")["values"]
    first, second = (client.get(f"/applications/{again['tray']}/0/{number}") for number in range(2))
    assert (first.data, first.mimetype, second.mimetype) == (JPEG, "image/jpeg", "image/png")
    assert client.get(f"/applications/{again['tray']}/0/2").status_code == 404
    again |= {"fields.phone": filled()["fields.phone"], "materials.0.drop": "1"}
    assert send(client, address_of(), again).status_code == 303
    (case,) = listed(client)
    assert case["materials"] == {"held": 1, "photos": 1}


def test_nobody_else_sees_the_photos_of_a_form_that_came_back(client, sign_in, form):
    back = send(client, address_of(), {**form, "materials.0.photos": photo(JPEG)})
    token = form_on(back.text, "key")["values"]["tray"]
    assert sign_in("zhang").get(f"/applications/{token}/0/0").status_code == 404


def test_photos_that_were_forgotten_are_asked_for_again(client, form):
    values = {**form, **filled(), "tray": "gone", "materials.0.kept": "1"}
    answer = send(client, address_of(), values)
    assert answer.status_code == 422
    assert errors_on(answer.text) == ["身份证：原来的照片没有保留住，请重新拍照或选择"]


def test_a_text_of_several_lines_comes_from_a_browser_with_carriage_returns_and_is_taken(client):
    form = form_on(read(client, address_of("临时救助")), "key")["values"]
    values = {**form, **filled("临时救助")}
    long_text = next(field.name for field in item("临时救助").fields if field.kind == "long_text")
    answer = send(client, address_of("临时救助"), {**values, f"fields.{long_text}": "一\r\n二"})
    assert answer.status_code == 303


def test_a_doubtful_clock_asks_for_the_time_before_anything_is_received(client, form, clock, station):
    clock.now_ms += 40 * 24 * 3_600_000
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    page = read(client, address_of())
    assert "先核对时间" in page
    shown = "2025-11-05 14:04"
    assert shown in page
    fresh = form_on(page, "key")["values"]
    values = {**fresh, **filled()}
    asked = send(client, address_of(), {**values, "materials.0.photos": photo(JPEG)})
    assert asked.status_code == 409
    assert "本机时间比最近一次记录晚了 30 天以上" in asked.text
    again = form_on(asked.text, "key")["values"]
    far = send(client, address_of(), {**again, "confirmed_time": "2025-11-05T15:30"})
    assert far.status_code == 409
    assert "相差超过 10 分钟" in far.text
    wrong = send(client, address_of(), {**again, "confirmed_time": "yesterday"})
    assert wrong.status_code == 422
    assert errors_on(wrong.text) == ["现在的时间：日期或时间格式不对，应如 2025-07-31 15:04"]
    assert listed(client) == []
    done = send(client, address_of(), {**again, "confirmed_time": "2025-11-05T14:06"})
    assert done.status_code == 303
    (case,) = listed(client)
    assert case["materials"] == {"held": 1, "photos": 1}
    assert "先核对时间" not in read(client, address_of())


def test_a_station_without_a_number_says_so_and_takes_nothing(make_station):
    station = make_station("")
    client = build_app(station, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    assert "本站还没有注册" in read(client, "/")
    page = read(client, address_of())
    answer = send(client, address_of(), {**form_on(page, "key")["values"], **filled()})
    assert answer.status_code == 409
    assert "本站还没有注册" in answer.text
    assert form_on(answer.text, "key")["values"]["fields.applicant_name"]


@pytest.mark.parametrize("key", ["", "x" * 129, "钥匙", "a b"])
def test_a_form_without_a_key_of_ours_is_no_form(client, form, keep_unchanged, key):
    keep_unchanged()
    answer = send(client, address_of(), {**form, **filled(), "key": key})
    assert answer.status_code == 400
    assert "表单不完整" in answer.text


def test_a_form_from_elsewhere_is_refused(client, form, keep_unchanged):
    keep_unchanged()
    answer = send(client, address_of(), {**form, **filled(), "csrf_token": "guessed"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.text


def test_a_form_too_large_is_refused_with_a_sentence(client, station, keep_unchanged):
    keep_unchanged()
    much = b"x" * (station.settings.largest_application_bytes + (1 << 20))
    answer = client.post(address_of(), data=much, headers=HTML, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert "内容过大" in answer.text


def test_an_item_that_is_not_in_the_catalogue_is_not_found(client):
    answer = client.get("/items/none/application", headers=HTML)
    assert answer.status_code == 404
    assert "目录中没有这个事项" in answer.text


def test_who_may_not_see_applications_may_not_take_any(sign_in):
    root = sign_in("root")
    assert root.get(address_of(), headers=HTML).status_code == 403
    assert "本站状况" in read(root, "/")


def test_nobody_takes_anything_before_signing_in(app):
    answer = app.test_client().get(address_of(), headers=HTML)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=/items/")


def test_the_confirmation_of_the_time_is_in_the_audit(client, form, clock, station):
    clock.now_ms += 40 * 24 * 3_600_000
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    fresh = form_on(read(client, address_of()), "key")["values"]
    send(client, address_of(), {**fresh, **filled(), "confirmed_time": "2025-11-05T14:04"})
    (case,) = listed(client)
    assert station.node.read(lambda reader: entries_about(reader, case["id"]))
