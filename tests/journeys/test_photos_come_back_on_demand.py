"""A photo is brought down when somebody looks at it: by way of the township, kept as it comes, and never told back."""

import random
import time
from contextlib import suppress
from pathlib import Path

import pytest

from fixtures.link_weak import WeakLink
from sync.casework.errors import StillAbove
from sync.casework.find_case import find_case
from sync.casework.hold_photos import photos_of
from sync.casework.show_material import show_material
from sync.errors import NotFound
from sync.node.identity import take_upstream
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.node.road.upward import Upward
from sync.node.sharing import shared_with_parent
from sync.records.ids import blob_id, blobs_database, content_revision
from sync.revisions.tree import Branch
from sync.store.backup import back_up, restore
from sync.store.ledger.set_aside import count_aside
from sync.typed import replace
from sync.values.documents import Document, Wanted
from tests.homes import Address
from tests.journeys.road import Road, look, take
from tests.waiting import until

PHOTO = b"\xff\xd8\xff" + random.Random(7).randbytes(300_000)  # 19 chunks
_FASTER = 10


@pytest.fixture
def address() -> Address:
    """Where the centre's documents are makes no difference here."""
    return lambda: None


def lose_photos(node: Node, sid: str) -> None:
    """As after a restore: the records are here, the photos are not."""
    node.databases.destroy(blobs_database(sid))
    node.databases.create(blobs_database(sid))


