"""Badges: what a node shows of itself, the same each time, with nothing that passes."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from sync.custody.certificates import Certificate, certify
from sync.errors import BadRequest
from sync.node.meeting.badge import make_badge, read_badge
from sync.trust.keys import load

PAIR = load(bytes(32))
CENTRE = load(bytes(range(32)))
CERTIFICATE = certify(
    CENTRE, Certificate(PAIR.public, "t0wn1", "township", "990281101000", "柳河镇便民服务中心", "centre")
)


def der(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


@pytest.mark.parametrize("certificate", [None, CERTIFICATE], ids=["before enrolment", "certified"])
def test_a_badge_carries_the_key_and_the_certificate_of_it_byte_for_byte(certificate) -> None:
    badge = read_badge(der(make_badge(PAIR, certificate)))
    assert (badge.public_key, badge.certificate) == (PAIR.public, certificate)


def test_the_same_node_makes_the_same_badge() -> None:
    assert make_badge(PAIR, CERTIFICATE) == make_badge(PAIR, CERTIFICATE)


def test_a_badge_is_small_names_nobody_and_never_passes() -> None:
    shown = x509.load_pem_x509_certificate(make_badge(PAIR, CERTIFICATE))
    assert len(shown.public_bytes(Encoding.DER)) < 750
    assert shown.not_valid_before_utc == datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    assert shown.not_valid_after_utc.year == 9999
    assert shown.subject == shown.issuer


def other_certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    then = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    return (
        x509.CertificateBuilder(name, name, key.public_key(), 1, then, then)
        .sign(key, SHA256())
        .public_bytes(Encoding.DER)
    )


@pytest.mark.parametrize(
    "shown", [b"", b"0", b"\x30\x03\x02\x01\x01", der(make_badge(PAIR, None))[:-70], other_certificate()]
)
def test_what_is_no_badge_is_refused(shown: bytes) -> None:
    with pytest.raises(BadRequest):
        read_badge(shown)
