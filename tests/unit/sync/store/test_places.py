"""Places: the last one left is the first one taken, and whoever waits gets one."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sync.store.places import Places


def test_the_last_place_left_is_the_first_one_taken() -> None:
    places = Places("a", "b")
    first, second = places.take(), places.take()
    places.leave(first)
    places.leave(second)
    assert places.take() == second


def test_whoever_waits_gets_what_is_left() -> None:
    places = Places("only")
    taken = places.take()
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(places.take)
        assert not waiting.done()
        places.leave(taken + " again")
        assert waiting.result(10) == "only again"


def test_many_who_take_and_leave_never_hold_more_than_there_are_and_nobody_is_forgotten() -> None:
    places = Places(*range(3))
    held: set[int] = set()
    most = 0
    gate = threading.Lock()

    def use() -> int:
        nonlocal most
        for _ in range(300):
            mine = places.take()
            with gate:
                assert mine not in held
                held.add(mine)
                most = max(most, len(held))
            with gate:
                held.remove(mine)
            places.leave(mine)
        return 300

    with ThreadPoolExecutor(8) as crowd:
        assert sum(each.result(60) for each in [crowd.submit(use) for _ in range(8)]) == 2400
    assert 1 <= most <= 3
    assert sorted(places.take_all(0)[0]) == [0, 1, 2]


def test_all_are_taken_as_far_as_they_are_left_in_time() -> None:
    places = Places("a", "b")
    assert places.take_all(0) == (["b", "a"], True)
    places.leave("a")
    assert places.take_all(0.01) == (["a"], False)
