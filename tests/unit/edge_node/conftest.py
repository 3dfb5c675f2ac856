"""A real village station in a temporary directory: its clock is set by the test, passwords are hashed cheaply."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from edge_node.services.found_station import found_station
from edge_node.settings import read
from edge_node.station import Station
from edge_node.wiring import build_app, build_station
from fixtures.catalogue import bring_county
from fixtures.county import county
from sync.http_api.feeds import FeedGate
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.store.key_folder import KeyFolder
from sync.web.passwords import Passwords
from sync.web.roles import Role
from tests.described import held_to_description
from tests.unit.edge_node.standing import what_stands

START_MS = 1_758_866_645_000  # 2025-09-26 14:04:05 in Beijing
PASSWORD = "Shiqiao-2025"
SID = "k3m7q"
ACCOUNTS = {"wang": Role.AGENT, "zhang": Role.HEAD, "li": Role.REVIEWER, "root": Role.ADMIN}


class SetClock:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.now_ms = START_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@contextmanager
def stations(directory: Path, clock: SetClock, keys: KeyFolder | None = None) -> Iterator[Callable[..., Station]]:
    """Make a village, or a township; `sid=""` leaves it without an enrolment code. All are closed with the block.

    keys  where their keys are put; None for stations in the clear
    """
    made: list[Station] = []

    def make(sid: str = SID, *, township: bool = False) -> Station:
        land = county()
        place = land.place("柳河镇" if township else "石桥村")
        node = found_station(
            directory / (sid or "not-enrolled"),
            name=f"{place.name}便民服务站",
            region=place.code,
            upstream="http://127.0.0.1:1",
            code=str(EnrolmentCode(sid, "01", "7KXW9RTB2C")) if sid else "",
            clock=clock,
            keys=keys,
        )
        station = build_station(node, read({}), passwords=Passwords(memory_kib=64, passes=1))
        bring_county(node)
        for name, role in ACCOUNTS.items():
            station.accounts.create(name, display_name=name, role=role, password=PASSWORD)
        made.append(station)
        return station

    try:
        yield make
    finally:
        for station in made:
            station.fetcher.close()
            station.courier.close()
            station.node.close()


@pytest.fixture
def make_station(tmp_path: Path, clock: SetClock) -> Iterator[Callable[..., Station]]:
    """Stations in the directory of the test."""
    with stations(tmp_path, clock) as make:
        yield make


@pytest.fixture
def station(make_station: Callable[..., Station]) -> Station:
    return make_station()


@pytest.fixture
def app(station: Station) -> Flask:
    return held_to_description(build_app(station, FeedGate()))


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], FlaskClient]:
    """A client signed in under a name."""

    def enter(name: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return client

    return enter


@pytest.fixture
def sign_in_to() -> Callable[..., FlaskClient]:
    """The same at another station."""

    def enter(station: Station, name: str = "li") -> FlaskClient:
        client = build_app(station, FeedGate()).test_client()
        client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
        return client

    return enter


@pytest.fixture
def client(sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """The agent's."""
    return sign_in("wang")


@pytest.fixture
def keep_unchanged(station: Station) -> Iterator[Callable[[], dict[str, Any]]]:
    """Fails the test if, at its end, anything stands that did not stand when it was called."""
    before: list[dict[str, Any]] = []

    def remember() -> dict[str, Any]:
        before.append(what_stands(station.node))
        return before[-1]

    yield remember
    assert before, "nothing was remembered"
    assert what_stands(station.node) == before[0]
