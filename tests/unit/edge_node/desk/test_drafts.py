"""What was begun is kept at every step, for whoever began it and nobody else, and within bounds."""

import json
import re

import pytest

from edge_node.desk import taking, wizard
from edge_node.desk.turns import heard_with
from edge_node.services import keep_drafts
from edge_node.services.draft import Typed
from edge_node.settings import read as read_settings
from edge_node.wiring import build_app, build_station
from fixtures.county import text
from sync.errors import Damaged, DiskFull
from sync.http_api.feeds import FeedGate
from sync.store.ledger import drafts as ledger
from sync.values.json_text import dump
from sync.web.passwords import Passwords
from tests.unit.edge_node.applications import JPEG, item, png
from tests.unit.edge_node.conftest import PASSWORD
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press, take
from tests.unit.forms import HTML, errors_on, form_on, photo, read, send

DAY_MS = 24 * 3_600_000
NO_PHOTO = "不是 JPEG 或 PNG 照片，请拍纸质材料，或者先把文件存成 JPEG 图片"


@pytest.fixture
def draft(client):
    return begin(client, address_of())


def photos_on(page):
    return re.findall(r'<img src="(/drafts/[^"]*/photos/[0-9]+)"', page)


def rows(station, table):
    return station.node.engine.read(lambda reader: reader.execute(f"SELECT count(*) FROM {table}"))[0][0]


def test_a_draft_is_there_after_a_restart_with_its_photos_and_becomes_a_case(client, station, draft):
    fill(client, draft, {**filled(), "materials.0.photos": [photo(JPEG), photo(png(), "b.png")]})
    again = build_station(station.node, read_settings({}), passwords=Passwords(memory_kib=64, passes=1))
    other = build_app(again, FeedGate()).test_client()
    other.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    page = read(other, f"{draft}/papers")
    first, second = (other.get(address) for address in photos_on(page))
    assert (first.data, first.mimetype, second.data) == (JPEG, "image/jpeg", png())
    answer = press(other, draft, "confirm", {}, "receive")
    assert answer.status_code == 303
    (case,) = other.get("/api/v1/cases").get_json()["cases"]
    assert case["materials"] == {"held": 2, "photos": 2}
    assert [rows(station, table) for table in ("application_drafts", "draft_photos", "draft_pieces")] == [0, 0, 0]
    again.fetcher.close()
    again.courier.close()


def test_drafts_stand_on_the_first_page_with_names_masked_and_are_gone_on_with(client, draft):
    press(client, draft, "applicant", {"fields.applicant_name": "张桂兰"}, "save")
    page = read(client, "/")
    assert "1 件" in page
    assert "张**" in page
    assert "张桂兰" not in page
    assert f'href="{draft}/applicant"' in page
    assert "张**" in read(client, "/drafts")
    assert "1 件暂存的" in read(client, address_of())


def test_a_draft_is_given_up_with_its_photos(client, station, draft):
    press(client, draft, "papers", {"materials.0.photos": photo(JPEG)})
    token = form_on(read(client, draft.rpartition("/")[0]), "from")["values"]
    assert send(client, f"{draft}/discarding", token).status_code == 303
    assert client.get(f"{draft}/papers", headers=HTML).status_code == 404
    assert [rows(station, table) for table in ("application_drafts", "draft_photos", "draft_pieces")] == [0, 0, 0]


def test_a_draft_given_up_twice_is_gone_and_the_page_says_so(client, draft):
    token = form_on(read(client, "/drafts"), "from")["values"]
    for said in ("已删除这份暂存的件", "这份暂存的件先前已经收件或删除"):
        answer = send(client, f"{draft}/discarding", token)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/drafts")
        assert said in read(client, "/drafts")


def test_what_stands_on_a_page_whose_draft_was_deleted_on_another_is_a_draft_again(client, station, draft):
    press(client, draft, "applicant", {"fields.phone": "13900000001"})
    shown = form_on(read(client, f"{draft}/papers"), "save")["values"]
    send(client, f"{draft}/discarding", {"csrf_token": shown["csrf_token"]})
    values = {"materials.2.got": "yes", "materials.0.photos": photo(JPEG), "go": "on"}
    saved = client.post(f"{draft}/papers/autosave", data={**shown, "go": ""}, content_type="multipart/form-data")
    assert (saved.status_code, rows(station, "application_drafts")) == (404, 0)  # it was deleted: nobody asked for it
    for _ in range(2):
        answer = send(client, f"{draft}/papers", {**shown, **values, "materials.0.photos": photo(JPEG)})
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"{draft}/confirm"
        assert rows(station, "application_drafts") == 1
    page = read(client, f"{draft}/papers")
    assert "这份暂存在另一页上删除了" in page
    assert (form_on(page, "save")["values"]["materials.2.got"], len(photos_on(page))) == ("yes", 1)
    assert form_on(read(client, f"{draft}/applicant"), "save")["values"]["fields.phone"] == ""


