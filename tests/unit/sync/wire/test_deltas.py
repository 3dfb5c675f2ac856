"""A body told against one that the receiver holds."""

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.wire.deltas import pack_against, unpack_against

bodies = st.binary(max_size=400)


@given(bodies, bodies)
def test_a_body_comes_back_whatever_it_is_told_against(base: bytes, body: bytes) -> None:
    assert unpack_against(base, pack_against(base, body)) == body


@given(st.binary(min_size=40, max_size=400), st.data())
def test_a_change_within_what_is_held_is_small(base: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(base)))
    body = base[:place] + b"edited" + base[place:]
    assert len(pack_against(base, body)) <= 45


def test_the_largest_bodies_are_told_against_each_other() -> None:
    base = Random(3).randbytes(1 << 20)
    body = base[500_000:] + b"between" + base[:500_000]
    delta = pack_against(base, body)
    assert len(delta) < 1000
    assert unpack_against(base, delta) == body


@given(bodies, bodies, bodies)
def test_another_base_is_refused_whatever_would_come_of_it(base: bytes, other: bytes, body: bytes) -> None:
    assume(base != other)
    with pytest.raises(BadRequest, match="another base"):
        unpack_against(other, pack_against(base, body))


@given(bodies, st.binary(max_size=100), st.booleans())
def test_noise_is_refused(base: bytes, noise: bytes, has_a_lawful_head: bool) -> None:
    with pytest.raises(BadRequest):
        unpack_against(base, pack_against(base, b"body")[:9] + noise if has_a_lawful_head else noise)


def test_a_few_bytes_that_stand_for_much_are_refused_unread() -> None:
    delta = pack_against(b"", bytes(5000))
    assert len(delta) < 40
    with pytest.raises(BadRequest, match="too large"):
        unpack_against(b"", delta, largest_bytes=4999)
    with pytest.raises(BadRequest):
        unpack_against(b"", b"\x05" + delta[2:])


def test_a_frame_that_claims_a_length_of_its_own_is_refused_before_memory_is_set_aside() -> None:
    claims_2_to_the_56 = b"\xe2" + bytes(10) + b"\x01"
    with pytest.raises(BadRequest):
        unpack_against(b"", bytes(9) + claims_2_to_the_56)


@given(bodies, st.binary(min_size=1, max_size=400), st.data())
def test_a_delta_cut_off_or_with_something_behind_it_is_refused(base: bytes, body: bytes, data: st.DataObject) -> None:
    delta = pack_against(base, body)
    with pytest.raises(BadRequest):
        unpack_against(base, delta[: data.draw(st.integers(0, len(delta) - 1))])
    with pytest.raises(BadRequest):
        unpack_against(base, delta + b"x")
