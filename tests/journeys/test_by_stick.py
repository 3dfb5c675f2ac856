"""Village, township and centre without a network between them: sticks go up with records and come down with answers."""

import errno
import json
import os
import random
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.registry.certifying import _stand
from central.services.publish_alert import publish_alert
from fixtures.catalogue import publish_county, publish_texts
from fixtures.county import county, text
from sync.blobs.reading import held_whole
from sync.carrying import exporting
from sync.carrying.addressing import peers_above, peers_below
from sync.carrying.exporting import export
from sync.carrying.gathering import import_files
from sync.carrying.inspecting import inspect
from sync.carrying.knowing import furthest
from sync.carrying.spool import Spool
from sync.carrying.stick import Stick, volumes_in
from sync.casework import fetch_photo as looking
from sync.casework.errors import StillAbove
from sync.casework.list_alerts import alerts_here
from sync.casework.show_material import show_material
from sync.custody.certificates import CERTIFICATE, read_certificate
from sync.custody.issuing import receipt_subject
from sync.custody.receipts import RECEIPT, make_receipt, read_receipt
from sync.custody.standing import Status
from sync.errors import DiskFull, Forbidden, NotFound
from sync.node.node import Node
from sync.node.road.answering import Answering
from sync.node.road.marks import Marks
from sync.node.setting_aside import set_aside
from sync.node.sharing import home_databases
from sync.node.vouching.lost_photos import look_through
from sync.records.clock import time_text
from sync.records.ids import station_database
from sync.revisions.revision import Revision
from sync.store.backup import back_up, restore
from sync.store.ledger.carried import UPWARD
from sync.store.ledger.certificates import certificate_of
from sync.store.ledger.custody import newest_statement, put_statement
from sync.store.ledger.set_aside import count_aside
from sync.store.ledger.wanted_photos import WantedPhoto, note_wanted, wanted_photos
from sync.typed import replace
from sync.values.changes import Span
from sync.values.conversation import Item, Told
from sync.values.documents import Wanted
from sync.values.json_text import dump
from sync.values.statements import Offer
from sync.wire.conversation import ItemWriter
from sync.wire.frames import FIRST_OPTIONAL, write_frame
from tests.homes import Address
from tests.journeys.road import VILLAGE, Road, act, status, take, without_a_network
from tests.journeys.sticks import Sticks, down, kinds, read, roomy, same_content, size_of, up

SMALL = 2 << 20


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    """Three nodes that met over a network once, when they were enrolled."""
    with without_a_network(tmp_path) as road:
        yield road


@pytest.fixture
def road_elsewhere(tmp_path: Path, address: Address) -> Iterator[Road]:
    """The same, the centre's documents wherever they may be."""
    with without_a_network(tmp_path, address()) as road:
        yield road


def test_an_application_goes_up_by_stick_and_its_decision_comes_down(road_elsewhere: Road, sticks: Sticks) -> None:
    road = road_elsewhere
    sid = road.village.identity.sid
    publish_county(road.centre)
    doc_id = take(road.village, "one", photo=os.urandom(50_000))
    assert sticks.carry(road.village, up(road.village), road.centre) == ["taken"]
    assert status(road.centre, doc_id) == "received"
    assert road.hops(doc_id)[2] == (Status.NOT_YET, 0)  # it is there, and no receipt has come back
    for event_type in ("accepted", "review_started", "approved"):
        act(road.centre, doc_id, event_type)
    assert sticks.carry(road.centre, down(road.centre, road.village), road.village) == ["taken"]
    assert status(road.village, doc_id) == "approved"
    assert road.hops(doc_id)[2] == (Status.HELD, 1)
    assert road.hops(doc_id)[1] == (Status.NOT_YET, 0)  # the township has seen nothing of it
    assert road.village.catalogue.items().keys() == road.centre.catalogue.items().keys()
    assert same_content(road.village, road.centre, station=sid)
    assert count_of_aside(road) == 0


