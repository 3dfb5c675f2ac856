"""What the supervisor sees of each station: heard when, how many cases, what is still on the way."""

import pytest

from central.fan_in.stations import list_stations, read_station
from central.registry.enrolling import enrol_again, enrol_station
from sync.custody.certificates import CERTIFICATE
from sync.custody.receipts import RECEIPT, make_receipt, read_receipt
from sync.custody.taking import take
from sync.errors import NotFound
from sync.node.road.hearing import state_sightings
from sync.node.vouching.statements import own_of
from sync.store.ledger.contacts import note_heard
from sync.store.ledger.custody import put_statement, statements_of
from sync.store.ledger.lives import begin_life_here
from sync.typed import replace
from tests.statements import all_statements
from tests.unit.central.conftest import START_MS, TOWNSHIP, VILLAGE
from tests.unit.central.stations import JPEG, carry, take_in, tell

DAY_MS = 24 * 3_600_000


def rows(node, silent_days=3):
    return {row["name"]: row for row in list_stations(node, silent_days=silent_days)}


def test_stations_stand_by_region_with_their_place_in_the_county(node, enrolled):
    enrol_station(node, name="石桥村", region=VILLAGE, by="acct:zhou")
    enrolled("清水镇", "990281102000")
    told = list_stations(node, silent_days=3)
    assert [row["region"] for row in told] == [VILLAGE, "990281102000"]
    assert [(row["level_name"], row["parent_name"], row["enrolled"]) for row in told] == [
        ("村站", "青溪县政务服务中心", False),
        ("乡镇", "青溪县政务服务中心", True),
    ]


def test_a_station_is_behind_by_what_it_sealed_and_the_centre_does_not_hold(node, enrolled):
    station = enrolled()
    for photo in (JPEG, b"", JPEG[:-2] + b"!\xff\xd9"):
        take_in(station, photo=photo)
    assert rows(node)["石桥村"]["backlog"] == {"events": 0, "photos": 0}  # nobody has told the centre yet
    tell(station, node)
    assert rows(node)["石桥村"]["backlog"] == {"events": 3, "photos": 0}
    carry(station, node, ("station",))
    assert rows(node)["石桥村"]["backlog"] == {"events": 0, "photos": 2}
    carry(station, node)
    assert rows(node)["石桥村"]["backlog"] == {"events": 0, "photos": 0}


def test_what_a_receipt_names_alone_is_awaited_too_also_after_its_station_was_restored(node, enrolled):
    station = enrolled()
    take_in(station)
    tell(station, node)
    take_in(station)
    tell(station, node)  # of the same day: no seal says it
    assert rows(node)["石桥村"]["backlog"] == {"events": 2, "photos": 0}

    def fall(tx):
        (kept,) = statements_of(tx, RECEIPT, (station.identity.writer,))
        life = begin_life_here(tx, "restore", now_ms=station.clock())
        receipt = replace(read_receipt(kept.signed.payload), life=life.life, epoch=life.epoch, issue=1, holds=())
        put_statement(
            tx,
            make_receipt(station.identity.keys, receipt),
            subject=kept.subject,
            station=kept.station,
            now_ms=station.clock(),
        )

    station.write(fall)
    said = station.read(all_statements)
    own, key = own_of(node.identity), node.identity.keys.public
    node.write(lambda tx: take(tx, own, said, centre_key=key, now_ms=node.clock()))
    assert rows(node)["石桥村"]["backlog"] == {"events": 2, "photos": 0}


def test_of_several_stations_each_lacks_what_is_its_own(node, enrolled):
    stations = [enrolled("柳河镇", TOWNSHIP), enrolled()]
    for station in stations:
        for photo in (JPEG, b"", JPEG[:-2] + b"!\xff\xd9"):
            take_in(station, photo=photo)
        tell(station, node)
    carry(stations[0], node, ("station",))
    told = rows(node)
    assert told["柳河镇"]["backlog"] == {"events": 0, "photos": 2}
    assert told["石桥村"]["backlog"] == {"events": 3, "photos": 0}


