"""Papers that come after the application: beside those handed in before, once, and with nothing lost."""

import json
import re

import pytest

from edge_node.desk import supplementing
from edge_node.wiring import build_app
from fixtures.county import text
from sync.http_api.feeds import FeedGate
from sync.values.json_text import dump
from tests.unit.edge_node.applications import JPEG, application, item, key, png
from tests.unit.edge_node.conftest import PASSWORD
from tests.unit.forms import HTML, errors_on, form_on, photo, read, send
from tests.unit.lawful_acts import lawful

API = "/api/v1/cases"


@pytest.fixture
def case(client):
    return client.post(API, json=application(photos=(JPEG,), follow=True), headers=key("first")).get_json()


@pytest.fixture
def page_of(case):
    return f"/cases/{case['id']}"


@pytest.fixture
def asked(client, case):
    """The case, sent back for what is missing."""
    client.post(f"{API}/{case['id']}/return", json={"reason": "缺银行卡复印件"})
    return case


def bring(client, page_of, **values):
    form = form_on(read(client, f"{page_of}/papers"), "reason")
    return send(client, f"{page_of}/papers", {**form["values"], **values})


def told(client, case):
    return client.get(f"{API}/{case['id']}").get_json()


def test_what_was_asked_for_is_said_on_the_form_and_brings_the_case_back(client, asked, page_of):
    assert "这件办件等待补交材料" in read(client, page_of)
    assert "要求补正的内容：缺银行卡复印件" in read(client, f"{page_of}/papers")
    answer = bring(client, page_of, **{"materials.2.photos": photo(png(), "card.png"), "materials.2.copies": "1"})
    assert answer.status_code == 303
    after = told(client, asked)
    assert after["state"] == "received"
    assert after["log"][-1]["type"] == "supplemented"
    papers = {paper["name"]: len(paper["photos"]) for paper in after["materials"]}
    assert papers == {"身份证": 1, "户口簿": 0, "近期照片": 0, "银行卡": 1}
    assert client.get(f"{page_of}/photos/2").data == png()
    assert "材料已补交" in read(client, page_of)


def test_what_the_notice_names_and_did_not_come_is_said(client, case, page_of):
    gaps = [{"material": "银行卡", "what": "没有提交"}]
    client.post(f"{API}/{case['id']}/notice", json={"gaps": gaps})
    assert bring(client, page_of, **{"materials.0.photos": photo(png(), "b.png")}).status_code == 303
    assert told(client, case)["state"] == "supplement_before"
    assert "告知要补的还没有交齐，还缺：银行卡" in read(client, page_of)


def test_more_photos_of_a_paper_stand_beside_the_first_and_move_nothing(client, case, page_of):
    assert bring(client, page_of, **{"materials.0.photos": photo(png(), "b.png")}).status_code == 303
    after = told(client, case)
    assert (after["state"], after["log"][-1]["type"]) == ("received", "materials_added")
    assert len(after["materials"][0]["photos"]) == 2
    assert client.get(f"{page_of}/photos/1").data == JPEG


def test_what_came_is_named_in_what_has_happened_and_what_was_here_is_not(client, case, page_of):
    both = {"materials.1.photos": photo(png(), "b.png"), "materials.2.got": "yes"}
    assert bring(client, page_of, **both, reason="儿子送来").status_code == 303
    assert told(client, case)["log"][-1]["note"] == "儿子送来；收到：户口簿、银行卡"
    assert bring(client, page_of, reason="口头说明").status_code == 303
    assert told(client, case)["log"][-1]["note"] == "口头说明"
    assert "收到" not in told(client, case)["log"][0]["note"]
    assert "收到：户口簿、银行卡<time>" in read(client, page_of)


