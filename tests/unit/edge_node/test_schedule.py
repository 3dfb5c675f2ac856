"""The clockwork asks in time, asks once, and is quiet about what everyone expects."""

import logging
import threading

import pytest

from edge_node.jobs.schedule import quiet, scheduled
from sync.errors import LinkDown, Unauthorized


class Courier:
    """Stands in for the road: counts its runs."""

    def __init__(self) -> None:
        self.ran = threading.Semaphore(0)
        self.ended = False

    def synchronise(self) -> None:
        self.ran.release()

    def end(self) -> None:
        self.ended = True


def test_the_upstream_is_asked_at_once_and_then_every_interval(station):
    courier = Courier()
    with scheduled(station.node, courier, sync_interval_seconds=1):
        assert courier.ran.acquire(timeout=5)
        assert courier.ran.acquire(timeout=5)
    assert courier.ended


def test_a_dead_link_is_no_news(caplog):
    caplog.set_level(logging.DEBUG)

    def broken():
        raise LinkDown("nobody there")

    quiet(broken)()
    assert caplog.records == []


def test_a_refusal_is_logged_when_it_changes_and_not_every_time(caplog):
    reasons = iter(["unknown", "unknown", "revoked", None, "revoked"])

    def work():
        reason = next(reasons)
        if reason:
            raise Unauthorized(reason)

    run = quiet(work)
    for _ in range(5):
        run()
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == ["unknown", "revoked", "revoked"]


def test_a_fault_of_ours_is_not_swallowed():
    def work():
        raise KeyError("ours")

    with pytest.raises(KeyError):
        quiet(work)()
