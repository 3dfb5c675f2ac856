"""Live replication."""

import itertools
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from sync.errors import Forbidden, LinkDown
from sync.replication.follow import backing_off, follow
from sync.replication.pace import Limits
from sync.replication.replicate import Replicator
from sync.replication.report import Options
from sync.values.documents import Document, Edit, Outcome
from tests.faults.replication.replicas import contents
from tests.unit.sync.replication.watching import Replaced, pair


def test_what_changes_while_it_follows_is_carried_until_it_is_stopped() -> None:
    source, target = pair(3)
    stop = threading.Event()
    reports = follow(Replicator(source, target), source, stop=stop, wait_seconds=5)
    assert next(reports).docs_written == 3
    threading.Timer(0.05, lambda: source.write([Edit("later", None)])).start()
    assert next(reports).docs_written == 1
    stop.set()
    assert list(reports) == []
    assert contents(source) == contents(target)


def test_after_a_broken_link_it_waits_longer_each_time_and_then_goes_on() -> None:
    source, target = pair(3)
    failures = iter([True, True, True])
    asked: list[float] = []

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:
        if next(failures, False):
            raise LinkDown("gone")
        return target.graft(documents)

    def delays() -> Any:
        for number in itertools.count(1):
            asked.append(number)
            yield 0.001

    stop = threading.Event()
    weak = Replaced(target, graft=graft)
    reports = follow(Replicator(source, weak), source, stop=stop, wait_seconds=0.05, delays=delays)
    assert [next(reports).ok for _ in range(4)] == [False, False, False, True]
    assert asked == [1, 2, 3]
    stop.set()
    assert list(reports) == []


def test_a_link_that_breaks_while_waiting_is_tried_again() -> None:
    source, target = pair(1)
    breaks = iter([True])

    def await_change(since: str, *, timeout_seconds: float) -> bool:
        if next(breaks, False):
            source.write([Edit("meanwhile", None)])
            raise LinkDown("gone")
        return source.await_change(since, timeout_seconds=timeout_seconds)

    stop = threading.Event()
    weak = Replaced(source, await_change=await_change)
    reports = follow(
        Replicator(weak, target), weak, stop=stop, wait_seconds=0.05, delays=lambda: itertools.repeat(0.001)
    )
    next(reports)
    assert next(reports).docs_written == 1


def test_an_error_that_waiting_does_not_help_ends_it() -> None:
    source, target = pair(1)

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:
        raise Forbidden("not you")

    reports = follow(Replicator(source, Replaced(target, graft=graft)), source, stop=threading.Event())
    assert isinstance(next(reports).error, Forbidden)
    with pytest.raises(Forbidden):
        next(reports)


def test_delays_double_up_to_a_limit_and_two_nodes_never_keep_step() -> None:
    one = list(itertools.islice(backing_off(first_seconds=1, longest_seconds=8), 8))
    other = list(itertools.islice(backing_off(first_seconds=1, longest_seconds=8), 8))
    assert one != other
    for delay, longest in zip(one, [1, 2, 4, 8, 8, 8, 8, 8], strict=True):
        assert longest / 2 <= delay <= longest


def test_a_link_that_carried_something_before_it_broke_is_tried_again_soon() -> None:
    source, target = pair(30)
    asked: list[int] = []

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:
        if graft.calls % 2:  # every other batch breaks
            graft.calls += 1
            raise LinkDown("gone")
        graft.calls += 1
        return target.graft(documents)

    def delays() -> Any:
        for number in itertools.count(1):
            asked.append(number)
            yield 0.001

    graft.calls = 0
    limits = Limits(first_documents=10, most_documents=10)
    replicator = Replicator(source, Replaced(target, graft=graft), options=Options(limits=limits))
    stop = threading.Event()
    reports = follow(replicator, source, stop=stop, wait_seconds=0.05, delays=delays)
    assert [next(reports).ok for _ in range(3)] == [False, False, True]
    assert asked == [1, 1]
