"""The station calls the node above, step by step: a probe or a run, and what came of it decides about the next.

One step at a time. Between two of them nothing is done and nobody waits: whoever writes says so.

Must not know: APScheduler, what is carried.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from edge_node.jobs.pacing import (
    Action,
    Chance,
    Pace,
    State,
    Step,
    after_busy,
    after_loss,
    after_probe,
    after_refusal,
    after_run,
    after_write,
)
from sync.errors import LinkError, PeerBusy, ProtocolError, SyncError, WrongPeer

_log = logging.getLogger(__name__)


class WayUp(Protocol):
    """What is called, as far as the clock knows it."""

    @property
    def heard_bytes(self) -> int:
        """How much was heard from above so far."""
        ...

    @property
    def answers(self) -> int:
        """How many exchanges were answered by a node above so far; a login page answers none."""
        ...

    def probe(self) -> bool:
        """Whether somebody answers up there; costs a few bytes."""
        ...

    def keep_up(self) -> object:
        """A run by the clock."""
        ...

    def has_news(self, stations: Iterable[str]) -> bool:
        """Whether something of these stations is to be told."""
        ...

    def end(self) -> None:
        """Let the run under way stop soon."""
        ...


class Calling:
    """Guards that there is one next step, and that it is armed once."""

    def __init__(
        self,
        way: WayUp,
        pace: Pace,
        *,
        arm: Callable[[float], None],
        chance: Chance = random.random,
        steady: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Work over these.

        arm     called with the seconds after which `step` is to be called; a later call takes the place of an earlier
        steady  seconds of a clock that only goes forward;  wall, seconds since 1970
        """
        self._way = way
        self._pace = pace
        self._arm = arm
        self._chance = chance
        self._steady = steady
        self._wall = wall
        self._lock = threading.Lock()
        self._next = Step(Action.RUN, 0.0)
        self._due = 0.0
        self._under_way = False
        self._is_elsewhere = False  # whether the node above got another address while a step is under way
        self._closed = False
        self._written: frozenset[str] = frozenset()  # stations, while a step is under way
        self._told = ""  # the refusal that was logged last

    def begin(self, step: Step) -> None:
        """Arm the first step."""
        with self._lock:
            self._take(step)

    def step(self) -> None:
        """Do what is due, and arm the next; raises what is no SyncError, with the next armed."""
        with self._lock:
            if self._under_way:
                return
            step, self._under_way = self._next, True
        following = after_refusal(self._pace, step.state, chance=self._chance)  # after a fault of ours
        try:
            following = self._probe(step.state) if step.action is Action.PROBE else self._run(step.state)
        finally:
            with self._lock:
                self._under_way = False
                written, self._written = self._written, frozenset()
                elsewhere, self._is_elsewhere = self._is_elsewhere, False
                self._take(Step(Action.RUN, 0.0) if elsewhere else following)
            if written:
                self.written(written)

    def written(self, stations: Iterable[str]) -> None:
        """Something of these stations is on the disk: it is told soon, if it has to be."""
        stations = frozenset(stations)
        with self._lock:
            if self._under_way:  # it may have been told already when the step ends
                self._written |= stations
                return
            delay = after_write(self._pace, self._next.state)
            if delay is None or self._next.action is not Action.RUN or self._due - self._steady() <= delay:
                return
        if self._way.has_news(stations):
            with self._lock:
                if not self._under_way and self._next.state.is_well and self._due - self._steady() > delay:
                    self._take(Step(Action.RUN, delay, self._next.state))

    def reached(self) -> None:
        """Somebody else's run went through: whatever was waited for, the link is well."""
        with self._lock:
            if not self._under_way and not self._next.state.is_well:
                self._take(after_run(self._pace, self._wall()))

    def elsewhere(self) -> None:
        """The node above has another address: what the old one asked for, or did not answer, says nothing of it."""
        with self._lock:
            self._told = ""
            if self._under_way:  # still at the old one
                self._is_elsewhere = True
            else:
                self._take(Step(Action.RUN, 0.0))

    def close(self) -> None:
        """Arm nothing any more: what ends now has nobody to come after it. Nothing is being armed on return."""
        with self._lock:
            self._closed = True

    def _take(self, step: Step) -> None:
        self._next = step
        self._due = self._steady() + step.delay_seconds
        if not self._closed:
            self._arm(step.delay_seconds)

    def _probe(self, state: State) -> Step:
        reached = self._way.probe()
        return after_probe(self._pace, state, reached=reached, now=self._steady(), chance=self._chance)

    def _run(self, state: State) -> Step:
        heard_before, answers_before = self._way.heard_bytes, self._way.answers
        try:
            self._way.keep_up()
        except PeerBusy as error:
            self._told = ""
            return after_busy(self._pace, state, asked_seconds=error.retry_after_seconds, chance=self._chance)
        except LinkError:
            self._told = ""  # a dead link is no news
            heard = self._way.heard_bytes != heard_before
            return after_loss(self._pace, state, now=self._steady(), heard=heard, chance=self._chance)
        except SyncError as error:
            self._log_once(f"{type(error).__name__}: {error.reason}")
            # Who shows another certificate costs no exchange; what else makes no sense may be a login page.
            is_nonsense = isinstance(error, ProtocolError) and not isinstance(error, WrongPeer)
            if is_nonsense and self._way.answers == answers_before:
                return after_loss(self._pace, state, now=self._steady(), heard=False, chance=self._chance)
            return after_refusal(self._pace, state, chance=self._chance)
        self._told = ""
        return after_run(self._pace, self._wall())

    def _log_once(self, refusal: str) -> None:
        if refusal != self._told:
            _log.warning("synchronising: %s", refusal)
        self._told = refusal
