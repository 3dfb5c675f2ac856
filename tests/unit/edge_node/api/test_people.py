"""People over HTTP: registered once, read masked, worked on act by act; and applications that draw on the register."""

import pytest

from edge_node.wiring import build_app
from fixtures.county import county
from sync.http_api.feeds import FeedGate
from sync.store.ledger.audit import entries_about
from tests.described import held_to_description
from tests.unit.edge_node.applications import JPEG, application, encoded, key
from tests.unit.edge_node.conftest import PASSWORD, SetClock, stations
from tests.unit.edge_node.pictures.drawing import page, saved
from tests.unit.edge_node.registering import PEOPLE, register, told

CASES = "/api/v1/cases"
FIRST, SECOND = "特困人员救助供养", "重度残疾人护理补贴"


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    """One for all of them: each test has people of its own."""
    with stations(tmp_path_factory.mktemp("station"), SetClock()) as make:
        yield make()


@pytest.fixture(scope="module")
def app(station):
    return held_to_description(build_app(station, FeedGate()))


@pytest.fixture(scope="module")
def client(app):
    client = app.test_client()
    assert client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD}).status_code == 201
    return client


def do(client, person, act, status=200, /, **body):
    answer = client.post(f"{PEOPLE}/{person}/{act}", json=body)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def paper(body, name):
    return next(one for one in body["materials"] if one["name"] == name)


def test_somebody_is_registered_once_and_the_second_time_it_is_said_who_it_is(client):
    person = register(client, 0)
    again = client.post(PEOPLE, json=told(0), headers=key("person 0"))
    assert (again.get_json()["id"], again.headers["Idempotent-Replay"]) == (person, "true")
    other = client.post(PEOPLE, json=told(0), headers=key("another"))
    problem = other.get_json()
    assert (other.status_code, problem["type"]) == (409, "urn:yizhan:problem:already-registered")
    assert problem["person"] == person
    assert client.post(PEOPLE, json=told(0)).status_code == 400  # without a key
    wrong = client.post(PEOPLE, json={**told(1), "cert_number": "1", "phone": "x"}, headers=key("wrong"))
    assert {error["field"] for error in wrong.get_json()["errors"]} == {"cert_number", "phone"}
    paper = {"cert_kind": "id_card", "cert_number": county().people[0].id_number}
    assert client.post(f"{PEOPLE}/lookup", json=paper).get_json()["person"]["id"] == person
    assert client.post(f"{PEOPLE}/lookup", json={**paper, "cert_kind": "passport"}).get_json() == {"person": None}


def test_people_are_listed_found_and_read_masked(client):
    person, one = register(client, 2), county().people[2]
    listed = client.get(f"{PEOPLE}?limit=200").get_json()["people"]
    shown = client.get(f"{PEOPLE}/{person}")
    found = client.get(f"/api/v1/search?q={one.name}").get_json()["people"]
    assert person in {row["id"] for row in listed}
    assert [row["id"] for row in found] == [person]
    for secret in (one.name, one.id_number, one.phone):
        assert secret not in str((listed, shown.get_json(), found))
    assert shown.headers["Cache-Control"] == "no-store"
    plain = do(client, person, "identity", reason="核对")
    assert plain["fields"]["cert_number"] == one.id_number
    do(client, person, "identity", 422)


def test_every_act_on_a_person_has_a_route(client):
    person, other, child = (register(client, number) for number in (3, 4, 5))
    do(client, person, "correct", phone="15400000001")
    do(client, person, "verify", phone="15400000002", proof="manual")
    do(client, person, "household", action="found")
    do(client, child, "household", action="join", **{"with": person, "role": "child"})
    do(client, child, "household", action="head", role="parent")
    do(client, child, "household", 422, action="head", role="parent")
    do(client, person, "household", action="head", role="child")
    do(client, child, "household", action="leave")
    do(client, person, "relations", person=child, kind="child", until="2026-01-01")
    do(client, person, "relations", action="end", person=child)
    do(client, person, "consents", kind="processing", means="signature")
    do(client, person, "consents", action="withdraw", kind="processing")
    do(client, person, "note", reason="常年在家")
    do(client, other, "move")
    do(client, other, "reinstate", reason="误报")
    do(client, other, "merge", into=person)
    do(client, child, "void", reason="登记错人")
    assert do(client, person, "death")["state_name"] == "身故"
    shown = client.get(f"{PEOPLE}/{person}").get_json()
    assert [one["type"] for one in shown["log"]][-2:] == ["noted", "died"]
    assert shown["also"] == [other]
    for act, body in (("household", {"action": "fly"}), ("consents", {}), ("merge", {}), ("correct", {"name": 5})):
        do(client, person, act, 422, **body)


