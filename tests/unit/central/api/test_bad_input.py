"""Whatever is sent to whatever route: a clear problem in Chinese, nothing stored, no traceback."""

import logging

import pytest

from central.registry.enrolling import enrol_station
from sync.case_api import act_routes
from sync.case_api.bag_routes import BAG_ACTS
from sync.node.meeting.enrolment import STATION, EnrolmentRequest, write_request
from sync.node.meeting.enrolment_code import proof
from sync.people_api.act_routes import PERSON_ACTS
from sync.trust.keys import generate
from sync.typed import replace
from tests.unit.central.conftest import TOWNSHIP, VILLAGE
from tests.unit.central.standing import what_stands
from tests.unit.lawful_acts import lawful

STATIONS = "/api/v1/stations"
CASES = "/api/v1/cases"
BAGS, UNKNOWN_BAG = "/api/v1/bags", "handover:k3m7q-aaaaaaaaaaaaaaaa"
UNKNOWN = "case:k3m7q-aaaaaaaaaaaaaaaa"
PEOPLE = "/api/v1/people"
NOBODY = "person:k3m7q-aaaaaaaaaaaaaaaa"
ACTS = (*(act.name for act in act_routes.ACTS), "identity")
WANTED = {"name": "石桥村便民服务站", "region": VILLAGE}
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


@pytest.fixture(autouse=True)
def no_fault_is_logged(caplog):
    caplog.set_level(logging.WARNING)
    yield
    assert caplog.records == []


@pytest.fixture
def unchanged(node):
    """Fails the test if, at its end, anything stands that did not stand when it was called."""
    before = []
    node.catalogue.items()  # the first look at it notes whose releases are believed
    yield lambda: before.append(what_stands(node))
    assert before, "nothing was remembered"
    assert what_stands(node) == before[0]


