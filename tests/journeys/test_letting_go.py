"""A station lets go of the photos of closed cases once they are in the centre's backup, and nothing is lost by it."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.blobs.reading import is_complete
from sync.blobs.storing import store_bytes
from sync.casework.digest_content import digest_content
from sync.casework.errors import StillAbove
from sync.casework.find_case import find_case
from sync.casework.hold_photos import held_here
from sync.casework.show_material import show_material
from sync.casework.trace_custody import trace_custody
from sync.errors import NotFound
from sync.node.acts.acting import Doer
from sync.node.acts.recording import Act, record
from sync.node.lists.tending import tend
from sync.node.node import Node
from sync.node.vouching.letting_go import Gone, let_go
from sync.node.vouching.safety import look_after_backup, sign_safe
from sync.people.give_consent import give_consent
from sync.people.register_person import register_person
from sync.records.clock import Quality
from sync.records.ids import blobs_database
from sync.store.backup import back_up
from sync.store.doctor.examining import examine
from sync.store.ledger.contacts import note_contact
from sync.store.ledger.let_go import keep_photos
from sync.values.json_text import parse_object
from tests.homes import Address
from tests.journeys.road import Road, act, look, restored_centre, take

PHOTO = b"\xff\xd8\xff" + random.Random(3).randbytes(120_000)  # 8 chunks
OTHER = b"\xff\xd8\xff" + random.Random(4).randbytes(120_000)
DAY_MS = 24 * 3_600_000


@pytest.fixture
def address() -> Address:
    """In their files: a centre on a CouchDB signs for no backup, and nothing is let go below it."""
    return lambda: None


def close(road: Road, doc_id: str) -> None:
    """From acceptance to the end, at the centre."""
    for what in ("accepted", "review_started", "approved", "completed"):
        act(road.centre, doc_id, what)
    road.run()


def back_up_the_centre(road: Road, target: Path) -> Path:
    back_up(road.centre.engine.directory, target)
    sign_safe(road.centre, target, trust_same_disk=True)
    road.run()
    return target


def closed_and_safe(road: Road, tmp_path: Path, *, photo: bytes = PHOTO) -> str:
    doc_id = take(road.village, "one", photo=photo)
    road.run()
    close(road, doc_id)
    back_up_the_centre(road, tmp_path / "backup")
    return doc_id


def add_photo(node: Node, doc_id: str, photo: bytes) -> None:
    """One more paper, for a case whatever its state."""
    blob = store_bytes(node.documents.database(blobs_database(node.identity.sid)).graft, photo, media_type="image/jpeg")
    found = node.read(lambda reader: find_case(reader, node, doc_id))
    papers = [*found.fields["materials"], {"name": "补", "photos": [blob.reference()]}]
    told = Act(doc_id, "materials_added", {"materials": papers}, "acct:wang", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, told))


def stored(node: Node, road: Road) -> int:
    return node.engine.database(blobs_database(road.village.identity.sid)).info().disk_bytes


def faults(node: Node) -> list[str]:
    found = [one.what for one in examine(node.engine.directory) if one.is_fault]
    return [what for what in found if "收件号" not in what]  # those of these tests are none


def test_what_is_closed_and_safe_leaves_the_disk_and_comes_back_when_it_is_looked_at(
    road: Road, tmp_path: Path
) -> None:
    doc_id = closed_and_safe(road, tmp_path)
    whole, before = digest_content(road.village), stored(road.village, road)
    would_go = let_go(road.village, older_than_days=0, dry_run=True)
    assert (would_go.cases, would_go.photos) == (1, 1)
    assert stored(road.village, road) == before
    gone = let_go(road.village, older_than_days=0)
    assert (gone.cases, gone.photos) == (1, 1)
    assert gone.bytes == pytest.approx(would_go.bytes, rel=0.05)
    assert before - stored(road.village, road) == gone.bytes > len(PHOTO)
    # Its content is what it was, and says what is away; it is the same as the centre's.
    told = digest_content(road.village, station=road.village.identity.sid)
    assert told["away"] == 8
    assert {**digest_content(road.village), "away": 0} == whole
    assert told["sha256"] == digest_content(road.centre, station=road.village.identity.sid)["sha256"]
    assert faults(road.village) == []
    # Nobody is told anything, for nothing happened.
    assert road.village_up.run().carried == 0
    assert [hop["state"] for hop in trace_custody(road.village, doc_id)["hops"]] == ["records", "held", "held"]
    assert look(road, doc_id) == PHOTO
    assert digest_content(road.village) == whole
    assert road.village_up.run().carried == 0
    # Who looked may look again: it stays for some days.
    assert let_go(road.village, older_than_days=0) == Gone()
    road.village.clock = later(8)
    road.village.write(lambda tx: note_contact(tx, "upstream", now_ms=road.village.clock()))
    assert let_go(road.village, older_than_days=0).photos == 1
    assert let_go(road.village, older_than_days=0) == Gone()


def test_while_the_link_is_down_it_is_said_plainly_and_nothing_hangs(road: Road, tmp_path: Path) -> None:
    doc_id = closed_and_safe(road, tmp_path)
    let_go(road.village, older_than_days=0)
    road.link.down()
    begun = time.monotonic()
    with pytest.raises(StillAbove) as told:
        show_material(road.village, doc_id, 1, by="acct:wang", fetcher=road.village_fetcher)
    assert "正在从上级取回" in told.value.reason
    assert time.monotonic() - begun < 4
    road.link.up()
    assert look(road, doc_id) == PHOTO


def test_a_township_that_let_go_as_well_fetches_it_from_the_centre_for_the_village(road: Road, tmp_path: Path) -> None:
    doc_id = closed_and_safe(road, tmp_path)
    assert let_go(road.village, older_than_days=0).photos == 1
    assert let_go(road.township, older_than_days=0).photos == 1
    assert look(road, doc_id) == PHOTO
    assert faults(road.township) == []


def test_nothing_goes_before_the_centre_has_it_safe_or_while_the_case_is_open(road: Road, tmp_path: Path) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    with pytest.raises(NotFound):  # nobody above was ever reached
        let_go(road.village, older_than_days=0)
    road.run()
    back_up_the_centre(road, tmp_path / "early")
    assert let_go(road.village, older_than_days=0) == Gone()  # safe, and open
    close(road, doc_id)
    later_on = take(road.village, "two", photo=OTHER)
    road.run()
    close(road, later_on)
    assert let_go(road.village, older_than_days=1) == Gone()  # closed just now
    gone = let_go(road.village, older_than_days=0)
    assert (gone.cases, gone.photos) == (1, 1)  # the one in the backup
    assert held_here(road.village, road.village.identity.sid, roots(road)) == {roots(road)[1]}


def test_a_backup_that_is_gone_or_a_day_without_news_keeps_everything(road: Road, tmp_path: Path) -> None:
    closed_and_safe(road, tmp_path)
    clock = road.village.clock
    road.village.clock = later(2)
    with pytest.raises(NotFound, match="没有与上级联系"):
        let_go(road.village, older_than_days=0)
    road.village.clock = clock
    (tmp_path / "backup").unlink()
    look_after_backup(road.centre)
    road.centre.clock = later(1)
    look_after_backup(road.centre)
    road.centre.clock = clock
    road.run()
    assert let_go(road.village, older_than_days=0) == Gone()
    back_up_the_centre(road, tmp_path / "another")
    assert let_go(road.village, older_than_days=0).photos == 1


def test_a_photo_that_an_open_case_names_too_stays(road: Road, tmp_path: Path) -> None:
    closed = take(road.village, "one", photo=PHOTO)
    take(road.village, "two", photo=PHOTO)
    road.run()
    close(road, closed)
    back_up_the_centre(road, tmp_path / "backup")
    gone = let_go(road.village, older_than_days=0)
    assert (gone.photos, gone.bytes) == (0, 0)
    assert show_material(road.village, closed, 1, by="acct:wang").content == PHOTO


def test_a_photo_that_somebody_signed_stays_be_it_while_it_is_being_let_go_of(road: Road, tmp_path: Path) -> None:
    closed_and_safe(road, tmp_path)
    node, asked = road.village, []
    told = {"name": "张三", "cert_kind": "id_card", "cert_number": "110101199003070134"}
    person = parse_object(register_person(node, told, Doer("acct:wang")).body)["id"]

    def meanwhile() -> bool:
        """Asked once the cases were gone through, and again before each of them goes."""
        asked.append(1)
        if len(asked) == 2:
            photo = {"blob": roots(road)[0], "type": "image/jpeg", "size": len(PHOTO)}
            doer = Doer("acct:wang")
            give_consent(node, person, "processing", doer, means="signature", file=lambda tx: [photo])
        return False

    assert let_go(node, older_than_days=0, stop=meanwhile) == Gone()
    assert len(asked) == 2
    assert let_go(node, older_than_days=0).photos == 0
    assert held_here(node, node.identity.sid, roots(road)) == set(roots(road))


def take_over(road: Road, tail: str, source: str) -> str:
    """A case whose paper is on file in another: it names the photos of that one, and stores none."""
    node = road.village
    (paper,) = node.read(lambda reader: find_case(reader, node, source)).fields["materials"]
    doc_id = take(node, tail)
    told = {"materials": [{**paper, "on_file": source}]}
    added = Act(doc_id, "materials_added", told, "acct:wang", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, added))
    return doc_id


def test_a_photo_that_a_new_case_took_over_is_counted_at_every_hop_is_not_sent_again_and_stays_for_it(
    road: Road, tmp_path: Path
) -> None:
    closed = closed_and_safe(road, tmp_path)
    name = blobs_database(road.village.identity.sid)
    before = [node.documents.database(name).info().update_seq for node in (road.village, road.township, road.centre)]
    second = take_over(road, "two", closed)
    road.run()
    after = [node.documents.database(name).info().update_seq for node in (road.village, road.township, road.centre)]
    assert after == before
    for case in (closed, second):
        hops = trace_custody(road.village, case)["hops"]
        assert [(hop["state"], hop["materials_held"]) for hop in hops] == [("held", 1)] * 3
    assert let_go(road.village, older_than_days=0).photos == 0
    assert held_here(road.village, road.village.identity.sid, roots(road)) == set(roots(road))
    close(road, second)
    back_up_the_centre(road, tmp_path / "another")
    assert let_go(road.village, older_than_days=0).photos == 1
    assert look(road, second) == PHOTO


def test_a_photo_taken_over_while_it_is_being_let_go_of_stays(road: Road, tmp_path: Path) -> None:
    closed = closed_and_safe(road, tmp_path)
    asked = []

    def meanwhile() -> bool:
        """Asked once the cases were gone through, before anything goes."""
        asked.append(1)
        road.village.write(lambda tx: keep_photos(tx, closed, until_ms=road.village.clock() + DAY_MS))
        return False

    assert let_go(road.village, older_than_days=0, stop=meanwhile) == Gone()
    assert asked
    assert held_here(road.village, road.village.identity.sid, roots(road)) == set(roots(road))
    assert let_go(road.village, older_than_days=0) == Gone()
    road.village.clock = later(2)
    road.village.write(lambda tx: note_contact(tx, "upstream", now_ms=road.village.clock()))
    assert let_go(road.village, older_than_days=0).photos == 1


def test_a_chunk_that_another_photo_is_made_of_stays(road: Road, tmp_path: Path) -> None:
    closed = take(road.village, "one", photo=PHOTO)
    beginning_alike = PHOTO[: 2 * 16384] + OTHER
    still_open = take(road.village, "two", photo=beginning_alike)
    road.run()
    close(road, closed)
    back_up_the_centre(road, tmp_path / "backup")
    assert let_go(road.village, older_than_days=0).photos == 1
    assert digest_content(road.village)["away"] == 6
    assert show_material(road.village, still_open, 1, by="acct:wang").content == beginning_alike
    assert look(road, closed) == PHOTO


def test_a_photo_added_later_goes_in_its_turn(road: Road, tmp_path: Path) -> None:
    doc_id = closed_and_safe(road, tmp_path)
    assert let_go(road.village, older_than_days=0).photos == 1
    add_photo(road.village, doc_id, OTHER)
    tend(road.village, [road.village.identity.sid])
    assert let_go(road.village, older_than_days=0) == Gone()
    road.run()
    back_up_the_centre(road, tmp_path / "another")
    assert let_go(road.village, older_than_days=0).photos == 1
    assert held_here(road.village, road.village.identity.sid, roots(road)) == frozenset()


def test_the_same_photo_handed_in_again_is_here_again(road: Road, tmp_path: Path) -> None:
    closed_and_safe(road, tmp_path)
    let_go(road.village, older_than_days=0)
    again = take(road.village, "two", photo=PHOTO)
    assert show_material(road.village, again, 1, by="acct:wang").content == PHOTO


def test_a_centre_restored_from_the_backup_that_was_signed_for_has_lost_nothing(road: Road, tmp_path: Path) -> None:
    doc_id = closed_and_safe(road, tmp_path)
    let_go(road.village, older_than_days=0)
    let_go(road.township, older_than_days=0)
    sid = road.village.identity.sid
    whole = digest_content(road.centre, station=sid)
    restored = restored_centre(road, tmp_path / "backup", tmp_path / "again")
    assert digest_content(restored, station=sid) == whole
    assert [hop["state"] for hop in trace_custody(road.village, doc_id)["hops"]] == ["records", "held", "held"]
    assert look(road, doc_id) == PHOTO
    # What it said of its backup in its former life counts no more; so nothing further goes until there is a new one.
    assert trace_custody(road.village, doc_id)["hops"][-1]["safe_since"] is None
    assert let_go(road.village, older_than_days=0) == Gone()


def test_where_centre_and_backup_are_lost_together_it_is_said_and_all_the_rest_goes_up_again(
    road: Road, tmp_path: Path
) -> None:
    road.run()
    back_up(road.centre.engine.directory, tmp_path / "ancient")
    doc_id = take(road.village, "one", photo=PHOTO)
    act(road.village, doc_id, "withdrawn")
    road.run()
    back_up_the_centre(road, tmp_path / "backup")
    kept = take(road.village, "two", photo=OTHER)
    road.run()
    let_go(road.village, older_than_days=0)
    let_go(road.township, older_than_days=0)
    restored = restored_centre(road, tmp_path / "ancient", tmp_path / "again")
    hops = {case: trace_custody(road.village, case)["hops"][-1] for case in (doc_id, kept)}
    assert (hops[kept]["state"], hops[kept]["materials_held"]) == ("held", 1)
    assert (hops[doc_id]["state"], hops[doc_id]["materials_held"], hops[doc_id]["fell_back"]) == ("records", 0, True)
    assert is_complete(restored.documents.database(blobs_database(road.village.identity.sid)), roots(road)[1])


def roots(road: Road) -> list[str]:
    """The roots of the village's photos, in the order they were taken."""
    database = road.village.documents.database(blobs_database(road.village.identity.sid))
    changes = database.changes("0").results
    return [change.id.removeprefix("blob:") for change in changes if change.id.startswith("blob:")]


def later(days: int) -> Callable[[], int]:
    ahead = days * DAY_MS
    return lambda: time.time_ns() // 1_000_000 + ahead
