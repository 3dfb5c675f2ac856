"""Whoever applies and is not on the register is registered with his application: in one transaction, or not at all."""

from datetime import date

import pytest

from edge_node.services import take_parts
from edge_node.services.prepare_application import Application
from edge_node.services.register_applicant import newcomer
from edge_node.wiring import build_app
from fixtures.county import county
from sync.errors import DiskFull, Invalid
from sync.http_api.feeds import FeedGate
from sync.node.acts.acting import Doer
from sync.people.find_person import person_by_number
from sync.people.leave_register import note_death
from sync.records.check_digits import mod_11_2
from tests.described import held_to_description
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.conftest import PASSWORD, SetClock, stations
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press
from tests.unit.forms import form_on

CASES = "/api/v1/cases"
NUMBER = county().people[0].id_number


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    """One for all of them: each test has an applicant of its own."""
    with stations(tmp_path_factory.mktemp("station"), SetClock()) as make:
        yield make()


@pytest.fixture(scope="module")
def client(station):
    client = held_to_description(build_app(station, FeedGate())).test_client()
    assert client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD}).status_code == 201
    return client


def take(client, number, name=""):
    body = {**application(number=number), "register": True}
    return client.post(CASES, json=body, headers=key(f"{number}-{name}"))


def what_stands(client):
    people, cases = client.get("/api/v1/people").get_json()["people"], client.get(CASES).get_json()["cases"]
    return len(people), len(cases)


def test_the_applicant_is_registered_in_the_transaction_that_takes_his_case(client, station, monkeypatch):
    writes = []
    real = station.node.write
    monkeypatch.setattr(type(station.node), "write", lambda node, work: writes.append(1) or real(work))
    told = take(client, 1).get_json()
    assert len(writes) == 1
    person = client.get(f"/api/v1/people/{told['person']}").get_json()
    assert {field["name"] for field in person["fields"]} >= {"name", "cert_number", "phone", "address"}
    assert client.get(f"{CASES}/{told['id']}").get_json()["person"] == told["person"]
    before = what_stands(client)
    assert take(client, 1).get_json() == told  # asked again it is answered alike
    assert take(client, 1, "2").get_json()["person"] == told["person"]  # who is registered is not registered anew
    assert what_stands(client) == (before[0], before[1] + 1)


@pytest.mark.parametrize(
    ("kind", "body", "sex"),
    [("permanent_residence", "91184019790307002", "女"), ("hmt_residence", "81000019790307001", "男")],
)
def test_who_applies_with_another_paper_of_18_characters_is_registered_with_that_one_and_once(client, kind, body, sex):
    number = body + mod_11_2(body)
    sent = {**application(number=4), "register": True}
    sent["fields"] = {**sent["fields"], "applicant_name": "安娜", "id_number": number}
    person = client.post(CASES, json=sent, headers=key(f"{kind} 1")).get_json()["person"]
    shown = client.get(f"/api/v1/people/{person}").get_json()
    assert (shown["cert_kind"], shown["sex"]) == (kind, sex)
    assert shown["age"] > 40
    assert client.post(CASES, json=sent, headers=key(f"{kind} 2")).get_json()["person"] == person
    lookup = client.post("/api/v1/people/lookup", json={"cert_kind": kind, "cert_number": number}).get_json()
    assert lookup["person"]["id"] == person


@pytest.mark.parametrize("way", ["api", "desk"])
def test_when_the_case_cannot_be_written_nobody_is_registered(client, monkeypatch, way):
    before = what_stands(client)

    def breaking(*given, **more):
        raise DiskFull

    with monkeypatch.context() as broken:
        broken.setattr(take_parts, "file_in", breaking)
        if way == "api":
            assert take(client, 2).status_code == 507
        else:
            draft = begin(client, address_of())
            fill(client, draft, filled(number=3))
            assert press(client, draft, "confirm", {}, "receive").status_code == 507
    assert what_stands(client) == before


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"applicant_name": "长" * 51, "id_number": NUMBER}, "姓名超过 50 个字"),
        ({"applicant_name": "张三"}, "没有申请人的证件号码"),
    ],
)
def test_who_cannot_be_registered_by_what_the_form_says_is_told_why(fields, sentence):
    whole = Application("any", {}, register=True)
    with pytest.raises(Invalid) as refused:
        newcomer(whole, [fields], date(2025, 9, 26))
    ((place, said),) = refused.value.fields
    assert (place, sentence in said) == ("register", True)


