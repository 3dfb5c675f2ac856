"""When a station calls the node above: what came of the last step, to what is done next and after how long.

    a run went through   the next one at this station's own moment of the interval, so that thousands never call at once
    something was written  a run some seconds later, which takes along what is written meanwhile
    the link broke       probes, which cost a few bytes, at random within a bound that doubles up to a ceiling
    a probe got through  a run, after a moment that is this station's own and the longer the longer the outage was: a
                         long one was shared by many
    the node above is busy  a run no sooner than it asked for
    we are refused       a run more and more seldom, for waiting alone does not help

Everything here is a function of its arguments; chance and clocks are handed in.

Must not know: schedulers, threads, what a probe or a run is.
"""

import hashlib
from collections.abc import Callable
from enum import StrEnum

from sync.typed import Value, field

# Gives a number from 0 up to 1.
Chance = Callable[[], float]

_SHORTEST_SECONDS = 1.0  # between two probes
# Something takes our calls and is not the node above, such as the login page of a network: then a run is what tells,
# and that costs some kilobytes.
_LONGEST_AFTER_RUNS_SECONDS = 300.0
# A proxy in front of a centre may ask for a day; a station is not silenced for more than this.
_LONGEST_ASKED_SECONDS = 900.0
_LONGEST_REFUSED_INTERVALS = 4
# Of the length of an outage, what calls are spread over when it ends.
_SPREAD = 1 / 20
_MOST_DOUBLINGS = 20


class Action(StrEnum):
    """What is done at a step."""

    PROBE = "probe"
    RUN = "run"


class Pace(Value):
    """How a station calls.

    interval_seconds      from one run to the next while nothing happens
    longest_wait_seconds  from one probe to the next while the link is dead
    told_after_seconds    from something written to the run that tells it
    place                 this station's among all, from 0 up to 1
    """

    interval_seconds: float
    longest_wait_seconds: float
    told_after_seconds: float
    place: float


class State(Value):
    """What went before.

    failures     steps in a row in which nobody answered, or not with what we came for
    silent_runs  runs in a row in which nothing was heard
    lost_at      when the link was lost, in seconds of a clock that only goes forward; None while it is not known to be
    """

    failures: int = 0
    silent_runs: int = 0
    lost_at: float | None = None

    @property
    def is_well(self) -> bool:
        """Whether the last run went through."""
        return self.failures == 0 and self.lost_at is None


class Step(Value):
    """What is done next, after how long, and what went before it."""

    action: Action
    delay_seconds: float
    state: State = field(default_factory=State)


def place_of(sid: str) -> float:
    """A station's place among all: always the same, and evenly spread over many."""
    return int.from_bytes(hashlib.sha256(sid.encode()).digest()[:6]) / (1 << 48)


def first_step(now: float, *, silent_seconds: float | None) -> Step:
    """The first step of a process.

    silent_seconds  since the last contact; None when there never was one, and somebody is standing there waiting
    """
    if silent_seconds is None:
        return Step(Action.RUN, 0.0)
    return Step(Action.PROBE, 0.0, State(lost_at=now - max(silent_seconds, 0.0)))


def after_run(pace: Pace, wall_seconds: float) -> Step:
    """It went through. `wall_seconds` since 1970; a clock that is wrong moves the moment, not the distance."""
    interval = pace.interval_seconds
    until = (pace.place * interval - wall_seconds) % interval
    return Step(Action.RUN, until if until >= interval / 2 else until + interval)


def after_write(pace: Pace, state: State) -> float | None:
    """How long after something was written it is told; None while a probe has to come first, or no run is worth it."""
    if not state.is_well or pace.told_after_seconds <= 0:
        return None
    return pace.told_after_seconds


def after_loss(pace: Pace, state: State, *, now: float, heard: bool, chance: Chance) -> Step:
    """A run broke off.

    heard   whether anything came from above before: then the link is one that comes and goes
    """
    if heard or state.lost_at is None:
        state = State(1, 1, now)
    else:
        state = State(state.failures + 1, state.silent_runs + 1, state.lost_at)
    fewer = 2.0 ** min(state.silent_runs - 1, _MOST_DOUBLINGS)
    ceiling = min(pace.longest_wait_seconds * fewer, max(_LONGEST_AFTER_RUNS_SECONDS, pace.longest_wait_seconds))
    return Step(Action.PROBE, _waited(state.failures, ceiling, chance), state)


def after_probe(pace: Pace, state: State, *, reached: bool, now: float, chance: Chance) -> Step:
    """A probe got through, or did not."""
    lost_at = now if state.lost_at is None else state.lost_at
    if reached:
        outage = max(now - lost_at, 0.0)
        return Step(Action.RUN, pace.place * min(outage * _SPREAD, pace.longest_wait_seconds), state)
    state = State(state.failures + 1, min(state.silent_runs, 1), lost_at)
    return Step(Action.PROBE, _waited(state.failures, pace.longest_wait_seconds, chance), state)


def after_busy(pace: Pace, state: State, *, asked_seconds: float, chance: Chance) -> Step:
    """The node above is busy. `asked_seconds`: when it wants to be asked again, 0 when it did not say."""
    state = State(state.failures + 1)
    least = max(min(asked_seconds, _LONGEST_ASKED_SECONDS), _SHORTEST_SECONDS)
    most = max(2 * least, min(pace.longest_wait_seconds, _doubled(state.failures)))
    return Step(Action.RUN, least + chance() * (most - least), state)


def after_refusal(pace: Pace, state: State, *, chance: Chance) -> Step:
    """We were turned away, or could not do our part: not enrolled yet, the wrong node, our own disk."""
    state = State(state.failures + 1)
    most = pace.interval_seconds * min(2 ** min(state.failures - 1, _MOST_DOUBLINGS), _LONGEST_REFUSED_INTERVALS)
    return Step(Action.RUN, most / 2 + chance() * most / 2, state)


def _waited(failures: int, ceiling: float, chance: Chance) -> float:
    """Full jitter: anything up to a bound that doubles with each failure."""
    bound = max(min(ceiling, _doubled(failures)), _SHORTEST_SECONDS)
    return _SHORTEST_SECONDS + chance() * (bound - _SHORTEST_SECONDS)


def _doubled(failures: int) -> float:
    return _SHORTEST_SECONDS * 2.0 ** min(failures, _MOST_DOUBLINGS)
