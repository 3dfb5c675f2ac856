"""Whatever is sent to whatever route: a clear problem in Chinese, nothing stored, no traceback."""

import json
import logging
import re
import secrets
from functools import reduce

import pytest

from edge_node.wiring import build_app
from sync.case_api.act_routes import ACTS
from sync.case_api.bag_routes import BAG_ACTS
from sync.http_api.feeds import FeedGate
from sync.people_api.act_routes import PERSON_ACTS
from sync.records.check_digits import mod_11_2
from tests.described import held_to_description
from tests.unit.edge_node.applications import JPEG, application, encoded, key
from tests.unit.edge_node.conftest import PASSWORD, SetClock, stations
from tests.unit.edge_node.registering import PEOPLE, register
from tests.unit.edge_node.standing import what_stands
from tests.unit.lawful_acts import lawful

CASES = "/api/v1/cases"
UNKNOWN = "case:k3m7q-aaaaaaaaaaaaaaaa"
NOBODY = "person:k3m7q-aaaaaaaaaaaaaaaa"
PERSON_POSTS = ("relative-queries", *(act.name for act in PERSON_ACTS), "identity", "consents/photos")
POSTS = (*(act.name for act in ACTS), "identity", "materials")
BAGS = "/api/v1/bags"
DRAFTS = "/api/v1/drafts"
UNKNOWN_DRAFT = "AAAAAAAAAAAAAAAAAAAAAA"
UNKNOWN_BAG = "handover:k3m7q-aaaaaaaaaaaaaaaa"
GETS = (
    *("", "/custody", "/papers", "/materials/1", "/materials/1/original"),
    *("/prints", "/prints/receipt", "/prints/receipt/page"),
)
JSON = {"Content-Type": "application/json"}


def refused(answer, status=None, kind=None):
    """The problem in a refusal, which must be whole and readable."""
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.mimetype == "application/problem+json"
    told = answer.get_json()
    assert told["type"].startswith("urn:yizhan:problem:")
    assert told["status"] == answer.status_code
    assert any("\u4e00" <= character <= "\u9fff" for character in told["title"] + told["detail"])
    assert "Traceback" not in answer.text
    assert 'File "' not in answer.text
    if status:
        assert answer.status_code == status, answer.text
    if kind:
        assert told["type"] == f"urn:yizhan:problem:{kind}"
    return told


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    """One for all: whatever is refused leaves it as it was."""
    with stations(tmp_path_factory.mktemp("station"), SetClock()) as make:
        yield make()


@pytest.fixture(scope="module")
def app(station):
    return held_to_description(build_app(station, FeedGate()))


@pytest.fixture(autouse=True)
def no_fault_is_logged(caplog):
    caplog.set_level(logging.WARNING)
    yield
    assert caplog.records == []


@pytest.fixture
def case(client):
    return client.post(CASES, json=application(photos=(JPEG,)), headers=key("first")).get_json()


def without(body, *names):
    return {name: value for name, value in body.items() if name not in names}


def with_field(name, value):
    body = application()
    body["fields"][name] = value
    return body


def with_materials(materials):
    return {**application(), "materials": materials}


