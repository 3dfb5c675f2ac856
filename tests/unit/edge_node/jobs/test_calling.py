"""Step by step: what came of a call decides about the next, and there is always one armed."""

import logging
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from edge_node.jobs.calling import Calling
from edge_node.jobs.pacing import Action, Pace, State, Step
from sync.errors import LinkDown, PeerBusy, ProtocolError, SyncError, Unauthorized, WrongPeer

PACE = Pace(interval_seconds=30, longest_wait_seconds=60, told_after_seconds=3, place=0.0)


class Way:
    """Stands in for the road: answers as it was told, and counts."""

    def __init__(self) -> None:
        self.heard_bytes = self.answers = 0
        self.reachable = False
        self.news = True
        self.ends: list[SyncError | None] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.runs = self.probes = self.asked = 0

    def probe(self) -> bool:
        self.probes += 1
        return self.reachable

    def keep_up(self) -> None:
        self.runs += 1
        self.meanwhile()
        error = self.ends.pop(0) if self.ends else None
        if error is not None:
            raise error

    def has_news(self, stations: Iterable[str]) -> bool:
        self.asked += 1
        return self.news

    def end(self) -> None:
        """Nothing is under way."""


class Bench:
    """A calling over a way, its clock in the test's hand."""

    def __init__(self) -> None:
        self.way, self.armed, self.now = Way(), [], 0.0
        self.calling = Calling(
            self.way,
            PACE,
            arm=self.armed.append,
            chance=lambda: 0.5,
            steady=lambda: self.now,
            wall=lambda: self.now,
        )
        self.armed: list[float]

    def step(self) -> float:
        """Time passes until what is armed is due; after how long the next is."""
        self.now += self.armed[-1]
        self.calling.step()
        return self.armed[-1]


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.calling.begin(Step(Action.RUN, 0.0))
    return bench


def test_a_dead_link_is_probed_and_the_first_probe_that_gets_through_brings_a_run(bench: Bench) -> None:
    bench.way.ends = [LinkDown("nobody there")]
    waits = [bench.step() for _ in range(8)]
    assert (bench.way.runs, bench.way.probes) == (1, 7)
    assert waits == sorted(waits)
    assert waits[-1] == 30.5  # half of the way up to the ceiling
    bench.way.reachable = True
    assert bench.step() == 0.0
    assert bench.step() >= 15
    assert bench.way.runs == 2


def test_a_busy_node_is_asked_again_when_it_wants_to_be(bench: Bench) -> None:
    bench.way.ends = [PeerBusy("later", retry_after_seconds=40)]
    assert 40 <= bench.step() <= 80
    assert bench.way.probes == 0


def test_what_is_written_while_nothing_is_due_soon_brings_a_run_soon(bench: Bench) -> None:
    assert bench.step() >= 15
    bench.now += 1
    bench.calling.written(["k3m7q"])
    assert bench.armed[-1] == 3
    count = len(bench.armed)
    bench.now += 1
    bench.calling.written(["k3m7q"])  # and what is written meanwhile goes along
    assert len(bench.armed) == count
    bench.now += 1
    bench.calling.step()
    assert bench.way.runs == 2


def test_what_came_from_above_brings_no_run(bench: Bench) -> None:
    bench.step()
    bench.way.news = False
    count = len(bench.armed)
    bench.calling.written(["k3m7q"])
    assert len(bench.armed) == count


def test_on_a_dead_link_a_write_waits_for_the_probe_and_costs_no_look(bench: Bench) -> None:
    bench.way.ends = [LinkDown("nobody there")]
    bench.step()
    count = len(bench.armed)
    bench.calling.written(["k3m7q"])
    assert len(bench.armed) == count
    assert bench.way.asked == 0


def test_what_is_written_during_a_run_and_not_told_by_it_is_told_soon(bench: Bench) -> None:
    bench.way.meanwhile = lambda: bench.calling.written(["k3m7q"])
    assert bench.step() == 3
    bench.way.news = False
    assert bench.step() >= 15


