"""A village and its township, both real applications on loopback, and a centre above them that answers."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from central.registry.enrolling import enrol_station
from central.registry.granting import grant
from edge_node.services.found_station import found_station
from edge_node.settings import read
from edge_node.station import Station
from edge_node.wiring import build_app, build_station
from fixtures.catalogue import bring_county
from fixtures.county import county
from sync.http_api.feeds import FeedGate
from sync.http_api.node_routes import mount_node
from sync.node.identity import describe_centre
from sync.node.node import Node
from sync.web.passwords import Passwords
from sync.web.roles import Role
from sync.web.serving import running
from tests.unit.edge_node.applications import JPEG, application, key

CASES = "/api/v1/cases"
PASSWORD = "Shiqiao-2025"


class Land:
    """The three of them; the village reaches nobody until `connect`."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self._stack = stack
        land = county()
        self.centre = stack.enter_context(
            Node.found(
                directory / "centre", lambda tx: describe_centre(tx, name=land.centre.name, region=land.centre.code)
            )
        )
        above = Flask("centre")
        mount_node(above, self.centre, enrol=lambda request: grant(self.centre, request), feeds=FeedGate())
        url = self._serve(above)
        self.township, self.reviewer, app = self._station(directory, "柳河镇", url, "li", Role.REVIEWER)
        self.village, self.agent, _ = self._station(directory, "石桥村", self._serve(app), "wang", Role.AGENT)

    def _station(
        self, directory: Path, name: str, upstream: str, account: str, role: Role
    ) -> tuple[Station, FlaskClient, Flask]:
        place = county().place(name)
        code = enrol_station(self.centre, name=f"{name}便民服务站", region=place.code, by="acct:zhou")
        node = self._stack.enter_context(
            found_station(directory / name, name=name, region=place.code, upstream=upstream, code=str(code))
        )
        station = build_station(node, read({}), passwords=Passwords(memory_kib=64, passes=1))
        self._stack.callback(station.courier.close)
        self._stack.callback(station.fetcher.close)
        bring_county(node)
        station.accounts.create(account, display_name=account, role=role, password=PASSWORD)
        app = build_app(station, FeedGate())
        client = app.test_client()
        assert client.post("/api/v1/session", json={"name": account, "password": PASSWORD}).status_code == 201
        return station, client, app

    def _serve(self, app: Flask) -> str:
        return f"http://127.0.0.1:{self._stack.enter_context(running(app))}"

    def take(self, name: str = "高龄津贴", *, photo: bool = False) -> str:
        body = application(name, photos=(JPEG,) if photo else ())
        return self.agent.post(CASES, json=body, headers=key(body["item"])).get_json()["id"]

    def sentence(self, case_id: str) -> str:
        """What the village's screen says."""
        (row,) = [row for row in self.agent.get(CASES).get_json()["cases"] if row["id"] == case_id]
        assert row["custody"] == self.agent.get(f"{CASES}/{case_id}").get_json()["custody"]
        return row["custody"]["sentence"]


@pytest.fixture
def land(tmp_path: Path) -> Iterator[Land]:
    with ExitStack() as stack:
        yield Land(tmp_path, stack)


def test_a_screen_names_a_hop_when_its_receipt_is_here_and_not_before(land):
    land.township.courier.synchronise()
    case_id = land.take(photo=True)
    assert land.sentence(case_id) == "已到村站（材料 1/1）"
    land.village.courier.synchronise()
    assert land.sentence(case_id) == "已到乡镇（材料 1/1）"
    land.township.courier.synchronise()
    assert land.sentence(case_id) == "已到乡镇（材料 1/1）"  # the centre has it; nobody has told the village
    land.village.courier.synchronise()
    assert land.sentence(case_id) == "已到中心（材料 1/1）"


def test_the_way_is_told_hop_by_hop(land):
    land.township.courier.synchronise()
    case_id = land.take(photo=True)
    land.village.courier.synchronise()
    told = land.agent.get(f"{CASES}/{case_id}/custody").get_json()
    assert [(hop["level"], hop["state"]) for hop in told["hops"]] == [
        ("village", "held"),
        ("township", "held"),
        ("centre", "none"),
    ]
    assert [hop["since"] is not None for hop in told["hops"]] == [True, True, False]
    assert told["hops"][1]["name"] == "柳河镇便民服务站"


