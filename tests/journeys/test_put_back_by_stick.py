"""A disk is put back to an earlier image behind everybody's back, and there are sticks alone: all comes again."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.carrying.addressing import peer_above
from sync.carrying.gathering import import_files
from sync.casework.offer_again import offer_again
from sync.store.ledger.alarms import open_alarms
from sync.store.ledger.lives import all_lives
from sync.store.ledger.set_aside import items_aside
from tests.journeys.road import Road, act, status, take, without_a_network
from tests.journeys.sticks import Sticks, down, kinds, read, roomy, same_content, up
from tests.journeys.test_lost_steps_come_back import Rollback


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with without_a_network(tmp_path) as road:
        yield road


def round_trip(road: Road, sticks: Sticks) -> None:
    sticks.carry(road.village, up(road.village), road.centre)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)


@pytest.mark.parametrize("goes_on", [False, True], ids=["nothing new", "new cases"])
def test_a_centre_that_was_put_back_gets_what_it_lost(
    road: Road, sticks: Sticks, tmp_path: Path, goes_on: bool
) -> None:
    """It is told what is behind a position that it has forgotten: where that leads counts for nothing."""
    take(road.village, "before")
    round_trip(road, sticks)
    disk = Rollback(road, tmp_path, road.centre)
    lost = take(road.village, "lost")
    round_trip(road, sticks)
    road.centre = disk.turned_back()
    assert status(road.centre, lost) == "absent"
    for number in range(2):
        if goes_on:
            take(road.village, f"new{number}")
        round_trip(road, sticks)
    assert status(road.centre, lost) == "received"
    assert same_content(road.village, road.centre, station=road.village.identity.sid)


def test_a_township_that_was_put_back_gets_what_it_lost_and_knows_it_though_the_network_had_it_further(
    road: Road, sticks: Sticks, tmp_path: Path
) -> None:
    """What a stick says outweighs what was known of it before, by an older stick or over the network."""

    def there_and_back() -> None:
        sticks.carry(road.village, peer_above(road.village), road.township)
        sticks.carry(road.township, down(road.township, road.village), road.village)

    take(road.village, "before")
    there_and_back()
    disk = Rollback(road, tmp_path, road.township)
    lost = take(road.village, "lost")
    there_and_back()
    there_and_back()
    road.township = disk.turned_back()
    assert status(road.township, lost) == "absent"
    there_and_back()  # the village hears that less is there,
    there_and_back()  # and tells it anew, with the township's own signatures
    assert status(road.township, lost) == "received"
    assert [one.kind for one in road.township.read(open_alarms)] == ["turned-back"]
    assert same_content(road.village, road.township, station=road.village.identity.sid)


def test_a_village_that_was_put_back_gets_the_decision_it_lost(road: Road, sticks: Sticks, tmp_path: Path) -> None:
    doc_id = take(road.village, "one")
    round_trip(road, sticks)
    sticks.carry(road.village, up(road.village), road.centre)
    disk = Rollback(road, tmp_path, road.village)
    act(road.centre, doc_id, "accepted")
    round_trip(road, sticks)
    sticks.carry(road.village, up(road.village), road.centre)
    assert status(road.village, doc_id) == "accepted"
    road.village = disk.turned_back()
    assert status(road.village, doc_id) == "received"
    round_trip(road, sticks)
    assert status(road.village, doc_id) == "accepted"


def test_a_set_of_a_number_that_was_given_before_is_read_and_not_taken_for_the_first(
    road: Road, sticks: Sticks, tmp_path: Path
) -> None:
    """A village that was put back gives a number twice: its second set was told to have been taken before."""
    take(road.village, "zero")
    round_trip(road, sticks)
    disk = Rollback(road, tmp_path, road.village)
    first = [take(road.village, f"a{number}", photo=os.urandom(900_000)) for number in range(4)]
    lost = sticks.write(road.village, up(road.village), size=2 << 20)
    assert len(lost) > 1
    assert kinds(read(road.centre, lost)) == ["taken"] * len(lost)
    road.village = disk.turned_back()
    second = [take(road.village, f"b{number}", photo=os.urandom(900_000)) for number in range(4)]
    volumes = sticks.write(road.village, up(road.village), size=2 << 20)
    gathered = import_files(road.centre, volumes, by="acct:zhou", room=roomy(road.centre))
    assert ([one.what for one in gathered.outcomes], gathered.missing) == (["taken"] * len(volumes), ())
    assert {status(road.centre, doc_id) for doc_id in (*first, *second)} == {"received"}
    assert {one.kind for one in road.centre.read(open_alarms)} >= {"two-heads", "two-events"}
    assert kinds(read(road.centre, volumes)) == ["already"] * len(volumes)
    read(road.centre, lost)  # somebody finds the first stick again: where it led says nothing any more
    round_trip(road, sticks)
    assert {status(road.village, doc_id) for doc_id in (*first, *second)} == {"received"}


def test_a_village_that_went_on_from_an_older_image_goes_on_in_a_new_life(
    road: Road, sticks: Sticks, tmp_path: Path
) -> None:
    """It wrote more than it had lost, and yet it knows: what it signed then names another step under a number."""
    since, lost = went_on(road, sticks, tmp_path)
    round_trip(road, sticks)
    assert [one.reason for one in road.village.read(all_lives)] == ["init", "turned-back"]
    round_trip(road, sticks)
    assert {status(road.village, doc_id) for doc_id in (lost, *since)} == {"received"}
    assert same_content(road.village, road.centre, station=road.village.identity.sid)


def test_a_village_whose_signatures_of_then_were_replaced_hears_of_a_step_that_is_not_its_own(
    road: Road, sticks: Sticks, tmp_path: Path
) -> None:
    since, lost = went_on(road, sticks, tmp_path)
    for _ in range(2):
        since = (*since, take(road.village, f"c{len(since)}"))
        sticks.carry(road.village, up(road.village), road.centre)
    round_trip(road, sticks)
    assert [one.kind for one in road.village.read(open_alarms)] == ["not-ours"]
    (waiting,) = road.village.read(items_aside)
    assert waiting.id == lost
    road.village = Rollback(road, tmp_path / "again", road.village).restored()  # as the alarm advises
    assert offer_again(road.village, waiting.item, by="acct:zhou")["outcome"] == "taken"
    round_trip(road, sticks)
    assert {status(road.village, doc_id) for doc_id in (lost, *since)} == {"received"}
    assert same_content(road.village, road.centre, station=road.village.identity.sid)


def went_on(road: Road, sticks: Sticks, tmp_path: Path) -> tuple[tuple[str, ...], str]:
    """A village that was put back and went on: what it took since, and what it lost."""
    take(road.village, "zero")
    round_trip(road, sticks)
    disk = Rollback(road, tmp_path, road.village)
    lost = take(road.village, "lost")
    sticks.carry(road.village, up(road.village), road.centre)
    road.village = disk.turned_back()
    return tuple(take(road.village, f"b{number}") for number in range(3)), lost
