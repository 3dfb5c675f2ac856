"""What a village sees of its road: what waits, lane by lane, and how many cases have come how far."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from edge_node.telling import lane_told, road_lines
from fixtures.link_weak import WeakLink
from sync.casework.see_road import RoadView, see_road
from sync.errors import LinkError
from sync.node.node import Node
from sync.node.road.backlog import Backlog
from sync.node.road.lane_memory import open_watch
from sync.node.road.shut_lanes import note_shut
from sync.node.road.upward import Upward
from sync.node.road.watching import Watch
from sync.records.ids import station_database
from sync.store.ledger.settings import put_settings
from sync.values.conversation import Told
from sync.values.documents import Wanted
from tests.journeys.road import Road, act, take

PHOTO = b"\xff\xd8" + bytes(range(256)) * 160


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        yield Road(tmp_path, stack)


@pytest.fixture
def watch(road: Road) -> Iterator[Watch]:
    """Watches the village's way up, from its first run on."""
    road.township_up.run()
    watch = open_watch(road.village)
    road.village_up.close()
    road.village_up = Upward(road.village, timeout_seconds=10, watch=watch)
    yield watch
    road.village_up.close()


@contextmanager
def reached_at(road: Road, watch: Watch, port: int) -> Iterator[None]:
    """The township is at another address for the village."""
    road.village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": f"http://127.0.0.1:{port}"}))
    road.village_up.close()
    road.village_up = Upward(road.village, timeout_seconds=10, watch=watch)
    yield


def look(node: Node, watch: Watch) -> dict:
    return see_road(RoadView(node, watch, Backlog(node)))


def held_by(node: Node, watch: Watch, reason: str) -> dict:
    return see_road(RoadView(node, watch, Backlog(node), lambda: reason))


def lane(seen: dict, name: str) -> dict:
    return next(one for one in seen["lanes"] if one["lane"] == name)


def cases(seen: dict) -> list[int]:
    return [hop["cases"] for hop in seen["arrived"]]


def test_photos_that_may_not_go_have_a_reason_and_no_time_that_is_left(road: Road, watch: Watch) -> None:
    take(road.village, "one", photo=PHOTO)
    road.village_up.run()
    assert lane(held_by(road.village, watch, "免打扰"), "photos")["held"] == ""  # none waits
    take(road.village, "two", photo=PHOTO[::-1])
    assert lane(look(road.village, watch), "photos")["seconds_left"] is not None
    seen = held_by(road.village, watch, "免打扰")
    told = lane(seen, "photos")
    assert (told["held"], told["seconds_left"], told["left_text"]) == ("免打扰", None, "")
    assert lane_told(told)["left"] == "免打扰"
    assert "免打扰" in next(one for one in road_lines(seen) if one.startswith("材料照片"))
    assert lane(seen, "records")["left_text"]
    name = f"blobs_{road.village.identity.sid}"
    road.village.write(lambda tx: note_shut(tx, [(name, "上级磁盘空间不足")]))
    assert lane(look(road.village, watch), "photos")["held"] == "上级暂不收照片（上级磁盘空间不足）"


def test_what_waits_is_weighed_and_gone_once_it_was_told(road: Road, watch: Watch) -> None:
    road.village_up.run()
    assert {one["waiting_bytes"] for one in look(road.village, watch)["lanes"]} == {0}
    take(road.village, "one", photo=PHOTO)
    take(road.village, "two")
    seen = look(road.village, watch)
    assert (lane(seen, "records")["waiting"], lane(seen, "photos")["waiting"]) == (2, 1)
    assert len(PHOTO) <= lane(seen, "photos")["waiting_bytes"] <= len(PHOTO) * 1.1
    road.village_up.run()
    seen = look(road.village, watch)
    assert {one["waiting_bytes"] for one in seen["lanes"]} == {0}
    assert lane(seen, "records")["last_success"] is not None
    assert seen["run"] is None


def test_what_was_told_and_is_not_answered_yet_is_on_its_way_and_has_not_arrived(road: Road, watch: Watch) -> None:
    road.village_up.run()
    name = station_database(road.village.identity.sid)
    database = road.village.documents.database(name)
    start = database.info().update_seq
    take(road.village, "one")
    before = lane(look(road.village, watch), "records")
    documents = database.read([Wanted(one.id, ()) for one in database.changes(start).results])
    with watch.run():
        for _ in watch.telling(Told(name, one) for one in documents):
            seen = look(road.village, watch)
        during, line = lane(seen, "records"), next(one for one in road_lines(seen) if one.startswith("办件　"))
        assert (during["waiting_bytes"], during["unanswered_bytes"]) == (0, before["waiting_bytes"])
        assert lane_told(during)["waiting"].endswith("等上级回答")
        assert "待传" not in line
        assert lane_told(during)["waiting"] in line
    after = lane(look(road.village, watch), "records")  # it broke off: all of it is to be told again
    assert (after["waiting_bytes"], after["unanswered_bytes"]) == (before["waiting_bytes"], 0)
    assert lane_told(after)["waiting"].startswith("1 件")


