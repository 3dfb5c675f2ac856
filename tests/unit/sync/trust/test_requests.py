"""Request signatures and the window of counters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import Unauthorized
from sync.trust import keys
from sync.trust.requests import (
    WINDOW_WIDTH,
    Request,
    Window,
    admit,
    body_digest,
    read_authorization,
    sign_request,
    tell_digest,
    told_digest,
    verify_request,
    window_above,
)
from sync.typed import replace

PAIR = keys.load(bytes(range(32)))
OTHER = keys.load(bytes(range(1, 33)))
REQUEST = Request("POST", "/exchange?a=1", body_digest(b"{}"), "00c0ffee00c0ffee", 7)


def test_a_signed_request_verifies_on_the_other_side():
    claim = read_authorization(sign_request(PAIR, REQUEST))
    assert (claim.writer, claim.life, claim.counter) == (PAIR.writer, "00c0ffee00c0ffee", 7)
    assert verify_request(PAIR.public, claim, REQUEST)


def test_in_brief_it_says_the_same():
    plain, brief = sign_request(PAIR, REQUEST), sign_request(PAIR, REQUEST, brief=True)
    assert read_authorization(brief) == read_authorization(plain)
    assert len(brief) < len(plain) - 30


@pytest.mark.parametrize(
    "changed",
    [
        replace(REQUEST, method="PUT"),
        replace(REQUEST, target="/exchange?a=2"),
        replace(REQUEST, target="/exchange"),
        replace(REQUEST, body_digest=body_digest(b"{ }")),
        replace(REQUEST, life="00c0ffee00c0ffef"),
        replace(REQUEST, counter=8),
    ],
)
def test_every_part_of_a_request_is_covered(changed):
    claim = read_authorization(sign_request(PAIR, REQUEST))
    assert not verify_request(PAIR.public, claim, changed)
    # Nor does it help to bring the claim in line with the changed request.
    assert not verify_request(PAIR.public, replace(claim, life=changed.life, counter=changed.counter), changed)


def test_another_key_or_another_name_is_refused():
    claim = read_authorization(sign_request(PAIR, REQUEST))
    assert not verify_request(OTHER.public, claim, REQUEST)
    assert not verify_request(PAIR.public, replace(claim, writer=OTHER.writer), REQUEST)


def test_parts_cannot_be_shifted_into_each_other():
    claim = read_authorization(sign_request(PAIR, replace(REQUEST, method="PUT", target="S/a")))
    assert not verify_request(PAIR.public, claim, replace(REQUEST, method="PUTS", target="/a"))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Yizhan",
        "Basic YWRtaW46cHc=",
        "Yizhan writer=a, life=b, counter=1",
        "Yizhan writer=a, life=b, counter=1, signature=x",
        "Yizhan writer=a, life=b, counter=-1, signature=" + "A" * 86,
        "Yizhan writer=a, life=b, counter=١, signature=" + "A" * 86,
        "Yizhan writer=a, life=, counter=1, signature=" + "A" * 86,
        f"Yizhan writer=a, life={'b' * 65}, counter=1, signature=" + "A" * 86,
        f"Yizhan writer=a, life=b, counter={'1' * 17}, signature=" + "A" * 86,
        "Yizhan writer=a, writer=a, counter=1, signature=" + "A" * 86,
        "Yizhan writer=a, life=b, counter=1, counter=2, signature=" + "A" * 86,
        "Yizhan writer=a, life=b, counter=1, signature=" + "A" * 85 + "B",
        "Yizhan a.b.1",
        "Yizhan a.b.1.x",
        "Yizhan a..1." + "A" * 86,
        "Yizhan a.b.-1." + "A" * 86,
        "Yizhan a.b.1.2." + "A" * 86,
        "Basic a.b.1." + "A" * 86,
    ],
)
def test_a_malformed_header_is_turned_away(value):
    with pytest.raises(Unauthorized):
        read_authorization(value)


def test_a_counter_is_admitted_once():
    window = admit(Window(), 1)
    assert window is not None
    assert admit(window, 1) is None


@pytest.mark.parametrize("counter", [0, -1, 2**53])
def test_an_unlawful_counter_is_never_admitted(counter):
    assert admit(Window(), counter) is None


def test_after_a_start_nothing_up_to_the_floor_is_admitted():
    window = window_above(1000)
    assert all(admit(window, counter) is None for counter in (1, 700, 999, 1000))
    assert admit(window, 1001) is not None


@given(st.lists(st.integers(1, 3 * WINDOW_WIDTH), max_size=60))
def test_the_window_admits_nothing_twice_and_refuses_only_the_old(counters):
    window, heard = Window(), set()
    for counter in counters:
        after = admit(window, counter)
        if counter in heard:
            assert after is None
        elif after is None:
            assert window.highest - counter >= WINDOW_WIDTH
        else:
            heard.add(counter)
            window = after
            assert window.highest == max(heard)


def test_a_digest_is_read_as_it_was_told_and_nothing_else_is_one() -> None:
    digest = body_digest(b"{}")
    told = tell_digest(digest)
    assert told == "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:"
    assert told_digest(told) == digest
    for other in ("", "sha-256", told[:-1], told + " ", told.replace("256", "512"), "sha-256=:AAAA:", "sha-256=:é:"):
        assert told_digest(other) is None
