"""登记人员 with a reader: a card fills in the form, and only what was just read counts as 读卡; page and API."""

import re

import pytest

from edge_node.devices.simulator import INVENTED
from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from sync.people.card_readings import MOST_SECONDS
from tests.described import held_to_description
from tests.unit.edge_node.applications import key
from tests.unit.forms import form_on, read, send

READINGS, PEOPLE = "/api/v1/card-readings", "/api/v1/people"
NOT_READ = "刚才没有在本机读过这个姓名和号码的证件，请读卡，或者选“手输”"


@pytest.fixture
def app(station_with_reader):
    return held_to_description(build_app(station_with_reader, FeedGate()))


def read_in(client, **typed):
    form = form_on(read(client, "/people/new"), "cert_number")["values"]
    return send(client, "/people/new", {**form, **typed, "go": "card"})


def told(**more):
    return {"name": INVENTED["name"], "cert_kind": "id_card", "cert_number": INVENTED["citizenId"], **more}


def test_a_card_fills_in_the_form_and_the_person_was_read_off_it(client, simulator):
    simulator[0].put({})
    filled = form_on(read_in(client, phone="13812345678").text, "cert_number")["values"]
    assert (filled["name"], filled["cert_number"]) == (INVENTED["name"], INVENTED["citizenId"])
    assert (filled["phone"], filled["source"]) == ("13812345678", "card")
    page = read(client, send(client, "/people/new", filled).headers["Location"])
    assert len(re.findall(r"<dd>读卡\b", page)) == 2


def test_what_is_typed_by_hand_is_never_called_read(client, simulator):
    simulator[0].put({})
    page = read(client, "/people/new")
    assert "人像比对" not in page
    assert 'value="card"' not in page.partition('name="source"')[2]
    form = form_on(page, "cert_number")["values"]
    answer = send(client, "/people/new", {**form, **told(source="card", proof="manual")})
    assert (answer.status_code, NOT_READ in answer.text) == (422, True)
    assert form_on(answer.text, "cert_number")["values"]["source"] == "hand"
    filled = form_on(read_in(client).text, "cert_number")["values"]
    answer = send(client, "/people/new", {**filled, "name": "另一名"})
    assert (answer.status_code, NOT_READ in answer.text) == (422, True)


def test_an_empty_reader_keeps_what_was_typed_and_says_what_to_do(client, simulator):
    simulator[0].put(None)
    answer = read_in(client, phone="13812345678")
    assert (answer.status_code, "读卡器没有放卡" in answer.text) == (422, True)
    assert form_on(answer.text, "cert_number")["values"]["phone"] == "13812345678"


def test_a_reading_belongs_to_its_session_and_is_soon_over(sign_in, client, simulator, clock):
    simulator[0].put({})
    reading = client.post(READINGS, json={}).get_json()
    assert (reading["name"], reading["number"]) == (INVENTED["name"], INVENTED["citizenId"])
    body = told(source="card", reading=reading["reading"])
    refused = sign_in("wang").post(PEOPLE, json=body, headers=key("another session"))
    assert [one["field"] for one in refused.get_json()["errors"]] == ["source"]
    clock.now_ms += (MOST_SECONDS + 1) * 1000
    assert client.post(PEOPLE, json=body, headers=key("late")).status_code == 422
    body["reading"] = client.post(READINGS, json={}).get_json()["reading"]
    person = client.post(PEOPLE, json=body, headers=key("read")).get_json()["id"]
    shown = {one["name"]: one["value"] for one in client.get(f"{PEOPLE}/{person}").get_json()["fields"]}
    assert (shown["source"], shown["proof"]) == ("读卡", "读卡")


def test_a_reader_that_reads_nothing_is_told_as_a_problem(client, simulator):
    simulator[0].put(None)
    answer = client.post(READINGS, json={})
    assert (answer.status_code, answer.get_json()["type"]) == (409, "urn:yizhan:problem:card-not-read")