def test_what_was_refused_from_below_lies_aside_no_more_when_a_stick_brings_what_stands_on_it(
    road: Road, sticks: Sticks
) -> None:
    """A township that was restored may not hear of the centre's step from below; the centre tells it the next."""
    publish_county(road.centre)
    doc_id, home = take(road.village, "one"), station_database(road.village.identity.sid)
    assert sticks.carry(road.village, up(road.village), road.centre) == ["taken"]
    act(road.centre, doc_id, "accepted")
    assert sticks.carry(road.centre, down(road.centre, road.village), road.village) == ["taken"]
    (accepted,) = road.village.documents.database(home).read([Wanted(doc_id, revisions=())])
    set_aside(road.township, home, accepted, reason="refused", offered_by=road.village.identity.writer)
    act(road.centre, doc_id, "review_started")
    assert sticks.carry(road.centre, down(road.centre, road.township), road.township) == ["taken"]
    assert (status(road.township, doc_id), road.township.read(count_aside)) == ("in_review", 0)


def test_a_stick_goes_by_way_of_the_township_which_signs_for_it(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "one", photo=os.urandom(50_000))
    assert sticks.carry(road.village, up(road.village, road.township.identity.sid), road.township) == ["taken"]
    road.township_up.run()
    assert sticks.carry(road.township, down(road.township, road.village), road.village) == ["taken"]
    assert road.hops(doc_id) == [(Status.HELD, 1)] * 3
    assert same_content(road.village, road.township, road.centre, station=road.village.identity.sid)


def test_a_township_carries_what_it_cannot_open(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "one", photo=os.urandom(50_000))
    volumes = sticks.write(road.village, up(road.village))
    assert kinds(read(road.township, volumes)) == ["carried"]
    assert kinds(read(road.township, volumes)) == ["known"]
    assert status(road.township, doc_id) == "absent"
    other = sticks.new()
    assert Spool(road.township).hand_on(Stick(other), [UPWARD]) == 1
    assert Spool(road.township).waiting([UPWARD]) == []
    assert kinds(read(road.centre, volumes_in(other))) == ["taken"]
    assert status(road.centre, doc_id) == "received"


def test_a_set_in_any_order_and_twice_is_the_same_as_in_order_once(road: Road, sticks: Sticks) -> None:
    for number in range(4):
        take(road.village, f"n{number}", photo=os.urandom(1_500_000))
    volumes = sticks.write(road.village, up(road.village), size=SMALL)
    assert len(volumes) > 2
    assert {path.stat().st_size for path in volumes[:-1]} == {SMALL}
    shuffled = [*volumes, *volumes[1:]]
    random.Random(7).shuffle(shuffled)
    assert sorted(kinds(read(road.centre, shuffled))) == ["already"] * (len(volumes) - 1) + ["taken"] * len(volumes)
    assert same_content(road.village, road.centre, station=road.village.identity.sid)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    assert size_of(sticks.write(road.village, up(road.village))) == 64 << 10  # nothing is told again


def test_a_lost_volume_is_told_again_and_no_more_than_from_there_on(road: Road, sticks: Sticks) -> None:
    for number in range(4):
        take(road.village, f"n{number}", photo=os.urandom(1_500_000))
    volumes = sticks.write(road.village, up(road.village), size=SMALL)
    lost = volumes.pop(1)
    came = import_files(road.centre, volumes, by="acct:zhou", room=roomy(road.centre))
    assert set(kinds(came.outcomes)) == {"taken"}
    assert [sentence.partition("次导出")[2] for sentence in came.missing] == ["还没有收齐，缺第 2 卷"]
    assert all(status(road.centre, f"case:{road.village.identity.sid}-n{number}") == "received" for number in range(4))
    assert not same_content(road.village, road.centre, station=road.village.identity.sid)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    again = sticks.write(road.village, up(road.village), size=SMALL)
    assert size_of(again) < size_of([*volumes, lost]) - SMALL + (64 << 10)
    read(road.centre, again)
    assert same_content(road.village, road.centre, station=road.village.identity.sid)


def test_what_was_exported_is_not_taken_for_delivered(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "one", photo=os.urandom(200_000))
    first = sticks.write(road.village, up(road.village))  # and is lost on the way
    second = sticks.write(road.village, up(road.village))
    assert size_of(second) == size_of(first)
    assert road.hops(doc_id) == [(Status.HELD, 1), (Status.NOT_YET, 0), (Status.NOT_YET, 0)]
    assert kinds(read(road.centre, second)) == ["taken"]


