"""What everybody is asked to agree to, once: noted where it is given, and nobody waits who has not agreed yet."""

import pytest

from fixtures.county import county
from sync.errors import StoreUnreachable
from sync.people import ask_consents
from sync.people.find_person import person_by_number
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press, receive_another, take
from tests.unit.edge_node.registering import PEOPLE, register
from tests.unit.forms import form_on, read, send

CASES = "/api/v1/cases"
PROCESSING, SENSITIVE = "办件信息处理同意", "敏感信息单独同意"
NUMBER = county().people[0].id_number


@pytest.fixture
def person(client):
    """Somebody who is registered, and was asked for nothing."""
    return register(client)


def say(client, draft, **consents):
    """Note on the applicant's page what he agreed to."""
    shown = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    named = {f"consents.{name}": value for name, value in consents.items()}
    answer = send(client, f"{draft}/applicant", {**shown, **named, "go": "on"})
    assert answer.status_code == 303, answer.text


def consents_of(client, person):
    told = client.get(f"{PEOPLE}/{person}").get_json()
    return {one["kind"]: one for one in told["consents"]}, [one["kind"] for one in told["consents_missing"]]


def last_case(client):
    return client.get(f"{CASES}/{client.get(CASES).get_json()['cases'][0]['id']}").get_json()


def test_what_is_read_out_is_agreed_to_and_stands_with_who_read_it_when_the_application_is_taken(client, station):
    draft = begin(client, address_of())
    page = read(client, f"{draft}/applicant")
    assert "您同意吗？" in page
    assert form_on(page, "save")["values"]["consents.read_by"] == "wang"
    fill(client, draft, filled())
    say(client, draft, processing="oral", sensitive="signature", read_by="李婶")
    page = read(client, f"{draft}/confirm")
    assert "口头，由李婶宣读" in page
    assert "还没有征得" not in page
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    row = person_by_number(station.node, "id_card", NUMBER)
    given, missing = consents_of(client, row.id)
    assert missing == []
    assert {kind: (one["state"], one["read_by"], one["unfiled"]) for kind, one in given.items()} == {
        "processing": ("stands", "李婶", False),
        "sensitive": ("stands", "李婶", True),  # its paper is photographed later
    }
    assert last_case(client)["consents_missing"] == []
    assert "由李婶宣读" in read(client, f"/people/{row.id}")


def test_who_has_not_agreed_is_received_and_it_is_told_as_missing_on_case_and_person(client, station):
    taken = take(client)
    assert taken.status_code == 303
    assert PROCESSING in read(client, taken.headers["Location"])
    case = last_case(client)
    assert [one["kind"] for one in case["consents_missing"]] == ["processing", "sensitive"]
    assert f"还没有征得申请人的{PROCESSING}、{SENSITIVE}" in read(client, f"/cases/{case['id']}")
    assert f"还没有征得：{PROCESSING}、{SENSITIVE}" in read(client, f"/people/{case['person']}")
    for kind in ("processing", "sensitive"):
        sent = {"kind": kind, "means": "fingerprint"}
        assert client.post(f"{PEOPLE}/{case['person']}/consents", json=sent).status_code == 200
    assert last_case(client)["consents_missing"] == []
    assert "还没有征得" not in read(client, f"/cases/{case['id']}")


def test_who_agreed_once_is_not_asked_again(client, person):
    first = begin(client, address_of())
    fill(client, first, filled())
    say(client, first, processing="oral")
    assert press(client, first, "confirm", {}, "receive").status_code == 303
    draft = begin(client, address_of())
    fill(client, draft, filled())
    page = read(client, f"{draft}/applicant")
    assert 'data-consent="consents.processing" hidden' in page
    assert 'data-consent="consents.sensitive">' in page
    values = form_on(page, "save")["values"]
    told = client.post(f"{draft}/applicant/autosave", data=values).get_json()
    assert told["consents"] == ["consents.sensitive"]
    say(client, draft, processing="signature", sensitive="oral")
    assert receive_another(client, draft).status_code == 303
    given, missing = consents_of(client, person)
    assert (missing, given["processing"]["means_name"], given["sensitive"]["means_name"]) == ([], "口头", "口头")
    third = begin(client, address_of())
    fill(client, third, filled())
    assert "同意已经登记，不用再问。" in read(client, f"{third}/applicant")


def test_what_one_who_is_registered_agreed_to_another_has_not(client, person):
    draft = begin(client, address_of())
    fill(client, draft, filled())
    say(client, draft, processing="oral", sensitive="oral")
    press(client, draft, "applicant", {"fields.id_number": county().people[1].id_number})
    assert form_on(read(client, f"{draft}/applicant"), "save")["values"]["consents.processing"] == ""


def test_without_being_registered_nothing_is_noted_and_the_case_says_so(client):
    draft = begin(client, address_of())
    fill(client, draft, filled())
    say(client, draft, processing="oral", sensitive="oral")
    page = read(client, f"{draft}/confirm")
    assert "同意随登记一并记下" in page
    values = {name: value for name, value in form_on(page, "save")["values"].items() if name != "register"}
    assert send(client, f"{draft}/confirm", {**values, "go": "receive"}).status_code == 303
    assert "申请人没有在册，登记人员时可以记下" in read(client, f"/cases/{last_case(client)['id']}")


def test_over_the_api_it_is_a_member_and_the_answer_tells_what_is_missing(client):
    sent = {**application(), "register": True, "consents": [{"kind": "processing", "means": "oral"}]}
    told = client.post(CASES, json=sent, headers=key("first")).get_json()
    assert [one["kind"] for one in told["consents_missing"]] == ["sensitive"]
    assert consents_of(client, told["person"])[1] == ["sensitive"]
    bad = client.post(CASES, json={**sent, "consents": [{"kind": "errand", "means": "oral"}]}, headers=key("bad"))
    assert bad.status_code == 422


def test_a_register_that_cannot_be_read_just_now_hinders_no_application(client, person, monkeypatch):
    def away(*told):
        raise StoreUnreachable("away")

    monkeypatch.setattr(ask_consents, "missing_consents", away)
    sent = {**application(), "consents": [{"kind": "processing", "means": "oral"}]}
    answer = client.post(CASES, json=sent, headers=key("first"))
    assert answer.status_code == 201, answer.text
    assert [one["kind"] for one in answer.get_json()["consents_missing"]] == ["processing"]


def test_whoever_is_registered_in_the_register_is_asked_there_and_both_are_one_transaction(client, station):
    page = read(client, "/people/new")
    assert "您单独同意" in page
    one = county().people[2]
    values = form_on(page, "cert_number")["values"]
    values |= {"name": one.name, "cert_number": one.id_number, "consents.processing": "oral"}
    answer = send(client, "/people/new", values)
    assert answer.status_code == 303, answer.text
    given, missing = consents_of(client, person_by_number(station.node, "id_card", one.id_number).id)
    assert (list(given), given["processing"]["read_by"], missing) == (["processing"], "wang", ["sensitive"])


def test_a_form_that_came_back_keeps_what_was_said_of_consents(client):
    values = form_on(read(client, "/people/new"), "cert_number")["values"]
    answer = send(client, "/people/new", {**values, "name": "张三", "cert_number": "1", "consents.sensitive": "oral"})
    assert answer.status_code == 422
    assert form_on(answer.text, "cert_number")["values"]["consents.sensitive"] == "oral"