BODIES = {
    "nothing": {},
    "no item": without(application(), "item"),
    "no fields": without(application(), "fields"),
    "an unknown item": {**application(), "item": "QX-XX-9999"},
    "an item that is a number": {**application(), "item": 7},
    "an item that is a list": {**application(), "item": ["QX-MZ-0024"]},
    "an item with a line break": {**application(), "item": "QX\n"},
    "fields that are a list": {**application(), "fields": []},
    "fields that are null": {**application(), "fields": None},
    "a field that is a number": with_field("applicant_name", 3),
    "a field that is an object": with_field("applicant_name", {"a": 1}),
    "a field no form has": with_field("shoe_size", "43"),
    "a field of the record's own": with_field("receipt_number", "1"),
    "a field that would give power": with_field("deciding_level", "village"),
    "no name": with_field("applicant_name", "  "),
    "a name far too long": with_field("applicant_name", "王" * 5000),
    "a name with a control character": with_field("applicant_name", "王\u0000芳"),
    "a name that changes the direction of writing": with_field("applicant_name", "王\u202e芳"),
    "a wrong check digit": with_field("id_number", "990281194103150020"),
    "an id of letters": with_field("id_number", "abcdefghijklmnopqr"),
    "an id born tomorrow": with_field("id_number", "99028120250927002X"),
    "a phone of letters": with_field("phone", "one two three"),
    "a choice that is none": with_field("living_alone", "maybe"),
    "fields without end": {**application(), "fields": {f"f{n}": "x" for n in range(500)}},
    "a channel that is none": {**application(), "channel": "pigeon"},
    "a member no application has": {**application(), "priority": "high"},
    "materials that are an object": with_materials({}),
    "no materials": with_materials([]),
    "a material that is a text": with_materials(["身份证"]),
    "a material without a name": with_materials([{}]),
    "a material nobody asked for": with_materials([*application()["materials"], {"name": "结婚证"}]),
    "a material twice": with_materials([*application()["materials"], {"name": "身份证"}]),
    "copies below one": with_materials([{"name": "身份证", "copies": -1}]),
    "copies that are a text": with_materials([{"name": "身份证", "copies": "two"}]),
    "photos that are a text": with_materials([{"name": "身份证", "photos": "x"}]),
    "a photo without data": with_materials([{"name": "身份证", "photos": [{"type": "image/jpeg"}]}]),
    "a photo that is no base64": with_materials([{"name": "身份证", "photos": [{"data": "***"}]}]),
    "a photo in the alphabet of URLs": with_materials([{"name": "身份证", "photos": [{"data": "_9j_"}]}]),
    "a photo that is a number": with_materials([{"name": "身份证", "photos": [{"data": 5}]}]),
    "an empty photo": with_materials([{"name": "身份证", "photos": [encoded(b"")]}]),
    "a photo that is a program": with_materials([{"name": "身份证", "photos": [encoded(b"MZ\x90\x00" * 50)]}]),
    "half a photo": with_materials([{"name": "身份证", "photos": [encoded(JPEG[:-2])]}]),
    "a photo of five megabytes": with_materials(
        [{"name": "身份证", "photos": [encoded(b"\xff\xd8\xff" + bytes(5 << 20) + b"\xff\xd9")]}]
    ),
    "too many photos": with_materials([{"name": "身份证", "photos": [encoded(JPEG[:9] + b"\xff\xd9")] * 21}]),
    "a time that is none": {**application(), "confirmed_time": "yesterday"},
    "a time that is a number": {**application(), "confirmed_time": 1758866645},
    "a time beyond all years": {**application(), "confirmed_time": "10000-01-01T00:00:00"},
}


@pytest.mark.parametrize("name", BODIES)
def test_an_application_with_a_fault_is_refused_by_name_and_nothing_is_stored(client, keep_unchanged, name):
    keep_unchanged()
    told = refused(client.post(CASES, json=BODIES[name], headers=key("1")), 422, "invalid")
    assert told["errors"]
    for error in told["errors"]:
        assert error["field"]
        assert any("\u4e00" <= character <= "\u9fff" for character in error["message"]), error


def test_everything_that_is_wrong_is_said_at_once(client, keep_unchanged):
    keep_unchanged()
    body = application()
    body["fields"] |= {"id_number": "990281194103150020", "phone": "12", "shoe_size": "43"}
    body["materials"] = [{"name": "身份证", "photos": [encoded(b"GIF89a")]}]
    told = refused(client.post(CASES, json=body, headers=key("1")), 422)
    assert {error["field"] for error in told["errors"]} == {
        "fields.id_number",
        "fields.phone",
        "fields.shoe_size",
        "materials",
        "materials.0.photos.0",
    }


def test_no_refusal_repeats_what_was_typed(client):
    body = with_field("id_number", "990281194103150020")
    body["fields"]["phone"] = "55566677788899"
    answer = client.post(CASES, json=body, headers=key("1"))
    assert "990281194103150020" not in answer.text
    assert "55566677788899" not in answer.text


