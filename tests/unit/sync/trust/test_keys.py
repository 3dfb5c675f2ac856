"""Keys, statement signatures, chains."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.trust import chain, keys
from sync.trust.keys import KeyPair
from sync.trust.signing import sign_statement, verify_statement

PAIR = keys.load(bytes(range(32)))
OTHER = keys.load(bytes(range(1, 33)))


def test_the_public_key_is_the_one_rfc_8032_derives():
    secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    pair = keys.load(secret)
    assert pair.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert keys.sign(pair, b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")


def test_a_generated_key_survives_being_kept_as_bytes():
    pair = keys.generate()
    assert keys.load(pair.private) == pair
    assert keys.generate() != pair


@pytest.mark.parametrize("private", [b"", bytes(31), bytes(33)])
def test_a_private_key_of_another_length_is_refused(private):
    with pytest.raises(BadRequest):
        keys.load(private)


def test_the_private_key_is_not_printed():
    assert PAIR.private.hex() not in repr(PAIR)
    assert repr(PAIR.private) not in repr(PAIR)


def test_a_writer_id_is_sixteen_characters_made_from_the_key():
    assert PAIR.writer == keys.writer_id(PAIR.public)
    assert len(PAIR.writer) == 16
    assert set(PAIR.writer) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert PAIR.writer != OTHER.writer


@given(st.binary(max_size=50), st.integers(min_value=0))
def test_a_signature_holds_for_its_message_and_key_only(message, position):
    signature = keys.sign(PAIR, message)
    assert keys.verify(PAIR.public, signature, message)
    assert not keys.verify(OTHER.public, signature, message)
    assert not keys.verify(PAIR.public, signature, message + b"\0")
    bit = position % (len(signature) * 8)
    assert not keys.verify(PAIR.public, _flipped(signature, bit), message)


@pytest.mark.parametrize("public", [b"", bytes(31), b"\xff" * 32, bytes(33)])
def test_a_malformed_public_key_verifies_nothing(public):
    assert not keys.verify(public, bytes(64), b"")


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65), bytes(64)])
def test_a_malformed_signature_verifies_nothing(signature):
    assert not keys.verify(PAIR.public, signature, b"")


@pytest.mark.parametrize(
    ("kind", "payload"), [("seal", b'{"a":2}'), ("receipt", b'{"a":1}'), ("sea", b'l{"a":1}'), ("seal{", b'"a":1}')]
)
def test_a_statement_signature_holds_for_one_kind_and_payload(kind, payload):
    signature = sign_statement(PAIR, "seal", b'{"a":1}')
    assert verify_statement(PAIR.public, "seal", b'{"a":1}', signature=signature)
    assert not verify_statement(PAIR.public, kind, payload, signature=signature)


def test_a_statement_signature_is_no_bare_signature():
    signature = sign_statement(PAIR, "", b"payload")
    assert not keys.verify(PAIR.public, signature, b"payload")


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=6), st.data())
def test_a_chain_that_was_changed_anywhere_ends_in_another_link(contents, data):
    end = _end(contents)
    where = data.draw(st.integers(0, len(contents) - 1))
    changed, removed, doubled = list(contents), list(contents), list(contents)
    changed[where] += b"!"
    del removed[where]
    doubled.insert(where, contents[where])
    assert end not in {_end(changed), _end(removed), _end(doubled)}


def test_digest_text_is_read_back():
    text = chain.digest_text(bytes(range(32)))
    assert len(text) == 43
    assert chain.read_digest(text) == bytes(range(32))


@pytest.mark.parametrize("text", ["A" * 42, "A" * 44, "A" * 43 + "=", "é" + "A" * 42, "*" + "A" * 42, None, 43])
def test_what_is_no_digest_text_is_refused(text):
    with pytest.raises(BadRequest):
        chain.read_digest(text)


def test_a_digest_has_one_spelling():
    # The last of 43 characters carries four bits: a lenient decoder takes four texts for each digest.
    for spelling in ("A" * 42 + last for last in "BCD"):
        with pytest.raises(BadRequest):
            chain.read_digest(spelling)


def test_values_of_keys_are_frozen():
    with pytest.raises(AttributeError):
        PAIR.public = b""  # type: ignore[misc]
    assert KeyPair(PAIR.private, PAIR.public) == PAIR


def _flipped(text: bytes, bit: int) -> bytes:
    changed = bytearray(text)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _end(contents: list[bytes]) -> bytes:
    link = chain.BEGINNING
    for content in contents:
        link = chain.link(link, content)
    return link
