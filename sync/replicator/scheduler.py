"""Which jobs run: a few at once, the others in the order they came, those that failed after a while.

A thread belongs to a job only while it runs. When others wait, a continuous job that had its turn
stops at its checkpoint and goes to the end of the queue; one that is not continuous runs to its end.

source  CouchDB, `couch_replicator_scheduler`

Must not know: databases, documents, how a job is carried out.
"""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sync.errors import PeerBusy, Refused, SyncError
from sync.replicator.job import Job, Origin, State
from sync.replicator.specification import Specification
from sync.values.traces import trace_of

MOST_RUNNING = 20
TURN_SECONDS = 60.0
# The first failures are mostly links that come back. What waiting does not help (a database that is
# not there, a password) is tried too, for somebody may put it right, but not as often.
_FIRST_DELAY_SECONDS = 2.0
_LONGEST_DELAY_SECONDS = 60.0
_LONGEST_HOPELESS_SECONDS = 600.0
# How long a job may take to stop at a checkpoint before its connections are cut.
_GRACE_SECONDS = 3.0

# (what a job does in its thread) -> what `_replicate` answers
Work = Callable[[Job], Mapping[str, Any]]
Delay = Callable[[int, bool], float]

_log = logging.getLogger(__name__)


def backed_off(errors: int, waiting_helps: bool) -> float:
    """Seconds to wait after so many failures in a row: doubling, and never quite the same for two jobs."""
    longest = _LONGEST_DELAY_SECONDS if waiting_helps else _LONGEST_HOPELESS_SECONDS
    delay: float = min(_FIRST_DELAY_SECONDS * 2.0 ** min(errors - 1, 20), longest)
    return delay * random.uniform(0.5, 1.0)


