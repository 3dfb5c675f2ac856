"""A real centre in a temporary directory, and stations that enrol at it without a network between."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from central.centre import Centre
from central.registry.enrolling import enrol_station
from central.registry.granting import grant
from central.services.found_centre import found_centre
from central.settings import read
from central.wiring import build_app, build_centre
from sync.casework.confirm_clock import begin_clock
from sync.http_api.feeds import FeedGate
from sync.node.identity import describe
from sync.node.meeting.enrolment import enrol, enter_code
from sync.node.node import Node
from sync.store.transaction import Transaction
from sync.web.passwords import Passwords
from sync.web.roles import Role
from tests.described import held_to_description

START_MS = 1_758_866_645_000  # 2025-09-26 14:04:05 in Beijing
COUNTY, TOWNSHIP, VILLAGE = "990281000000", "990281101000", "990281101201"
PASSWORD = "Qingxi-2025"
ACCOUNTS = {"zhou": Role.SUPERVISOR, "root": Role.ADMIN}


class SetClock:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.now_ms = START_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def node(tmp_path: Path, clock: SetClock) -> Iterator[Node]:
    """The centre's node."""
    with found_centre(tmp_path / "centre", name="青溪县政务服务中心", region=COUNTY, clock=clock) as founded:
        yield founded


@pytest.fixture
def centre(node: Node) -> Centre:
    """The running centre, with its accounts."""
    built = build_centre(node, read({}), passwords=Passwords(memory_kib=64, passes=1))
    for name, role in ACCOUNTS.items():
        built.accounts.create(name, display_name=name, role=role, password=PASSWORD)
    return built


@pytest.fixture
def app(centre: Centre) -> Flask:
    return held_to_description(build_app(centre, FeedGate()))


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
def supervisor(sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return sign_in("zhou")


@pytest.fixture
def make_station(tmp_path: Path, clock: SetClock) -> Iterator[Callable[..., Node]]:
    """Make a station's node; with a code it has entered it."""
    made: list[Node] = []

    def make(name: str, region: str = VILLAGE, *, code: str = "") -> Node:
        def told(tx: Transaction) -> None:
            describe(tx, name=name, region=region, upstream="http://127.0.0.1:1")
            begin_clock(tx, clock())

        station = Node.found(tmp_path / name, told, clock=clock)
        made.append(station)
        if code:
            enter_code(station, code)
        return station

    yield make
    for station in made:
        station.close()


@pytest.fixture
def enrolled(node: Node, make_station: Callable[..., Node]) -> Callable[..., Node]:
    """Register a station and have its device certified."""

    def register(name: str = "石桥村", region: str = VILLAGE) -> Node:
        code = enrol_station(node, name=name, region=region, by="acct:zhou")
        station = make_station(name, region, code=str(code))
        assert enrol(station, lambda request: grant(node, request))
        return station

    return register
