"""A station with a reader of identity cards, for tests of its pages."""

from datetime import date

import pytest

from edge_node.devices.http_reader import HttpIdReader
from edge_node.devices.simulator import Simulator, build_simulator
from sync.typed import replace
from sync.web.serving import running


@pytest.fixture
def simulator():
    """A reader over HTTP, and the address at which it tells what lies on it."""
    one = Simulator()
    with running(build_simulator(one), threads=2) as port:
        yield one, f"http://127.0.0.1:{port}/card"


@pytest.fixture
def station_with_reader(station, simulator):
    """A station beside whose screen it stands."""
    reader = HttpIdReader(simulator[1], timeout_seconds=5, today=lambda: date(2025, 9, 26))
    return replace(station, id_reader=reader)
