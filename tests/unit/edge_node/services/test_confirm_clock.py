"""No receipt on a clock nobody vouches for; and nobody is asked without a reason."""

import pytest

from sync.casework.confirm_clock import require_clock
from sync.casework.errors import ClockDoubtful
from sync.node.heard_time import FLOOR, HEARD
from sync.node.own_clock import note_time, read_clock
from sync.records.clock import Quality
from sync.store.ledger.audit import entries_after
from sync.store.ledger.settings import put_settings, setting
from tests.unit.edge_node.conftest import START_MS

MINUTE, DAY = 60_000, 86_400_000


def take(station, now_ms, confirmed_ms=None):
    return station.node.write(lambda tx: require_clock(tx, now_ms, confirmed_ms=confirmed_ms, by="acct:wang"))


def test_setting_up_the_station_vouches_for_its_clock(station):
    assert take(station, START_MS + 1) is Quality.CONFIRMED


@pytest.mark.parametrize("passed", [-6 * MINUTE, -400 * DAY, 31 * DAY, 4000 * DAY], ids=str)
def test_a_clock_before_its_floor_or_far_ahead_has_to_be_confirmed(station, passed):
    with pytest.raises(ClockDoubtful) as refusal:
        take(station, START_MS + passed)
    assert "本机" in refusal.value.reason


def test_a_day_that_was_reached_stays_so_by_a_clock_that_was_set_back(station, clock):
    today = station.node.today()
    clock.now_ms -= 400 * DAY
    assert station.node.today() < today
    assert station.node.day_reached() == today
    clock.now_ms += 401 * DAY
    assert station.node.day_reached() == station.node.today() > today


@pytest.mark.parametrize("passed", [-4 * MINUTE, 0, 29 * DAY], ids=str)
def test_small_corrections_and_quiet_weeks_ask_nobody(station, passed):
    assert take(station, START_MS + passed) is Quality.CONFIRMED


@pytest.mark.parametrize("off", [11 * MINUTE, -11 * MINUTE, 365 * DAY])
def test_a_confirmation_that_does_not_fit_the_clock_confirms_nothing(station, off):
    now_ms = START_MS - DAY
    with pytest.raises(ClockDoubtful, match="校正"):
        take(station, now_ms, now_ms + off)
    with pytest.raises(ClockDoubtful):
        take(station, now_ms)


def test_a_confirmation_holds_for_what_follows_and_is_audited(station):
    now_ms = START_MS - DAY
    assert take(station, now_ms, now_ms + 9 * MINUTE) is Quality.CONFIRMED
    assert take(station, now_ms + MINUTE) is Quality.CONFIRMED
    audit = station.node.read(lambda reader: entries_after(reader, limit=1000))
    assert [(entry.actor, entry.detail) for _, entry in audit if entry.action == "clock_confirmed"] == [
        ("acct:wang", f"floor {START_MS}")
    ]


def test_what_was_heard_before_the_clock_leapt_vouches_for_nothing_after(station):
    station.node.write(lambda tx: put_settings(tx, {HEARD: str(START_MS)}))
    assert take(station, START_MS + 1) is Quality.HEARD
    now_ms = START_MS - DAY
    assert take(station, now_ms, now_ms) is Quality.CONFIRMED
    assert station.node.read(lambda reader: setting(reader, HEARD)) is None


def test_the_floor_follows_receipts_and_never_a_doubtful_time(station):
    take(station, START_MS + DAY)
    assert station.node.read(lambda reader: setting(reader, FLOOR)) == str(START_MS + DAY)
    assert station.node.write(lambda tx: note_time(tx, START_MS + 400 * DAY)) is Quality.DOUBTFUL
    assert station.node.read(lambda reader: setting(reader, FLOOR)) == str(START_MS + DAY)


def test_a_clock_nobody_touched_for_46_days_of_receipts_has_to_be_confirmed_again(station):
    for day in range(0, 46, 20):
        take(station, START_MS + day * DAY)
    assert station.node.read(lambda reader: read_clock(reader, START_MS + 46 * DAY)).must_ask
