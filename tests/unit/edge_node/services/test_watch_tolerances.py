"""容缺 that runs out: told once, paused, and returned by the calendar (the handbook's fifth scenario)."""

from hashlib import sha256

from edge_node.services.watch_tolerances import watch_tolerances
from sync.casework.confirm_clock import begin_clock
from sync.revisions.tree import Branch
from sync.values.documents import Document, Wanted
from tests.model.story import Writer, append
from tests.unit.edge_node.applications import application, key

CASES = "/api/v1/cases"
_DAY_MS = 24 * 3600 * 1000
PART = {"materials": [{"name": "身份证"}]}  # it is not what was promised


def tolerated(client):
    case = client.post(CASES, json=application(follow=True), headers=key("1")).get_json()["id"]
    assert client.post(f"{CASES}/{case}/tolerance", json={}).status_code == 200
    return case


def until_something_is_due(station, clock):
    """Days go by at a desk whose clock is looked after."""
    for _ in range(60):
        clock.now_ms += _DAY_MS
        station.node.write(lambda tx: begin_clock(tx, clock()))
        if watch_tolerances(station.node):
            return
    raise AssertionError("nothing was due in sixty days")


def test_a_tolerance_that_runs_out_is_said_once_then_the_case_is_returned(client, sign_in, station, clock):
    case = tolerated(client)
    assert watch_tolerances(station.node) == 0
    until_something_is_due(station, clock)
    told = sign_in("wang").get(f"{CASES}/{case}").get_json()
    assert told["log"][-1]["name"] == "容缺期满"
    assert told["clocks"]["now"]["standing"] == "paused"
    assert watch_tolerances(station.node) == 0
    until_something_is_due(station, clock)
    told = sign_in("wang").get(f"{CASES}/{case}").get_json()
    assert told["state"] == "returned"
    assert "15 个工作日" in told["log"][-1]["note"]


def test_a_clock_that_leapt_returns_nobodys_case(client, sign_in, station, clock):
    case = tolerated(client)
    clock.now_ms += 400 * _DAY_MS
    assert watch_tolerances(station.node) == 0
    assert sign_in("wang").get(f"{CASES}/{case}").get_json()["state"] == "tolerance"


def test_whoever_brought_a_part_is_told_of_the_rest_and_returned_by_nobody_but_people(client, sign_in, station, clock):
    case = tolerated(client)
    database = station.node.documents.database("station_k3m7q")
    (before,) = database.read([Wanted(case)])
    event = Writer("wang", "village").does("supplemented", before.fields()["events"], **PART)
    body = append(before, event)
    path = Branch(before.path.generation + 1, (sha256(body).hexdigest()[:32], *before.path.digests))
    database.graft([Document(case, path, body)])
    until_something_is_due(station, clock)
    told = sign_in("wang").get(f"{CASES}/{case}").get_json()
    assert told["log"][-1]["name"] == "容缺期满"
    for _ in range(60):
        clock.now_ms += _DAY_MS
        station.node.write(lambda tx: begin_clock(tx, clock()))
        assert watch_tolerances(station.node) == 0
    told = sign_in("wang").get(f"{CASES}/{case}").get_json()
    assert told["state"] == "tolerance"
    assert "还缺：银行卡" in told["clocks"]["notes"][-1]["sentence"]