def test_a_step_that_is_missing_between_others_counts_as_backlog(node, enrolled):
    station = enrolled()
    for _ in range(3):
        take_in(station)
    tell(station, node)
    carry(station, node, ("station",))

    def lose_the_second(tx):
        tx.execute("DELETE FROM held_events WHERE number = 2")
        tx.execute("UPDATE chains SET contiguous = 1 WHERE highest = 3")

    node.write(lose_the_second)
    assert rows(node)["石桥村"]["backlog"] == {"events": 1, "photos": 0}


def test_cases_are_counted_by_station_and_state(node, enrolled):
    first, second = enrolled("柳河镇", TOWNSHIP), enrolled()
    for station, count in ((first, 1), (second, 2)):
        for _ in range(count):
            take_in(station)
        carry(station, node)
    told = rows(node)
    assert [told[name]["cases"] for name in ("柳河镇", "石桥村")] == [1, 2]
    assert told["石桥村"]["cases_by_state"] == [{"state": "received", "state_name": "已收件", "count": 2}]


def test_a_station_is_silent_when_it_was_not_heard_for_so_many_days(node, enrolled, clock):
    station = enrolled()
    node.write(lambda tx: note_heard(tx, station.identity.sid, now_ms=START_MS))
    clock.now_ms = START_MS + 3 * DAY_MS
    assert not rows(node)["石桥村"]["silent"]
    clock.now_ms += 1
    told = rows(node)["石桥村"]
    assert (told["silent"], told["last_heard_text"]) == (True, "3 天前")


def test_a_station_that_was_certified_just_now_is_not_silent_though_it_had_nothing_to_say(node, enrolled, clock):
    enrolled()
    told = rows(node)["石桥村"]
    assert (told["silent"], told["last_heard_text"]) == (False, "刚刚")
    clock.now_ms += 3 * DAY_MS + 1
    assert rows(node)["石桥村"]["silent"]


def test_a_station_nobody_has_set_up_yet_is_not_silent(node):
    enrol_station(node, name="石桥村", region=VILLAGE, by="acct:zhou")
    told = rows(node)["石桥村"]
    assert (told["enrolled"], told["silent"], told["last_heard"]) == (False, False, None)


def test_a_village_behind_a_township_is_heard_by_what_it_signed(node, enrolled, clock):
    station = enrolled()
    take_in(station)
    clock.now_ms += 7_000
    tell(station, node)
    assert rows(node)["石桥村"]["last_heard"] == "2025-09-26T14:04:12+08:00"


def test_one_station_is_told_with_the_codes_given_for_it(node, enrolled, clock):
    station = enrolled()
    sid = station.identity.sid
    clock.now_ms += 60_000
    enrol_again(node, sid, by="acct:zhou")
    devices = read_station(node, sid, silent_days=3)["devices"]
    assert [(one["device"], one["writer"]) for one in devices] == [("01", station.identity.writer), ("02", "")]
    assert [one["used_at"] is None for one in devices] == [False, True]
    with pytest.raises(NotFound):
        read_station(node, "nobody", silent_days=3)


def test_a_village_that_its_township_hears_is_not_silent_though_nothing_of_it_comes_up(
    node, enrolled, make_station, clock
):
    township = enrolled("柳河镇", TOWNSHIP)
    village = enrolled()
    tell(village, node)
    hear_of_the_county(township, node)
    clock.now_ms += 5 * DAY_MS
    assert rows(node)["石桥村"]["silent"]
    township.write(lambda tx: note_heard(tx, village.identity.sid, now_ms=clock()))
    state_sightings(township)
    tell(township, node)
    told = rows(node)["石桥村"]
    assert (told["silent"], told["last_heard_text"]) == (False, "刚刚")


def hear_of_the_county(station, centre):
    """A station hears of the other stations what the centre says of them."""
    own, key = own_of(station.identity), centre.identity.keys.public
    signed = [one for one in centre.read(all_statements) if one.kind == CERTIFICATE]
    station.write(lambda tx: take(tx, own, signed, centre_key=key, now_ms=station.clock()))
