"""A village's computer is stolen: the centre revokes it, and nobody on the road has to do with it any more."""

from pathlib import Path

import pytest

from central.services.revoke_device import reinstate_device, revoke_device
from sync.custody.standing import Status
from sync.errors import Unauthorized
from sync.node.node import Node
from sync.node.road.upward import UPSTREAM
from sync.store.ledger.contacts import contact
from tests.journeys.road import Road, act, status, take


def revoke(road: Road, station: Node) -> None:
    revoke_device(road.centre, station.identity.sid, "01", why="被盗", by="acct:zhou")


def reinstate(road: Road, station: Node) -> None:
    reinstate_device(road.centre, station.identity.sid, "01", by="acct:zhou")


def test_a_stolen_device_is_turned_away_by_the_township_too_and_is_told_why(road: Road) -> None:
    road.run()
    revoke(road, road.village)
    road.township_up.run()
    late = take(road.village, "late")
    with pytest.raises(Unauthorized, match="中心已吊销本机的证书"):
        road.village_up.run()
    road.township_up.run()
    assert [status(node, late) for node in (road.township, road.centre)] == ["absent", "absent"]
    known = road.village.read(lambda reader: contact(reader, UPSTREAM))
    assert known is not None
    assert "打电话问中心" in known.error


def test_until_the_word_has_arrived_a_township_goes_on_with_it_and_the_centre_keeps_what_came_so(road: Road) -> None:
    road.run()
    revoke(road, road.village)
    between = take(road.village, "between")
    road.village_up.run()
    road.township_up.run()
    assert [status(node, between) for node in (road.township, road.centre)] == ["received"] * 2


def test_what_had_come_from_it_goes_on_to_its_decision(road: Road) -> None:
    early = take(road.village, "early", photo=b"\xff\xd8" + bytes(5000))
    road.run()
    revoke(road, road.village)
    act(road.centre, early, "accepted")
    road.township_up.run()
    assert [status(node, early) for node in (road.township, road.centre)] == ["accepted"] * 2


def test_the_station_goes_on_with_another_computer(road: Road, tmp_path: Path) -> None:
    early = take(road.village, "early")
    road.run()
    revoke(road, road.village)
    road.township_up.run()
    sid = road.village.identity.sid
    road.replace_village(tmp_path / "another")
    fresh = take(road.village, "fresh")
    road.run()
    assert [status(node, fresh) for node in (road.township, road.centre)] == ["received"] * 2
    assert status(road.village, early) == "received"  # what its station had sent before comes back down
    assert road.village.identity.sid == sid


def test_reinstated_it_sends_what_it_had_taken_meanwhile(road: Road) -> None:
    road.run()
    revoke(road, road.village)
    road.township_up.run()
    late = take(road.village, "late")
    with pytest.raises(Unauthorized):
        road.village_up.run()
    reinstate(road, road.village)
    road.run()
    assert [status(node, late) for node in (road.township, road.centre)] == ["received"] * 2
    assert [hop for hop, _ in road.hops(late)] == [Status.HELD] * 3


def test_a_township_that_was_revoked_reaches_the_centre_no_more(road: Road) -> None:
    road.run()
    revoke(road, road.township)
    with pytest.raises(Unauthorized, match="中心已吊销本机的证书"):
        road.township_up.run()