class Scheduler:
    """The jobs of one server; every method may be called from any thread."""

    def __init__(
        self,
        work: Work,
        *,
        done: Callable[[Job], None],
        most_running: int = MOST_RUNNING,
        turn_seconds: float = TURN_SECONDS,
        delay: Delay = backed_off,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """done: called in the job's thread when it has come to its end by itself; must not raise."""
        self._work = work
        self._done = done
        self._most_running = most_running
        self._turn_seconds = turn_seconds
        self._delay = delay
        self._clock = clock
        self._changed = threading.Condition()
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()
        self._running: set[Job] = set()
        self._number = 0
        self._closing = False
        self._thread = threading.Thread(target=self._schedule, name="replication-scheduler", daemon=True)

    def start(self) -> None:
        """Begin; jobs added before wait until now."""
        self._thread.start()

    def close(self) -> None:
        """Stop every job at its checkpoint, within seconds, and take no more."""
        with self._changed:
            self._closing = True
            self._queue.clear()
            jobs = list({*self._jobs.values(), *self._running})
            self._jobs.clear()
            self._changed.notify_all()
        for job in jobs:
            job.error = job.error or PeerBusy("The server is stopping; the replication goes on when it is back.")
        self._halt(jobs, _GRACE_SECONDS)
        if self._thread.is_alive():
            self._thread.join()

    def add(self, job_id: str, specification: Specification, origin: Origin) -> Job:
        """A new job, or the one there is by that id; raises PeerBusy when the server is stopping."""
        with self._changed:
            if self._closing:
                raise PeerBusy("The server is stopping.")
            known = self._jobs.get(job_id)
            if known is not None:
                return known
            self._number += 1
            job = Job(job_id, specification, origin, self._number, added=self._clock())
            job.note("added", job.added)
            self._jobs[job_id] = job
            self._queue.append(job)
            self._changed.notify_all()
            return job

    def remove(self, job_id: str, *, wait: bool = True) -> bool:
        """End a job for good; False when there is none by that id.

        wait  until its thread has let go of its databases, or some seconds
        """
        with self._changed:
            job = self._jobs.pop(job_id, None)
            if job is None:
                return False
            if job in self._queue:
                self._queue.remove(job)
            self._changed.notify_all()
        job.error = Refused("the replication was cancelled")
        self._halt([job], _GRACE_SECONDS if wait else 0.0)
        return True

    def find(self, job_id: str) -> Job | None:
        """The job by that id."""
        with self._changed:
            return self._jobs.get(job_id)

    def jobs(self) -> list[Job]:
        """Every job, in the order of ids."""
        with self._changed:
            return [self._jobs[job_id] for job_id in sorted(self._jobs)]

    def running(self) -> list[Job]:
        """Those that have a thread now."""
        with self._changed:
            return sorted(self._running, key=lambda job: job.number)

    def _halt(self, jobs: Sequence[Job], grace_seconds: float) -> None:
        """End jobs that are no longer listed: first politely, then by cutting their connections."""
        for job in jobs:
            _stop(job)
        with self._changed:
            for job in jobs:
                if job not in self._running:
                    job.ended.set()
        if not grace_seconds or _have_ended(jobs, grace_seconds):
            return
        for job in jobs:
            ends = job.ends
            if ends:
                ends.cut()
        _have_ended(jobs, 1.0)

    def _schedule(self) -> None:
        with self._changed:
            while not self._closing:
                now = time.monotonic()
                self._take_up(now)
                for job in self._startable():
                    self._begin(job, now)
                self._make_room(now)
                self._changed.wait(self._until_something_is_due(now))

    def _take_up(self, now: float) -> None:
        """Queue those that have waited long enough after a failure."""
        for job in self._jobs.values():
            if job.state is State.CRASHING and job.due <= now:
                job.state = State.PENDING
                self._queue.append(job)

    def _startable(self) -> Iterator[Job]:
        while self._queue and len(self._running) < self._most_running:
            yield self._queue.popleft()

    def _begin(self, job: Job, now: float) -> None:
        job.state, job.turn = State.RUNNING, now
        job.halt.clear()
        job.started = self._clock()
        job.note("started", job.started)
        self._running.add(job)
        thread = threading.Thread(target=self._carry_out, args=(job,), name=f"replication-{job.id[:8]}", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the machine has no room for one more thread now
            self._running.discard(job)
            job.state, job.due = State.CRASHING, now + _LONGEST_DELAY_SECONDS
            job.error = PeerBusy("There is no room for another thread.")

    def _make_room(self, now: float) -> None:
        """Have as many stop as others wait, the longest-running first, and none before its turn is over."""
        stopping = sum(job.halt.is_set() for job in self._running)
        over = [job for job in self._running if self._has_had_its_turn(job, now)]
        over.sort(key=lambda job: job.turn)
        for job in over[: max(len(self._queue) - stopping, 0)]:
            _stop(job)

    def _has_had_its_turn(self, job: Job, now: float) -> bool:
        return job.specification.continuous and not job.halt.is_set() and now - job.turn >= self._turn_seconds

    def _until_something_is_due(self, now: float) -> float | None:
        times = [job.due for job in self._jobs.values() if job.state is State.CRASHING]
        if self._queue:
            times += [job.turn + self._turn_seconds for job in self._running if job.specification.continuous]
        return max(min(times) - now, 0.05) if times else None

    def _carry_out(self, job: Job) -> None:
        answer, error = None, None
        try:
            answer = self._work(job)
        except SyncError as known:
            error = known
        except Exception as fault:
            # Without its message, which may quote a document.
            _log.error("%s in %s\n%s", type(fault).__name__, job.id, trace_of(fault))
            error = SyncError("The replicator failed; the log tells where.")
        with self._changed:
            is_over = self._settle(job, answer, error)
            if not is_over:
                self._leave(job)
        if is_over:
            self._done(job)  # still among those that run: whoever closes the databases waits for this
            with self._changed:
                self._leave(job)
        if is_over or self.find(job.id) is not job:
            job.ended.set()

    def _leave(self, job: Job) -> None:
        self._running.discard(job)
        self._changed.notify_all()

    def _settle(self, job: Job, answer: Mapping[str, Any] | None, error: SyncError | None) -> bool:
        """Note how a job's thread ended; whether the job is over by itself."""
        if self._jobs.get(job.id) is not job:  # cancelled, or closing
            return False
        if job.halt.is_set():  # had its turn; whatever broke, broke because of that
            job.note("stopped", self._clock())
            job.state = State.PENDING
            self._queue.append(job)
            return False
        if error is None:
            job.answer = answer
            del self._jobs[job.id]
            return True
        return self._settle_failure(job, error)

    def _settle_failure(self, job: Job, error: SyncError) -> bool:
        job.errors += 1
        job.error = error
        job.note("crashed", self._clock(), error)
        if _is_tried_again(job, error):
            job.state = State.CRASHING
            job.due = time.monotonic() + self._delay(job.errors, error.waiting_helps)
            return False
        del self._jobs[job.id]
        return True


def _stop(job: Job) -> None:
    """Have it come to its end: at the next part of a batch, or at once when it waits for changes."""
    job.halt.set()
    ends = job.ends
    if job.is_idle and ends:
        ends.cut()


def _have_ended(jobs: Sequence[Job], seconds: float) -> bool:
    """Wait until all are gone; False when the time ran out first."""
    deadline = time.monotonic() + seconds
    return all(job.ended.wait(max(deadline - time.monotonic(), 0.0)) for job in jobs)


def _is_tried_again(job: Job, error: SyncError) -> bool:
    """A document's job always; one asked for at once only while its asker need not be told of the failure."""
    return job.origin.document is not None or (job.specification.continuous and error.waiting_helps)