def test_an_old_stick_after_newer_ones_changes_nothing(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "one", photo=os.urandom(50_000))
    old = sticks.write(road.village, up(road.village))
    read(road.centre, old)
    old_down = sticks.write(road.centre, down(road.centre, road.village))
    read(road.village, old_down)
    act(road.centre, doc_id, "accepted")
    take(road.village, "two")
    for _ in range(2):
        sticks.carry(road.village, up(road.village), road.centre)
        sticks.carry(road.centre, down(road.centre, road.village), road.village)
    before = [stands(node) for node in (road.village, road.centre)]
    assert kinds(read(road.centre, old)) == kinds(read(road.village, old_down)) == ["already"]
    for node in (road.centre, road.village):  # as if it had been longer ago than is remembered
        node.engine.write(lambda tx: tx.execute("DELETE FROM volumes_taken WHERE number = 1"))
    assert kinds(read(road.centre, old)) == kinds(read(road.village, old_down)) == ["taken"]
    assert [stands(node) for node in (road.village, road.centre)] == before
    assert size_of(sticks.write(road.village, up(road.village))) == 64 << 10


def test_by_stick_and_by_network_in_turn_nothing_goes_twice_and_nothing_is_missed(road: Road, sticks: Sticks) -> None:
    sid = road.village.identity.sid
    township = road.township.identity.sid
    take(road.village, "by-network", photo=os.urandom(300_000))
    road.link.up()
    road.run()
    road.link.down()
    take(road.village, "by-stick", photo=os.urandom(400_000))
    volumes = sticks.write(road.village, up(road.village, township))
    assert 400_000 < size_of(volumes) < 600_000  # the first photo the township has said it has
    read(road.township, volumes)
    sticks.carry(road.township, down(road.township, road.village), road.village)
    road.link.up()
    sent = road.village_up.run().traffic.bytes_sent
    assert sent < 20_000  # the second one the network need not carry either
    road.run()
    assert same_content(road.village, road.township, road.centre, station=sid)
    take(road.village, "last")
    sticks.carry(road.village, up(road.village), road.centre)
    road.run()
    assert same_content(road.village, road.township, road.centre, station=sid)


def test_what_came_down_by_stick_does_not_come_down_by_network_again(road: Road, sticks: Sticks) -> None:
    township = road.township
    sticks.carry(township, up(township), road.centre)
    publish_county(road.centre)
    volumes = sticks.write(road.centre, down(road.centre, township))
    assert inspect_only(township, volumes)["holds"]["item"] == len(county().items)
    read(township, volumes)
    run = road.township_up.run()
    assert (run.carried, run.traffic.bytes_received < 4_000) == (0, True)
    whole = json.loads(text("items.json"))
    whole["items"][0]["version"] += 1
    publish_texts(road.centre, dump(whole))
    assert road.township_up.run().carried == 2  # the item, and the release that vouches for it


def test_a_restored_centre_is_told_everything_again(road: Road, sticks: Sticks, tmp_path: Path) -> None:
    take(road.village, "zero")
    sticks.carry(road.village, up(road.village), road.centre)
    back_up(tmp_path / "centre", tmp_path / "backup")
    doc_id = take(road.village, "one", photo=os.urandom(200_000))
    sticks.carry(road.village, up(road.village), road.centre)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    assert road.hops(doc_id)[2] == (Status.HELD, 1)
    restore(tmp_path / "backup", tmp_path / "again", now_ms=road.centre.clock())
    with Node.open(tmp_path / "again") as centre:
        assert size_of(sticks.write(road.village, up(road.village))) == 64 << 10  # nobody knows of it yet
        sticks.carry(centre, down(centre, road.village), road.village)
        assert road.hops(doc_id)[2] == (Status.NOT_YET, 0)
        assert sticks.carry(road.village, up(road.village), centre) == ["taken"]
        assert status(centre, doc_id) == "received"
        assert same_content(road.village, centre, station=road.village.identity.sid)


def test_what_rests_on_a_former_life_is_taken_and_counts_for_nothing(
    road: Road, sticks: Sticks, tmp_path: Path
) -> None:
    back_up(tmp_path / "centre", tmp_path / "backup")
    sid = road.village.identity.sid
    take(road.village, "one")
    sticks.carry(road.village, up(road.village), road.centre)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    take(road.village, "two")
    second = sticks.write(road.village, up(road.village))  # without the first, which that life has said it has
    restore(tmp_path / "backup", tmp_path / "again", now_ms=road.centre.clock())
    with Node.open(tmp_path / "again") as centre:
        assert kinds(read(centre, second)) == ["taken"]
        assert [status(centre, f"case:{sid}-{tail}") for tail in ("one", "two")] == ["absent", "received"]
        sticks.carry(centre, down(centre, road.village), road.village)
        sticks.carry(road.village, up(road.village), centre)
        assert same_content(road.village, centre, station=sid)


