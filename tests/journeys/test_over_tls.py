"""Village, township and centre over TLS, each knowing the other by its key; and somebody in the middle."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from central.services.revoke_device import revoke_device
from sync.custody.standing import Status
from sync.errors import Forbidden, LinkError, WrongPeer
from sync.node.meeting.enrolment_code import parse_code
from sync.node.meeting.showing import badge_context, own_certificate
from sync.node.node import Node
from sync.node.road.upward import UPSTREAM, Upward
from sync.node.sharing import home_databases
from sync.node.vouching.content import digest_of
from sync.store.ledger.contacts import contact
from sync.store.ledger.settings import put_settings, setting
from sync.trust.keys import KeyPair, generate
from tests.journeys.eavesdropper import Eavesdropper
from tests.journeys.road import Road, act, status, take

PHOTO = b"\xff\xd8" + bytes(range(256)) * 160


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        yield Road(tmp_path, stack, scheme="https")


def test_an_application_reaches_the_centre_and_the_answer_comes_back(road: Road) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    assert road.hops(doc_id) == [(Status.HELD, 1)] * 3
    act(road.centre, doc_id, "accepted")
    road.run()
    nodes = (road.village, road.township, road.centre)
    assert [status(node, doc_id) for node in nodes] == ["accepted"] * 3
    names = home_databases([road.village.identity.sid])
    assert len({digest_of([node.documents.database(name) for name in names]) for node in nodes}) == 1


def test_what_it_costs_to_open_the_connection_again(road: Road) -> None:
    take(road.village, "one", photo=PHOTO)
    road.run()
    road.village_up.run()
    costs = []
    for reconnect in (False, True):
        if reconnect:
            road.village_up.close()
        before = road.link.bytes_up + road.link.bytes_down
        assert road.village_up.run().traffic.round_trips == 1
        costs.append(road.link.bytes_up + road.link.bytes_down - before)
    idle, reopened = costs
    assert reopened - idle < 3500, "the bound"
    assert reopened - idle < 1500, "what it is: some 1,100 bytes of handshake"


def test_a_cut_connection_is_taken_up_again(road: Road) -> None:
    road.run()
    for tail in ("one", "two", "three"):
        doc_id = take(road.village, tail)
        road.link.cut()
        with suppress(LinkError):  # the run finds out, if the connection did not before
            road.village_up.run()
        road.village_up.run()
        assert status(road.township, doc_id) == "received"


class Middle:
    """A village that is called away to somebody in the middle."""

    def __init__(self, road: Road, stack: ExitStack) -> None:
        self._road, self._stack = road, stack

    def shows(self, pair: KeyPair, *, vouched_by: Node | None = None) -> tuple[Eavesdropper, Upward]:
        """Somebody who shows a badge over this key, with another node's certificate if told; and the way there."""
        certificate = None
        if vouched_by is not None:
            certificate = vouched_by.read(lambda reader: own_certificate(reader, vouched_by.identity.writer))
        middle = Eavesdropper(self._road.township_port, badge_context(pair, certificate))
        self._stack.callback(middle.stop)
        village = self._road.village
        url = f"https://127.0.0.1:{middle.port}"
        village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": url}))
        upward = Upward(village, timeout_seconds=10)
        self._stack.callback(upward.close)
        return middle, upward


@pytest.fixture
def middle(road: Road) -> Iterator[Middle]:
    with ExitStack() as stack:
        yield Middle(road, stack)


def test_a_stranger_in_the_middle_hears_nothing_and_the_desk_is_told(road: Road, middle: Middle) -> None:
    road.run()
    take(road.village, "one", photo=PHOTO)
    stranger, upward = middle.shows(generate())
    with pytest.raises(WrongPeer, match="对方不是所登记的上级节点"):
        upward.run()
    assert (stranger.calls, stranger.heard) == (1, b"")
    known = road.village.read(lambda reader: contact(reader, UPSTREAM))
    assert known is not None
    assert "对方不是所登记的上级节点" in known.error


def test_a_stranger_with_a_copy_of_the_townships_certificate_hears_nothing(road: Road, middle: Middle) -> None:
    road.run()
    stranger, upward = middle.shows(generate(), vouched_by=road.township)
    with pytest.raises(WrongPeer, match="另一节点"):
        upward.run()
    assert stranger.heard == b""


def test_another_station_of_the_county_in_the_middle_hears_nothing(road: Road, middle: Middle) -> None:
    road.run()
    stranger, upward = middle.shows(road.village.identity.keys, vouched_by=road.village)
    with pytest.raises(WrongPeer):
        upward.run()
    assert stranger.heard == b""


def test_the_township_itself_may_be_reached_through_whatever_passes_bytes_on(road: Road, middle: Middle) -> None:
    """The eavesdropper is a real one: with the township's own key it hears everything."""
    road.run()
    take(road.village, "one")
    proxy, upward = middle.shows(road.township.identity.keys)
    assert upward.run().carried == 1
    assert b"POST /exchange" in proxy.heard


def test_a_stranger_in_the_middle_of_an_enrolment_learns_no_code_and_is_told_nothing_after_it(
    road: Road, middle: Middle
) -> None:
    road.township_up.run()
    code = parse_code(road.village.read(lambda reader: setting(reader, "enrolment.code")) or "")
    stranger, upward = middle.shows(generate())
    doc_id = take(road.village, "one", photo=PHOTO)
    with pytest.raises(WrongPeer):
        upward.run()
    assert road.village.identity.certified, "what it passed on was the centre's own answer"
    assert stranger.heard.count(b"HTTP/1.1") == 1
    assert stranger.heard.startswith(b"POST /enrolment ")
    assert code.secret.encode() not in stranger.heard
    assert doc_id.encode() not in stranger.heard


def test_a_township_on_a_new_machine_is_known_by_villages_that_never_met_it(road: Road, tmp_path: Path) -> None:
    road.run()
    url = road.replace_township(tmp_path / "new machine")
    road.village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": url}))
    upward = Upward(road.village, timeout_seconds=10)
    with pytest.raises(WrongPeer):
        upward.run()  # the new one has not enrolled yet, and nobody vouches for it
    road.township_up.run()
    upward.run()
    upward.close()
    known = road.village.read(lambda reader: contact(reader, UPSTREAM))
    assert known is not None
    assert (known.succeeded_ms or 0) > (known.failed_ms or 0)


def test_a_township_that_was_revoked_hears_nothing_more_of_villages_that_have_heard_of_it(
    road: Road, tmp_path: Path
) -> None:
    road.run()
    revoke_device(road.centre, road.township.identity.sid, "01", why="被盗", by="acct:zhou")
    new = road.replace_township(tmp_path / "new machine")
    road.township_up.run()
    call(road.village, new)
    with pytest.raises(WrongPeer, match="吊销"):
        call(road.village, f"https://127.0.0.1:{road.link.port}")


def call(node: Node, url: str) -> None:
    """Have a node call another one above it."""
    node.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": url}))
    with closing(Upward(node, timeout_seconds=10)) as upward:
        upward.run()


def test_in_the_clear_nobody_on_another_machine_is_called(road: Road) -> None:
    url = "http://192.0.2.1:8800"
    road.village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": url}))
    upward = Upward(road.village, timeout_seconds=10)
    with pytest.raises(Forbidden, match="http://") as caught:
        upward.run()
    assert "https://" in caught.value.remedy
    with pytest.raises(Forbidden):
        upward.relay_enrolment(b"{}")
    upward.close()