def test_cases_count_as_far_as_receipts_say_and_no_further(road: Road, watch: Watch) -> None:
    road.run()
    doc_id = take(road.village, "one", photo=PHOTO)
    take(road.village, "two")
    assert cases(look(road.village, watch)) == [2, 0, 0]
    road.village_up.run()
    assert cases(look(road.village, watch)) == [2, 2, 0]
    road.township_up.run()
    assert cases(look(road.village, watch)) == [2, 2, 0]  # the centre's receipt has not come down yet
    road.village_up.run()
    assert cases(look(road.village, watch)) == [2, 2, 2]
    act(road.village, doc_id, "accepted")
    assert cases(look(road.village, watch)) == [2, 1, 1]
    road.run()
    assert cases(look(road.village, watch)) == [2, 2, 2]
    assert [hop["level"] for hop in look(road.village, watch)["arrived"]] == ["village", "township", "centre"]


def test_cases_of_which_nothing_is_noted_yet_count_nowhere_above(road: Road, watch: Watch) -> None:
    take(road.village, "one")
    road.run()
    road.village.write(lambda tx: tx.execute("DELETE FROM case_ends"))  # as an upgrade leaves it
    assert cases(look(road.village, watch)) == [1, 0, 0]
    road.village.write(lambda tx: tx.execute("DELETE FROM followed WHERE follower = 'tending'"))
    road.village_up.run()
    assert cases(look(road.village, watch)) == [1, 1, 1]


def test_what_the_centre_writes_is_not_asked_of_its_own_receipt(road: Road, watch: Watch) -> None:
    doc_id = take(road.village, "one")
    road.run()
    act(road.centre, doc_id, "accepted")
    road.run()
    assert cases(look(road.village, watch)) == [1, 1, 1]


def test_a_cut_link_is_told_in_the_lane_it_cut_and_the_rest_still_waits(road: Road, watch: Watch) -> None:
    road.village_up.run()
    take(road.village, "one", photo=b"\xff\xd8" + Random(7).randbytes(200_000))
    with (
        WeakLink(f"127.0.0.1:{road.township_port}", cut_after_bytes=60_000) as weak,
        reached_at(road, watch, weak.port),
    ):
        with pytest.raises(LinkError):
            road.village_up.run()
        seen = look(road.village, watch)
        assert lane(seen, "photos")["error"]
        assert lane(seen, "photos")["waiting_bytes"] > 0
        assert cases(seen)[2] == 0
    with reached_at(road, watch, road.township_port):
        road.village_up.run()
    seen = look(road.village, watch)
    assert (lane(seen, "photos")["error"], lane(seen, "photos")["waiting_bytes"]) == ("", 0)


def test_of_photos_that_were_begun_only_the_rest_still_waits(road: Road, watch: Watch) -> None:
    road.village_up.run()
    for number, size in enumerate((40_000, 90_000, 400_000)):
        take(road.village, f"n{number}", photo=b"\xff\xd8" + Random(number).randbytes(size))
    before = lane(look(road.village, watch), "photos")
    assert before["waiting"] == 3
    with (
        WeakLink(f"127.0.0.1:{road.township_port}", cut_after_bytes=250_000) as weak,
        reached_at(road, watch, weak.port),
    ):
        for _ in range(2):  # the second run learns how far the first came, and is cut again
            with suppress(LinkError):
                road.village_up.run()
    after = lane(look(road.village, watch), "photos")
    assert after["waiting"] <= 3
    assert after["waiting_bytes"] < before["waiting_bytes"]
    with reached_at(road, watch, road.township_port):
        road.village_up.run()
    assert lane(look(road.village, watch), "photos")["waiting_bytes"] == 0


def test_what_was_learned_of_a_lane_outlives_a_restart(road: Road, watch: Watch) -> None:
    road.village_up.run()
    take(road.village, "one", photo=PHOTO)
    road.village_up.run()
    before = lane(look(road.village, watch), "photos")
    after = lane(look(road.village, open_watch(road.village)), "photos")
    assert before["last_success"] is not None
    assert (after["last_success"], after["bytes_per_second"]) == (before["last_success"], before["bytes_per_second"])


def test_above_the_centre_nothing_waits(road: Road, watch: Watch) -> None:
    take(road.village, "one")
    road.run()
    seen = look(road.centre, Watch(now_ms=road.centre.clock))
    assert cases(seen) == [1]
    assert {one["waiting_bytes"] for one in seen["lanes"]} == {0}