def test_a_restored_village_gets_its_cases_back(road: Road, sticks: Sticks, tmp_path: Path) -> None:
    back_up(tmp_path / "village", tmp_path / "backup")
    doc_id = take(road.village, "one")
    sticks.carry(road.village, up(road.village), road.centre)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    before = sticks.write(road.village, up(road.village))
    restore(tmp_path / "backup", tmp_path / "again", now_ms=road.village.clock())
    with Node.open(tmp_path / "again") as village:
        assert status(village, doc_id) == "absent"
        sticks.carry(village, up(village), road.centre)
        sticks.carry(road.centre, down(road.centre, village), village)
        assert status(village, doc_id) == "received"
        assert same_content(village, road.centre, station=village.identity.sid)
        # What the life before said it held counts no longer, whenever it arrives.
        read(road.centre, before)
        stick = sticks.write(road.centre, down(road.centre, village))
        assert kinds(read(village, stick)) == ["taken"]


@pytest.mark.parametrize("source", ["village", "centre"])
def test_a_node_that_knew_nothing_of_a_station_has_a_place_for_it(road: Road, sticks: Sticks, source: str) -> None:
    """As a township that was put back to a time before one of its villages was enrolled."""
    sid, doc_id = road.village.identity.sid, take(road.village, "one")
    sticks.carry(road.village, up(road.village), road.centre)
    for name in home_databases([sid]):
        road.township.databases.destroy(name)
    if source == "village":
        sticks.carry(road.village, up(road.village, road.township.identity.sid), road.township)
    else:
        sticks.carry(road.centre, down(road.centre, road.township), road.township)
    assert status(road.township, doc_id) == "received"


def test_a_position_that_was_never_given_spares_nothing(road: Road) -> None:
    take(road.village, "one")
    database = road.village.documents.database(f"station_{road.village.identity.sid}")
    given = database.info().update_seq
    for nonsense in ("now", "0", "", "x", "99999999999999999999", "5-ffffffffffff"):
        assert furthest(road.village, database.name, nonsense) in ("", nonsense)
        assert furthest(road.village, database.name, nonsense, given) == given
    assert furthest(road.village, "station_nobody", given) == ""
    assert furthest(road.village, database.name, "now") == ""


def test_of_two_lives_from_one_backup_neither_is_believed(road: Road, sticks: Sticks, tmp_path: Path) -> None:
    take(road.village, "one", photo=os.urandom(200_000))
    sticks.carry(road.village, up(road.village), road.centre)
    back_up(tmp_path / "village", tmp_path / "backup")
    for name in ("first", "second"):
        restore(tmp_path / "backup", tmp_path / name, now_ms=road.village.clock())
    with Node.open(tmp_path / "first") as first, Node.open(tmp_path / "second") as second:
        sticks.carry(road.centre, down(road.centre, first), first)
        from_first = sticks.write(first, up(first))
        read(road.centre, from_first)
        assert "case" not in told_by(first, sticks.write(road.centre, down(road.centre, first)))
        sticks.carry(second, up(second), road.centre)
        assert told_by(first, sticks.write(road.centre, down(road.centre, first)))["case"] == 1
        read(road.centre, sticks.write(first, up(first)))
        assert told_by(first, sticks.write(road.centre, down(road.centre, first)))["case"] == 1


@pytest.mark.parametrize("way", ["by stick", "by network"])
def test_of_who_signs_for_less_than_before_nothing_is_believed_any_more(road: Road, sticks: Sticks, way: str) -> None:
    take(road.village, "one")
    sticks.carry(road.village, up(road.village), road.centre)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    sticks.carry(road.village, up(road.village), road.centre)
    assert "case" not in told_by(road.village, sticks.write(road.centre, down(road.centre, road.village)))
    who = road.village.identity
    subject = receipt_subject(who.sid, "durable")
    kept = road.village.read(lambda reader: newest_statement(reader, RECEIPT, who.writer, subject=subject))
    before = read_receipt(kept.signed.payload)
    less = make_receipt(who.keys, replace(before, issue=before.issue + 5, holds=()))
    if way == "by network":
        known = road.centre.read(lambda reader: certificate_of(reader, who.writer))
        Answering(road.centre).answer(known, Offer((less,), life=who.life))
    else:
        road.village.engine.write(
            lambda tx: put_statement(tx, less, subject=subject, station=who.sid, now_ms=road.village.clock())
        )
        read(road.centre, write_as_if_put_back(road.village, sticks))
    assert told_by(road.village, sticks.write(road.centre, down(road.centre, road.village)))["case"] == 1


