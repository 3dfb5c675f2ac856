"""The road over the API: the villages below, and calling the level above. Beside it `test_two_stations`."""

import threading

from tests.waiting import until


def test_a_village_has_none_below(client):
    assert client.get("/api/v1/villages").get_json() == {"villages": []}


def test_the_level_above_is_called_and_nobody_waits_for_it(client, station):
    going, ended = threading.Event(), threading.Event()

    def run():
        going.set()
        ended.wait(10)

    station.courier.synchronise = run
    first = client.post("/api/v1/call", json={})
    assert (first.status_code, first.get_json()) == (202, {"begun": True})
    assert going.wait(10)
    assert client.post("/api/v1/call", json={}).get_json() == {"begun": False}
    ended.set()
    until(lambda: client.post("/api/v1/call", json={}).get_json()["begun"])


def test_an_administrator_may_call_and_is_told_nothing_of_villages(sign_in, station):
    station.courier.synchronise = lambda: None
    root = sign_in("root")
    assert root.post("/api/v1/call", json={}).status_code == 202
    assert root.get("/api/v1/villages").status_code == 403