RAW = {
    "no body": (b"", 400),
    "half an object": (b'{"item": ', 400),
    "a list": (b"[]", 400),
    "a text": (b'"x"', 400),
    "not UTF-8": (b'{"item": "\xc4\xe3"}', 400),
    "UTF-16": ('{"item": "x"}'.encode("utf-16"), 400),
    "half a surrogate": (b'{"item": "\\ud800"}', 400),
    "NaN": (b'{"item": NaN}', 400),
    "nested beyond reason": (b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", 400),
}


@pytest.mark.parametrize("name", RAW)
def test_what_is_no_json_object_is_told_so(client, keep_unchanged, name):
    keep_unchanged()
    body, status = RAW[name]
    answer = client.post(CASES, data=body, headers=JSON | key("1"))
    refused(answer, status)
    assert not re.search("[A-Za-z]{6,}", answer.get_json()["detail"])


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", FORM, None])
def test_what_does_not_call_itself_json_is_not_read(client, keep_unchanged, kind):
    keep_unchanged()
    headers = key("1") | ({"Content-Type": kind} if kind else {})
    answer = client.post(CASES, data=json.dumps(application()), headers=headers)
    refused(answer, 415, "unsupported-type")  # though a form's own types may come from a foreign page


def test_what_is_json_by_another_name_is_read(client, keep_unchanged):
    keep_unchanged()
    body = json.dumps({**application(), "item": "QX-XX-9999"})
    kind = {"Content-Type": "application/merge-patch+json"}
    refused(client.post(CASES, data=body, headers=key("1") | kind), 422, "invalid")


def test_json_in_another_encoding_is_refused(client, keep_unchanged):
    keep_unchanged()
    body = json.dumps(application(), ensure_ascii=False).encode("gb18030")
    refused(client.post(CASES, data=body, headers=key("1") | {"Content-Type": "application/json; charset=gbk"}), 415)


def test_a_huge_body_is_refused_before_it_is_read(client, keep_unchanged):
    keep_unchanged()
    body = with_materials([{"name": "身份证", "photos": [{"data": "A" * (25 << 20)}]}])
    refused(client.post(CASES, json=body, headers=key("1")), 413, "too-large")


@pytest.mark.parametrize("value", [None, "", "x" * 129, "a\tb", "一"])
def test_an_application_without_a_lawful_key_is_refused(client, keep_unchanged, value):
    keep_unchanged()
    headers = {} if value is None else {"Idempotency-Key": value.encode("utf-8").decode("latin-1")}
    answer = client.post(CASES, json=application(), headers=headers)
    refused(answer, 400, "bad-request")


@pytest.mark.parametrize("said", ["yes", "on", "true", "", 1, 0])
@pytest.mark.parametrize("member", ["register", "incomplete", "compared"])
def test_true_or_false_is_said_by_no_other_word(client, keep_unchanged, member, said):
    keep_unchanged()
    body = application()
    if member == "compared":
        body["materials"][0][member] = said
    else:
        body[member] = said
    told = refused(client.post(CASES, json=body, headers=key("1")), 422, "invalid")
    place = "materials.0.compared" if member == "compared" else member
    assert told["errors"] == [{"field": place, "message": "应为是（true）或否（false）"}]


QUERIES = (
    "limit=0",
    "limit=201",
    "limit=x",
    "limit=-1",
    "limit=１０",
    "limit=1_0",
    "limit=%2010",
    "limit=%2B10",
    "state=nonsense",
    "station=../x",
    "cursor=%00",
    "cursor=eA",
    "sort=due&cursor=eA",
    "sort=nonsense",
    "state=received,nonsense",
    "light=blue",
    "due_on=20251010",
    "received_from=yesterday",
    "received_to=2025-02-30",
    "q=%00",
    f"q={'a' * 301}",
    "x=1",
)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_that_makes_no_sense_is_refused(client, query):
    refused(client.get(f"{CASES}?{query}"))


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("case_id", [UNKNOWN, "nonsense", "case:other-aaaaaaaaaaaaaaaa", "person:k3m7q-a", "..", "%00"])
def test_a_case_that_is_not_here_is_not_found(client, path, case_id):
    refused(client.get(f"{CASES}/{case_id}{path}"), 404)


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "99999999999999999999"])
def test_a_photo_that_is_not_there_is_not_found(client, case, number):
    refused(client.get(f"{CASES}/{case['id']}/materials/{number}"), 404)


