"""A station is certified by the centre that gave its code, through a township that may not change a word."""

import hashlib
from collections.abc import Callable

import pytest

from sync.errors import BadRequest, Forbidden, LinkDown, NotFound, ProtocolError, SyncError
from sync.node.centre_key import pinned_centre
from sync.node.meeting.enrolment import enrol, enter_code, read_request, relay, write_grant
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.node import Node
from sync.store.ledger.certificates import all_certificates
from sync.trust.keys import KeyPair, load
from sync.values.json_text import dump, parse_object
from tests.unit.sync.node.county import CENTRE_KEY, centre_certificate, certificate, certificate_of_key, introduce

Make = Callable[..., Node]
CODE = EnrolmentCode("k3m7q", "02", "7KXW9RTB2C")
IMPOSTOR = load(hashlib.sha256(b"another centre").digest())


@pytest.fixture
def village(make_node: Make) -> Node:
    node = make_node("k3m7q")
    node.write(lambda tx: tx.execute("DELETE FROM device_codes"))
    enter_code(node, str(CODE))
    return node


@pytest.fixture
def township(make_node: Make) -> Node:
    township, other = make_node("t0wn1", "990281101000"), make_node("v2bbb")
    introduce(township, other)
    return township


def granted(township: Node, village: Node, *, parent: str = "t0wn1", key: KeyPair = CENTRE_KEY) -> bytes:
    """What the centre answers."""
    told = (centre_certificate(), certificate(township, "centre"), certificate(village, parent))
    return write_grant(CODE, key.public, told)


def standing(node: Node) -> object:
    return node.read(all_certificates), node.databases.names(), node.identity.certified


def test_a_station_is_certified_through_a_township_that_keeps_what_passes(township: Node, village: Node) -> None:
    def centre(request: bytes) -> bytes:
        assert read_request(request).proves(CODE)
        return granted(township, village)

    assert enrol(village, lambda request: relay(township, request, centre))
    assert village.identity.certified
    assert village.read(pinned_centre) == CENTRE_KEY.public
    assert {known.sid for known in village.read(all_certificates)} == {"centre", "t0wn1", "k3m7q"}
    assert village.identity.writer in {known.writer for known in township.read(all_certificates)}
    assert {"station_k3m7q", "blobs_k3m7q"} <= set(township.databases.names())


def test_a_code_is_used_once_and_a_lost_answer_asked_for_again(township: Node, village: Node) -> None:
    def lost(request: bytes) -> bytes:
        raise LinkDown("cut")

    with pytest.raises(LinkDown):
        enrol(village, lost)
    assert not village.identity.certified
    assert enrol(village, lambda request: granted(township, village))
    assert enrol(village, lost)  # nothing is asked any more


def test_a_code_entered_while_another_is_on_its_way_is_not_forgotten(township: Node, village: Node) -> None:
    asked: list[bytes] = []

    def meanwhile(request: bytes) -> bytes:
        asked.append(request)
        if len(asked) == 1:
            village.write(lambda tx: tx.execute("UPDATE settings SET value = 'K3M7Q' WHERE name = 'enrolment.code'"))
        return granted(township, village)

    assert enrol(village, meanwhile)
    with pytest.raises(BadRequest):  # it is still there to be read
        enrol(village, meanwhile)


def test_a_centre_that_does_not_know_the_code_is_not_believed(township: Node, village: Node) -> None:
    before = standing(village)
    wrong = EnrolmentCode(CODE.sid, CODE.device, "7KXW9RTB2D")
    told = (centre_certificate(), certificate(village, "t0wn1"))
    with pytest.raises(Forbidden):
        enrol(village, lambda request: write_grant(wrong, CENTRE_KEY.public, told))
    assert standing(village) == before
    assert village.read(pinned_centre) is None


def tampered(answer: bytes, **changed: object) -> bytes:
    return dump({**parse_object(answer), **changed})


@pytest.mark.parametrize("change", ["key", "last", "above", "no proof", "none", "no JSON", "foreign station"])
def test_a_grant_that_was_tampered_with_leaves_the_station_as_it_was(
    township: Node, village: Node, change: str
) -> None:
    before, answer = standing(village), granted(township, village)
    body = parse_object(answer)
    first, middle, last = body["certificates"]
    forged = {
        "key": lambda: tampered(
            answer, centre_key=parse_object(granted(township, village, key=IMPOSTOR))["centre_key"]
        ),
        "last": lambda: tampered(answer, certificates=[first, middle]),
        "above": lambda: tampered(answer, certificates=[first, {**middle, "payload": middle["payload"] + " "}, last]),
        "no proof": lambda: tampered(answer, proof=None),
        "none": lambda: tampered(answer, certificates=[]),
        "no JSON": lambda: b"<html>",
        "foreign station": lambda: write_grant(
            CODE, CENTRE_KEY.public, (centre_certificate(), certificate(township, "centre"))
        ),
    }[change]()
    with pytest.raises(SyncError) as raised:
        enrol(village, lambda request: forged)
    assert isinstance(raised.value, (Forbidden, ProtocolError))
    assert standing(village) == before
    assert enrol(village, lambda request: answer)


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"certificates": [7]}', b'{"certificates": [], "proof": 1}'])
def test_an_answer_that_makes_no_sense_is_the_peers_fault(township: Node, village: Node, answer: bytes) -> None:
    with pytest.raises(ProtocolError):
        enrol(village, lambda request: answer)
    request: list[bytes] = []
    with pytest.raises(ProtocolError):
        enrol(village, lambda told: request.append(told) or b"")
    with pytest.raises(ProtocolError):
        relay(township, request[0], lambda told: answer)


def test_a_township_passes_nothing_on_for_a_station_that_is_not_below_it(township: Node, village: Node) -> None:
    before = standing(township)
    with pytest.raises(Forbidden):
        enrol(
            village, lambda request: relay(township, request, lambda told: granted(township, village, parent="t0wn2"))
        )
    assert standing(township) == before
    assert not village.identity.certified


def test_a_township_keeps_nothing_that_was_granted_to_another(township: Node, village: Node) -> None:
    before = standing(township)
    stranger = certificate_of_key(IMPOSTOR, "k3m7q", "t0wn1")
    answer = write_grant(CODE, CENTRE_KEY.public, (centre_certificate(), stranger))
    with pytest.raises(ProtocolError):
        enrol(village, lambda request: relay(township, request, lambda told: answer))
    assert standing(township) == before


def test_a_township_that_is_not_certified_asks_nobody(make_node: Make, village: Node) -> None:
    asked: list[bytes] = []
    with pytest.raises(NotFound):
        enrol(
            village, lambda request: relay(make_node("t0wn1", "990281101000"), request, lambda told: asked.append(told))
        )
    assert asked == []


def test_a_code_for_another_station_or_a_used_device_is_refused(village: Node) -> None:
    with pytest.raises(Forbidden):
        enter_code(village, str(EnrolmentCode("v2bbb", "03", CODE.secret)))
    with pytest.raises(BadRequest):
        enter_code(village, "K3M7Q")
    assert village.identity.device == CODE.device
