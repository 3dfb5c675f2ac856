"""The centre's backup is what a station may lean on: signed for what is in it, told down the road, taken back aloud."""

from pathlib import Path

import pytest

from sync.casework.trace_custody import trace_custody
from sync.custody.receipts import SAFE, read_receipt
from sync.custody.taking import take as take_in
from sync.errors import Conflict, Forbidden
from sync.node.centre_key import pinned_centre
from sync.node.node import Node, system_clock
from sync.node.vouching.holding import account_for
from sync.node.vouching.safety import look_after_backup, sign_safe, trouble_of
from sync.node.vouching.statements import own_of, statements_for_child
from sync.store.backup import back_up, restore
from sync.store.ledger.certificates import certificate_of
from sync.store.ledger.custody import statements_of
from tests.homes import Address
from tests.journeys.road import Road, act, take

HOUR_MS = 3_600_000
PHOTO = b"\xff\xd8" + bytes(range(256)) * 100


@pytest.fixture
def address() -> Address:
    """In their files, all of them: a backup has no documents that are elsewhere (that is another test)."""
    return lambda: None


def safe_since(node: Node, doc_id: str) -> str | None:
    since: str | None = trace_custody(node, doc_id)["hops"][-1]["safe_since"]
    return since


def backed_up(road: Road, target: Path) -> Path:
    back_up(road.centre.engine.directory, target)
    sign_safe(road.centre, target, trust_same_disk=True)
    return target


def test_the_village_hears_what_is_in_the_centres_backup_and_no_more(road: Road, tmp_path: Path) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    assert safe_since(road.village, doc_id) is None
    back_up(road.centre.engine.directory, tmp_path / "first")
    act(road.village, doc_id, "withdrawn")  # written when the backup was made, and signed for later
    road.run()
    sign_safe(road.centre, tmp_path / "first", trust_same_disk=True)
    road.run()
    assert safe_since(road.village, doc_id) is None
    backed_up(road, tmp_path / "second")
    road.run()
    assert safe_since(road.village, doc_id) is not None
    assert safe_since(road.township, doc_id) is not None


def test_a_photo_that_came_after_the_backup_is_not_safe(road: Road, tmp_path: Path) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    backed_up(road, tmp_path / "first")
    later = take(road.village, "two", photo=PHOTO[::-1])
    road.run()
    assert safe_since(road.village, doc_id) is not None
    assert safe_since(road.village, later) is None


def test_a_backup_that_is_gone_is_taken_back_aloud_and_nothing_is_sent_again(road: Road, tmp_path: Path) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    backup = backed_up(road, tmp_path / "backup")
    road.run()
    backup.rename(tmp_path / "pulled out")
    assert not look_after_backup(road.centre)
    assert "不见了" in road.centre.read(trouble_of)
    road.run()
    assert safe_since(road.village, doc_id) is not None  # it may be back in a moment
    road.centre.clock = lambda: system_clock() + HOUR_MS
    assert not look_after_backup(road.centre)
    assert "已向各站收回" in road.centre.read(trouble_of)
    assert road.township_up.run().carried == 0
    assert road.village_up.run().carried == 0
    hop = trace_custody(road.village, doc_id)["hops"][-1]
    assert (hop["state"], hop["safe_since"], hop["fell_back"]) == ("held", None, False)
    (tmp_path / "pulled out").rename(backup)
    assert look_after_backup(road.centre, trust_same_disk=True)
    assert road.centre.read(trouble_of) == ""
    road.run()
    assert safe_since(road.village, doc_id) is not None


def test_what_a_backup_held_says_nothing_of_a_centre_that_was_restored_since(road: Road, tmp_path: Path) -> None:
    early = take(road.village, "early", photo=PHOTO)
    road.run()
    back_up(road.centre.engine.directory, tmp_path / "old")
    late = take(road.village, "late", photo=PHOTO[::-1])
    road.run()
    backed_up(road, tmp_path / "new")
    road.run()
    assert safe_since(road.village, late) is not None
    restore(tmp_path / "old", tmp_path / "again", now_ms=road.centre.clock())
    with Node.open(tmp_path / "again") as restored:
        account_for(restored, [road.village.identity.sid])
        _tell(restored, road.village)
    states = {case: trace_custody(road.village, case)["hops"][-1]["state"] for case in (early, late)}
    assert states == {early: "held", late: "none"}
    assert safe_since(road.village, early) is None


def test_a_backup_on_the_same_disk_of_another_node_or_older_than_the_last_is_not_signed_for(
    road: Road, tmp_path: Path
) -> None:
    take(road.village, "one")
    road.run()
    back_up(road.centre.engine.directory, tmp_path / "old")
    back_up(road.township.engine.directory, tmp_path / "other")
    with pytest.raises(Forbidden, match="同一块磁盘"):
        sign_safe(road.centre, tmp_path / "old")
    with pytest.raises(Forbidden, match="不是本机"):
        sign_safe(road.centre, tmp_path / "other", trust_same_disk=True)
    take(road.village, "two")
    road.run()
    backed_up(road, tmp_path / "new")
    with pytest.raises(Conflict):
        sign_safe(road.centre, tmp_path / "old", trust_same_disk=True)
    own = road.centre.identity.writer
    safe = [read_receipt(one.signed.payload) for one in road.centre.read(lambda r: statements_of(r, "receipt", [own]))]
    assert {one.station for one in safe if one.grade == SAFE} >= {road.village.identity.sid}


def _tell(above: Node, below: Node) -> None:
    """What a node says to another, by whatever road."""
    known = above.read(lambda reader: certificate_of(reader, below.identity.writer))
    assert known is not None
    told, _ = above.read(lambda reader: statements_for_child(reader, known, heard="", life=above.identity.life))
    centre_key = below.read(pinned_centre)
    assert centre_key is not None
    below.write(lambda tx: take_in(tx, own_of(below.identity), told, centre_key=centre_key, now_ms=below.clock()))
