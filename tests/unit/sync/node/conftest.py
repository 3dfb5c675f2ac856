"""Real nodes in temporary directories, with a clock the test sets."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.node.identity import describe, describe_centre, take_sid
from sync.node.node import Node
from sync.records.ids import blobs_database, station_database
from sync.store.ledger.numbers import assign_device
from sync.store.transaction import Transaction
from tests.homes import HOMES, Address, opened
from tests.unit.sync.node.county import introduce, trust

START_MS = 1_758_866_645_000  # 2025-09-26 14:04:05 in Beijing


class SetClock:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.now_ms = START_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=HOMES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    """Where nodes keep their documents: every test that makes one runs over each."""
    with opened(request.param, tmp_path) as address:
        yield address


@pytest.fixture
def make_node(tmp_path: Path, clock: SetClock, address: Address) -> Iterator[Callable[..., Node]]:
    """Make a village, township or centre that has its sid and device code but no certificate yet."""
    made: list[Node] = []

    def make(sid: str, region: str = "990281101201", *, centre: bool = False) -> Node:
        def told(tx: Transaction) -> None:
            if centre:
                describe_centre(tx, name="青溪县政务服务中心", region="990281000000")
            else:
                describe(tx, name=f"{sid} 站", region=region, upstream="http://127.0.0.1:1")
                take_sid(tx, sid)
                assign_device(tx, "01")

        node = Node.found(tmp_path / sid, told, clock=clock, couch=address())
        if not centre:
            node.ensure_database(station_database(sid))
            node.ensure_database(blobs_database(sid))
        made.append(node)
        return node

    yield make
    for node in made:
        node.close()


@pytest.fixture
def town(make_node: Callable[..., Node]) -> tuple[Node, Node]:
    """A township with a village of its own below it, and the databases of another."""
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    for sid in ("k3m7q", "v2bbb"):
        township.ensure_database(station_database(sid))
        township.ensure_database(blobs_database(sid))
    return township, village


@pytest.fixture
def in_files() -> Address:
    """For the `address` of tests that write no document, or are not about documents: in their own files alone."""
    return lambda: None


@pytest.fixture
def village(make_node: Callable[..., Node]) -> Node:
    return make_node("k3m7q")


@pytest.fixture
def township(make_node: Callable[..., Node], village: Node) -> Node:
    """The one above the village, and they know each other."""
    township = make_node("t0wn1", "990281101000")
    introduce(township, village)
    return township


@pytest.fixture
def centre(make_node: Callable[..., Node]) -> Node:
    """One that publishes."""
    node = make_node("centre", centre=True)
    trust(node, node)
    return node


@pytest.fixture
def station(make_node: Callable[..., Node], centre: Node) -> Node:
    """One that believes what the centre publishes."""
    node = make_node("k3m7q")
    trust(node, centre)
    return node
