"""Which jobs run, in what order, and what becomes of those that fail."""

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from sync.errors import LinkDown, PeerBusy, Refused, SyncError
from sync.replicator.job import Job, Origin, State
from sync.replicator.scheduler import Scheduler, backed_off
from sync.replicator.specification import Specification, read_specification
from sync.wire.problems import DatabaseNotFound
from tests.waiting import until

DOCUMENT = Origin("_replicator", "doc")
ONCE = read_specification({"source": "a", "target": "b"})
FOREVER = read_specification({"source": "a", "target": "b", "continuous": True})
DONE = {"ok": True}
SECONDS = 20


class Workers:
    """Stands where replication is done: each job waits for what the test says, and notes that it ran."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.started: list[str] = []
        self.failures: dict[str, list[SyncError]] = {}
        self.done: list[str] = []
        self.over: dict[str, threading.Event] = {}

    def work(self, job: Job) -> Mapping[str, Any]:
        with self.changed:
            self.started.append(job.id)
            self.changed.notify_all()
            failures = self.failures.get(job.id, [])
            if failures:
                raise failures.pop(0)
        over = self.over.get(job.id)
        while over and not over.is_set() and not job.halt.wait(0.01):
            pass
        if job.specification.continuous and not over:
            job.halt.wait(SECONDS)
        return DONE

    def ended(self, job: Job) -> None:
        with self.changed:
            self.done.append(job.id)
            self.changed.notify_all()

    def until(self, so: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(so, SECONDS), self.started


@pytest.fixture
def workers() -> Workers:
    return Workers()


Make = Callable[..., Scheduler]


@pytest.fixture
def make(workers: Workers) -> Iterator[Make]:
    made: list[Scheduler] = []

    def scheduler(**options: Any) -> Scheduler:
        options.setdefault("delay", lambda errors, waiting_helps: 0.0)
        made.append(Scheduler(workers.work, done=workers.ended, **options))
        made[-1].start()
        return made[-1]

    yield scheduler
    for each in made:
        each.close()


def add(scheduler: Scheduler, job_id: str, what: Specification = ONCE, origin: Origin = DOCUMENT) -> Job:
    return scheduler.add(job_id, what, origin)


def test_a_job_that_is_done_is_gone_and_told_of(make: Make, workers: Workers) -> None:
    job = add(make(), "x")
    assert job.ended.wait(SECONDS)
    assert (job.answer, workers.done) == (DONE, ["x"])
    assert [event.kind for event in job.history] == ["started", "added"]


def test_the_same_job_asked_for_twice_is_one(make: Make, workers: Workers) -> None:
    scheduler = make()
    job = add(scheduler, "x", FOREVER)
    assert add(scheduler, "x", FOREVER, Origin(user="other")) is job
    workers.until(lambda: workers.started == ["x"])


def test_no_more_run_at_once_than_may_and_the_others_in_the_order_they_came(make: Make, workers: Workers) -> None:
    workers.over = {name: threading.Event() for name in "abcde"}
    scheduler = make(most_running=2)
    jobs = [add(scheduler, name) for name in "abcde"]
    workers.until(lambda: len(workers.started) == 2)
    assert [job.state for job in jobs] == [State.RUNNING] * 2 + [State.PENDING] * 3
    workers.over["b"].set()
    workers.until(lambda: len(workers.started) == 3)
    for over in workers.over.values():
        over.set()
    assert all(job.ended.wait(SECONDS) for job in jobs)
    assert workers.started == list("abcde")


def test_a_continuous_job_that_had_its_turn_makes_room_for_those_who_wait(make: Make, workers: Workers) -> None:
    scheduler = make(most_running=1, turn_seconds=0.0)
    one, other = add(scheduler, "one", FOREVER), add(scheduler, "other", FOREVER)
    workers.until(lambda: workers.started[:3] == ["one", "other", "one"])
    assert {"stopped", "started"} <= {event.kind for event in one.history}
    assert not other.ended.is_set()


def test_a_job_that_is_not_continuous_runs_to_its_end_whoever_waits(make: Make, workers: Workers) -> None:
    workers.over = {"long": threading.Event()}
    scheduler = make(most_running=1, turn_seconds=0.0)
    long, short = add(scheduler, "long"), add(scheduler, "short")
    workers.until(lambda: workers.started == ["long"])
    assert not long.halt.wait(0.2)
    workers.over["long"].set()
    assert short.ended.wait(SECONDS)
    assert [event.kind for event in long.history] == ["started", "added"]


def test_a_documents_job_that_fails_is_tried_again_until_it_goes_through(make: Make, workers: Workers) -> None:
    workers.failures["x"] = [LinkDown("gone"), DatabaseNotFound("could not open it")]
    job = add(make(), "x")
    assert job.ended.wait(SECONDS)
    assert job.answer == DONE
    kinds = [(event.kind, event.reason) for event in reversed(job.history)]
    assert kinds == [
        ("added", None),
        ("started", None),
        ("crashed", "bad_gateway: gone"),
        ("started", None),
        ("crashed", "db_not_found: could not open it"),
        ("started", None),
    ]


def test_while_it_waits_after_a_failure_a_job_is_crashing_and_holds_no_thread(make: Make, workers: Workers) -> None:
    workers.failures["x"] = [LinkDown("gone")]
    scheduler = make(delay=lambda errors, waiting_helps: 1000.0)
    job = add(scheduler, "x")
    until(lambda: job.state is State.CRASHING)
    assert (job.errors, scheduler.running()) == (1, [])
    assert not [thread for thread in threading.enumerate() if thread.name == "replication-x"]
    assert scheduler.remove("x")
    assert job.ended.is_set()


@pytest.mark.parametrize(
    ("what", "error", "goes_on"),
    [
        (ONCE, LinkDown("gone"), False),
        (ONCE, DatabaseNotFound("x"), False),
        (FOREVER, LinkDown("gone"), True),
        (FOREVER, DatabaseNotFound("x"), False),
    ],
)
def test_a_job_asked_for_at_once_fails_for_good_unless_it_is_to_go_on_and_waiting_helps(
    make: Make, workers: Workers, what: Specification, error: SyncError, goes_on: bool
) -> None:
    workers.failures["x"] = [error]
    job = add(make(), "x", what, Origin(user="chen"))
    if goes_on:
        workers.until(lambda: workers.started == ["x", "x"])
    else:
        assert job.ended.wait(SECONDS)
        assert (job.answer, job.error) == (None, error)


def test_a_fault_of_ours_is_logged_without_its_message_and_the_job_tried_again(
    make: Make, workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    broken = iter([True])

    def work(job: Job) -> Mapping[str, Any]:
        if next(broken, False):
            raise KeyError("110101199003077758")
        return DONE

    scheduler = Scheduler(work, done=workers.ended, delay=lambda errors, waiting_helps: 0.0)
    scheduler.start()
    job = add(scheduler, "x")
    assert job.ended.wait(SECONDS)
    scheduler.close()
    assert job.answer == DONE
    assert "KeyError in x" in caplog.text
    assert "quoted-document" not in caplog.text


def test_a_machine_without_room_for_a_thread_costs_one_job_a_minute_and_no_other(
    make: Make, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if thread.name == "replication-one":
            raise RuntimeError("can't start new thread")
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    scheduler = make(most_running=1)
    one, other = add(scheduler, "one"), add(scheduler, "other")
    assert other.ended.wait(SECONDS)
    assert (one.state, scheduler.running()) == (State.CRASHING, [])


def test_a_cancelled_job_is_gone_and_whoever_waits_for_it_is_told(make: Make, workers: Workers) -> None:
    scheduler = make()
    job = add(scheduler, "x", FOREVER)
    workers.until(lambda: workers.started == ["x"])
    assert scheduler.remove("x")
    assert job.ended.is_set()
    assert isinstance(job.error, Refused)
    assert (scheduler.find("x"), scheduler.jobs(), workers.done) == (None, [], [])
    assert not scheduler.remove("x")


def test_a_job_cancelled_while_it_waits_for_its_turn_never_runs(make: Make, workers: Workers) -> None:
    workers.over = {"long": threading.Event()}
    scheduler = make(most_running=1)
    add(scheduler, "long")
    waiting = add(scheduler, "waiting")
    workers.until(lambda: workers.started == ["long"])
    scheduler.remove("waiting")
    workers.over["long"].set()
    last = add(scheduler, "last")
    assert last.ended.wait(SECONDS)
    assert waiting.ended.is_set()
    assert workers.started == ["long", "last"]


def test_closing_stops_everything_and_takes_no_more(make: Make, workers: Workers) -> None:
    scheduler = make(most_running=2)
    jobs = [add(scheduler, name, FOREVER) for name in "abc"]
    workers.until(lambda: len(workers.started) == 2)
    scheduler.close()
    assert all(job.ended.is_set() for job in jobs)
    assert all(isinstance(job.error, PeerBusy) for job in jobs)
    with pytest.raises(PeerBusy):
        add(scheduler, "d")


def test_closing_waits_until_what_became_of_a_job_is_written_down(make: Make, workers: Workers) -> None:
    held, go_on, written = threading.Event(), threading.Event(), threading.Event()

    def done(job: Job) -> None:
        held.set()
        go_on.wait(SECONDS)
        written.set()

    scheduler = Scheduler(workers.work, done=done)
    scheduler.start()
    add(scheduler, "x")
    assert held.wait(SECONDS)
    threading.Timer(0.2, go_on.set).start()
    scheduler.close()
    assert written.is_set()


def test_each_failure_in_a_row_is_waited_for_longer_and_hopeless_ones_longest() -> None:
    delays = [max(backed_off(errors, True) for _ in range(50)) for errors in range(1, 12)]
    assert delays[0] <= 2
    assert delays[-1] <= 60
    assert delays[-1] > delays[0] * 10
    assert max(backed_off(40, False) for _ in range(50)) > 300
    assert len({backed_off(5, True) for _ in range(10)}) > 1
