"""A metered link: photos wait in quiet hours and when the month is spent, and no clock gives the budget anew."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_node.services.spare_link import Frugality, PhotoMeter, month_to_charge
from sync.node.heard_time import FLOOR, HEARD
from sync.records.clock import BEIJING, Quality, Reading
from sync.store.ledger.settings import put_settings

MB = 1 << 20
CONFIRMED, HEARD_RIGHT = Reading(Quality.CONFIRMED), Reading(Quality.HEARD)
IN_DOUBT = Reading(Quality.DOUBTFUL, must_ask=True)


def ms(day: str) -> int:
    return int(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=BEIJING).timestamp() * 1000)


@pytest.fixture
def meter(station):
    """Ten MB a month."""
    return PhotoMeter(station.node, lambda: Frugality(budget_bytes=10 * MB))


def spend(meter: PhotoMeter, sent: int, *, by_hand: bool = False) -> None:
    lane = meter.lane_by_hand() if by_hand else meter.lane()
    lane.add(sent)
    lane.settle()


def test_without_a_budget_anything_goes_and_is_counted_all_the_same(station) -> None:
    meter = PhotoMeter(station.node, Frugality)
    spend(meter, 50 * MB)
    assert meter.lane().is_open()
    told = meter.standing()
    assert (told["month"], told["spent_bytes"], told["used_up"]) == ("2025-09", 50 * MB, False)


def test_a_run_ends_its_photos_where_the_budget_ends_and_the_next_begins_none(meter) -> None:
    lane = meter.lane()
    lane.add(9 * MB)
    assert lane.is_open()
    lane.add(MB)
    assert not lane.is_open()
    lane.settle()
    assert not meter.lane().is_open()
    assert meter.standing()["used_up"]


def test_by_hand_the_budget_forbids_nothing_and_what_is_spent_counts(meter) -> None:
    spend(meter, 10 * MB)
    assert meter.lane_by_hand().is_open()
    spend(meter, 5 * MB, by_hand=True)
    assert meter.standing()["spent_bytes"] == 15 * MB


def test_what_was_told_is_counted_once_however_many_exchanges_a_run_has(meter) -> None:
    lane = meter.lane()
    for _ in range(3):
        lane.add(MB)
        lane.settle()
    lane.settle()
    assert meter.standing()["spent_bytes"] == 3 * MB


def test_the_next_month_has_a_budget_of_its_own(meter, clock) -> None:
    spend(meter, 10 * MB)
    clock.now_ms = ms("2025-10-02")
    assert meter.lane().is_open()
    assert meter.standing()["month"] == "2025-10"


def test_quiet_hours_begin_in_the_middle_of_a_run(station, clock) -> None:
    meter = PhotoMeter(station.node, lambda: Frugality(quiet=((15 * 60, 16 * 60),)))
    lane = meter.lane()  # it is 14:04
    assert lane.is_open()
    clock.now_ms += 3_600_000
    assert not lane.is_open()
    assert meter.standing()["quiet"]
    assert meter.lane_by_hand().is_open()


def test_a_clock_set_back_or_far_ahead_opens_no_month(meter, clock) -> None:
    spend(meter, 10 * MB)
    for day in ("1970-01-02", "2025-08-20", "2035-01-01"):
        clock.now_ms = ms(day)
        assert not meter.lane().is_open(), day
        spend(meter, MB, by_hand=True)
    assert meter.standing()["month"] == "2025-09"
    assert meter.standing()["spent_bytes"] == 13 * MB


def test_out_of_a_month_that_a_wrong_clock_opened_a_clock_heard_to_be_right_leads_back(meter, clock, station) -> None:
    spend(meter, 10 * MB)
    clock.now_ms = ms("2035-01-01")
    station.node.write(lambda tx: put_settings(tx, {FLOOR: str(clock.now_ms), "clock.confirmed": str(clock.now_ms)}))
    spend(meter, 2 * MB)
    assert meter.standing()["month"] == "2035-01"  # somebody had confirmed it
    clock.now_ms = ms("2025-09-28")
    station.node.write(lambda tx: put_settings(tx, {FLOOR: str(clock.now_ms), HEARD: str(clock.now_ms)}))
    told = meter.standing()
    assert (told["month"], told["spent_bytes"], told["used_up"]) == ("2025-09", 10 * MB, True)


@given(st.lists(st.tuples(st.integers(0, 2**41), st.sampled_from([IN_DOUBT, Reading(Quality.DOUBTFUL)]))))
def test_no_clock_in_doubt_opens_a_month(history: list[tuple[int, Reading]]) -> None:
    charged = "2026-03"
    for now_ms, reading in history:
        charged = month_to_charge(now_ms, reading, charged)
    assert charged == "2026-03"


@given(st.lists(st.integers(0, 2**41)))
def test_a_confirmed_clock_opens_each_month_once_and_never_goes_back(history: list[int]) -> None:
    charged, opened = "", []
    for now_ms in history:
        month = month_to_charge(now_ms, CONFIRMED, charged)
        if month != charged:
            opened.append(month)
        charged = month
    assert opened == sorted(set(opened))


def test_a_clock_heard_to_be_right_is_believed() -> None:
    assert month_to_charge(ms("2026-03-05"), HEARD_RIGHT, "2031-01") == "2026-03"
