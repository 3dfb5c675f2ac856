"""Three nodes in one process, over real sockets; all in their files, or the centre's documents on a CouchDB."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.homes import HOMES, Address, opened
from tests.journeys.road import Road
from tests.journeys.sticks import Sticks


@pytest.fixture(params=HOMES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    """Where the centre keeps its documents."""
    with opened(request.param, tmp_path) as address:
        yield address


@pytest.fixture
def road(tmp_path: Path, address: Address) -> Iterator[Road]:
    with ExitStack() as stack:
        yield Road(tmp_path, stack, address())


@pytest.fixture
def sticks(tmp_path: Path) -> Sticks:
    (tmp_path / "sticks").mkdir()
    return Sticks(tmp_path / "sticks")