def test_at_the_desk_the_box_can_be_taken_off_where_he_cannot_be_registered(client, monkeypatch):
    def refusing(*given):
        raise Invalid("填写有误", fields=[("register", "申请人不能一并登记")])

    draft = begin(client, address_of())
    fill(client, draft, filled(number=4))
    before = what_stands(client)
    with monkeypatch.context() as broken:
        broken.setattr(take_parts, "newcomer", refusing)
        answer = press(client, draft, "confirm", {}, "receive")
    assert answer.status_code == 422
    assert "登记申请人：申请人不能一并登记" in answer.text
    assert "register" not in form_on(answer.text, "save")["values"]  # it is there, and not ticked
    assert 'name="register"' in answer.text
    assert what_stands(client) == before


def test_somebody_who_died_is_not_registered_anew_by_an_application_in_his_name(client, station):
    told = take(client, 0).get_json()
    note_death(station.node, told["person"], Doer("acct:wang"))
    assert take(client, 0, "2").status_code == 422
    row = person_by_number(station.node, "id_card", NUMBER)
    assert (row.id, row.status) == (told["person"], "deceased")


def by_passport(number, name="Anna Müller", passport="C01X00T47"):
    sent = {**application(number=number), "register": True}
    told = {"applicant_name": name, "cert_kind": "passport", "id_number": passport}
    return {**sent, "fields": {**sent["fields"], **told}}


def test_who_applies_with_a_passport_is_registered_with_it_and_found_by_it_the_next_time(client, station):
    told = client.post(CASES, json=by_passport(5), headers=key("passport 1")).get_json()
    person = client.get(f"/api/v1/people/{told['person']}").get_json()
    assert (person["cert_kind"], person["cert_number"]) == ("passport", "*******47")
    case = client.get(f"{CASES}/{told['id']}").get_json()
    shown = {field["name"]: field["value"] for field in case["fields"]}
    assert (shown["cert_kind"], shown["id_number"]) == ("护照", "*******47")
    again = client.post(CASES, json=by_passport(5, passport=" c01x 00t47"), headers=key("passport 2")).get_json()
    assert again["person"] == told["person"]
    asked = client.get(f"/api/v1/people/{told['person']}/prefill?item={by_passport(5)['item']}").get_json()["fields"]
    assert (asked["cert_kind"], asked["id_number"]) == ("passport", "C01X00T47")


def test_a_case_taken_before_its_applicant_was_registered_by_passport_is_his_and_no_namesakes(client):
    early = client.post(CASES, json={**by_passport(5, passport="P7654321"), "register": False}, headers=key("early"))
    assert early.get_json()["person"] == ""
    told = {"name": "Anna Müller", "cert_number": "P7654321"}
    ids = {
        kind: client.post("/api/v1/people", json={**told, "cert_kind": kind}, headers=key(kind)).get_json()["id"]
        for kind in ("passport", "other")
    }
    theirs = {kind: client.get(f"/api/v1/people/{person}/cases").get_json()["cases"] for kind, person in ids.items()}
    assert [one["id"] for one in theirs["passport"]] == [early.get_json()["id"]]
    assert theirs["other"] == []


def test_the_number_of_a_passport_is_no_citizens_and_is_refused_where_nobody_names_the_passport(client):
    sent = by_passport(5)
    del sent["fields"]["cert_kind"]
    refused = client.post(CASES, json=sent, headers=key("no kind"))
    assert refused.status_code == 422
    assert [one["field"] for one in refused.get_json()["errors"]] == ["fields.id_number"]


def test_the_passport_of_another_than_the_person_chosen_is_refused(client):
    person = client.post(CASES, json=by_passport(5), headers=key("chosen 1")).get_json()["person"]
    other = {**by_passport(5, passport="X9999999"), "person": person}
    refused = client.post(CASES, json=other, headers=key("chosen 2"))
    assert [one["field"] for one in refused.get_json()["errors"]] == ["person"]


def test_the_kind_is_put_right_together_with_its_number_or_not_at_all(client):
    case = client.post(CASES, json=by_passport(5), headers=key("corrected")).get_json()["id"]
    alone = client.post(
        f"{CASES}/{case}/correction", json={"fields": {"cert_kind": "id_card"}, "reason": "抄错"}, headers=key("c1")
    )
    assert alone.status_code == 422
    assert [one["field"] for one in alone.get_json()["errors"]] == ["fields.id_number"]
    both = {"fields": {"cert_kind": "id_card", "id_number": county().people[6].id_number}, "reason": "抄错"}
    assert client.post(f"{CASES}/{case}/correction", json=both, headers=key("c2")).status_code == 200
    shown = {one["name"]: one["value"] for one in client.get(f"{CASES}/{case}").get_json()["fields"]}
    assert shown["cert_kind"] == "居民身份证"
