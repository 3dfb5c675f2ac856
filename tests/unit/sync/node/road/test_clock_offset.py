"""Clocks are compared at each contact; what is found is true within its bound, and kept only when it is news."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.casework.describe_offset import offset_text
from sync.node.road.clock_offset import Offset, is_news, known_offset, measured
from sync.node.sharing import UPSTREAM
from sync.store.ledger.custody import last_arrival
from sync.store.ledger.lives import begin_life
from sync.store.ledger.settings import all_settings
from tests.unit.sync.node.road.test_upward import Link, link  # noqa: F401  # the fixture

times = st.integers(0, 2**41)
waits = st.integers(0, 120_000)


@given(times, st.integers(-(2**41), 2**41), waits, st.data())
def test_the_true_offset_always_lies_within_the_bound(now_ms: int, true: int, waited: int, data: st.DataObject) -> None:
    looked_at = now_ms - data.draw(st.integers(0, waited))
    found = measured(looked_at + true, now_ms=now_ms, waited_ms=waited)
    assert abs(found.ms - true) <= found.within_ms


@given(st.integers(-10_000, 10_000), st.lists(waits))
def test_however_slow_the_link_a_clock_that_stays_is_written_at_most_twice(true: int, waiting: list[int]) -> None:
    known, writes = None, 0
    for number, waited in enumerate(waiting):
        now = 10**12 + number * 30_000
        found = measured(now - waited // (1 + number % 3) + true, now_ms=now, waited_ms=waited)
        if is_news(known, found):
            known, writes = found, writes + 1
    assert writes <= 3  # the first, and one that is much finer, or two


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (Offset(0, 400), "与上级一致（误差 1 秒以内）"),
        (Offset(-5_300, 400), "与上级一致（误差 1 秒以内）"),
        (Offset(-200_000, 400), "比上级快 3 分 20 秒（误差 1 秒以内）"),
        (Offset(7_500_000, 2_100), "比上级慢 2 小时 5 分（误差 3 秒以内）"),
        (Offset(-86_400_000 * 400, 0), "比上级快 400 天（误差 0 秒以内）"),
    ],
)
def test_it_is_said_in_words(offset: Offset, text: str) -> None:
    assert offset_text(offset, other="上级") == text


def heard_above(link: Link) -> Offset | None:  # noqa: F811
    """What the township knows, once it has noted what it heard: that waits for nobody."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        found = link.township.read(lambda reader: known_offset(reader, "k3m7q"))
        if found is not None:
            return found
        time.sleep(0.01)
    return None


def test_both_ends_come_to_know_it_and_an_idle_exchange_writes_nothing(link: Link) -> None:  # noqa: F811
    ahead = 200_000
    link.township.clock = lambda: link.village.clock() + ahead  # type: ignore[method-assign]
    link.upward.run()
    found = link.village.read(lambda reader: known_offset(reader, UPSTREAM))
    assert found is not None
    assert abs(found.ms - ahead) <= found.within_ms <= 5_000
    link.upward.run()  # tells it
    assert heard_above(link) == Offset(-found.ms, found.within_ms)
    before = link.village.read(all_settings), link.village.read(last_arrival)
    idle = link.upward.run()
    assert idle.traffic.round_trips == 1
    assert (link.village.read(all_settings), link.village.read(last_arrival)) == before
    assert link.village.read(lambda reader: known_offset(reader, UPSTREAM)) == found


def test_a_clock_that_was_put_right_is_news(link: Link) -> None:  # noqa: F811
    link.township.clock = lambda: link.village.clock() + 3_600_000  # type: ignore[method-assign]
    link.upward.run()
    link.township.clock = link.village.clock  # type: ignore[method-assign]
    link.upward.run()
    found = link.village.read(lambda reader: known_offset(reader, UPSTREAM))
    assert found is not None
    assert abs(found.ms) <= 5_000


def test_a_node_above_that_lives_anew_is_told_again(link: Link) -> None:  # noqa: F811
    ahead = 200_000
    link.township.clock = lambda: link.village.clock() + ahead  # type: ignore[method-assign]
    link.upward.run()
    link.upward.run()
    assert heard_above(link) is not None
    link.township.write(lambda tx: tx.execute("UPDATE contacts SET offset_ms = NULL"))
    link.upward.run()
    link.township.write(lambda tx: None)  # behind whatever was to be noted
    assert link.township.read(lambda reader: known_offset(reader, "k3m7q")) is None  # said once
    link.township.rewrite_identity(lambda tx: begin_life(tx, "restore", fingerprint="another", now_ms=1))
    link.serve()
    link.upward.run()
    link.upward.run()
    assert heard_above(link) is not None
