"""A stick with photos at a node that has no room for them: its records are taken, and it is taken in again later."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.casework import fetch_photo as looking
from sync.casework.errors import StillAbove
from sync.casework.show_material import show_material
from sync.node.budgets import Budgets
from sync.node.node import Node
from sync.node.room import Room
from sync.records.ids import blobs_database
from sync.values.changes import Span
from tests.journeys.road import Road, act, status, take, without_a_network
from tests.journeys.sticks import Sticks, down, read, same_content, up

SPARE = 100 << 20


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with without_a_network(tmp_path) as road:
        yield road


class Disk:
    """A disk with as many bytes free as the test says, of which a hundred megabytes are to be spare."""

    def __init__(self, free_bytes: int) -> None:
        self.free_bytes = free_bytes

    def room(self, node: Node) -> Room:
        return Room(node, Budgets(spare_disk_bytes=SPARE), free_bytes=lambda directory: self.free_bytes)


def photos_of(node: Node, road: Road) -> int:
    return node.documents.database(blobs_database(road.village.identity.sid)).info().doc_count


def test_photos_that_find_no_room_are_left_out_and_come_when_the_same_stick_is_taken_in_again(
    road: Road, sticks: Sticks
) -> None:
    disk, sid = Disk(SPARE // 3), road.village.identity.sid
    doc_id = take(road.village, "one", photo=os.urandom(200_000))
    volumes = sticks.write(road.village, up(road.village))
    (outcome,) = read(road.centre, volumes, disk.room(road.centre))
    assert (outcome.what, status(road.centre, doc_id), photos_of(road.centre, road)) == ("partly", "received", 0)
    assert "办件 1 件" in outcome.sentence
    assert "照片没有收下：磁盘只剩 33 MB，暂不接收下级的照片，办件照常；有空间后请再导入" in outcome.sentence
    disk.free_bytes = SPARE
    (outcome,) = read(road.centre, volumes, disk.room(road.centre))
    assert (outcome.what, "照片 1 张" in outcome.sentence) == ("taken", True)
    assert same_content(road.village, road.centre, station=sid)


def test_a_stick_of_records_alone_is_whole_where_there_is_no_room(road: Road, sticks: Sticks) -> None:
    take(road.village, "one")
    (outcome,) = read(road.centre, sticks.write(road.village, up(road.village)), Disk(0).room(road.centre))
    assert outcome.what == "taken"


def test_room_that_ends_in_the_middle_of_a_volume_ends_its_photos_there(road: Road, sticks: Sticks) -> None:
    for number in range(12):
        take(road.village, f"n{number}", photo=os.urandom(400_000))
    volumes = sticks.write(road.village, up(road.village))
    assert len(volumes) == 1

    def free_bytes(directory: Path) -> int:
        return SPARE if photos_of(road.centre, road) < 100 else SPARE // 3

    room = Room(road.centre, Budgets(spare_disk_bytes=SPARE), free_bytes=free_bytes)
    (outcome,) = read(road.centre, volumes, room)
    came = photos_of(road.centre, road)
    assert outcome.what == "partly"
    assert 100 <= came < 200  # of some 300 pieces
    read(road.centre, volumes)
    assert same_content(road.village, road.centre, station=road.village.identity.sid)


def test_what_was_left_out_is_not_said_to_be_here_and_comes_with_the_next_stick(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "one", photo=os.urandom(200_000))
    read(road.centre, sticks.write(road.village, up(road.village)), Disk(0).room(road.centre))
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    assert road.hops(doc_id)[2][1] == 0
    take(road.village, "two")
    assert sticks.carry(road.village, up(road.village), road.centre) == ["taken"]
    assert same_content(road.village, road.centre, station=road.village.identity.sid)


def test_photos_that_were_asked_for_are_left_out_where_no_new_one_is_kept(
    road: Road, sticks: Sticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = b"\xff\xd8\xff" + os.urandom(40_000)
    doc_id = take(road.village, "one", photo=photo)
    assert sticks.carry(road.village, up(road.village), road.centre) == ["taken"]
    blobs = road.village.engine.database(blobs_database(road.village.identity.sid))
    chunks = [row.id for row in blobs.list(Span(start="chunk:", end="chunk:g")).rows]
    road.village.engine.write(lambda tx: blobs.let_go_in(tx, chunks))
    monkeypatch.setattr(looking, "_PATIENCE_SECONDS", 0.01)
    with pytest.raises(StillAbove):
        show_material(road.village, doc_id, 1, by="acct:wang", fetcher=road.village_fetcher)
    sticks.carry(road.village, up(road.village), road.centre)
    act(road.centre, doc_id, "accepted")
    volumes = sticks.write(road.centre, down(road.centre, road.village))
    (outcome,) = read(road.village, volumes, Disk(0).room(road.village))
    assert (outcome.what, status(road.village, doc_id)) == ("partly", "accepted")
    assert "照片以后补交" in outcome.sentence
    (outcome,) = read(road.village, volumes, Disk(SPARE // 3).room(road.village))
    assert outcome.what == "taken"
    assert show_material(road.village, doc_id, 1, by="acct:wang").content == photo