def test_a_photo_the_village_lacks_comes_from_the_township(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    lose_photos(road.village, road.village.identity.sid)
    assert look(road, doc_id) == PHOTO
    # It is here now; nobody is asked again.
    assert show_material(road.village, doc_id, 1, by="acct:wang").content == PHOTO


def test_a_township_that_has_not_got_it_fetches_it_first(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    for node in (road.village, road.township):
        lose_photos(node, road.village.identity.sid)
    assert look(road, doc_id) == PHOTO


def test_nothing_comes_down_unasked_and_what_came_is_not_told_back(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    lose_photos(road.village, road.village.identity.sid)
    lose_photos(road.township, road.village.identity.sid)
    road.run()
    blobs = blobs_database(road.village.identity.sid)
    assert road.village.documents.database(blobs).info().doc_count == 0
    assert look(road, doc_id) == PHOTO
    before = road.link.bytes_up
    assert road.village_up.run().carried == 0
    assert road.link.bytes_up - before < 5000


def test_what_arrived_before_a_cut_stays_and_looking_again_goes_on_there(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    lose_photos(road.village, road.village.identity.sid)
    blobs = road.village.documents.database(blobs_database(road.village.identity.sid))
    with WeakLink(f"127.0.0.1:{road.township_port}", rate_kbit=1200) as link:
        road.village.rewrite_identity(lambda tx: take_upstream(tx, f"http://127.0.0.1:{link.port}"))
        narrow = Upward(road.village, timeout_seconds=10)
        road.village_fetcher = Fetcher(
            road.village,
            lambda: narrow.way,
            refused=lambda: "",
            sleep=lambda seconds: time.sleep(seconds / _FASTER),
            now_seconds=lambda: time.monotonic() * _FASTER,
        )
        trouble_of(road, doc_id)
        until(lambda: blobs.info().doc_count > 3)
        link.down()
        came = blobs.info().doc_count
        assert came < 20
        until(lambda: "网络不通" in trouble_of(road, doc_id))
        link.up()
        before = link.bytes_down
        until(lambda: not trouble_of(road, doc_id))  # what failed is left alone for some seconds
        assert look(road, doc_id) == PHOTO
        assert link.bytes_down - before < len(PHOTO) * 1.4 * (20 - came) / 19 + 5000
        road.village_fetcher.close()
        narrow.close()


def test_where_no_new_photo_is_kept_none_is_fetched_and_it_is_said_why(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    lose_photos(road.village, road.village.identity.sid)
    road.no_room, before = "磁盘只剩 2 MB", road.link.bytes_down
    until(lambda: trouble_of(road, doc_id) == "磁盘只剩 2 MB")
    blobs = road.village.documents.database(blobs_database(road.village.identity.sid))
    assert (blobs.info().doc_count, road.link.bytes_down) == (0, before)
    road.no_room = ""
    until(lambda: not trouble_of(road, doc_id))  # what failed is left alone for some seconds
    assert look(road, doc_id) == PHOTO


def test_a_disk_that_cannot_be_asked_for_its_room_leaves_nobody_waiting_for_ever(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    lose_photos(road.village, road.village.identity.sid)
    answers = iter([OSError("Input/output error")])

    def refused() -> str:
        for error in answers:
            raise error
        return ""

    road.village_fetcher = Fetcher(road.village, lambda: road.village_up.way, refused=refused)
    until(lambda: trouble_of(road, doc_id) == "没有从上级取回")
    until(lambda: not trouble_of(road, doc_id))
    assert look(road, doc_id) == PHOTO
    road.village_fetcher.close()


def test_a_photo_that_came_garbled_lies_aside_no_more_when_it_has_come(road: Road) -> None:
    doc_id, name = take(road.village, "one", photo=PHOTO), blobs_database(road.village.identity.sid)
    road.run()
    root = root_of(road.village, doc_id)
    wanted = Wanted(blob_id(root), (content_revision(root),))
    (whole,) = road.township.documents.database(name).read([wanted])
    assert isinstance(whole, Document)
    lose_photos(road.village, road.village.identity.sid)
    flipped = whole.body.replace(b"image/jpeg", b"imaGe/jpeg")
    below = shared_with_parent(road.village).open(name)
    below.graft([replace(whole, body=flipped), replace(whole, path=Branch(1, ("0" * 32,)))])
    assert road.village.read(count_aside) == 2
    assert look(road, doc_id) == PHOTO
    until(lambda: road.village.read(count_aside) == 0)


def test_looked_at_by_many_it_crosses_the_link_once(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    lose_photos(road.village, road.village.identity.sid)
    root, before = root_of(road.village, doc_id), road.link.bytes_down
    for _ in range(50):
        road.village_fetcher.want(blobs_database(road.village.identity.sid), f"blob:{root}")
    assert look(road, doc_id) == PHOTO
    assert road.link.bytes_down - before < len(PHOTO) * 1.5


def test_a_photo_that_is_nowhere_above_is_said_to_be_nowhere(road: Road) -> None:
    doc_id = take(road.township, "one", photo=PHOTO)
    lose_photos(road.township, road.township.identity.sid)
    road.township_up.run()
    told: list[str] = []

    def come() -> bool:
        with suppress(StillAbove):
            show_material(road.township, doc_id, 1, by="acct:li", fetcher=road.township_fetcher)
        progress = road.township_fetcher.want(
            blobs_database(road.township.identity.sid), f"blob:{root_of(road.township, doc_id)}"
        )
        told.append(progress.trouble)
        return bool(progress.trouble)

    until(come)
    assert "上级也没有" in told[-1]
    with pytest.raises(NotFound):  # where nobody is above, that is all there is to say
        show_material(road.centre, doc_id, 1, by="acct:zhou")


def test_a_village_on_a_new_device_shows_the_photos_its_backup_had_not(road: Road, tmp_path: Path) -> None:
    back_up(road.village.engine.directory, tmp_path / "backup")
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    restore(tmp_path / "backup", tmp_path / "new", now_ms=road.village.clock())
    with Node.open(tmp_path / "new") as village:
        upward = Upward(village, timeout_seconds=10)
        try:
            upward.run()
            road.village, road.village_up = village, upward
            fetcher = road.fetcher(village, lambda: upward)
            road.village_fetcher = fetcher
            assert look(road, doc_id) == PHOTO
            fetcher.close()
        finally:
            upward.close()


def root_of(node: Node, doc_id: str) -> str:
    case = node.read(lambda reader: find_case(reader, node, doc_id))
    root: str = photos_of(case.fields)[0]["blob"]
    return root


def trouble_of(road: Road, doc_id: str) -> str:
    """What the village would be told that looked at it now."""
    name = blobs_database(road.village.identity.sid)
    return road.village_fetcher.want(name, f"blob:{root_of(road.village, doc_id)}").trouble
