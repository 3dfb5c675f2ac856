"""情形引导: the questions of an item are asked, the form and the papers follow, and the server holds to the answers."""

from itertools import count

import pytest

from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from tests.described import held_to_description
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.conftest import PASSWORD, SetClock, stations
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press
from tests.unit.forms import form_on, read, send

CASES = "/api/v1/cases"
_KEYS = count()
BIRTH, AGED = "生育登记", "高龄津贴"


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    with stations(tmp_path_factory.mktemp("station"), SetClock()) as make:
        yield make()


@pytest.fixture(scope="module")
def client(station):
    client = held_to_description(build_app(station, FeedGate())).test_client()
    assert client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD}).status_code == 201
    return client


def take(client, name, answers, *, without=(), more=(), **fields):
    body = application(name)
    body["fields"] = {**body["fields"], **fields}
    body["materials"] = [one for one in body["materials"] if one["name"] not in without]
    body["materials"] += [{"name": one} for one in more]
    return client.post(CASES, json={**body, "situations": answers}, headers=key(f"situations-{next(_KEYS)}"))


def wrong(answer):
    assert answer.status_code == 422, answer.text
    return {one["field"]: one["message"] for one in answer.get_json()["errors"]}


def test_the_server_holds_to_the_answers_and_the_case_keeps_them(client):
    spouse = {"spouse_name": "王小禾", "spouse_id_number": application(AGED)["fields"]["id_number"]}
    assert {"fields.spouse_name", "fields.spouse_id_number", "materials"} <= set(
        wrong(take(client, BIRTH, {"marriage": "again"}))
    )
    assert "fields.spouse_name" in wrong(take(client, BIRTH, {"marriage": "single"}, spouse_name="王小禾"))
    assert "materials" in wrong(take(client, BIRTH, {"marriage": "single"}, more=("结婚证",)))
    assert set(wrong(take(client, BIRTH, {"marriage": "fifth", "colour": "red"}))) == {
        "situations.marriage",
        "situations.colour",
    }
    elsewhere = wrong(take(client, AGED, {"age": "younger"}))["situations.age"]
    assert "请办理“经济困难高龄失能老年人补贴”" in elsewhere
    told = take(client, BIRTH, {"marriage": "again"}, more=("结婚证",), **spouse).get_json()
    case = client.get(f"{CASES}/{told['id']}").get_json()
    assert case["situations"] == [
        {"name": "marriage", "question": "是第几次结婚？", "answer": "again", "label": "再婚"}
    ]
    assert client.get(f"{CASES}/{take(client, BIRTH, {}).get_json()['id']}").get_json()["situations"] == []
    hundred = take(client, AGED, {"age": "hundred"}, without=("近期照片",)).get_json()
    assert "近期照片" not in read(client, f"/cases/{hundred['id']}/papers")  # nor asked for later
    assert "近期照片" not in read(client, f"/cases/{hundred['id']}/prints/receipt")
    (item,) = [client.get(f"/api/v1/items/{case['item']}").get_json()]
    assert [one["usual"] for one in item["situations"]] == ["first"]
    guide = read(client, "/citizen/items/QX-WJ-0033")
    assert "结婚证不用交，配偶姓名不用填，配偶公民身份号码不用填" in guide
    assert "请办理“经济困难高龄失能老年人补贴”" in read(client, "/items/QX-MZ-0024")


def test_in_a_bundle_each_question_stands_with_the_code_of_its_item(client):
    route = "/api/v1/bundles/QX-YJS-01/applications"
    body = {"fields": {}, "materials": [], "situations": {"QX-WJ-0033.marriage": "again", "marriage": "again"}}
    errors = wrong(client.post(route, json=body, headers=key("1")))
    assert {"situations.marriage", "fields.spouse_name"} <= set(errors)
    assert "situations.QX-WJ-0033.marriage" not in errors


def test_at_the_desk_form_and_papers_follow_the_answers_and_can_be_changed(client, station):
    address = address_of(BIRTH)
    first = form_on(read(client, address), "key")["values"]
    assert first["situations.marriage"] == "first"  # what is usual
    before = station.drafts.listed("wang")
    looked = send(client, address, {**first, "situations.marriage": "single", "go": "look"})
    assert looked.status_code == 200
    assert "结婚证" not in looked.text.partition("要带的材料")[2]
    assert station.drafts.listed("wang") == before  # looking begins nothing
    draft = begin(client, address, **{"situations.marriage": "again"})
    papers = form_on(read(client, f"{draft}/papers"), "save")["values"]
    assert papers["materials.1.name"] == "结婚证"
    typed = {**filled(BIRTH, number=1), "fields.spouse_name": "王小禾", "materials.1.got": "yes"}
    fill(client, draft, typed)
    refused = press(client, draft, "confirm", {}, "receive")
    assert refused.status_code == 422
    assert "配偶公民身份号码" in refused.text
    assert press(client, draft, "guide", {}, "on").status_code == 303
    values = form_on(read(client, f"{draft}/guide"), "save")["values"]
    send(client, f"{draft}/guide", {**values, "situations.marriage": "single", "go": "next"})
    assert "fields.spouse_name" not in form_on(read(client, f"{draft}/form"), "save")["values"]
    page = read(client, f"{draft}/confirm")
    assert "没有结婚" in page
    assert "结婚证" not in page.partition("<h2>材料</h2>")[2]
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    case = max(client.get(CASES).get_json()["cases"], key=lambda one: one["receipt_number"])
    shown = client.get(f"{CASES}/{case['id']}").get_json()
    assert [one["label"] for one in shown["situations"]] == ["没有结婚"]
    assert "spouse_name" not in {one["name"] for one in shown["fields"]}
    assert "没有结婚" in read(client, f"/cases/{case['id']}")


def test_an_answer_that_leads_elsewhere_shows_the_way_and_goes_no_further(client):
    address = address_of(AGED)
    values = form_on(read(client, address), "key")["values"]
    answer = send(client, address, {**values, "situations.age": "younger", "go": "next"})
    assert answer.status_code == 422
    assert "/items/QX-MZ-0025/application" in answer.text
    assert "办理“经济困难高龄失能老年人补贴”" in answer.text


def test_without_situations_nothing_is_asked(client):
    page = read(client, address_of("农机购置与应用补贴"))
    assert "situations." not in page
    assert 'value="look"' not in page