@pytest.mark.parametrize("what", POSTS)
def test_nothing_can_be_done_to_a_case_that_is_not_here(sign_in, keep_unchanged, what):
    head = sign_in("zhang")
    keep_unchanged()
    body = lawful(what)
    refused(head.post(f"{CASES}/{UNKNOWN}/{what}", json=body, headers=key("1")), 404)


ACT_BODIES = (
    {"reason": 5},
    {"reason": None},
    {"reason": "长" * 501},
    {"reason": "a\u0007b"},
    {"cause": "x"},
    {"decision": "maybe"},
    {"decision": ["approve"]},
)


@pytest.mark.parametrize("body", ACT_BODIES, ids=str)
@pytest.mark.parametrize("what", POSTS)
def test_an_act_with_a_fault_changes_nothing(sign_in, client, case, keep_unchanged, what, body):
    head = sign_in("zhang")
    keep_unchanged()
    refused(head.post(f"{CASES}/{case['id']}/{what}", json=body, headers=key("1")), 422, "invalid")


def test_nobody_is_shown_unmasked_for_a_blank_reason(client, case, keep_unchanged):
    person = register(client)
    keep_unchanged()
    for address in (f"{CASES}/{case['id']}", f"{PEOPLE}/{person}"):
        refused(client.post(f"{address}/identity", json={"reason": "  \n"}), 422, "invalid")


@pytest.mark.parametrize("what", POSTS)
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"reason": "\xff"}', b'{"reason": "' + b"x" * 70000 + b'"}'])
def test_an_act_in_no_json_changes_nothing(sign_in, client, case, keep_unchanged, what, body):
    head = sign_in("zhang")
    keep_unchanged()
    answer = head.post(f"{CASES}/{case['id']}/{what}", data=body, headers=JSON | key("1"))
    refused(answer)
    # Photos come with materials: there a text of 70,000 signs is too long, and not the whole.
    assert answer.status_code in ((400, 413, 422) if what == "materials" else (400, 413))


def short(part):
    return str(part).replace(UNKNOWN, "ID").replace(NOBODY, "ID")


@pytest.mark.parametrize("bag_id", [UNKNOWN_BAG, "nonsense", "handover:other-aaaaaaaaaaaaaaaa", UNKNOWN, "%00"])
def test_a_bag_that_is_not_here_is_not_found(client, keep_unchanged, bag_id):
    keep_unchanged()
    refused(client.get(f"{BAGS}/{bag_id}"), 404)
    refused(client.get(f"{BAGS}/{bag_id}/page"), 404)
    for act in BAG_ACTS:
        refused(client.post(f"{BAGS}/{bag_id}/{act.name}", json=lawful(act.name)), 404)


BAG_FAULTS = (
    ("handing", {"giver": "", "carrier": "赵"}),
    ("handing", {"giver": "  ", "carrier": "赵"}),
    ("handing", {"giver": "王\u0000", "carrier": "赵"}),
    ("handing", {"giver": "王" * 41, "carrier": "赵"}),
    ("taking", {"found": [0], "taker": "李", "bringer": "赵"}),
    ("taking", {"found": ["1"], "taker": "李", "bringer": "赵"}),
    ("taking", {"found": 1, "taker": "李", "bringer": "赵"}),
    ("taking", {"found": [1], "taker": "李", "bringer": "赵", "surplus": ["多"]}),
    ("taking", {"found": [1], "taker": "李", "bringer": "赵", "surplus": "多" * 501}),
    ("taking", {"found": [1], "taker": "李", "bringer": "赵", "surplus": "\x07"}),
    ("taking", {"found": [99], "taker": "李", "bringer": "赵"}),
    ("taking", {"taker": "李", "bringer": "赵"}),
    ("finding", {"found": [2], "finder": "李"}),
    ("giving-back", {"returner": "李", "carrier": "赵"}),
    ("voiding", {"why": "x"}),
)