def test_a_fall_heard_of_by_stick_is_no_secret_to_the_network(road: Road, sticks: Sticks) -> None:
    """The network will not hear of it a second time: what went up by it has to go up again all the same."""
    take(road.village, "one")
    road.link.up()
    road.run()
    road.link.down()
    marks = Marks(road.township)
    assert marks.pushed(f"station_{road.village.identity.sid}")
    who, subject = road.centre.identity, receipt_subject(road.village.identity.sid, "durable")
    kept = road.centre.read(lambda reader: newest_statement(reader, RECEIPT, who.writer, subject=subject))
    before = read_receipt(kept.signed.payload)
    less = make_receipt(who.keys, replace(before, issue=before.issue + 5, holds=()))
    road.centre.engine.write(
        lambda tx: put_statement(tx, less, subject=subject, station=road.village.identity.sid, now_ms=1)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting, "account_for", lambda node, stations: None)
        volumes = sticks.write(road.centre, down(road.centre, road.township))
    read(road.township, volumes)
    assert marks.pushed(f"station_{road.village.identity.sid}") == ""


def write_as_if_put_back(node: Node, sticks: Sticks) -> list[Path]:
    """As a node writes whose disk was put back behind its back: it knows of nothing that came since."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting, "account_for", lambda node, stations: None)
        patch.setattr(exporting, "held_of", lambda node, peer, names: ("", {}))
        return sticks.write(node, up(node))


def told_by(node: Node, volumes: list[Path]) -> dict[str, int]:
    """What volumes hold, by document type."""
    return inspect_only(node, volumes)["holds"]


def test_a_lost_stick_shows_no_names(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "9902810101-secret", photo=b"\xff\xd8" + b"Zhang San" * 20_000)
    volumes = [
        *sticks.write(road.village, up(road.village)),
        *sticks.write(road.centre, down(road.centre, road.village)),
        *sticks.write(road.township, up(road.township)),
    ]
    nodes = (road.village, road.township, road.centre)
    secrets = [VILLAGE, doc_id, "secret", "Zhang San", "高龄津贴", "station_", "blobs_", "case:", "receipt"]
    secrets += [one for node in nodes for one in (node.identity.name, node.identity.writer, node.identity.life)]
    secrets += [node.identity.sid for node in nodes if len(node.identity.sid) > 4]
    for path in volumes:
        outside = path.read_bytes() + path.name.encode()
        assert [one for one in secrets if one.encode() in outside] == []
        assert road.village.identity.keys.public not in outside
        stem, _, ending = path.name.partition(".")
        assert (len(stem), ending) == (32, "yzb")
        assert int(stem, 16)
    empty = sticks.write(road.township, up(road.township), size=SMALL)
    assert path_sizes(empty) == path_sizes(sticks.write(road.centre, down(road.centre, road.village)))


def path_sizes(volumes: list[Path]) -> set[int]:
    return {path.stat().st_size for path in volumes}


def test_who_it_is_not_for_sees_only_that_it_is_a_volume(road: Road, sticks: Sticks) -> None:
    take(road.village, "one")
    (volume,) = sticks.write(road.village, up(road.village))
    seen = inspect(road.township, volume)
    assert set(seen) == {"file", "volume", "bytes", "readable", "sentence"}
    assert not seen["readable"]
    told = inspect(road.centre, volume)
    assert (told["sid"], told["volume_number"], told["last"], told["taken"]) == (
        road.village.identity.sid,
        1,
        True,
        False,
    )
    assert told["holds"] == {"case": 1}
    read(road.centre, [volume])
    assert inspect(road.centre, volume)["taken"]


def test_a_volume_changed_anywhere_is_not_taken(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "one")
    (volume,) = sticks.write(road.village, up(road.village))
    whole = volume.read_bytes()
    before = stands(road.centre)
    for place in (0, 9, 41, 500, len(whole) // 2, len(whole) - 1):
        volume.write_bytes(whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :])
        (outcome,) = kinds(read(road.centre, [volume]))
        assert outcome in ("strange", "carried", "partly")
        assert outcome != "partly" or place > 60_000
    assert status(road.centre, doc_id) == "absent"
    assert stands(road.centre)[1:] == before[1:]
    volume.write_bytes(whole)
    assert kinds(read(road.centre, [volume])) == ["taken"]


def test_a_volume_cut_off_counts_as_far_as_it_goes(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "one", photo=os.urandom(1_000_000))
    (volume,) = sticks.write(road.village, up(road.village))
    whole = volume.read_bytes()
    volume.write_bytes(whole[:500_000])
    (outcome,) = read(road.centre, [volume])
    assert (outcome.what, "前面完整的部分" in outcome.sentence) == ("partly", True)
    assert status(road.centre, doc_id) == "received"
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    rest = sticks.write(road.village, up(road.village))
    assert size_of(rest) < len(whole) - 300_000
    assert kinds(read(road.centre, rest)) == ["taken"]
    assert same_content(road.village, road.centre, station=road.village.identity.sid)


@pytest.mark.parametrize(("kind", "outcome"), [(FIRST_OPTIONAL, "taken"), (FIRST_OPTIONAL - 1, "partly")])
def test_what_a_later_version_says_is_passed_over_or_told(
    road: Road, sticks: Sticks, monkeypatch, kind: int, outcome: str
) -> None:
    doc_id = take(road.village, "one", photo=os.urandom(200_000))
    as_it_is = exporting._frames

    def with_more(beside, segment, writer) -> bytes:
        return as_it_is(beside, segment, writer) + write_frame(kind, b"of tomorrow")

    monkeypatch.setattr(exporting, "_frames", with_more)
    (volume,) = sticks.write(road.village, up(road.village))
    (came,) = read(road.centre, [volume])
    assert came.what == outcome
    assert outcome == "taken" or "请先升级本机" in came.sentence
    assert status(road.centre, doc_id) == "received"


def test_the_volume_of_a_revoked_station_is_refused(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "one")
    (volume,) = sticks.write(road.village, up(road.village))
    revoke(road.centre, road.village)
    before = stands(road.centre)
    (outcome,) = read(road.centre, [volume])
    assert (outcome.what, "吊销" in outcome.sentence) == ("refused", True)
    assert status(road.centre, doc_id) == "absent"
    assert stands(road.centre) == before


def test_a_revocation_goes_down_by_stick(road: Road, sticks: Sticks) -> None:
    revoke(road.centre, road.village)
    sticks.carry(road.centre, down(road.centre, road.township), road.township)
    (volume,) = sticks.write(road.village, up(road.village, road.township.identity.sid))
    assert kinds(read(road.township, [volume])) == ["refused"]


def revoke(centre: Node, station: Node) -> None:
    """The centre takes back what it certified."""

    def work(tx) -> None:
        kept = newest_statement(tx, CERTIFICATE, centre.identity.writer, subject=station.identity.writer)
        said = read_certificate(kept.signed.payload)
        _stand(tx, centre.identity, replace(said, revoked=True), now_ms=centre.clock())

    centre.write(work)


def test_a_volume_that_is_gone_or_cannot_be_read_when_its_turn_comes_delays_no_other(
    road: Road, sticks: Sticks
) -> None:
    doc_id = take(road.village, "one")
    (volume,) = sticks.write(road.village, up(road.village))
    gone, changed = volume.with_name("gone.yzb"), volume.with_name("changed.yzb")
    changed.mkdir()
    outcomes = read(road.centre, [gone, changed, volume])
    assert kinds(outcomes) == ["refused", "refused", "taken"]
    assert {one.sentence for one in outcomes[:2]} == {"文件读不出来，U盘可能已拔出或损坏"}
    assert status(road.centre, doc_id) == "received"


def test_ones_own_volume_and_a_strangers_are_refused(road: Road, sticks: Sticks) -> None:
    take(road.village, "one")
    (volume,) = sticks.write(road.village, up(road.village))
    before = stands(road.village)
    assert kinds(read(road.village, [volume])) == ["own"]
    assert Spool(road.village).waiting([UPWARD]) == []
    assert stands(road.village) == before
    note = sticks.new() / "readme.yzb"
    note.write_bytes(b"hello")
    assert kinds(read(road.village, [note])) == ["strange"]


def test_a_full_stick_is_told_in_words_and_leaves_no_torn_volume(road: Road, sticks: Sticks, monkeypatch) -> None:
    for number in range(3):
        take(road.village, f"n{number}", photo=os.urandom(1_500_000))
    stick = sticks.new()
    files = Full(3 << 20)
    monkeypatch.setattr(os, "fsync", files.fsync)
    with pytest.raises(DiskFull, match="写满"):
        export(road.village, up(road.village), Stick(stick), volume_bytes=SMALL)
    monkeypatch.undo()
    assert [path.suffix for path in stick.iterdir()] == [".yzb"]
    assert set(kinds(read(road.centre, volumes_in(stick)))) == {"taken"}


@pytest.mark.parametrize("after", [10, 1_000, 3_000_000])
def test_whatever_breaks_an_export_off_leaves_no_torn_volume(road: Road, sticks: Sticks, after: int) -> None:
    for number in range(3):
        take(road.village, f"n{number}", photo=os.urandom(1_500_000))
    stick, left = sticks.new(), [after]

    def breaks(size: int) -> None:
        left[0] -= size
        if left[0] < 0:
            raise Forbidden("enough")

    with pytest.raises(Forbidden, match="enough"):
        export(road.village, up(road.village), Stick(stick), volume_bytes=SMALL, progress=breaks)
    assert {path.suffix for path in stick.iterdir()} <= {".yzb"}
    assert set(kinds(read(road.centre, volumes_in(stick)))) <= {"taken"}
    small = sticks.new()
    left[0] = 100
    with pytest.raises(Forbidden, match="enough"):
        export(road.township, up(road.township), Stick(small), progress=breaks)
    assert list(small.iterdir()) == []


class Full:
    """A stick that has no room behind so many bytes."""

    def __init__(self, room: int) -> None:
        self._left = room
        self._fsync = os.fsync

    def fsync(self, handle: int) -> None:
        told = os.fstat(handle)
        if stat.S_ISREG(told.st_mode):
            self._left -= told.st_size
        if self._left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._fsync(handle)


def test_all_stations_below_get_volumes_of_their_own(road: Road, sticks: Sticks) -> None:
    assert [peer.known.sid for peer in peers_below(road.centre)] == [road.township.identity.sid]
    assert [peer.known.sid for peer in peers_above(road.village)] == [road.township.identity.sid, "centre"]
    with pytest.raises(NotFound):
        up(road.centre)


def test_an_alert_stands_before_all_else_on_a_stick(road: Road, sticks: Sticks, monkeypatch) -> None:
    """So it is on the first volume of many, and there when a stick was pulled out too early."""
    doc_id = take(road.village, "one")
    sticks.carry(road.village, up(road.village), road.centre)
    act(road.centre, doc_id, "accepted")
    alert = {"severity": "red", "title": "暴雨红色预警", "text": "请转移。"}
    publish_alert(road.centre, {**alert, "until": time_text(road.centre.clock() + 3_600_000)}, by="acct:zhou")
    told: list[str] = []
    write = ItemWriter.write

    def noting(writer: ItemWriter, item: Item) -> bytes:
        told.extend([item.document.id] if isinstance(item, Told) else [])
        return write(writer, item)

    monkeypatch.setattr(ItemWriter, "write", noting)
    assert sticks.carry(road.centre, down(road.centre, road.village), road.village) == ["taken"]
    assert (told[0].partition(":")[0], told[1]) == ("alert", doc_id)
    assert [one["title"] for one in alerts_here(road.village)] == ["暴雨红色预警"]
    assert count_of_aside(road) == 0


def test_the_catalogue_comes_down_once(road: Road, sticks: Sticks) -> None:
    whole = json.loads(text("items.json"))
    publish_texts(road.centre, dump(whole))
    sticks.carry(road.centre, down(road.centre, road.township), road.township)
    sticks.carry(road.township, up(road.township), road.centre)
    told = inspect_only(road.township, sticks.write(road.centre, down(road.centre, road.township)))
    assert "item" not in told["holds"]
    whole["items"][0]["version"] += 1
    publish_texts(road.centre, dump(whole))
    told = inspect_only(road.township, sticks.write(road.centre, down(road.centre, road.township)))
    assert told["holds"]["item"] == 1


def inspect_only(node: Node, volumes: list[Path]) -> dict:
    (volume,) = volumes
    return inspect(node, volume)


def count_of_aside(road: Road) -> int:
    return sum(node.read(count_aside) for node in (road.village, road.township, road.centre))


def stands(node: Node) -> object:
    """Content, statements and what is known of others."""
    names = node.databases.names()
    tables = ("statements", "set_aside", "alarms", "acknowledged", "volume_peers")
    rows = node.engine.read(lambda reader: [sorted(map(repr, reader.execute(f"SELECT * FROM {t}"))) for t in tables])
    return [node.documents.database(name).info().update_seq for name in names], rows


def test_a_photo_that_was_let_go_comes_down_by_stick_when_somebody_looked_at_it(
    road: Road, sticks: Sticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, large = b"\xff\xd8\xff" + os.urandom(40_000), b"\xff\xd8\xff" + os.urandom(90_000)
    cases = [take(road.village, "one", photo=large), take(road.village, "two", photo=photo)]
    sticks.carry(road.village, up(road.village), road.centre)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    blobs = road.village.engine.database(f"blobs_{road.village.identity.sid}")
    chunks = [row.id for row in blobs.list(Span(start="chunk:", end="chunk:g")).rows]
    road.village.engine.write(lambda tx: blobs.let_go_in(tx, chunks))
    monkeypatch.setattr(looking, "_PATIENCE_SECONDS", 0.01)
    for doc_id in cases:
        with pytest.raises(StillAbove):
            show_material(road.village, doc_id, 1, by="acct:wang", fetcher=road.village_fetcher)

    asking = sticks.write(road.village, up(road.village))
    assert "请下次带回照片 2 张" in inspect(road.centre, asking[0])["sentence"]
    assert "请下次带回照片 2 张" in read(road.centre, asking)[0].sentence
    stick = sticks.new()
    done = export(road.centre, down(road.centre, road.village), Stick(stick), photo_bytes=100_000)
    assert (done.photos, done.photos_left) == (1, 1), "the smaller first"
    (volume,) = volumes_in(stick)
    told = inspect(road.village, volume)
    assert (told["holds"]["blob"], "照片 1 张" in told["sentence"]) == (1, True)
    read(road.village, [volume])
    assert show_material(road.village, cases[1], 1, by="acct:wang").content == photo

    (outcome,) = read(road.centre, sticks.write(road.village, up(road.village)))
    assert "请下次带回照片 1 张" in outcome.sentence
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    assert show_material(road.village, cases[0], 1, by="acct:wang").content == large
    read(road.centre, asking)  # an old one once more: what it asked for counts no longer
    sticks.carry(road.village, up(road.village), road.centre)
    assert export(road.centre, down(road.centre, road.village), Stick(sticks.new())).photos == 0


def test_a_wish_for_a_photo_goes_on_over_a_township_and_what_a_centre_lost_comes_up(road: Road, sticks: Sticks) -> None:
    doc_id = take(road.village, "one", photo=b"\xff\xd8\xff" + os.urandom(40_000))
    sticks.carry(road.village, up(road.village), road.centre)
    name = f"blobs_{road.village.identity.sid}"
    blobs = {node.identity.sid: node.engine.database(name) for node in (road.village, road.township, road.centre)}
    mine, theirs = blobs[road.village.identity.sid], blobs[road.centre.identity.sid]
    chunks = [row.id for row in mine.list(Span(start="chunk:", end="chunk:g")).rows]
    root = mine.list(Span(start="blob:", end="blob:g")).rows[0].id.removeprefix("blob:")
    road.village.engine.write(lambda tx: mine.let_go_in(tx, chunks))
    wanted = WantedPhoto(name, root, doc_id)
    road.village.engine.write(lambda tx: note_wanted(tx, wanted, now_ms=road.village.clock()))

    sticks.carry(road.village, up(road.village, road.township.identity.sid), road.township)
    assert not held_whole(blobs[road.township.identity.sid], root)
    sticks.carry(road.township, up(road.township), road.centre)
    for above, below in ((road.centre, road.township), (road.township, road.village)):
        sticks.carry(above, down(above, below), below)
    assert held_whole(mine, root)
    assert not road.village.read(wanted_photos)
    assert not road.township.read(wanted_photos)

    theirs.purge({one: [Revision(1, one.removeprefix("chunk:")[:32])] for one in chunks[:1]})
    look_through(road.centre)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    assert road.hops(doc_id)[2] == (Status.PARTLY, 0)
    sticks.carry(road.village, up(road.village), road.centre)
    sticks.carry(road.centre, down(road.centre, road.village), road.village)
    assert road.hops(doc_id)[2] == (Status.HELD, 1)
