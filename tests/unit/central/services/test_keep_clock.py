"""The centre's clock is confirmed while it runs, and left in doubt when it stands in the past."""

from central.services.keep_clock import keep_clock
from sync.node.own_clock import read_clock
from sync.records.clock import Quality
from tests.unit.central.conftest import START_MS

DAY_MS = 24 * 3_600_000


def quality(node, clock):
    return node.read(lambda reader: read_clock(reader, clock.now_ms)).quality


def test_a_centre_that_was_off_for_months_is_believed_again_once_started(node, clock):
    clock.now_ms = START_MS + 90 * DAY_MS
    assert quality(node, clock) is Quality.DOUBTFUL
    assert keep_clock(node)
    assert quality(node, clock) is Quality.CONFIRMED


def test_confirmed_daily_it_stays_believed_for_a_year(node, clock):
    for _ in range(365):
        clock.now_ms += DAY_MS
        assert quality(node, clock) is Quality.CONFIRMED
        assert keep_clock(node)


def test_a_clock_that_stands_in_the_past_is_left_in_doubt(node, clock):
    clock.now_ms = START_MS - DAY_MS
    assert not keep_clock(node)
    assert quality(node, clock) is Quality.DOUBTFUL
    clock.now_ms = START_MS + DAY_MS
    assert keep_clock(node)