def test_a_fault_in_what_is_done_with_a_bag_changes_nothing(client, case, keep_unchanged):
    papers = [one["key"] for one in client.get("/api/v1/loose-papers").get_json()["papers"]]
    bag = client.post(BAGS, json={"papers": papers}, headers=key("bag")).get_json()
    keep_unchanged()
    for act, body in BAG_FAULTS:
        refused(client.post(f"{BAGS}/{bag['id']}/{act}", json=body), 422, "invalid")
    for wanted in ([], ["x"], "x", papers[:1], [5], None):
        refused(client.post(BAGS, json={"papers": wanted}, headers=key("other")), 422, "invalid")
    refused(client.post(BAGS, json={"papers": papers, "key": "x"}, headers=key("other")), 422, "invalid")
    refused(client.post(BAGS, json={"papers": []}), 400)
    for query in ("limit=0", "state=nonsense", "x=1", "cursor=%00", "cursor=x", f"cursor={UNKNOWN_BAG}"):
        refused(client.get(f"{BAGS}?{query}"))


ROUTES = [
    ("GET", CASES),
    ("POST", CASES),
    ("GET", "/api/v1/items"),
    ("GET", "/api/v1/items/QX-MZ-0024"),
    ("GET", "/api/v1/bundles"),
    ("POST", "/api/v1/bundles/QX-YJS-01/applications"),
    ("GET", "/api/v1/search"),
    ("GET", "/api/v1/search/misses"),
    ("GET", "/api/v1/alerts"),
    ("POST", "/api/v1/alerts/0123456789ab/reading"),
    ("POST", "/api/v1/card-readings"),
    ("GET", "/api/v1/status"),
    ("GET", "/api/v1/villages"),
    ("POST", "/api/v1/call"),
    ("GET", DRAFTS),
    ("POST", DRAFTS),
    *((method, f"{DRAFTS}/{UNKNOWN_DRAFT}") for method in ("GET", "PUT", "DELETE")),
    ("GET", "/api/v1/session"),
    *(("GET", f"{CASES}/{UNKNOWN}{path}") for path in GETS),
    *(("POST", f"{CASES}/{UNKNOWN}/{what}") for what in POSTS),
    ("GET", PEOPLE),
    ("POST", PEOPLE),
    ("POST", f"{PEOPLE}/lookup"),
    *(("GET", f"{PEOPLE}/{NOBODY}{path}") for path in ("", "/cases", "/prefill", "/photos/1", "/photos/1/original")),
    *(("POST", f"{PEOPLE}/{NOBODY}/{what}") for what in PERSON_POSTS),
    ("GET", BAGS),
    ("POST", BAGS),
    ("GET", "/api/v1/loose-papers"),
    ("GET", f"{BAGS}/{UNKNOWN_BAG}"),
    ("GET", f"{BAGS}/{UNKNOWN_BAG}/page"),
    *(("POST", f"{BAGS}/{UNKNOWN_BAG}/{act.name}") for act in BAG_ACTS),
    *(
        ("GET", f"/api/v1/{path}")
        for path in ("alarms", "alarms/8", "set-aside", "set-aside/9", "set-aside/9/document")
    ),
    *(("POST", f"/api/v1/{path}") for path in ("alarms/8/settling", "set-aside/9/settling", "set-aside/9/offering")),
]

OF_CITIZENS = ("cases", "people", "bags", "loose", "applications", "drafts")

# The description of the API says nothing of anybody.
OPEN = {("GET", "/api/v1/openapi.json"), ("GET", "/api/v1/docs")}


