"""One thread's silence is everybody's knowledge."""

import threading

import pytest

from sync.errors import StoreUnreachable
from sync.outbox.reach import Reach


def test_whoever_asks_before_the_first_attempt_waits_for_it() -> None:
    reach, passed = Reach(), threading.Event()

    def ask() -> None:
        reach.require(timeout_seconds=10)
        passed.set()

    asking = threading.Thread(target=ask)
    asking.start()
    assert not passed.wait(0.05)
    assert reach.up()
    assert passed.wait(10)
    asking.join()
    assert not reach.up(), "no news"


def test_trouble_is_told_at_once_until_somebody_gets_through() -> None:
    reach = Reach()
    assert reach.down("文档库（CouchDB）暂时连接不上")
    assert not reach.down("文档库（CouchDB）暂时连接不上"), "no news"
    with pytest.raises(StoreUnreachable, match="连接不上"):
        reach.require(timeout_seconds=10)
    assert not reach.is_up()
    assert reach.up()
    reach.require(timeout_seconds=0)
    assert reach.trouble() == ""


def test_a_first_attempt_that_takes_too_long_is_as_good_as_failed() -> None:
    with pytest.raises(StoreUnreachable):
        Reach().require(timeout_seconds=0.01)
