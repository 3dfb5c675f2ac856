"""Guessing stays slow, and costs the centre neither time nor memory."""

import threading

import pytest

from central.registry.guessing import MOST_FAILURES, WINDOW_SECONDS, GuessLimit
from sync.errors import Conflict, Forbidden, PeerBusy


class Seconds:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def limit(seconds):
    return GuessLimit(seconds)


def fail(limit, subject="k3m7q", error=Forbidden):
    with pytest.raises(error), limit.attempt(subject):
        raise error


def test_so_many_failures_are_let_pass_and_no_more(limit):
    for _ in range(MOST_FAILURES):
        fail(limit)
    with pytest.raises(PeerBusy), limit.attempt("k3m7q"):
        raise AssertionError("let in")


def test_failures_are_forgiven_one_by_one_after_a_minute(limit, seconds):
    for _ in range(MOST_FAILURES):
        fail(limit)
        seconds.now += 1
    seconds.now = 100.0 + WINDOW_SECONDS
    fail(limit)
    with pytest.raises(PeerBusy), limit.attempt("k3m7q"):
        raise AssertionError("let in")


def test_only_wrong_codes_count(limit):
    for _ in range(MOST_FAILURES * 2):
        fail(limit, error=Conflict)
        with limit.attempt("k3m7q"):
            pass


def test_waiting_is_no_failure_and_subjects_are_counted_apart(limit, seconds):
    for _ in range(MOST_FAILURES):
        fail(limit)
    for _ in range(MOST_FAILURES):
        with pytest.raises(PeerBusy), limit.attempt("k3m7q"):
            pass
    with limit.attempt("m4n5p"):
        pass
    seconds.now += WINDOW_SECONDS
    with limit.attempt("k3m7q"):
        pass


def test_at_most_two_proofs_are_worked_out_at_once(limit):
    inside, most, gate = 0, 0, threading.Lock()
    go_on = threading.Event()

    def work(subject):
        nonlocal inside, most
        with limit.attempt(subject):
            with gate:
                inside += 1
                most = max(most, inside)
                if inside == 2:
                    go_on.set()
            go_on.wait(5)
            with gate:
                inside -= 1

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
