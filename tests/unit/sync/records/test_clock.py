import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.records.clock import (
    NEVER,
    HybridTime,
    Quality,
    advance,
    is_time_text,
    judge_clock,
    observe,
    parse_order,
    time_text,
)

DAY = 86_400_000
NOW = 1_758_870_245_000  # 2025-09-26 15:04:05 in Beijing
TIMES = st.builds(HybridTime, st.integers(0, 2**44), st.integers(0, 0xFFFF))


@given(TIMES, st.integers(-(2**40), 2**45))
def test_a_writers_keys_always_rise_whatever_its_clock_does(local, now):
    later = advance(local, now)
    assert later > local
    assert str(later) > str(local)
    assert parse_order(str(later)) == later


def test_a_counter_that_is_full_borrows_a_millisecond():
    assert advance(HybridTime(5, 0xFFFF), 0) == HybridTime(6, 0)


def test_a_neighbours_key_is_followed_up_to_a_day_ahead_and_not_beyond():
    near, far = HybridTime(NOW + DAY, 3), HybridTime(NOW + DAY + 1, 0)
    assert observe(NEVER, near, NOW) == near
    assert observe(NEVER, far, NOW) == NEVER
    assert observe(near, NEVER, NOW) == near


@pytest.mark.parametrize("text", ["", "0" * 15, "0" * 17, "G" * 16, "A" * 16, None, 7])
def test_what_is_no_order_key_is_refused(text):
    with pytest.raises(BadRequest):
        parse_order(text)


@pytest.mark.parametrize(
    ("now", "heard", "confirmed", "quality", "must_ask"),
    [
        (NOW, NOW - DAY, None, Quality.HEARD, False),
        (NOW, None, NOW - DAY, Quality.CONFIRMED, False),
        (NOW, NOW - 46 * DAY, NOW - DAY, Quality.CONFIRMED, False),
        (NOW, None, None, Quality.DOUBTFUL, True),
        (NOW, NOW - 46 * DAY, NOW - 46 * DAY, Quality.DOUBTFUL, True),
        (NOW - 2 * DAY, NOW - DAY, None, Quality.DOUBTFUL, True),
        (NOW + 31 * DAY, NOW - DAY, None, Quality.DOUBTFUL, True),
        (NOW - DAY - 60_000, NOW - DAY, None, Quality.HEARD, False),
    ],
)
def test_a_clock_below_its_floor_far_ahead_or_never_checked_makes_the_desk_ask(
    now, heard, confirmed, quality, must_ask
):
    reading = judge_clock(now, floor_ms=NOW - DAY, heard_ms=heard, confirmed_ms=confirmed)
    assert (reading.quality, reading.must_ask) == (quality, must_ask)
    assert bool(reading.reason) == must_ask


def test_times_are_written_in_beijing_and_nothing_else_passes_for_one():
    assert time_text(NOW) == "2025-09-26T15:04:05+08:00"
    assert is_time_text(time_text(NOW))
    for text in ("2025-09-26T15:04:05Z", "2025-09-26 15:04:05+08:00", "2025-02-30T00:00:00+08:00", "", None, 5):
        assert not is_time_text(text)