def test_the_number_that_stands_on_a_card_is_asked_for_when_the_card_comes(client, page_of, case):
    page = read(client, f"{page_of}/papers")
    assert 'name="fields.bank_card"' not in page  # the sample's form has it
    body = application(number=3, follow=True)
    del body["fields"]["bank_card"]
    left = client.post(API, json=body, headers=key("left")).get_json()
    page = read(client, f"/cases/{left['id']}/papers")
    assert page.index('value="银行卡"') < page.index('name="fields.bank_card"') < page.index('value="身份证"')
    card = {"materials.2.got": "yes", "fields.bank_card": " 6222 0000 1111 2222 "}
    past = bring(client, f"/cases/{left['id']}", **{**card, "fields.bank_card": "6" * 30})
    assert errors_on(past.text) == ["收款银行卡号超过 25 个字"]
    assert form_on(past.text, "reason")["values"]["fields.bank_card"] == "6" * 30
    assert bring(client, f"/cases/{left['id']}", **card).status_code == 303
    after = told(client, left)
    assert [one["value"] for one in after["fields"] if one["name"] == "bank_card"] == ["***************2222"]
    assert after["log"][-1]["note"] == "填写：收款银行卡号；收到：银行卡"
    assert 'name="fields.bank_card"' not in read(client, f"/cases/{left['id']}/papers")


def test_a_card_without_its_number_is_taken_and_what_is_left_open_is_said(client):
    body = application(number=3, follow=True)
    del body["fields"]["bank_card"]
    left = client.post(API, json=body, headers=key("left")).get_json()
    address = f"/cases/{left['id']}"
    alone = bring(client, address, **{"fields.bank_card": "6222000011112222", "reason": "电话里说的"})
    assert errors_on(alone.text) == ["收款银行卡号：要和写着它的材料一起填，而且原来没有填过"]
    assert bring(client, address, **{"materials.2.got": "yes"}).status_code == 303
    assert "表单里还没有填：收款银行卡号。请办理“信息更正”补上" in read(client, address)


def test_an_original_shown_later_is_noted_beside_the_copy_that_stayed(client, case, page_of):
    assert bring(client, page_of, **{"materials.1.got": "yes", "materials.1.copies": "2"}).status_code == 303
    shown = {"materials.1.got": "yes", "materials.1.kind": "shown"}
    assert bring(client, page_of, **shown).status_code == 303
    (book,) = (one for one in told(client, case)["materials"] if one["name"] == "户口簿")
    assert (book["kind"], book["copies"], book["kind_name"]) == ("copy", 2, "复印件，已核原件")


def test_what_has_no_name_on_the_form_may_be_written(client, asked, page_of):
    assert bring(client, page_of, reason="补交村委会证明原件").status_code == 303
    after = told(client, asked)
    assert (after["state"], after["log"][-1]["note"]) == ("received", "补交村委会证明原件")


def test_nothing_brought_is_nothing_done(client, asked, page_of, keep_unchanged):
    keep_unchanged()
    answer = bring(client, page_of)
    assert answer.status_code == 422
    assert errors_on(answer.text) == ["材料：请勾选补交的材料，或者在说明里写明补交了什么"]


def test_everything_wrong_is_said_and_good_photos_are_kept(client, asked, page_of, keep_unchanged):
    keep_unchanged()
    values = {
        "materials.1.photos": photo(JPEG),
        "materials.2.photos": photo(b"no picture", "note.txt"),
        "materials.2.got": "yes",
        "materials.2.copies": "many",
        "reason": "x" * 501,
    }
    answer = bring(client, page_of, **values)
    assert answer.status_code == 422
    assert errors_on(answer.text) == [
        "银行卡：新选的第 1 张：不是 JPEG 或 PNG 照片，请拍纸质材料，或者先把文件存成 JPEG 图片",
        "银行卡：份数应为 1 到 99 的整数",
    ]
    again = form_on(answer.text, "reason")["values"]
    assert again["materials.1.kept"] == "1"
    assert client.get(re.search(r'<img src="(/drafts/[^"]*/photos/[0-9]+)"', answer.text)[1]).data == JPEG