def test_a_signed_paper_is_photographed_with_its_consent_or_later_and_asked_for_until_it_is(client, station):
    person, large = register(client, 8), saved(page(1400, 1100, seed=8), quality=95)

    def consents():
        return {one["kind"]: one for one in client.get(f"{PEOPLE}/{person}").get_json()["consents"]}

    do(client, person, "consents", kind="processing", means="signature")
    do(client, person, "consents", kind="family", means="oral")
    assert {kind: one["unfiled"] for kind, one in consents().items()} == {"processing": True, "family": False}
    do(client, person, "consents/photos", kind="processing", photos=[encoded(large), encoded(JPEG)])
    do(client, person, "consents/photos", kind="processing", photos=[encoded(JPEG)])  # it is there already
    given = {"means": "fingerprint", "until": "2026-01-01", "agent": "王代办", "scope": "代交材料"}
    errand = {"kind": "errand", "item": county().items[0].code, "photos": [encoded(JPEG)]}
    do(client, person, "consents/photos", **errand, give=given)
    shown = consents()
    assert [len(shown[kind]["photos"]) for kind in ("processing", "errand")] == [2, 1]
    assert not any(one["unfiled"] for one in shown.values())
    assert all(photo["held"] for one in shown.values() for photo in one["photos"])
    assert client.get(f"{PEOPLE}/{person}").get_json()["custody"]["sentence"] == "已到村站（材料 2/2）"
    fit, same = (photo["blob"] for photo in shown["processing"]["photos"])
    filed = client.get(f"{PEOPLE}/{person}/photos/{fit}")
    assert (filed.status_code, filed.mimetype, len(filed.data) < len(large)) == (200, "image/jpeg", True)
    assert client.get(f"{PEOPLE}/{person}/photos/{fit}/original").data == large
    assert client.get(f"{PEOPLE}/{person}/photos/{same}").data == JPEG
    assert client.get(f"{PEOPLE}/{person}/photos/{same}/original").status_code == 404
    do(client, person, "consents", action="withdraw", kind="processing")
    assert len(consents()["processing"]["photos"]) == 2  # what was signed stays
    for status, body in (
        (422, {"kind": "processing", "photos": [encoded(JPEG)]}),  # it was taken back
        (422, {"kind": "economic", "photos": [encoded(JPEG)]}),  # it was never given
        (422, {"kind": "family", "photos": []}),
        (422, {"kind": "family", "photos": [encoded(b"MZ")]}),
        (422, {"kind": "errand", "photos": [encoded(JPEG)], "give": {"means": "signature"}}),
    ):
        do(client, person, "consents/photos", status, **body)
    seen = [(one.action, one.detail) for one in station.node.write(lambda tx: entries_about(tx, person))]
    assert ("signed_paper_read", fit) in seen


def test_an_application_draws_on_the_register_and_on_papers_on_file(client):
    first = application(FIRST, number=6)
    paper(first, "身份证")["photos"] = [encoded(JPEG)]
    taken = client.post(CASES, json=first, headers=key("first")).get_json()
    person = register(client, 6)
    second = application(SECOND, number=6)
    offered = client.get(f"{PEOPLE}/{person}/prefill?item={second['item']}").get_json()
    assert offered["fields"]["id_number"] == county().people[6].id_number
    assert [(one["name"], one["case"]) for one in offered["on_file"]] == [("身份证", taken["id"])]
    paper(second, "身份证")["on_file"] = taken["id"]
    second |= {"person": person, "prefilled": list(offered["fields"]), "fields": second["fields"] | offered["fields"]}
    case = client.post(CASES, json=second, headers=key("second"))
    assert case.status_code == 201, case.text
    shown = client.get(f"{CASES}/{case.get_json()['id']}").get_json()
    filled = len(offered["fields"])
    assert shown["spared"] == {"filled": filled, "waived": 1, "sentence": f"预填 {filled} 项，免交 1 份"}
    assert f"预填 {filled} 项，免交 1 份" in client.get(f"/cases/{case.get_json()['id']}").text
    own = client.get(f"{PEOPLE}/{person}/cases").get_json()["cases"]
    assert {one["id"] for one in own} == {taken["id"], case.get_json()["id"]}
    paper(second, "身份证")["on_file"] = "case:k3m7q-another"
    refused = client.post(CASES, json=second, headers=key("third"))
    assert [error["field"].partition(".")[0] for error in refused.get_json()["errors"]] == ["materials"]
    assert client.get(f"{PEOPLE}/{person}/prefill?item=nothing").status_code == 404


def test_a_case_whose_number_is_put_right_is_his_whose_number_it_is_then(client):
    wrong, right = register(client, 30), register(client, 31)
    body = {**application(number=30), "person": wrong}
    case = client.post(CASES, json=body, headers=key("wrong person")).get_json()["id"]
    assert [cases_of(client, one) for one in (wrong, right)] == [[case], []]
    correct(client, case, id_number=told(31)["cert_number"])
    assert [cases_of(client, one) for one in (wrong, right)] == [[], [case]]
    correct(client, case, id_number=told(32)["cert_number"])  # whom nobody has registered yet
    assert [cases_of(client, one) for one in (wrong, right)] == [[], []]
    assert cases_of(client, register(client, 32)) == [case]


def cases_of(client, person):
    return [one["id"] for one in client.get(f"{PEOPLE}/{person}/cases").get_json()["cases"]]


def correct(client, case, **fields):
    answer = client.post(f"{CASES}/{case}/correction", json={"fields": fields, "reason": "抄错"})
    assert answer.status_code == 200, answer.text
