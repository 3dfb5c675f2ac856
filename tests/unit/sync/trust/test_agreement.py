"""A secret agreed upon with signing keys."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.trust import keys
from sync.trust.agreement import agree, agreement_key, ephemeral, own_agreement


def test_the_keys_are_those_libsodium_derives():
    """source  libsodium, test/default/ed25519_convert: crypto_sign_ed25519_{pk,sk}_to_curve25519."""
    pair = keys.load(bytes.fromhex("421151a459faeade3d247115f94aedae42318124095afabe4d1451a559faedee"))
    private, public = own_agreement(pair)
    assert public.hex() == "f1814f0e8ff1043d8a44d25babff3cedcae6c22c3edaa48f857ae70de2baae50"
    clamped = bytes((private[0] & 248, *private[1:31], private[31] & 127 | 64))
    assert clamped.hex() == "8052030376d47112be7f73ed7a019293dd12ad910b654455798b4667d73de166"


@given(st.binary(min_size=32, max_size=32))
def test_both_sides_agree_upon_the_same_secret(seed):
    pair = keys.load(seed)
    private, public = own_agreement(pair)
    once, told = ephemeral()
    assert agree(private, told) == agree(once, public) == agree(once, agreement_key(pair.public))


def test_two_that_meet_twice_agree_upon_two_secrets():
    public = own_agreement(keys.load(hashlib.sha256(b"x").digest()))[1]
    assert agree(ephemeral()[0], public) != agree(ephemeral()[0], public)


@pytest.mark.parametrize("public", [b"", bytes(31), (1).to_bytes(32, "little"), (2**255 - 19).to_bytes(32, "little")])
def test_what_is_no_key_is_refused(public):
    with pytest.raises(BadRequest):
        agreement_key(public)


@pytest.mark.parametrize("public", [bytes(32), (1).to_bytes(32, "little")])
def test_a_key_that_makes_every_secret_the_same_is_refused(public):
    with pytest.raises(BadRequest):
        agree(ephemeral()[0], public)