def test_photos_of_a_form_that_came_back_are_there_after_a_restart_listed_and_gone_when_handed_in(
    client, station, asked, page_of
):
    bring(client, page_of, **{"materials.1.photos": photo(JPEG), "materials.1.copies": "many"})
    other = build_app(station, FeedGate()).test_client()
    other.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    page = read(other, "/drafts")
    assert "补交材料：高龄津贴" in page
    address = re.search(rf'href="({re.escape(page_of)}/papers[?]draft=[^"]*)"', page)[1]
    form = form_on(read(other, address), "reason")["values"]
    assert form["materials.1.kept"] == "1"
    values = {**form, "materials.2.photos": photo(png(), "b.png")}
    first = send(other, f"{page_of}/papers", values)
    again = send(other, f"{page_of}/papers", {**values, "materials.2.photos": photo(png(), "b.png")})
    assert (first.status_code, again.status_code) == (303, 303)
    papers = {paper["name"]: len(paper["photos"]) for paper in told(client, asked)["materials"]}
    assert (papers["户口簿"], papers["银行卡"]) == (1, 1)
    assert "补交材料：" not in read(other, "/drafts")


@pytest.mark.parametrize(("reason", "sentence"), [("x" * 501, "最多 500 个字"), ("a\x07b", "含有不能显示的字符")])
def test_a_note_that_cannot_be_kept_is_refused(client, asked, page_of, reason, sentence):
    answer = bring(client, page_of, reason=reason)
    assert answer.status_code == 422
    assert errors_on(answer.text) == [f"说明：{sentence}"]


def test_too_many_photos_of_one_paper_are_refused(client, case, page_of, keep_unchanged):
    keep_unchanged()
    small = [photo(b"\xff\xd8\xff" + bytes([number]) + b"\xff\xd9") for number in range(20)]
    answer = bring(client, page_of, **{"materials.0.photos": small})
    assert answer.status_code == 422
    assert "身份证的照片合计超过 20 张" in answer.text


