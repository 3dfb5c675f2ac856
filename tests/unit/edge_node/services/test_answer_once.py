"""A request repeated under its key is done once and answered alike, however it is repeated."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sync.errors import Conflict
from sync.node.acts.answer_once import KEPT_MS, KeyReused, answer_once, earlier_answer, forget_old_answers, request_of
from sync.node.heard_time import FLOOR
from sync.store.ledger.settings import raise_setting


def once(node, request, work):
    return node.write(lambda tx: answer_once(tx, request, work, status=201, now_ms=node.clock()))


def test_many_at_the_same_moment_do_it_once(station):
    done, gate = [], threading.Barrier(8)
    request = request_of("wang", "k", "POST", "/cases", {"a": 1})

    def work():
        done.append(1)
        return {"number": len(done)}

    def ask(_):
        gate.wait()
        return once(station.node, request, work)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert len(done) == 1
    assert {answer.body for answer in answers} == {b'{"number":1}'}
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 7


def test_what_was_refused_may_be_tried_again_under_the_same_key(station):
    request = request_of("wang", "k", "x")

    def refuse():
        raise Conflict("not now")

    with pytest.raises(Conflict):
        once(station.node, request, refuse)
    assert earlier_answer(station.node, request) is None
    assert once(station.node, request, dict).replayed is False


def test_the_order_of_members_makes_no_other_request(station):
    once(station.node, request_of("wang", "k", {"a": 1, "b": 2}), dict)
    assert earlier_answer(station.node, request_of("wang", "k", {"b": 2, "a": 1})).replayed
    with pytest.raises(KeyReused):
        earlier_answer(station.node, request_of("wang", "k", {"a": 1, "b": 3}))


def test_answers_are_kept_as_long_as_a_phone_may_be_away_and_no_longer(station, clock):
    request = request_of("wang", "k")
    once(station.node, request, dict)
    clock.now_ms += KEPT_MS - 1
    vouch_for(station, clock)
    forget_old_answers(station.node)
    assert earlier_answer(station.node, request) is not None
    clock.now_ms += 2
    forget_old_answers(station.node)
    assert earlier_answer(station.node, request) is None


def vouch_for(station, clock):
    station.node.write(lambda tx: raise_setting(tx, FLOOR, clock.now_ms))


def test_a_clock_that_leaps_by_years_forgets_no_answer(station, clock):
    request = request_of("wang", "k")
    once(station.node, request, dict)
    vouch_for(station, clock)
    clock.now_ms += 10 * 365 * 86_400_000
    forget_old_answers(station.node)
    assert earlier_answer(station.node, request) is not None


def test_without_a_key_it_is_done_each_time(station):
    done = []
    for _ in range(2):
        once(station.node, None, lambda: {"n": done.append(1)})
    assert len(done) == 2
