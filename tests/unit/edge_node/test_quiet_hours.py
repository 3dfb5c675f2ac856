"""Quiet hours as they are written, and whether one is now."""

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_node.quiet_hours import are_quiet, read_windows
from edge_node.settings import read
from sync.errors import BadRequest
from sync.records.clock import BEIJING


def at(time: str) -> int:
    return int(datetime.fromisoformat(f"2026-03-02T{time}:00").replace(tzinfo=BEIJING).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "times", "quiet"),
    [
        ("", ["00:00", "09:30"], False),
        ("08:30-11:30", ["08:30", "09:30", "11:29"], True),
        ("08:30-11:30", ["08:29", "11:30", "23:00"], False),
        (" 08:30-11:30 , 18:00-20:00", ["09:30", "19:59"], True),
        ("08:30-11:30,18:00-20:00", ["12:00", "20:00"], False),
        ("22:00-06:00", ["22:00", "23:59", "00:00", "05:59"], True),
        ("22:00-06:00", ["21:59", "06:00"], False),
        ("18:00-24:00", ["18:00", "23:59"], True),
        ("18:00-24:00", ["17:59", "00:00"], False),
        ("00:00-24:00", ["00:00", "12:00", "23:59"], True),
    ],
)
def test_windows_are_of_the_day_in_beijing_and_go_on_over_midnight(text: str, times: list[str], quiet: bool) -> None:
    assert [are_quiet(read_windows(text), at(time), place=0.0) for time in times] == [quiet] * len(times)


def test_photos_of_a_county_do_not_all_begin_when_the_window_ends() -> None:
    windows = read_windows("08:30-11:30")
    assert not are_quiet(windows, at("08:29"), place=0.9)
    assert are_quiet(windows, at("11:31"), place=0.5)
    assert not are_quiet(windows, at("11:36"), place=0.5)
    assert not are_quiet(windows, at("11:40"), place=0.999)


@pytest.mark.parametrize(
    "text", ["8-11", "08:30", "08:30-08:30", "25:00-26:00", "08:30-11:60", "24:00-25:00", ",", "x"]
)
def test_hours_that_are_none_are_refused_at_the_start(text: str) -> None:
    with pytest.raises(BadRequest):
        read({"YIZHAN_QUIET_HOURS": text}).quiet_windows()


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadRequest):
        read_windows(text)


@given(st.integers(0, 1439), st.integers(1, 1440), st.floats(0, 1, exclude_max=True), st.integers(0, 2**41))
def test_a_day_always_has_an_hour_for_photos_where_the_window_leaves_one(
    begin: int, length: int, place: float, now_ms: int
) -> None:
    end = (begin + length) % 1440
    if begin == end or length > 1440 - 70:
        return
    window = (begin, end)
    moments = (now_ms + minute * 60_000 for minute in range(0, 1440, 5))
    assert any(not are_quiet((window,), moment, place=place) for moment in moments)