BODIES = {
    "nothing": ({}, {"name", "region"}),
    "no name": ({"region": VILLAGE}, {"name"}),
    "no region": ({"name": "石桥村"}, {"region"}),
    "a name that is a number": ({**WANTED, "name": 5}, {"name"}),
    "a name that is null": ({**WANTED, "name": None}, {"name"}),
    "a name that is a list": ({**WANTED, "name": ["石桥村"]}, {"name"}),
    "an empty name": ({**WANTED, "name": "  "}, {"name"}),
    "a name far too long": ({**WANTED, "name": "村" * 201}, {"name"}),
    "a name with a control character": ({**WANTED, "name": "石桥\u0007村"}, {"name"}),
    "a name that changes the direction of writing": ({**WANTED, "name": "石\u202e桥村"}, {"name"}),
    "a region that is a number": ({**WANTED, "region": 990281101201}, {"region"}),
    "a region too short": ({**WANTED, "region": "990281"}, {"region"}),
    "a region of full-width digits": ({**WANTED, "region": "９９０２８１１０１２０１"}, {"region"}),
    "a region of another county": ({**WANTED, "region": "990282101201"}, {"region"}),
    "the county itself": ({**WANTED, "region": "990281000000"}, {"region"}),
    "a village of no township": ({**WANTED, "region": "990281000201"}, {"region"}),
    "a place above that nobody registered": ({**WANTED, "under": "nobody"}, {"under"}),
    "a place above that is a path": ({**WANTED, "under": "../x"}, {"under"}),
    "a place above that is an object": ({**WANTED, "under": {}}, {"under"}),
    "a member no station has": ({**WANTED, "secret": "x"}, {"secret"}),
    "everything wrong at once": ({"name": "", "region": "1"}, {"name", "region"}),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_station_with_a_fault_is_refused_by_field_and_not_registered(supervisor, unchanged, name):
    unchanged()
    body, fields = BODIES[name]
    told = refused(supervisor.post(STATIONS, json=body, headers={"Idempotency-Key": "1"}), 422, "invalid")
    assert {error["field"] for error in told["errors"]} == fields
    for error in told["errors"]:
        assert any("\u4e00" <= character <= "\u9fff" for character in error["message"]), error


def test_a_second_station_of_one_region_and_a_key_used_for_another_are_conflicts(supervisor, unchanged):
    supervisor.post(STATIONS, json=WANTED, headers={"Idempotency-Key": "1"})
    unchanged()
    refused(supervisor.post(STATIONS, json=WANTED), 409, "conflict")
    other = {"name": "柳河镇", "region": TOWNSHIP}
    refused(supervisor.post(STATIONS, json=other, headers={"Idempotency-Key": "1"}), 422, "key-reused")


def test_a_station_is_not_put_under_a_sibling(supervisor, unchanged):
    sibling = supervisor.post(STATIONS, json=WANTED).get_json()["sid"]
    unchanged()
    body = {"name": "二道沟村", "region": "990281101202", "under": sibling}
    assert refused(supervisor.post(STATIONS, json=body), 422)["errors"][0]["field"] == "under"


RAW = {
    "no body": b"",
    "half an object": b'{"name": ',
    "a list": b"[]",
    "not UTF-8": b'{"name": "\xc4\xe3"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "half a surrogate": b'{"name": "\\ud800"}',
    "NaN": b'{"name": NaN}',
    "nested beyond reason": b'{"a":' + b"[" * 1500 + b"]" * 1500 + b"}",
    "far too much": b'{"name": "' + b"x" * 10_000 + b'"}',
}
DEVICE = f"{STATIONS}/SID/devices/01"
TURNS = ("revocation", "reinstatement")
POSTS = (
    STATIONS,
    f"{STATIONS}/SID/codes",
    *(f"{DEVICE}/{turn}" for turn in TURNS),
    *(f"{CASES}/{UNKNOWN}/{act}" for act in ACTS),
)


@pytest.mark.parametrize("name", RAW)
def test_what_is_no_json_object_of_a_sensible_size_is_told_so(supervisor, node, unchanged, name):
    sid = enrol_station(node, name="柳河镇", region=TOWNSHIP, by="acct:zhou").sid
    unchanged()
    for path in POSTS:
        refused(supervisor.post(path.replace("SID", sid), data=RAW[name], headers=JSON))


@pytest.mark.parametrize("path", [STATIONS, f"{STATIONS}/k3m7q/codes"])
@pytest.mark.parametrize("kind", ["text/plain", "application/xml", None])
def test_what_does_not_call_itself_json_is_not_read(supervisor, unchanged, path, kind):
    unchanged()
    answer = supervisor.post(path, data=b"{}", headers={"Content-Type": kind} if kind else {})
    refused(answer, 415, "unsupported-type")


@pytest.mark.parametrize("key", ["", "x" * 129, "a\tb"])
def test_an_unlawful_key_is_refused(supervisor, unchanged, key):
    unchanged()
    refused(supervisor.post(STATIONS, json=WANTED, headers={"Idempotency-Key": key}), 400)


@pytest.mark.parametrize("sid", ["nobody", "K3M7Q", "..", "%00", "%F0%9F", "a" * 3000])
def test_a_station_nobody_registered_is_not_found(supervisor, unchanged, sid):
    unchanged()
    refused(supervisor.get(f"{STATIONS}/{sid}"))
    refused(supervisor.post(f"{STATIONS}/{sid}/codes", json={}))
    refused(supervisor.post(f"{STATIONS}/{sid}/devices/01/revocation", json={"why": "被盗"}))
    refused(supervisor.post(f"{STATIONS}/{sid}/devices/01/reinstatement", json={}))


@pytest.mark.parametrize(
    "body",
    [{}, {"why": ""}, {"why": None}, {"why": ["被盗"]}, {"why": "x" * 201}, {"why": "a", "x": 1}, {"why": "\u0007"}],
)
def test_a_device_is_not_revoked_without_a_reason(supervisor, node, unchanged, body):
    sid = enrol_station(node, name="柳河镇", region=TOWNSHIP, by="acct:zhou").sid
    unchanged()
    refused(supervisor.post(f"{STATIONS}/{sid}/devices/01/revocation", json=body), 422, "invalid")


@pytest.mark.parametrize("device", ["07", "%00", "%F0%9F", "0", "a" * 3000, "01'--"])
def test_a_device_that_was_never_given_out_is_not_revoked(supervisor, node, unchanged, device):
    sid = enrol_station(node, name="柳河镇", region=TOWNSHIP, by="acct:zhou").sid
    unchanged()
    refused(supervisor.post(f"{STATIONS}/{sid}/devices/{device}/revocation", json={"why": "被盗"}))
    refused(supervisor.post(f"{STATIONS}/{sid}/devices/{device}/reinstatement", json={}))


def test_codes_are_asked_for_by_address_alone(supervisor, node, unchanged):
    sid = enrol_station(node, name="柳河镇", region=TOWNSHIP, by="acct:zhou").sid
    unchanged()
    refused(supervisor.post(f"{STATIONS}/{sid}/codes", json={"device": "07"}), 422)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "state=nonsense", "station=../x", "cursor=eA", "x=1"])
def test_a_query_that_makes_no_sense_is_refused(supervisor, query):
    refused(supervisor.get(f"{CASES}?{query}"))


@pytest.mark.parametrize("act", ACTS)
def test_nothing_can_be_done_to_a_case_that_is_not_here(supervisor, unchanged, act):
    unchanged()
    body = lawful(act)
    refused(supervisor.post(f"{CASES}/{UNKNOWN}/{act}", json=body), 404)


def short(part):
    return str(part).replace(UNKNOWN, "ID").replace(NOBODY, "ID")