def test_a_case_stands_here_since_it_came_whatever_else_comes_later(land):
    land.township.courier.synchronise()
    first = land.take()
    land.village.courier.synchronise()
    received = land.agent.get(f"{CASES}/{first}").get_json()["received_at"]
    at_the_township = land.reviewer.get(f"{CASES}/{first}/custody").get_json()["hops"][1]["since"]
    time.sleep(1.1)  # times are told to the second
    land.take("生育登记")
    land.village.courier.synchronise()
    assert land.agent.get(f"{CASES}/{first}/custody").get_json()["hops"][0]["since"] == received
    assert land.reviewer.get(f"{CASES}/{first}/custody").get_json()["hops"][1]["since"] == at_the_township


def test_a_photo_that_was_lost_is_shown_again_by_looking_at_it(land):
    land.township.courier.synchronise()
    case_id = land.take(photo=True)
    land.village.courier.synchronise()
    blobs = f"blobs_{land.village.node.identity.sid}"
    land.village.node.databases.destroy(blobs)
    land.village.node.databases.create(blobs)
    address = f"{CASES}/{case_id}/materials/1"
    until = time.monotonic() + 10
    while (answer := land.agent.get(address)).status_code == 503:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert answer.data == JPEG


def waiting(client: FlaskClient) -> int:
    return client.get("/api/v1/status").get_json()["waiting"]["events"]


def test_what_waits_is_what_no_receipt_from_above_covers(land):
    land.township.courier.synchronise()
    assert waiting(land.agent) == 0
    land.take(photo=True)
    land.take("生育登记")
    assert waiting(land.agent) == 2
    land.village.courier.synchronise()
    told = land.agent.get("/api/v1/status").get_json()
    assert told["certified"]
    assert told["waiting"] == {"events": 0, "photos": 0}
    assert told["last_contact"]["text"] == "刚刚"
    assert waiting(land.reviewer) == 2
    land.township.courier.synchronise()
    assert waiting(land.reviewer) == 0
    land.take("城乡居民基本医疗保险")
    assert waiting(land.agent) == 1


def test_the_township_lists_its_villages_cases_and_shows_their_photos(land):
    land.township.courier.synchronise()
    case_id = land.take(photo=True)
    land.village.courier.synchronise()
    (row,) = land.reviewer.get(CASES).get_json()["cases"]
    assert (row["id"], row["station_name"]) == (case_id, "石桥村便民服务站")
    assert row["materials"] == {"held": 1, "photos": 1}
    assert row["custody"]["sentence"] == "已到乡镇（材料 1/1）"
    assert land.reviewer.get(f"{CASES}/{case_id}/materials/1").data == JPEG


def test_the_township_is_told_of_its_villages_when_each_was_heard_and_what_is_late_or_on_its_way(land):
    land.township.courier.synchronise()
    land.take(photo=True)
    land.village.courier.synchronise()
    answer = land.reviewer.get("/api/v1/villages")
    (village,) = answer.get_json()["villages"]
    assert (village["sid"], village["name"]) == (land.village.node.identity.sid, "石桥村便民服务站")
    assert village["last_heard_text"] == "刚刚"
    assert (village["received_today"], village["open"], village["red"]) == (1, 1, 0)
    assert village["backlog"] == {"events": 0, "photos": 0}


def test_what_the_township_decides_comes_down_to_the_village(land):
    land.township.courier.synchronise()
    case_id = land.take("生育登记")
    land.village.courier.synchronise()
    for what, body in (("acceptance", {}), ("review", {}), ("decision", {"decision": "approve"})):
        assert land.reviewer.post(f"{CASES}/{case_id}/{what}", json=body).status_code == 200
    land.village.courier.synchronise()
    told = land.agent.get(f"{CASES}/{case_id}").get_json()
    assert (told["state"], [event["level"] for event in told["log"]]) == ("approved", ["village"] + ["township"] * 3)
    assert told["custody"]["sentence"] == "已到乡镇"


def test_a_case_sent_back_by_the_township_says_why_at_the_village(land):
    land.township.courier.synchronise()
    case_id = land.take()
    land.village.courier.synchronise()
    assert land.reviewer.post(f"{CASES}/{case_id}/return", json={"reason": "缺少户口簿首页"}).status_code == 200
    land.village.courier.synchronise()
    told = land.agent.get(f"{CASES}/{case_id}").get_json()
    assert (told["state"], told["log"][-1]["note"]) == ("supplement_before", "缺少户口簿首页")


def test_an_exchange_with_nothing_to_say_moves_nothing(land):
    land.township.courier.synchronise()
    land.take(photo=True)
    for _ in range(2):
        land.village.courier.synchronise()
        land.township.courier.synchronise()
    told = land.village.courier.synchronise()
    assert (told["carried"], told["round_trips"]) == (0, 1)
