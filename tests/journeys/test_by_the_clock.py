"""A station left to its own clockwork: what it takes goes up by itself, over a link that goes and comes back."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from edge_node.serving import tended
from edge_node.settings import read
from edge_node.station import Station
from edge_node.wiring import build_station
from sync.node.acts.current import current
from sync.node.vouching.content import digest_of
from sync.records.ids import blobs_database
from tests.journeys.road import Road, take
from tests.waiting import until

PHOTO = b"\xff\xd8" + random.Random(7).randbytes(40_000)
_SELDOM = {
    "YIZHAN_SYNC_INTERVAL_SECONDS": "86400",
    "YIZHAN_TOLD_AFTER_SECONDS": "1",
    "YIZHAN_LONGEST_WAIT_SECONDS": "1",
}


@contextmanager
def at_work(road: Road, environment: dict[str, str]) -> Iterator[Station]:
    """The village as a station whose clockwork runs."""
    station = build_station(road.village, read(environment))
    with tended(station):
        yield station


def photos_above(road: Road) -> int:
    name = blobs_database(road.village.identity.sid)
    if name not in road.township.databases.names():
        return 0
    return digest_of([road.township.documents.database(name)]).blobs


def is_above(road: Road, doc_id: str) -> bool:
    return road.township.read(lambda reader: current(reader, road.township.documents, doc_id)) is not None


@pytest.fixture
def met(road: Road) -> Road:
    """Everybody is certified, and the village has reached its township before."""
    road.run()
    return road


def test_an_application_goes_up_by_itself_long_before_the_next_interval(met: Road) -> None:
    with at_work(met, _SELDOM):
        first = take(met.village, "one")
        until(lambda: is_above(met, first))
        second = take(met.village, "two")
        until(lambda: is_above(met, second))


def test_over_a_link_that_is_back_what_was_taken_meanwhile_goes_up_by_itself(met: Road) -> None:
    with at_work(met, _SELDOM):
        first = take(met.village, "one")
        until(lambda: is_above(met, first))
        met.link.down()
        second = take(met.village, "two")
        time.sleep(4)
        assert not is_above(met, second)
        met.link.up()
        until(lambda: is_above(met, second))


def test_at_rest_nothing_travels_between_two_intervals(met: Road) -> None:
    with at_work(met, _SELDOM):
        doc_id = take(met.village, "one")
        until(lambda: is_above(met, doc_id))
        time.sleep(3)  # receipts, and what the run itself wrote
        before = met.link.bytes_up, met.link.bytes_down
        time.sleep(3)
        assert (met.link.bytes_up, met.link.bytes_down) == before


def test_in_quiet_hours_a_record_goes_without_its_photo_and_by_hand_the_photo_goes_too(met: Road) -> None:
    with at_work(met, {**_SELDOM, "YIZHAN_QUIET_HOURS": "00:00-24:00"}) as station:
        doc_id = take(met.village, "one", photo=PHOTO)
        until(lambda: is_above(met, doc_id))
        time.sleep(1)
        assert photos_above(met) == 0
        assert station.photo_meter.standing()["quiet"]
        told = station.courier.synchronise()
        assert photos_above(met) == 1
        assert len(PHOTO) <= told["photo_bytes"] <= told["bytes_sent"] * 1.1


def test_a_photo_beyond_the_months_budget_waits_and_the_record_does_not(met: Road) -> None:
    with at_work(met, {**_SELDOM, "YIZHAN_BLOB_BUDGET_MB": "1"}) as station:
        first = take(met.village, "one", photo=random.Random(1).randbytes(1_200_000))
        until(lambda: is_above(met, first))
        until(lambda: station.photo_meter.standing()["used_up"])
        second = take(met.village, "two", photo=PHOTO)
        until(lambda: is_above(met, second))
        time.sleep(1)
        assert photos_above(met) == 0
        assert station.photo_meter.standing()["spent_bytes"] < 1.1 * (1 << 20)
        told = station.courier.synchronise()
        assert photos_above(met) == 2
        assert told["photo_bytes"] < 250_000