ROUTES = [
    ("GET", STATIONS),
    ("POST", STATIONS),
    ("GET", f"{STATIONS}/k3m7q"),
    ("POST", f"{STATIONS}/k3m7q/codes"),
    *(("POST", f"{STATIONS}/k3m7q/devices/01/{turn}") for turn in TURNS),
    ("GET", "/api/v1/status"),
    ("GET", "/api/v1/search"),
    ("GET", "/api/v1/search/misses"),
    *(("GET", f"/api/v1/{path}") for path in ("items", "items/none", "bundles")),
    ("GET", "/api/v1/alerts"),
    ("POST", "/api/v1/alerts"),
    ("POST", "/api/v1/alerts/0123456789ab/withdrawal"),
    ("GET", CASES),
    *(("GET", f"{CASES}/{UNKNOWN}{path}") for path in ("", "/custody", "/papers", "/materials/1")),
    *(("GET", f"{CASES}/{UNKNOWN}/prints{path}") for path in ("", "/receipt", "/receipt/page")),
    *(("POST", f"{CASES}/{UNKNOWN}/{act}") for act in ACTS),
    ("GET", PEOPLE),
    ("POST", PEOPLE),
    ("POST", f"{PEOPLE}/lookup"),
    *(("GET", f"{PEOPLE}/{NOBODY}{path}") for path in ("", "/cases", "/prefill", "/photos/1")),
    *(("POST", f"{PEOPLE}/{NOBODY}/{act.name}") for act in PERSON_ACTS),
    ("POST", f"{PEOPLE}/{NOBODY}/identity"),
    ("POST", f"{PEOPLE}/{NOBODY}/relative-queries"),
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


def test_the_routes_tried_here_are_all_there_are(app):
    given = (
        ("materials/1", "materials/<int:number>"),
        ("photos/1", "photos/<root>"),
        ("prints/receipt", "prints/<name>"),
        (UNKNOWN, "<case_id>"),
        (NOBODY, "<person_id>"),
        (UNKNOWN_BAG, "<bag_id>"),
        ("k3m7q", "<sid>"),
        ("devices/01", "devices/<device>"),
        ("0123456789ab", "<code>"),
        ("items/none", "items/<code>"),
        ("alarms/8", "alarms/<int:alarm>"),
        ("set-aside/9", "set-aside/<int:aside>"),
    )
    tried = set()
    for method, path in ROUTES:
        for value, name in given:
            path = path.replace(value, name)
        tried.add((method, path))
    rules = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/") and not rule.rule.startswith("/api/v1/session")
    }
    assert rules - tried == {("GET", "/api/v1/openapi.json"), ("GET", "/api/v1/docs")}
    assert tried <= rules


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=short)
def test_nobody_gets_in_without_signing_in(app, unchanged, method, path):
    unchanged()
    body = WANTED if method == "POST" else None
    refused(app.test_client().open(path, method=method, json=body), 401)
    refused(app.test_client().open(path, method=method, json=body, auth=("zhou'--", "x")), 401)
    made_up = app.test_client()
    made_up.set_cookie("yizhan_80", "not-a-session")
    refused(made_up.open(path, method=method, json=body), 401)


def test_a_foreign_page_cannot_register_in_somebodys_name(supervisor, unchanged):
    unchanged()
    foreign = {"Origin": "http://evil.example"}
    refused(supervisor.post(STATIONS, json=WANTED, headers=foreign), 403)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [STATIONS, f"{STATIONS}/k3m7q", "/api/v1/status", CASES])
def test_other_methods_are_refused_as_such(supervisor, unchanged, method, path):
    unchanged()
    answer = supervisor.open(path, method=method)
    refused(answer, 405)
    assert answer.headers["Allow"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"version": 9}', b"x" * 70_000])
@pytest.mark.parametrize("path", ["/exchange", "/enrolment"])
def test_other_nodes_doors_refuse_nonsense(app, unchanged, path, body):
    unchanged()
    answer = app.test_client().post(path, data=body)
    assert 400 <= answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/couch/station_k3m7q", "/couch/_all_dbs", "/couch/public/_changes"])
def test_other_nodes_doors_are_shut_to_the_unsigned(supervisor, path):
    assert supervisor.get(path).status_code == 401


def test_guessing_at_the_door_is_told_to_wait(app, node, unchanged):
    code = enrol_station(node, name="石桥村", region=VILLAGE, by="acct:zhou")
    pair = generate()
    life = "0123456789abcdef"
    told = proof(replace(code, secret="0" * 10), STATION, pair.public, life.encode())
    request = write_request(EnrolmentRequest(code.sid, code.device, pair.public, life, told))
    unchanged()
    client = app.test_client()
    assert [client.post("/enrolment", data=request).status_code for _ in range(7)] == [403] * 5 + [503] * 2