def test_the_routes_tried_here_are_all_there_are(app):
    named = {UNKNOWN: "<case_id>", NOBODY: "<person_id>", UNKNOWN_BAG: "<bag_id>", UNKNOWN_DRAFT: "<draft_id>"}
    tried = {(method, reduce(lambda text, one: text.replace(*one), named.items(), path)) for method, path in ROUTES}
    rules = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/") and not rule.rule.startswith("/api/v1/session")
    }
    known = {
        (
            method,
            path.replace("/materials/1", "/materials/<int:number>")
            .replace("/prints/receipt", "/prints/<name>")
            .replace("0123456789ab", "<code>")
            .replace("alarms/8", "alarms/<int:alarm>")
            .replace("set-aside/9", "set-aside/<int:aside>")
            .replace("/photos/1", "/photos/<root>")
            .replace("QX-MZ-0024", "<code>")
            .replace("QX-YJS-01", "<code>"),
        )
        for method, path in tried
    }
    assert rules - known == OPEN


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=short)
def test_nobody_gets_in_without_signing_in(app, keep_unchanged, method, path):
    keep_unchanged()
    stranger = app.test_client()
    refused(stranger.open(path, method=method, json=application() if method == "POST" else None, headers=key("1")), 401)


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=short)
def test_nobody_gets_in_with_a_made_up_session_or_password(app, keep_unchanged, method, path):
    keep_unchanged()
    stranger = app.test_client()
    stranger.set_cookie("yizhan_80", "not-a-session")
    refused(stranger.open(path, method=method, json={} if method == "POST" else None), 401)
    made_up = (f"wang'--{secrets.token_hex(4)}", "x")  # another each time, for five wrong ones lock any name
    refused(app.test_client().open(path, method=method, auth=made_up, json={} if method == "POST" else None), 401)


@pytest.mark.parametrize(
    ("method", "path"),
    [one for one in ROUTES if any(part in one[1] for part in OF_CITIZENS)],
    ids=short,
)
def test_an_administrator_of_the_pc_sees_no_citizens_papers(sign_in, keep_unchanged, method, path):
    admin = sign_in("root")
    keep_unchanged()
    refused(admin.open(path, method=method, json={} if method == "POST" else None, headers=key("1")), 403)


def test_an_agent_does_not_decide(client, case, keep_unchanged):
    keep_unchanged()
    refused(client.post(f"{CASES}/{case['id']}/decision", json={"decision": "approve"}), 403)


def test_a_foreign_page_cannot_act_in_somebodys_name(client, case, keep_unchanged):
    keep_unchanged()
    foreign = {"Origin": "http://evil.example"}
    refused(client.post(CASES, json=application(), headers=key("1") | foreign), 403)
    refused(client.post(f"{CASES}/{case['id']}/acceptance", json={}, headers=foreign), 403)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [CASES, f"{CASES}/{UNKNOWN}", "/api/v1/items", "/api/v1/status"])
def test_other_methods_are_refused_as_such(client, keep_unchanged, method, path):
    keep_unchanged()
    answer = client.open(path, method=method)
    told = refused(answer, 405, "not-allowed")
    assert answer.headers["Allow"]
    there = "GET、POST" if path == CASES else "GET"
    assert told["detail"] == f"这个地址只接受：{there}"


def test_an_address_that_does_not_exist_is_not_found(client):
    refused(client.get("/api/v1/nonsense"), 404)
    refused(client.get("/api/v1/items/QX-XX-9999"), 404)


def test_a_station_that_was_never_enrolled_gives_no_receipt(make_station):
    station = make_station("")
    client = build_app(station, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    before = what_stands(station.node)
    told = refused(client.post(CASES, json=application(), headers=key("1")), 409, "not-enrolled")
    assert "注册" in told["detail"]
    assert what_stands(station.node) == before


@pytest.mark.parametrize("path", ["/couch/station_k3m7q", "/couch/_all_dbs", "/couch/"])
def test_other_nodes_doors_are_shut_to_the_unsigned(client, path):
    answer = client.get(path)
    assert answer.status_code in (200, 401)
    if answer.status_code == 200:
        assert "station" not in answer.text


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"version": 9}', b"x" * 70_000])
@pytest.mark.parametrize("path", ["/exchange", "/enrolment"])
def test_other_nodes_doors_refuse_nonsense(app, keep_unchanged, path, body):
    keep_unchanged()
    answer = app.test_client().post(path, data=body)
    assert 400 <= answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text


def test_a_child_is_not_taken_as_the_applicant(client):
    body = application()
    number = "99028120170301002"
    body["fields"]["id_number"] = number + mod_11_2(number)
    answer = client.post("/api/v1/cases", json=body, headers=key("child"))
    assert answer.status_code == 422
    assert "监护人" in answer.text
    assert number not in answer.text
