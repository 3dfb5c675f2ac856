"""Waiting by name."""

import threading
import time

from sync.store.wakes import ANYTHING, Wakes


def test_a_wake_between_counting_and_waiting_is_not_lost():
    wakes = Wakes()
    count = wakes.count("a")
    wakes.wake(["a"])
    assert wakes.wait("a", count, timeout_seconds=0)


def test_another_name_wakes_nobody():
    wakes = Wakes()
    count = wakes.count("a")
    wakes.wake(["b"])
    assert not wakes.wait("a", count, timeout_seconds=0.01)


def test_every_name_wakes_those_who_wait_for_anything():
    wakes = Wakes()
    for name in ("a", "b"):
        count = wakes.count(ANYTHING)
        wakes.wake([name])
        assert wakes.wait(ANYTHING, count, timeout_seconds=0)


def test_one_wake_lets_everyone_of_its_name_go():
    wakes = Wakes()
    woken = []
    count = wakes.count("a")
    waiters = [
        threading.Thread(target=lambda: woken.append(wakes.wait("a", count, timeout_seconds=10))) for _ in range(50)
    ]
    for waiter in waiters:
        waiter.start()
    wakes.wake(["a"])
    for waiter in waiters:
        waiter.join(10)
    assert woken == [True] * 50


def test_closing_lets_everyone_go_at_once_now_and_later():
    wakes = Wakes()
    waiter = threading.Thread(target=wakes.wait, args=("a", wakes.count("a")), kwargs={"timeout_seconds": 30})
    waiter.start()
    wakes.close()
    waiter.join(10)
    assert not waiter.is_alive()
    begun = time.monotonic()
    assert not wakes.wait("b", wakes.count("b"), timeout_seconds=30)
    assert time.monotonic() - begun < 5


def test_one_look_does_for_all_who_wait_behind_the_same_sequence_until_the_next_wake():
    wakes = Wakes()
    count = wakes.count("a")
    assert not wakes.is_quiet("a", count, "5-x")
    wakes.note_quiet("a", count, "5-x")
    assert wakes.is_quiet("a", count, "5-x")
    assert not wakes.is_quiet("a", count, "4-x")
    wakes.wake(["a"])
    assert not wakes.is_quiet("a", wakes.count("a"), "5-x")
    wakes.note_quiet("a", count, "5-x")  # by one who looked before
    assert not wakes.is_quiet("a", wakes.count("a"), "5-x")
