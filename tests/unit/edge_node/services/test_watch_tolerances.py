"""容缺 that runs out: told once, paused, and returned by the calendar (the handbook's fifth scenario)."""

from edge_node.services.watch_tolerances import watch_tolerances
from sync.casework.confirm_clock import begin_clock
from tests.unit.edge_node.applications import application, key

CASES = "/api/v1/cases"
_DAY_MS = 24 * 3600 * 1000


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
