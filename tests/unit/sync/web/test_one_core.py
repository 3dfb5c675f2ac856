"""Threads that answer are kept on one core, and leave it when others need it."""

import os
import threading
from pathlib import Path

import pytest

from sync.web import one_core
from sync.web.one_core import OneCore, freest

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system keeps no thread on a core")


def test_we_stay_while_only_we_are_busy_and_move_when_others_are() -> None:
    assert freest(0, {0: 1.9, 1: 0.1}, own_seconds=1.9, seconds=2.0) == 0
    assert freest(0, {0: 2.0, 1: 0.1}, own_seconds=0.4, seconds=2.0) == 1
    assert freest(0, {0: 2.0, 1: 1.8}, own_seconds=0.4, seconds=2.0) == 0  # no freer there
    assert freest(0, {0: 1.0, 1: 0.9}, own_seconds=0.3, seconds=2.0) == 0  # not worth it
    assert freest(1, {0: 0.1, 1: 2.0, 2: 0.0, 3: 0.0}, own_seconds=0.5, seconds=2.0) == 2


def test_where_nothing_is_told_of_a_core_we_stay() -> None:
    assert freest(0, {}, own_seconds=1.0, seconds=2.0) == 0


def cores_of_threads(kept: OneCore, number: int) -> list[set[int]]:
    found = []

    def work() -> None:
        kept.keep()
        found.append(os.sched_getaffinity(0))

    threads = [threading.Thread(target=work) for _ in range(number)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core is all there is")
def test_all_threads_that_answer_are_on_one_core_and_no_other_thread_is_kept() -> None:
    before = os.sched_getaffinity(0)
    kept = cores_of_threads(OneCore(), 4)
    assert len(kept) == 4
    assert all(len(cores) == 1 and cores == kept[0] for cores in kept)
    assert os.sched_getaffinity(0) == before


def test_on_one_core_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_core, "_allowed", lambda: [0])
    before = os.sched_getaffinity(0)
    assert cores_of_threads(OneCore(), 1) == [before]


def test_a_system_that_does_not_say_how_busy_it_is_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(one_core.time, "monotonic", lambda: float(next(clock)))
    kept = OneCore()
    monkeypatch.setattr(one_core, "_STAT", tmp_path / "nothing")
    first, second = cores_of_threads(kept, 2)
    assert first == second
