"""A PouchDB follows us and is followed, as a phone at the desk does all day."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.node


def test_live_replication_carries_each_write_both_ways(
    yizhan: str, fresh: Callable[[str], str], run: Callable[..., Any]
) -> None:
    told = run("live.mjs", fresh(yizhan))
    ids = sorted([f"{side}-{n}" for side in ("here", "there") for n in range(5)] + ["late"])
    assert told["errors"] == []
    assert told["seen"] == ids
    assert sorted(told["here"]) == ids
    assert told["here"] == told["there"]
