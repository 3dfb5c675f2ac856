"""When a station calls: never busier than it may be, never silent for long, and thousands never at once."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_node.jobs.pacing import (
    Action,
    Pace,
    State,
    Step,
    after_busy,
    after_loss,
    after_probe,
    after_refusal,
    after_run,
    after_write,
    first_step,
    place_of,
)

PACE = Pace(interval_seconds=30, longest_wait_seconds=60, told_after_seconds=3, place=0.25)
HOUR = 3600.0

paces = st.builds(
    Pace,
    interval_seconds=st.integers(1, 86_400),
    longest_wait_seconds=st.integers(1, 3600),
    told_after_seconds=st.integers(0, 60),
    place=st.floats(0, 1, exclude_max=True),
)
states = st.builds(
    State,
    failures=st.integers(0, 5000),
    silent_runs=st.integers(0, 5000),
    lost_at=st.none() | st.floats(0, 1e9),
)
chances = st.floats(0, 1, exclude_max=True).map(lambda value: lambda: value)
moments = st.floats(0, 1e9)


@given(paces, states, moments, chances)
def test_a_probe_of_a_dead_link_is_never_sooner_than_a_second_and_never_later_than_the_ceiling(
    pace: Pace, state: State, now: float, chance: Callable[[], float]
) -> None:
    step = after_probe(pace, state, reached=False, now=now, chance=chance)
    assert step.action is Action.PROBE
    assert 1 <= step.delay_seconds <= max(pace.longest_wait_seconds, 1)
    assert step.state.lost_at == (now if state.lost_at is None else state.lost_at)


@given(paces, states, moments, st.booleans(), chances)
def test_after_a_run_that_broke_off_a_probe_follows_within_some_minutes(
    pace: Pace, state: State, now: float, heard: bool, chance: Callable[[], float]
) -> None:
    step = after_loss(pace, state, now=now, heard=heard, chance=chance)
    assert step.action is Action.PROBE
    assert 1 <= step.delay_seconds <= max(300, pace.longest_wait_seconds)


@given(paces, states, chances, st.floats(0, 1e12))
def test_a_busy_node_is_not_asked_sooner_than_it_wants_and_not_silenced_for_ever(
    pace: Pace, state: State, chance: Callable[[], float], asked: float
) -> None:
    step = after_busy(pace, state, asked_seconds=asked, chance=chance)
    assert step.action is Action.RUN
    assert min(asked, HOUR / 4) <= step.delay_seconds <= max(HOUR / 2, pace.longest_wait_seconds)
    assert step.delay_seconds >= 1


@given(paces, states, chances)
def test_a_refusal_is_asked_about_again_within_four_intervals_and_not_at_once(
    pace: Pace, state: State, chance: Callable[[], float]
) -> None:
    step = after_refusal(pace, state, chance=chance)
    assert pace.interval_seconds / 2 <= step.delay_seconds <= 4 * pace.interval_seconds


@given(paces, st.floats(0, 1e11))
def test_at_rest_one_interval_lies_between_two_runs_at_the_stations_own_moment(pace: Pace, wall: float) -> None:
    interval = pace.interval_seconds
    step = after_run(pace, wall)
    assert interval / 2 <= step.delay_seconds <= interval * 1.5
    assert step.state.is_well
    moment = (wall + step.delay_seconds) / interval - pace.place
    assert abs(moment - round(moment)) < 1e-3


def test_at_rest_a_day_has_as_many_runs_as_intervals() -> None:
    now, runs = 12_345.6, 0
    while now < 12_345.6 + 24 * HOUR:
        now += after_run(PACE, now).delay_seconds
        runs += 1
    assert runs == pytest.approx(24 * HOUR / PACE.interval_seconds, abs=1)


@pytest.mark.parametrize("seed", range(5))
def test_a_dead_day_costs_some_thousand_probes_and_no_run(seed: int) -> None:
    chance, now, steps = random.Random(seed).random, 0.0, []
    step = after_loss(PACE, State(), now=now, heard=False, chance=chance)
    while now < 24 * HOUR:
        now += step.delay_seconds
        steps.append(step.action)
        step = after_probe(PACE, step.state, reached=False, now=now, chance=chance)
    assert set(steps) == {Action.PROBE}
    assert len(steps) < 24 * HOUR / (PACE.longest_wait_seconds / 2) * 1.15  # a handful of bytes each


@pytest.mark.parametrize("seed", range(5))
def test_whoever_takes_calls_and_is_not_the_node_above_gets_fewer_and_fewer_runs(seed: int) -> None:
    """The login page of a network: every probe gets through, no run does."""
    chance, now, runs = random.Random(seed).random, 0.0, 0
    step = Step(Action.RUN, 0.0)
    while now < 24 * HOUR:
        if step.action is Action.RUN:
            runs += 1
            step = after_loss(PACE, step.state, now=now, heard=False, chance=chance)
        else:
            step = after_probe(PACE, step.state, reached=True, now=now, chance=chance)
        now += step.delay_seconds
    assert runs < 24 * HOUR / 100  # of some kilobytes each


def test_a_link_that_comes_and_goes_is_tried_again_at_once() -> None:
    state = State(failures=40, silent_runs=7, lost_at=0.0)
    step = after_loss(PACE, state, now=1000.0, heard=True, chance=lambda: 0.999)
    assert step.delay_seconds <= 2
    step = after_probe(PACE, step.state, reached=True, now=1002.0, chance=lambda: 0.999)
    assert step.action is Action.RUN
    assert step.delay_seconds < 0.1


def test_what_is_written_is_told_soon_where_the_link_is_well_and_waits_for_a_probe_where_it_is_not() -> None:
    assert after_write(PACE, State()) == 3
    assert after_write(PACE, State(failures=1)) is None
    assert after_write(PACE, State(lost_at=1.0)) is None
    assert after_write(Pace(30, 60, 0, 0.5), State()) is None


def test_who_never_reached_anybody_calls_at_once_and_who_was_silent_probes_first() -> None:
    assert first_step(5.0, silent_seconds=None).action is Action.RUN
    step = first_step(5.0, silent_seconds=90.0)
    assert (step.action, step.delay_seconds, step.state.lost_at) == (Action.PROBE, 0.0, -85.0)


def herd(stations: int, seed: int, *, lost_at: float, back_at: float, restarted: bool) -> Counter[int]:
    """How many runs begin in each second after a link that all of them share is back."""
    starts: Counter[int] = Counter()
    dice = random.Random(seed)
    for number in range(stations):
        pace = Pace(30, 60, 3, place_of(f"{seed}-{number}"))
        if restarted:  # power came back everywhere in the same second
            now, step = back_at, first_step(back_at, silent_seconds=back_at - lost_at)
        else:
            now = lost_at + dice.random() * 30
            step = after_loss(pace, State(), now=now, heard=False, chance=dice.random)
        while step.action is Action.PROBE:
            now += step.delay_seconds
            step = after_probe(pace, step.state, reached=now >= back_at, now=now, chance=dice.random)
        starts[int(now + step.delay_seconds - back_at)] += 1
    return starts


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_five_hundred_stations_that_return_at_once_do_not_call_at_once(seed: int, restarted: bool) -> None:
    starts = herd(500, seed, lost_at=0.0, back_at=3 * HOUR, restarted=restarted)
    assert max(starts.values()) <= 25
    assert max(starts) <= 125  # and each is heard within some two minutes
    assert sum(starts.values()) == 500


def test_after_a_short_break_nobody_waits_long() -> None:
    starts = herd(500, 1, lost_at=0.0, back_at=60.0, restarted=False)
    assert max(starts) <= 65
    assert max(starts.values()) <= 60


@pytest.mark.parametrize("seed", range(4))
def test_five_hundred_stations_told_to_come_again_in_ten_seconds_do_not_come_in_the_same_one(seed: int) -> None:
    dice = random.Random(seed)
    starts = Counter(
        int(after_busy(PACE, State(), asked_seconds=10, chance=dice.random).delay_seconds) for _ in range(500)
    )
    assert min(starts) >= 10
    assert max(starts.values()) <= 80


def test_places_are_spread_and_stay() -> None:
    assert place_of("k3m7q") == place_of("k3m7q")
    tenths = Counter(int(place_of(f"s{number}") * 10) for number in range(1000))
    assert set(tenths) == set(range(10))
    assert max(tenths.values()) < 150
