"""The clockwork calls in time, however its clock leaps, and ends when it is told to."""

import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from apscheduler.schedulers import base

from edge_node.jobs import schedule
from edge_node.jobs.pacing import Action, Pace, Step
from edge_node.jobs.schedule import Daily, scheduled
from sync.errors import DiskFull, LinkDown

SOON = Pace(interval_seconds=1, longest_wait_seconds=1, told_after_seconds=1, place=0.5)
SELDOM = Pace(interval_seconds=86_400, longest_wait_seconds=60, told_after_seconds=1, place=0.5)


class Way:
    """Stands in for the road: counts its runs."""

    heard_bytes = answers = 0

    def __init__(self, *, dead: bool = False) -> None:
        self.ran, self.probed = threading.Semaphore(0), threading.Semaphore(0)
        self.dead = dead
        self.ended = False

    def probe(self) -> bool:
        self.probed.release()
        return not self.dead

    def keep_up(self) -> None:
        self.ran.release()
        if self.dead:
            raise LinkDown("nobody there")

    def has_news(self, stations: Iterable[str]) -> bool:
        return True

    def end(self) -> None:
        self.ended = True


def test_the_upstream_is_called_at_once_and_then_every_interval() -> None:
    way = Way()
    with scheduled(way, SOON, Step(Action.RUN, 0.0)):
        assert way.ran.acquire(timeout=5)
        assert way.ran.acquire(timeout=5)
        assert way.ran.acquire(timeout=5)
    assert way.ended


def test_a_dead_link_is_probed_and_a_run_follows_when_it_is_back() -> None:
    way = Way(dead=True)
    with scheduled(way, SOON, Step(Action.RUN, 0.0)):
        assert way.ran.acquire(timeout=5)
        assert way.probed.acquire(timeout=5)
        assert not way.ran.acquire(blocking=False)
        way.dead = False
        assert way.ran.acquire(timeout=5)


def test_what_is_written_is_told_long_before_the_interval_is_over() -> None:
    way = Way()
    with scheduled(way, SELDOM, Step(Action.RUN, 0.0)) as calling:
        assert way.ran.acquire(timeout=5)
        time.sleep(0.1)  # the step has ended
        calling.written(["k3m7q"])
        assert way.ran.acquire(timeout=5)


def test_daily_work_is_done_at_the_start_and_what_goes_wrong_with_it_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = threading.Semaphore(0)

    def fail() -> None:
        done.release()
        raise DiskFull("no space")

    daily = (Daily("sweep", done.release), Daily("tidy", fail), Daily("later", done.release, after_seconds=3600))
    with scheduled(Way(), SELDOM, Step(Action.RUN, 0.0), daily):
        assert done.acquire(timeout=5)
        assert done.acquire(timeout=5)
    assert not done.acquire(blocking=False)
    assert [record.getMessage() for record in caplog.records] == ["tidy: no space"]


@pytest.mark.timeout(20)
def test_the_clockwork_ends_while_a_step_is_under_way() -> None:
    way, ended = Way(), threading.Event()
    way.end = ended.set  # type: ignore[method-assign]

    def run() -> None:
        way.ran.release()
        ended.wait(10)
        time.sleep(0.2)  # the scheduler is waiting for us by now

    way.keep_up = run  # type: ignore[method-assign]
    with scheduled(way, SOON, Step(Action.RUN, 0.0)):
        assert way.ran.acquire(timeout=5)


def test_a_clock_set_back_by_years_puts_no_call_off(monkeypatch: pytest.MonkeyPatch) -> None:
    back = 0.0

    class Moment(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(time.time() - back, UTC)

    class Time:
        monotonic = staticmethod(time.monotonic)

        @staticmethod
        def time() -> float:
            return time.time() - back

    for module, name, value in ((base, "datetime", Moment), (schedule, "datetime", Moment), (schedule, "time", Time)):
        monkeypatch.setattr(module, name, value)
    way = Way()
    with scheduled(way, SOON, Step(Action.RUN, 0.0)):
        assert way.ran.acquire(timeout=5)
        time.sleep(0.1)  # the next one is armed
        back = 3 * 365 * 86_400.0
        assert way.ran.acquire(timeout=5)
        assert way.ran.acquire(timeout=5)
