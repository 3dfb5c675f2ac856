"""The far end of the link, one for all tests: starting and stopping it costs more than most of them."""

from collections.abc import Iterator

import pytest

from tests.faults.replication.replicas import FarEnd


@pytest.fixture(scope="session")
def running_far_end() -> Iterator[FarEnd]:
    with FarEnd().running() as far:
        yield far


@pytest.fixture
def far(running_far_end: FarEnd) -> FarEnd:
    """The far end, with no fault set."""
    running_far_end.faults.never()
    return running_far_end