def test_what_is_to_be_received_and_was_deleted_on_another_page_is_told_and_not_received(client, draft):
    fill(client, draft, filled())
    shown = form_on(read(client, f"{draft}/confirm"), "save")["values"]
    send(client, f"{draft}/discarding", {"csrf_token": shown["csrf_token"]})
    answer = send(client, f"{draft}/confirm", {**shown, "go": "receive"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/drafts")
    assert "这份暂存在另一页上删除了，没有收件" in read(client, "/drafts")
    assert client.get("/api/v1/cases").get_json()["cases"] == []


def test_nobody_keeps_anything_under_the_draft_of_somebody_else(client, sign_in, station, draft):
    shown = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    other = sign_in("zhang")
    token = form_on(read(other, "/password"), "old")["values"]["csrf_token"]
    answer = send(other, f"{draft}/applicant", {**shown, "csrf_token": token, "fields.phone": "1", "go": "on"})
    assert answer.status_code == 404
    assert rows(station, "application_drafts") == 1


def test_what_is_received_while_the_same_button_is_pressed_again_leads_to_the_case(client, draft, monkeypatch):
    fill(client, draft, filled())
    shown = {**form_on(read(client, f"{draft}/confirm"), "save")["values"], "go": "receive"}
    find = wizard.own_draft

    def find_late(station, draft_id):
        monkeypatch.setattr(wizard, "own_draft", find)
        assert send(client, f"{draft}/confirm", shown).status_code == 303
        return find(station, draft_id)

    monkeypatch.setattr(wizard, "own_draft", find_late)
    answer = send(client, f"{draft}/confirm", shown)
    assert (answer.status_code, answer.headers["Location"][-9:]) == (303, "/received")
    assert len(client.get("/api/v1/cases").get_json()["cases"]) == 1


@pytest.mark.parametrize("changed", ["typed", "photographed", "catalogue"])
def test_what_was_changed_on_another_page_is_looked_at_before_it_is_received(client, draft, turn_round, changed):
    fill(client, draft, filled())
    shown = {**form_on(read(client, f"{draft}/confirm"), "save")["values"], "go": "receive"}
    if changed == "typed":
        press(client, draft, "applicant", {"fields.phone": "15400009999"}, "save")
    elif changed == "photographed":
        press(client, draft, "papers", {"materials.0.photos": photo(JPEG)}, "save")
    else:
        turn_round()
    client.post(f"{draft}/confirm/autosave", data={**shown, "page": "one", "turn": "1"})
    told = send(client, f"{draft}/confirm", shown)
    assert (told.status_code, "这份件或它的事项刚才有了变动" in told.text) == (409, True)
    assert client.get("/api/v1/cases").get_json()["cases"] == []
    again = {**form_on(told.text, "save")["values"], "go": "receive"}
    client.post(f"{draft}/confirm/autosave", data={**again, "page": "one", "turn": "2"})
    assert send(client, f"{draft}/confirm", again).status_code == 303


def test_nobody_else_sees_a_draft(client, sign_in, draft):
    press(client, draft, "papers", {"materials.0.photos": photo(JPEG)})
    (address,) = photos_on(read(client, f"{draft}/papers"))
    zhang = sign_in("zhang")
    for place in (address, f"{draft}/papers", f"{draft}/confirm"):
        assert zhang.get(place, headers=HTML).status_code == 404
    token = form_on(read(zhang, address_of()), "key")["values"]
    for place in ("papers", "papers/autosave", "discarding"):
        assert send(zhang, f"{draft}/{place}", token).status_code == 404
    assert send(zhang, address_of(), {**token, "key": draft.rpartition("/")[2]}).status_code == 404


def test_what_is_typed_is_kept_while_it_is_typed(client, draft):
    shown = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    answer = client.post(f"{draft}/applicant/autosave", data={**shown, "fields.applicant_name": "张桂兰"})
    assert answer.get_json() == {
        "saved_at": "14:04",
        "errors": {},
        "unkept": {},
        "kept": {},
        "filled": {},
        "person": "",
        "authority": "",
        "consents": ["consents.processing", "consents.sensitive"],
    }
    assert form_on(read(client, f"{draft}/applicant"), "save")["values"]["fields.applicant_name"] == "张桂兰"


def test_what_a_page_kept_before_it_was_left_replaces_nothing_when_it_comes_late(client, draft):
    shown = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    early = {**shown, "fields.applicant_name": "张桂兰", "page": "one", "turn": "1"}
    left = {**early, "fields.phone": "13800000000", "turn": "2"}
    send(client, f"{draft}/applicant", {**left, "go": "on"})
    assert client.post(f"{draft}/applicant/autosave", data=early).status_code == 200
    assert form_on(read(client, f"{draft}/applicant"), "save")["values"]["fields.phone"] == "13800000000"


@pytest.mark.parametrize(
    "turn",
    [
        {"page": "one", "turn": "3"},
        {"page": "two", "turn": "1"},
        {},
        {"page": "one"},
        {"page": "one", "turn": "no turn"},
        {"page": "o" * 41, "turn": "1"},
        {"page": "one", "turn": "1" * 10},
    ],
)
def test_a_later_turn_another_page_and_a_page_without_turns_are_kept(client, draft, turn):
    shown = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    client.post(f"{draft}/applicant/autosave", data={**shown, "page": "one", "turn": "2"})
    client.post(f"{draft}/applicant/autosave", data={**shown, "fields.phone": "13800000000", **turn})
    assert form_on(read(client, f"{draft}/applicant"), "save")["values"]["fields.phone"] == "13800000000"


def test_what_nobody_touched_on_a_page_is_left_as_another_page_set_it(client, draft):
    press(client, draft, "papers", {})
    shown = form_on(read(client, f"{draft}/papers"), "save")["values"]
    press(client, draft, "papers", {"materials.0.got": "yes", "materials.1.copies": "2"})
    left = "materials.0.got materials.0.kind materials.0.copies materials.1.got materials.1.kind materials.1.copies"
    assert send(client, f"{draft}/papers", {**shown, "materials.2.got": "yes", "left": left, "go": "on"}).location
    now = form_on(read(client, f"{draft}/papers"), "save")["values"]
    assert {now.get(f"materials.{row}.got") for row in (0, 2)} == {"yes"}
    assert now["materials.1.copies"] == "2"
    again = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    press(client, draft, "applicant", {"fields.phone": "13900000002"})
    sent = {**again, "fields.applicant_name": "王秀兰", "left": "fields.phone fields.address", "go": "on"}
    send(client, f"{draft}/applicant", sent)
    now = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    assert (now["fields.phone"], now["fields.applicant_name"]) == ("13900000002", "王秀兰")


def test_of_the_pages_of_a_draft_the_last_eight_are_remembered():
    heard = {}
    for number in range(20):
        heard = heard_with({"page": str(number), "turn": "7"}, heard)
    heard = heard_with({"page": "13", "turn": "8"}, heard)
    assert list(heard.items()) == [(str(number), 7) for number in (12, 14, 15, 16, 17, 18, 19)] + [("13", 8)]
    assert heard_with({"page": "14", "turn": "6"}, heard) is None
    assert heard_with({"page": "3", "turn": "6"}, heard)["3"] == 6


def test_a_photo_is_kept_at_once_and_once_and_what_is_none_is_named(client, station, draft):
    shown = form_on(read(client, f"{draft}/papers"), "save")["values"]
    for _ in range(2):
        values = {**shown, "materials.1.photos": [photo(JPEG), photo(b"no picture", "note.txt")]}
        told = client.post(f"{draft}/papers/autosave", data=values, content_type="multipart/form-data").get_json()
    assert told["errors"] == {"materials.1": f"新选的第 2 张：{NO_PHOTO}"}
    assert told["unkept"] == {"materials.1": [2]}
    assert len(photos_on(told["kept"]["materials.1"])) == 1
    assert rows(station, "draft_photos") == 1
    answer = press(client, draft, "papers", {"materials.1.photos": photo(b"no picture", "note.txt")}, "save")
    assert errors_on(answer.text) == [f"户口簿：新选的第 1 张：{NO_PHOTO}"]


@pytest.fixture
def turn_round(station):
    """Another catalogue comes: the papers of the item stand the other way round, without one of them."""

    def come(without=""):
        whole = json.loads(text("items.json"))
        row = next(one for one in whole["items"] if one["code"] == item().code)
        row["version"] += 1
        row["materials"] = [one for one in reversed(row["materials"]) if one["name"] != without]
        station.catalogue.bring(dump(whole))

    return come


def kept_by_paper(station, draft):
    told = station.drafts.read("wang", draft.rpartition("/")[2]).photos
    return {paper: [one.photo for one in photos] for paper, photos in told.items()}


@pytest.mark.parametrize("how", ["sent", "kept while it is filled in"])
def test_photos_are_of_the_paper_their_page_says_whatever_catalogue_came_meanwhile(
    client, station, draft, turn_round, how
):
    press(client, draft, "papers", {"materials.0.photos": photo(JPEG)}, "save")
    (old,) = kept_by_paper(station, draft)["身份证"]
    shown = form_on(read(client, f"{draft}/papers"), "save")["values"]
    turn_round()
    values = {**shown, "materials.0.drop": str(old), "materials.1.photos": photo(png(), "b.png")}
    if how == "sent":
        assert send(client, f"{draft}/papers", {**values, "go": "save"}).status_code == 303
    else:
        values["materials.0.photos"] = photo(b"no picture", "note.txt")
        told = client.post(f"{draft}/papers/autosave", data=values, content_type="multipart/form-data").get_json()
        assert (list(told["errors"]), told["unkept"]) == (["materials.0"], {"materials.0": [1]})
        assert [len(photos_on(told["kept"][f"materials.{row}"])) for row in range(4)] == [0, 1, 0, 0]
        assert 'name="materials.1.drop"' in told["kept"]["materials.1"]
    assert list(kept_by_paper(station, draft)) == ["户口簿"]


def test_a_card_photographed_for_a_page_of_before_stays_a_card(client, station, draft, turn_round):
    shown = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    turn_round()
    send(client, f"{draft}/applicant", {**shown, "materials.0.photos": photo(JPEG), "go": "on"})
    assert list(kept_by_paper(station, draft)) == ["身份证"]


def test_photos_of_a_paper_that_is_not_asked_for_any_more_are_not_kept_and_it_is_said(
    client, station, draft, turn_round
):
    shown = form_on(read(client, f"{draft}/papers"), "save")["values"]
    turn_round(without="户口簿")
    values = {**shown, "materials.1.photos": photo(JPEG)}
    told = client.post(f"{draft}/papers/autosave", data=values, content_type="multipart/form-data").get_json()
    assert "户口簿" in told["errors"]["materials.1"]
    assert told["unkept"] == {"materials.1": [1]}
    answer = send(client, f"{draft}/papers", {**shown, "materials.1.photos": photo(JPEG), "go": "next"})
    assert answer.status_code == 422
    assert "要交的材料已经变了，没有存上的照片：户口簿" in answer.text
    assert kept_by_paper(station, draft) == {}


def test_a_paper_ticked_without_a_photo_that_is_not_asked_for_any_more_is_told(client, draft, turn_round):
    shown = form_on(read(client, f"{draft}/papers"), "save")["values"]
    turn_round(without="户口簿")
    sent = {**shown, "materials.0.got": "yes", "materials.1.got": "yes", "go": "next"}
    answer = send(client, f"{draft}/papers", sent)
    assert answer.status_code == 422
    assert "要交的材料已经变了，这里勾选了、现在不再要的：户口簿" in answer.text
    again = form_on(answer.text, "save")["values"]
    assert again["materials.2.got"] == "yes"  # the identity card stands last now
    assert "户口簿" not in send(client, f"{draft}/papers", {**again, "go": "next"}).text


def test_photos_crossed_out_are_gone(client, station, draft):
    press(client, draft, "papers", {"materials.0.photos": [photo(JPEG), photo(png(), "b.png")]})
    first, _ = photos_on(read(client, f"{draft}/papers"))
    press(client, draft, "papers", {"materials.0.drop": first.rpartition("/")[2]})
    assert len(photos_on(read(client, f"{draft}/papers"))) == 1
    assert client.get(first).status_code == 404
    assert rows(station, "draft_pieces") == 1


def test_a_card_photographed_at_the_applicants_step_is_among_the_papers_and_names_the_source(client, draft):
    fill(client, draft, filled())
    press(client, draft, "applicant", {"fields.phone": filled()["fields.phone"]})
    shown = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    send(client, f"{draft}/applicant", {**shown, "materials.0.photos": photo(JPEG), "go": "on"})
    assert len(photos_on(read(client, f"{draft}/papers"))) == 1
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    (case,) = client.get("/api/v1/cases").get_json()["cases"]
    assert client.get(f"/api/v1/cases/{case['id']}").get_json()["applicant_source"] == "camera"


def test_a_full_disk_shows_the_page_again_with_what_was_typed(client, station, draft, monkeypatch):
    def full(*_):
        raise DiskFull("the disk is full")

    with monkeypatch.context() as while_full:
        while_full.setattr(keep_drafts.ledger, "put_draft", full)
        answer = press(client, draft, "applicant", {"fields.applicant_name": "张桂兰"}, "next")
        assert answer.status_code == 507
        assert "磁盘已满，这一页还没有存上" in answer.text
        assert form_on(answer.text, "save")["values"]["fields.applicant_name"] == "张桂兰"
    assert form_on(read(client, f"{draft}/applicant"), "save")["values"]["fields.applicant_name"] == ""


def test_what_cannot_be_received_is_a_draft_as_before_and_what_can_is_none(client, station, draft, monkeypatch):
    fill(client, draft, {**filled(), "materials.0.photos": photo(JPEG)})

    def breaking(tx, draft_id):
        ledger.drop_draft(tx, draft_id)
        raise Damaged("the disk broke behind the record")

    with monkeypatch.context() as broken:
        broken.setattr(taking, "drop_draft", breaking)
        answer = press(client, draft, "confirm", {}, "receive")
        assert answer.status_code == 500
        assert "还没有收件" in answer.text
    assert client.get("/api/v1/cases").get_json()["cases"] == []
    assert len(photos_on(read(client, f"{draft}/papers"))) == 1
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    assert len(client.get("/api/v1/cases").get_json()["cases"]) == 1
    assert rows(station, "application_drafts") == 0


def test_photos_beyond_the_room_for_drafts_are_not_kept_and_it_is_said(client, station, draft, monkeypatch):
    monkeypatch.setattr(station.drafts, "_most_bytes", len(JPEG))
    answer = press(client, draft, "papers", {"materials.0.photos": [photo(JPEG)], "materials.0.got": "yes"})
    assert answer.status_code == 303
    full = press(client, draft, "papers", {"materials.1.photos": photo(png(), "b.png")})
    assert full.status_code == 422
    assert errors_on(full.text) == [
        "户口簿：新选的照片没有存上：暂存的照片已经占满了给它们的空间。请先办完或删除几件暂存的件。"
    ]
    assert rows(station, "draft_photos") == 1


def test_an_account_keeps_so_many_and_no_more(client, station, monkeypatch):
    monkeypatch.setattr(keep_drafts, "MOST_DRAFTS", 2)
    for _ in range(2):
        begin(client, address_of())
    answer = send(client, address_of(), form_on(read(client, address_of()), "key")["values"])
    assert answer.status_code == 409
    assert "请先办完或删除几件" in answer.text


def test_drafts_nobody_touches_grow_old_but_not_by_a_clock_that_leapt(client, station, clock, draft):
    press(client, draft, "papers", {"materials.0.photos": photo(JPEG)})
    clock.now_ms += 20 * DAY_MS
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    station.drafts.begin("wang", "younger", "item", "QX-MZ-0024", Typed())
    take(client)  # so that the time counts as heard of
    clock.now_ms += 11 * DAY_MS
    station.drafts.tidy()
    assert [one.id for one in station.drafts.listed("wang")] == ["younger"]
    assert rows(station, "draft_photos") == 0
    clock.now_ms += 4000 * DAY_MS
    station.drafts.tidy()
    assert [one.id for one in station.drafts.listed("wang")] == ["younger"]


def test_a_photo_half_put_in_belongs_to_nothing_and_is_swept(station):
    station.node.engine.write(lambda tx: ledger.begin_photo(tx, "身份证", media_type="image/jpeg", digest=b"d", size=9))
    station.drafts.tidy()
    assert rows(station, "draft_photos") == 0
