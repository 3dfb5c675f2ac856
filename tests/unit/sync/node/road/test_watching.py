"""A run as somebody watches it, with a clock set by hand."""

import time

import pytest

from sync.errors import LinkDown
from sync.node.lanes import Lane
from sync.node.road.watching import DOWN, UP, Known, Passed, Watch
from sync.replication.report import Report
from sync.revisions.tree import Branch
from sync.values.conversation import Mark, Told
from sync.values.documents import Document


class Clock:
    """Seconds and milliseconds that stand where they were put."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now_ms(self) -> int:
        return int(self.seconds * 1000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept() -> list:
    return []


@pytest.fixture
def watch(clock: Clock, kept: list) -> Watch:
    return Watch(now_ms=clock.now_ms, remember=kept.append, now_seconds=lambda: clock.seconds)


def told(name: str, size: int) -> Told:
    return Told(name, Document("x", Branch(1, ("0" * 32,)), b"x" * (size - 36)))


def pass_on(watch: Watch, clock: Clock, items, *, seconds: float) -> None:
    for _ in watch.telling(items):
        clock.seconds += seconds


def break_off(watch: Watch, clock: Clock, items) -> None:
    with watch.run():
        pass_on(watch, clock, items, seconds=1)
        raise LinkDown("网络断开")


def test_before_any_run_nothing_is_known(watch: Watch) -> None:
    seen = watch.look()
    assert (seen.running, seen.lane, seen.bytes_per_second) == (False, None, None)
    assert set(seen.known.values()) == {Known()}


def test_what_is_told_counts_as_unconfirmed_until_it_is_answered(watch: Watch, clock: Clock) -> None:
    with watch.run():
        pass_on(watch, clock, [told("station_a", 1000), Mark("station_a", "1")], seconds=1)
        seen = watch.look()
        assert (seen.running, seen.lane) == (True, Lane.RECORDS)
        assert seen.passed[(Lane.RECORDS, UP)] == Passed(1, 1000)
        assert seen.unconfirmed == {Lane.RECORDS: 1000}
        assert seen.known[(Lane.RECORDS, UP)].at_ms is None
        watch.answered()
        seen = watch.look()
        assert (seen.passed[(Lane.RECORDS, UP)], seen.unconfirmed) == (Passed(1, 1000), {})
        assert seen.known[(Lane.RECORDS, UP)].at_ms == clock.now_ms()


def test_the_speed_of_a_lane_is_what_its_own_items_took_with_the_wait_for_the_answer(
    watch: Watch, clock: Clock
) -> None:
    with watch.run():
        pass_on(watch, clock, [told("station_a", 10_000), told("blobs_a", 20_000)], seconds=2)
        clock.seconds += 3
        watch.answered()
    seen = watch.look()
    assert seen.known[(Lane.RECORDS, UP)].bytes_per_second == 5_000
    assert seen.known[(Lane.PHOTOS, UP)].bytes_per_second == 3_000  # 15,000 bytes of photo in base64, 5 s


def test_what_fits_into_a_packet_says_nothing_of_the_speed(watch: Watch, clock: Clock) -> None:
    with watch.run():
        pass_on(watch, clock, [told("station_a", 500)], seconds=1)
        watch.answered()
    assert watch.look().known[(Lane.RECORDS, UP)].bytes_per_second is None


def test_a_broken_run_is_remembered_for_the_lane_it_broke_in_until_that_goes_again(watch: Watch, clock: Clock) -> None:
    with pytest.raises(LinkDown):
        break_off(watch, clock, [told("station_a", 10_000), told("blobs_a", 10_000)])
    seen = watch.look()
    assert (seen.running, seen.errors[Lane.PHOTOS].reason, seen.unconfirmed) == (False, "网络断开", {})
    assert seen.known[(Lane.PHOTOS, UP)] == Known()
    with watch.run():
        assert watch.look().errors[Lane.PHOTOS].reason == "网络断开"
        pass_on(watch, clock, [told("blobs_a", 10_000)], seconds=1)
        watch.answered()
        assert watch.look().errors == {}


def test_telling_begun_again_counts_once(watch: Watch, clock: Clock) -> None:
    with watch.run():
        pass_on(watch, clock, [told("station_a", 1000)], seconds=1)
        pass_on(watch, clock, [told("station_a", 1000)], seconds=1)
        watch.answered()
        assert watch.look().passed[(Lane.RECORDS, UP)] == Passed(1, 1000)


def test_what_is_heard_counts_downward(watch: Watch, clock: Clock) -> None:
    with watch.run():
        for _ in watch.hearing([told("public", 9_000), told("public", 9_000)]):
            clock.seconds += 1
    seen = watch.look()
    assert seen.passed[(Lane.CATALOGUE, DOWN)] == Passed(2, 18_000)
    assert seen.known[(Lane.CATALOGUE, DOWN)] == Known(clock.now_ms(), 9_000)


def test_the_speed_of_the_moment_is_told_if_new_there_is_one(watch: Watch, clock: Clock) -> None:
    with watch.run():
        telling = watch.telling([told("station_a", 10_000), told("station_a", 10_000)])
        next(telling)
        clock.seconds += 1
        assert watch.look().bytes_per_second is None
        clock.seconds += 9
        assert watch.look().bytes_per_second == 1_000


def test_what_was_learned_is_kept_when_something_was_carried_and_not_when_nothing_was(
    watch: Watch, clock: Clock, kept: list
) -> None:
    with watch.run():
        list(watch.telling([]))
        watch.answered()
    assert kept == []
    with watch.run():
        pass_on(watch, clock, [told("station_a", 1000)], seconds=1)
        watch.answered()
    assert kept[0][(Lane.RECORDS, UP)] == Known(clock.now_ms())


def test_a_compared_replication_is_seen_by_what_its_reports_add(watch: Watch) -> None:
    with watch.run():
        watch.compared(UP, "station_a", Report(docs_written=3, bytes_sent=900))
        watch.compared(UP, "station_a", Report(docs_written=5, bytes_sent=1500))
        assert watch.look().passed[(Lane.RECORDS, UP)] == Passed(5, 1500)


def test_watching_an_item_costs_less_than_a_few_microseconds(watch: Watch) -> None:
    items = [told("station_a", 1000)] * 20_000
    with watch.run():
        begun = time.process_time()
        for _ in watch.telling(items):
            pass
        assert (time.process_time() - begun) / len(items) < 20e-6


def test_when_the_next_run_begins_is_known_once_somebody_says_so(watch: Watch) -> None:
    assert watch.look().next_run_ms is None
    before = watch.version
    watch.plan(123_000)
    assert (watch.look().next_run_ms, watch.version) == (123_000, before + 1)
    watch.plan(123_000)
    assert watch.version == before + 1
