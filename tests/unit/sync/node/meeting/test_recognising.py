"""Who is recognised as a node above us: by key and the centre's newest word, and by nothing else."""

import datetime
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from sync.custody.certificates import Certificate, certify
from sync.errors import WrongPeer
from sync.node.meeting.badge import make_badge
from sync.node.meeting.recognising import anybody, recognise_above
from sync.node.node import Node
from sync.trust.keys import KeyPair, generate
from sync.values.statements import Signed
from tests.unit.sync.node.county import (
    CENTRE_KEY,
    centre_certificate,
    certificate,
    certificate_of_key,
    give,
    introduce,
)

Make = Callable[..., Node]


@pytest.fixture
def village(make_node: Make) -> Node:
    """A certified village below the township `t0wn1`."""
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    return village


def badge(pair: KeyPair, vouched: Signed | None = None) -> bytes:
    return der(make_badge(pair, vouched))


def der(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def new_township(*, issue: int = 1, sid: str = "t0wn1") -> tuple[KeyPair, Signed]:
    pair = generate()
    return pair, certificate_of_key(pair, sid, "centre", level="township", issue=issue)


def test_the_township_above_and_the_centre_are_recognised(make_node: Make) -> None:
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    recognise = recognise_above(village)
    recognise(badge(township.identity.keys))
    recognise(badge(township.identity.keys, certificate(township, "centre")))
    recognise(badge(CENTRE_KEY))
    recognise(badge(CENTRE_KEY, centre_certificate()))


def test_a_stranger_is_not_recognised(village: Node) -> None:
    with pytest.raises(WrongPeer, match="对方不是所登记的上级节点") as caught:
        recognise_above(village)(badge(generate()))
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("since", "until"), [(1990, 1991), (2090, 2091), (1970, 9999)], ids=["expired", "from the future", "for ever"]
)
def test_no_clock_is_asked_about_a_badge(make_node: Make, since: int, until: int) -> None:
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    key = Ed25519PrivateKey.from_private_bytes(township.identity.keys.private)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "another name")])
    begin, end = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (since, until))
    shown = x509.CertificateBuilder(name, name, key.public_key(), 7, begin, end).sign(key, None)
    recognise_above(village)(shown.public_bytes(Encoding.DER))


def test_a_revoked_node_above_is_not_recognised_whatever_older_certificate_it_shows(make_node: Make) -> None:
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    older = certificate(township, "centre")
    give(village, certificate(township, "centre", issue=2, revoked=True))
    for vouched in (None, older, certificate(township, "centre", issue=2, revoked=True)):
        with pytest.raises(WrongPeer, match="吊销"):
            recognise_above(village)(badge(township.identity.keys, vouched))


def test_a_replacement_nobody_told_of_is_recognised_by_the_certificate_it_shows(village: Node) -> None:
    pair, vouched = new_township()
    recognise_above(village)(badge(pair, vouched))
    with pytest.raises(WrongPeer):
        recognise_above(village)(badge(pair))


def test_a_newer_certificate_on_the_badge_counts_before_what_was_heard(make_node: Make) -> None:
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    newer = certificate(township, "centre", issue=2, revoked=True)
    with pytest.raises(WrongPeer, match="吊销"):
        recognise_above(village)(badge(township.identity.keys, newer))


def test_a_genuine_certificate_on_anothers_badge_helps_nobody(make_node: Make) -> None:
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    with pytest.raises(WrongPeer, match="另一节点"):
        recognise_above(village)(badge(generate(), certificate(township, "centre")))


def test_a_certificate_of_another_centre_helps_nobody(village: Node) -> None:
    pair, elsewhere = generate(), generate()
    said = Certificate(pair.public, "t0wn1", "township", "990281101000", "柳河镇", "centre")
    vouched = certify(elsewhere, said)
    forged = Signed(vouched.kind, vouched.payload, CENTRE_KEY.writer, vouched.signature)
    for shown in (vouched, forged, Signed(vouched.kind, b"{", CENTRE_KEY.writer, vouched.signature)):
        with pytest.raises(WrongPeer, match="中心"):
            recognise_above(village)(badge(pair, shown))


@pytest.mark.parametrize("sid", ["t0wn2", "v9aaa"], ids=["another township", "a village beside us"])
def test_a_certified_node_that_is_not_above_us_is_not_recognised(village: Node, sid: str) -> None:
    pair, vouched = new_township(sid=sid)
    with pytest.raises(WrongPeer, match="对方不是所登记的上级节点"):
        recognise_above(village)(badge(pair, vouched))


def test_a_node_is_not_above_itself(village: Node) -> None:
    with pytest.raises(WrongPeer):
        recognise_above(village)(badge(village.identity.keys, certificate(village, "t0wn1")))


def test_before_enrolment_nobody_is_recognised(make_node: Make) -> None:
    village = make_node("k3m7q")
    pair, vouched = new_township()
    with pytest.raises(WrongPeer, match="尚未登记"):
        recognise_above(village)(badge(pair, vouched))
    anybody(badge(pair))


@pytest.mark.parametrize("shown", [b"", b"\x30\x03\x02\x01\x01", b"no certificate"])
def test_what_is_no_badge_is_not_recognised(village: Node, shown: bytes) -> None:
    with pytest.raises(WrongPeer, match="证书"):
        recognise_above(village)(shown)