def test_a_run_by_hand_that_went_through_ends_the_waiting(bench: Bench) -> None:
    bench.way.ends = [PeerBusy("later", retry_after_seconds=600)]
    assert bench.step() >= 600
    bench.calling.reached()
    assert bench.armed[-1] <= 45
    bench.calling.written(["k3m7q"])
    assert bench.armed[-1] == 3
    count = len(bench.armed)
    bench.calling.reached()  # where nothing was waited for nothing changes
    assert len(bench.armed) == count


def test_another_address_ends_whatever_the_old_one_asked_for(bench: Bench) -> None:
    bench.way.ends = [PeerBusy("later", retry_after_seconds=800)]
    assert bench.step() >= 800
    bench.calling.elsewhere()
    assert bench.armed[-1] == 0
    assert bench.step() <= 45
    assert bench.way.runs == 2


def test_another_address_in_the_middle_of_a_step_ends_what_comes_of_it(bench: Bench) -> None:
    bench.way.meanwhile, bench.way.ends = bench.calling.elsewhere, [PeerBusy("later", retry_after_seconds=800)]
    assert bench.step() == 0
    bench.way.meanwhile = lambda: None
    assert bench.step() >= 15
    assert (bench.way.runs, bench.way.probes) == (2, 0)


def test_a_step_that_comes_while_one_is_under_way_does_nothing(bench: Bench) -> None:
    bench.way.meanwhile = bench.calling.step
    bench.step()
    assert bench.way.runs == 1


def test_a_link_on_which_something_was_heard_is_tried_again_at_once(bench: Bench) -> None:
    def hear() -> None:
        bench.way.heard_bytes += 100

    bench.calling.begin(Step(Action.RUN, 0.0, State(failures=30, silent_runs=5, lost_at=0.0)))
    bench.way.meanwhile, bench.way.ends = hear, [LinkDown("cut")]
    assert bench.step() <= 2


def test_where_a_login_page_answers_exchanges_become_rarer_up_to_one_in_five_minutes(bench: Bench) -> None:
    def page() -> None:
        bench.way.heard_bytes += 3000

    bench.way.reachable, bench.way.meanwhile = True, page
    bench.way.ends = [ProtocolError("not a frame")] * 40
    moments = []
    while bench.way.runs < 30:
        runs = bench.way.runs
        bench.step()
        if bench.way.runs > runs:
            moments.append(bench.now)
    apart = [after - before for before, after in pairwise(moments)]
    assert apart == sorted(apart)
    assert apart[0] < 5
    assert 100 < apart[-1] <= 300
    assert bench.way.probes >= 29  # each of them after something answered a few bytes


@pytest.mark.parametrize("error", [WrongPeer("another"), ProtocolError("garbled behind its answer")])
def test_a_node_that_is_another_or_breaks_the_protocol_behind_its_answer_refuses(
    bench: Bench, error: ProtocolError
) -> None:
    def answer() -> None:
        bench.way.answers += not isinstance(error, WrongPeer)

    bench.way.meanwhile, bench.way.ends = answer, [error] * 4
    waits = [bench.step() for _ in range(4)]
    assert bench.way.probes == 0
    assert waits[-1] >= 60


def test_a_fault_of_ours_is_not_swallowed_and_the_next_step_is_armed(bench: Bench) -> None:
    def fail() -> None:
        raise KeyError("ours")

    bench.way.meanwhile = fail
    with pytest.raises(KeyError):
        bench.step()
    assert bench.armed[-1] >= 15
    bench.way.meanwhile = lambda: None
    bench.step()
    assert bench.way.runs == 2


def test_a_dead_link_is_no_news(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench.way.ends = [LinkDown("nobody there")]
    bench.step()
    assert caplog.records == []


def test_a_refusal_is_logged_when_it_changes_and_not_every_time(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    reasons = ["unknown", "unknown", "revoked", None, "revoked"]
    bench.way.ends = [Unauthorized(reason) if reason else None for reason in reasons]
    for _ in reasons:
        bench.step()
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == ["unknown", "revoked", "revoked"]
