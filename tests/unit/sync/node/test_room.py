"""What a node may keep: a level at each threshold, measured cheaply, and nothing that keeps records out."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from sync.blobs.reading import is_complete
from sync.blobs.storing import store_bytes
from sync.errors import Forbidden
from sync.http_api.feeds import FeedGate
from sync.http_api.node_routes import mount_node
from sync.node.acts.recording import Act, record
from sync.node.budgets import Budgets, Level, budgets_in_mb, level_of_disk, level_of_file, level_of_station
from sync.node.node import Node
from sync.node.road.news import has_news
from sync.node.road.shut_lanes import note_shut, shut_above
from sync.node.road.upward import Upward
from sync.node.room import Room
from sync.node.sharing import shared_with_child
from sync.records.clock import Quality, time_text
from sync.records.ids import blobs_database, station_database
from sync.store.ledger.settings import put_settings
from sync.values.documents import Edit
from sync.web.serving import running
from tests.unit.sync.node.county import introduce, known

sizes = st.integers(0, 2**50)
SID = "k3m7q"
PHOTOS, RECORDS = blobs_database(SID), station_database(SID)


@pytest.mark.parametrize(
    ("free", "level"),
    [(1000, Level.ROOM), (999, Level.WARN), (500, Level.WARN), (499, Level.STOP_BLOBS), (249, Level.STOP_PHOTOS)],
)
def test_a_disk_is_given_up_step_by_step(free: int, level: Level) -> None:
    assert level_of_disk(free, 1000) is level


@pytest.mark.parametrize(
    ("used", "own", "below", "file"),
    [
        (799, Level.ROOM, Level.ROOM, Level.ROOM),
        (800, Level.WARN, Level.WARN, Level.WARN),
        (960, Level.WARN, Level.WARN, Level.STOP_BLOBS),
        (1000, Level.STOP_PHOTOS, Level.STOP_BLOBS, Level.STOP_PHOTOS),
    ],
)
def test_a_budget_is_given_up_step_by_step(used: int, own: Level, below: Level, file: Level) -> None:
    assert level_of_station(used, 1000, is_own=True) is own
    assert level_of_station(used, 1000, is_own=False) is below
    assert level_of_file(used, 1000) is file


@given(sizes, sizes, sizes)
def test_more_use_never_means_more_room(one: int, other: int, budget: int) -> None:
    less, more = sorted((one, other))
    assert level_of_disk(less, budget) >= level_of_disk(more, budget)
    assert level_of_file(less, budget) <= level_of_file(more, budget)
    for is_own in (True, False):
        assert level_of_station(less, budget, is_own=is_own) <= level_of_station(more, budget, is_own=is_own)


@given(sizes)
def test_without_a_budget_there_is_always_room(used: int) -> None:
    assert {level_of_disk(used, 0), level_of_file(used, 0), level_of_station(used, 0, is_own=True)} == {Level.ROOM}


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def photograph(node: Node, content: bytes) -> str:
    return store_bytes(node.documents.database(PHOTOS).graft, content, media_type="image/jpeg").root


def take(node: Node, tail: str) -> None:
    fields = {"receipt_number": tail, "received_at": time_text(node.clock()), "item_name": "高龄津贴"}
    act = Act(f"case:{SID}-{tail}", "received", fields, "acct:wang", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, act))


def test_a_station_says_what_of_its_own_is_running_out(make_node: Callable[..., Node]) -> None:
    village = make_node(SID)
    room = Room(village, Budgets(blobs_bytes=200_000))
    assert room.shortages() == ()
    photograph(village, noise(230_000))
    assert [(one.level, one.station) for one in room.shortages()] == [(Level.STOP_PHOTOS, SID)]
    assert "补交" in room.photos_refused()
    assert Room(village, Budgets(blobs_bytes=10_000_000)).photos_refused() == ""


def test_a_full_disk_is_told_and_asked_for_each_time(make_node: Callable[..., Node]) -> None:
    village, free = make_node(SID), 900 << 20
    room = Room(village, budgets_in_mb(1024, 0, documents=0, blobs=0), free_bytes=lambda directory: free)
    assert [one.text for one in room.shortages()] == ["磁盘只剩 900 MB，请管理员尽快清理或扩容"]
    assert room.photos_refused() == ""
    free = 100 << 20
    assert room.photos_refused()
    free = 2000 << 20
    assert room.shortages() == ()


def test_a_database_is_weighed_again_only_after_it_was_written_to(
    make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    village = make_node(SID)
    room = Room(village, Budgets(documents_bytes=1 << 30, blobs_bytes=1 << 30))
    room.shortages()
    asked: list[str] = []
    database = type(village.documents.database(PHOTOS))
    weigh = database.info

    def info(self):
        asked.append(self.name)
        return weigh(self)

    monkeypatch.setattr(database, "info", info)
    room.shortages()
    assert asked == []
    village.documents.database(PHOTOS).write([Edit("anything", None)])
    room.shortages()
    assert asked == [PHOTOS]


class Road:
    """A village and a township whose room the test sets."""

    def __init__(self, township: Node, village: Node, stack: ExitStack) -> None:
        self.township, self.village, self.reason = township, village, ""
        app, feeds = Flask("township"), FeedGate()
        mount_node(app, township, enrol=lambda request: b"{}", feeds=feeds, shut=self.shut)
        stack.callback(feeds.close)
        url = f"http://127.0.0.1:{stack.enter_context(running(app))}"
        village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": url}))
        self.upward = Upward(village, timeout_seconds=5)
        stack.callback(self.upward.close)

    def shut(self, sids) -> dict[str, str]:
        return {blobs_database(sid): self.reason for sid in sids} if self.reason else {}

    def has(self, root: str) -> bool:
        return is_complete(self.township.documents.database(PHOTOS), root)

    def records(self) -> int:
        return self.township.documents.database(RECORDS).info().doc_count


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Iterator[Road]:
    township, village = make_node("t0wn1", "990281101000"), make_node(SID)
    introduce(township, village)
    for name in (RECORDS, PHOTOS):
        township.ensure_database(name)
    with ExitStack() as stack:
        yield Road(township, village, stack)


def test_a_node_without_room_takes_records_and_no_photos_and_the_village_hears_why(road: Road) -> None:
    road.upward.run()
    road.reason = "本站在上级的存储额度已用完"
    take(road.village, "one")
    root = photograph(road.village, noise(100_000))
    road.upward.run()
    assert road.records() == 1
    assert not road.has(root)
    assert road.village.read(shut_above) == {PHOTOS: road.reason}
    assert not has_news(road.village, [SID], photos=True)


def test_of_photos_that_are_not_taken_in_no_byte_is_sent_twice(road: Road) -> None:
    road.upward.run()
    road.reason = "上级磁盘空间不足"
    photograph(road.village, noise(400_000))
    road.upward.run()  # hears it
    idle = road.upward.run()
    assert (idle.photo_bytes, idle.traffic.round_trips) == (0, 1)
    assert idle.traffic.bytes_sent < 1_500
    take(road.village, "two")
    assert road.upward.run().photo_bytes == 0
    assert road.records() == 1


def test_when_there_is_room_again_everything_comes(road: Road) -> None:
    road.upward.run()
    road.reason = "上级磁盘空间不足"
    root = photograph(road.village, noise(100_000))
    road.upward.run()
    road.reason = ""
    road.upward.run()  # hears it
    road.upward.run()
    assert road.has(root)
    assert road.village.read(shut_above) == {}


def test_what_is_known_of_no_mark_is_not_compared_either(road: Road) -> None:
    road.reason = "上级磁盘空间不足"
    root = photograph(road.village, noise(100_000))  # before they ever met
    take(road.village, "one")
    road.upward.run()
    assert (road.has(root), road.records()) == (False, 1)
    road.reason = ""
    road.upward.run()
    road.upward.run()
    assert road.has(root)


def test_the_door_for_couchdbs_protocol_is_shut_to_photos_and_open_to_records(road: Road) -> None:
    shared = shared_with_child(
        road.township, known(road.township, road.village), shut=lambda sids: {PHOTOS: "没有空间"}
    )
    with pytest.raises(Forbidden, match="没有空间"):
        shared.open(PHOTOS).graft([])
    with pytest.raises(Forbidden, match="没有空间"):
        shared.open(PHOTOS).write([])
    assert shared.open(PHOTOS).info().name == PHOTOS
    assert shared.open(RECORDS).graft([]) == []


def test_nobody_above_shuts_the_records(make_node: Callable[..., Node]) -> None:
    village = make_node(SID)
    village.write(lambda tx: note_shut(tx, [(RECORDS, "no"), ("public", "no"), ("", "no"), (PHOTOS, "x" * 999)]))
    assert village.read(shut_above) == {PHOTOS: "x" * 200}


def test_a_station_below_that_used_up_its_share_is_shut_and_its_neighbour_is_not(
    make_node: Callable[..., Node],
) -> None:
    township = make_node("t0wn1", "990281101000")
    for name in (RECORDS, PHOTOS, "station_n2m7q", "blobs_n2m7q"):
        township.ensure_database(name)
    photograph(township, noise(230_000))
    room = Room(township, Budgets(blobs_bytes=200_000))
    assert room.shut([SID, "n2m7q"]) == {PHOTOS: "本站在上级的存储额度已用完"}
    assert room.photos_refused() == ""  # its own desk has room
    assert [(one.level, one.station) for one in room.shortages()] == [(Level.STOP_BLOBS, SID)]


def test_a_disk_that_runs_full_shuts_everybodys_photos(make_node: Callable[..., Node]) -> None:
    township = make_node("t0wn1", "990281101000")
    room = Room(township, Budgets(spare_disk_bytes=1000), free_bytes=lambda directory: 300)
    assert room.shut([SID]) == {PHOTOS: "上级磁盘空间不足"}
