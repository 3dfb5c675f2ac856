"""What was fetched counts until we change it there."""

from sync.outbox import foresight
from sync.outbox.foresight import Fetched, Foresight, Ticks

KEY = ("station", "a")


def test_what_was_fetched_before_a_change_is_old() -> None:
    ticks = Ticks()
    before = ticks.now()
    assert ticks.is_fresh(KEY, before)
    ticks.note("station", ["a"])
    assert not ticks.is_fresh(KEY, before)
    assert ticks.is_fresh(KEY, ticks.now())
    assert ticks.is_fresh(("station", "b"), before)


def test_of_what_was_forgotten_everything_fetched_earlier_is_old(monkeypatch) -> None:
    monkeypatch.setattr(foresight, "_REMEMBERED", 2)
    ticks = Ticks()
    before = ticks.now()
    ticks.note("station", ["a"])
    ticks.note("station", ["b", "c"])
    assert not ticks.is_fresh(KEY, before)
    assert not ticks.is_fresh(("station", "never changed"), before), "nobody can tell it from one forgotten"
    assert ticks.is_fresh(KEY, ticks.now())


def test_work_sees_what_it_was_given_and_nothing_afterwards() -> None:
    given = Foresight()
    assert not given.is_running()
    with given.over({KEY: Fetched(given.ticks.now(), ())}):
        assert given.is_running()
        assert given.seen(*KEY) == Fetched(0, ())
        assert given.seen("station", "b") is None
        given.ticks.note("station", ["a"])
        assert given.seen(*KEY) is None
    assert given.seen(*KEY) is None
    assert not given.is_running()