def test_a_form_sent_twice_brings_them_once_and_a_changed_one_says_so(client, asked, page_of):
    form = form_on(read(client, f"{page_of}/papers"), "reason")["values"]
    values = {**form, "materials.2.got": "yes"}
    first, again = (send(client, f"{page_of}/papers", dict(values)) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    changed = send(client, f"{page_of}/papers", {**values, "reason": "另有一份"})
    assert changed.status_code == 422
    assert "这张表已经提交过了" in changed.text
    assert len(told(client, asked)["log"]) == 3


def test_a_form_that_came_back_is_sent_twice_at_once_and_brings_them_once(client, asked, page_of, monkeypatch):
    past = bring(client, page_of, **{"materials.1.photos": photo(JPEG), "materials.1.copies": "many"})
    values = {**form_on(past.text, "reason")["values"], "materials.1.copies": "1"}
    hand_in = supplementing.supplement_case

    def hand_in_late(*told, **more):
        monkeypatch.setattr(supplementing, "supplement_case", hand_in)
        assert send(client, f"{page_of}/papers", values).status_code == 303
        return hand_in(*told, **more)

    monkeypatch.setattr(supplementing, "supplement_case", hand_in_late)
    again = send(client, f"{page_of}/papers", values)
    assert (again.status_code, again.headers["Location"]) == (303, page_of)
    assert [one["type"] for one in told(client, asked)["log"]] == ["received", "supplement_asked", "supplemented"]


def test_papers_of_a_form_are_those_it_says_whatever_catalogue_came_meanwhile(client, station, asked, page_of):
    form = form_on(read(client, f"{page_of}/papers"), "reason")["values"]
    whole = json.loads(text("items.json"))
    row = next(one for one in whole["items"] if one["code"] == item().code)
    row["version"] += 1
    row["materials"].reverse()
    station.catalogue.bring(dump(whole))
    values = {"materials.2.photos": photo(png(), "card.png"), "materials.2.copies": "many", "materials.2.got": "yes"}
    past = send(client, f"{page_of}/papers", {**form, **values})
    assert errors_on(past.text) == ["银行卡：份数应为 1 到 99 的整数"]
    again = form_on(past.text, "reason")["values"]
    place = next(name for name, value in again.items() if value == "银行卡").removesuffix(".name")
    assert (again[f"{place}.copies"], again[f"{place}.kept"]) == ("many", "1")
    assert send(client, f"{page_of}/papers", {**again, f"{place}.copies": "2"}).status_code == 303
    handed = {paper["name"]: paper for paper in told(client, asked)["materials"]}
    assert (len(handed["银行卡"]["photos"]), handed["银行卡"]["copies"]) == (1, 2)


def test_a_paper_ticked_that_no_catalogue_asks_for_any_more_is_told_and_the_others_wait(
    client, station, asked, page_of
):
    form = form_on(read(client, f"{page_of}/papers"), "reason")["values"]
    whole = json.loads(text("items.json"))
    row = next(one for one in whole["items"] if one["code"] == item().code)
    row["version"] += 1
    row["materials"] = [one for one in row["materials"] if one["name"] != "户口簿"]
    station.catalogue.bring(dump(whole))
    past = send(client, f"{page_of}/papers", {**form, "materials.1.got": "yes", "materials.2.got": "yes"})
    assert errors_on(past.text) == ["材料：要交的材料已经变了，这里勾选了、现在不再要的：户口簿"]
    assert send(client, f"{page_of}/papers", form_on(past.text, "reason")["values"]).status_code == 303
    assert "银行卡" in {paper["name"] for paper in told(client, asked)["materials"]}


def test_a_case_at_its_end_takes_no_papers(client, case, page_of):
    client.post(f"{API}/{case['id']}/withdrawal", json={"reason": "本人不办了"})
    assert "补交材料" not in read(client, page_of)


def test_papers_for_a_case_nobody_has_are_refused(client):
    assert client.get("/cases/none/papers", headers=HTML).status_code == 404


def test_who_keeps_the_pc_brings_no_papers(sign_in, page_of):
    assert sign_in("root").get(f"{page_of}/papers", headers=HTML).status_code == 403


def test_a_signed_promise_is_asked_for_until_it_is_filed_and_moves_nothing(client, case, page_of):
    client.post(f"{API}/{case['id']}/tolerance", json={})
    client.post(f"{API}/{case['id']}/authority", json=lawful("authority"))
    page = read(client, page_of)
    assert "容缺补正承诺书拍照存档" in page
    assert "授权委托书拍照存档" in page
    answer = bring(client, page_of, **{"materials.4.photos": photo(png(), "promise.png")})
    assert answer.status_code == 303
    after = told(client, case)
    assert (after["state"], after["log"][-1]["type"]) == ("tolerance", "materials_added")
    assert after["unfiled_papers"] == ["授权委托书"]
    assert "容缺补正承诺书拍照存档" not in read(client, page_of)


def test_what_is_missing_brought_with_a_signed_paper_still_moves_the_case(client, case, page_of):
    client.post(f"{API}/{case['id']}/tolerance", json={})
    both = {"materials.3.copies": "1", "materials.3.photos": photo(png(), "card.png")}
    assert bring(client, page_of, **both, **{"materials.4.photos": photo(JPEG, "promise.jpg")}).status_code == 303
    assert told(client, case)["log"][-1]["type"] == "supplemented"


def test_what_was_asked_for_stands_first_and_marked_and_each_row_stays_the_paper_it_was(client, case, page_of):
    asked = {"gaps": [{"material": "户口簿", "what": "缺首页"}, {"material": "银行卡", "what": "没有提交"}]}
    assert client.post(f"{API}/{case['id']}/notice", json=asked).status_code == 200
    page = read(client, f"{page_of}/papers")
    rows = re.findall(r'id="(materials\.\d)">\s*<legend>(\S+) ', page)
    assert rows == [
        ("materials.1", "户口簿"),
        ("materials.2", "银行卡"),
        ("materials.0", "身份证"),
        ("materials.3", "近期照片"),
    ]
    assert page.count("本次要交") == 2
    assert '<p class="what">缺首页</p>' in page
    assert bring(client, page_of, **{"materials.1.got": "yes", "materials.1.copies": "2"}).status_code == 303
    (book,) = (one for one in told(client, case)["materials"] if one["name"] == "户口簿")
    assert book["copies"] == 2


def test_where_nothing_was_asked_for_papers_stand_as_in_the_catalogue_but_what_lacks(client, case, page_of):
    page = read(client, f"{page_of}/papers")
    assert page.count("本次要交") == 1  # 银行卡, which lacks
    assert page.index('id="materials.2"') < page.index('id="materials.0"') < page.index('id="materials.1"')
