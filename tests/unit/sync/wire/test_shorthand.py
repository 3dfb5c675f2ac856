"""Any body comes back byte for byte, and hashes that can be worked out cost next to nothing."""

import hashlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.trust.chain import digest_text
from sync.values.json_text import canonical, dump, dump_sorted
from sync.wire.shorthand import REMEMBERED_EVENTS, Shorthand

hashes = st.binary(min_size=32, max_size=32)
texts = st.one_of(st.text(max_size=10), hashes.map(digest_text), hashes.map(bytes.hex), st.just("_" * 43))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=6,
)
events = st.dictionaries(st.sampled_from(("previous", "seen", "set", "at")), values, max_size=4)
records = st.fixed_dictionaries({"events": st.lists(events, max_size=4), "state": values, "disputes": values})
bodies = st.one_of(
    records.map(dump),
    records.map(dump_sorted),
    st.dictionaries(st.text(max_size=5), values, max_size=4).map(dump),
    st.binary(max_size=200),
    st.lists(st.sampled_from((b'"events":[{', b"}]", b"\x01", b"\x00", b'"', b"{}")), max_size=8).map(b"".join),
)


def chained(count: int, *, start: str = "") -> list[dict[str, object]]:
    """Events that each name the one before, twice."""
    made: list[dict[str, object]] = []
    previous = start
    for number in range(count):
        event: dict[str, object] = {"number": number, "previous": previous, "seen": [previous] if previous else []}
        made.append(event)
        previous = digest_text(hashlib.sha256(canonical(event)).digest())
    return made


def record(them: list[dict[str, object]]) -> bytes:
    return canonical({"disputes": [], "events": them, "fold": 1, "state": {}, "type": "case"})


@given(st.lists(bodies, max_size=6))
def test_any_bodies_come_back_byte_for_byte(sent: list[bytes]) -> None:
    writer, reader = Shorthand(), Shorthand()
    assert [reader.read(writer.write(body)) for body in sent] == sent


@given(st.lists(bodies, max_size=3), st.lists(bodies, max_size=3))
def test_bodies_held_by_both_ends_are_as_good_as_sent(held: list[bytes], sent: list[bytes]) -> None:
    writer, reader = Shorthand(), Shorthand()
    for body in held:
        writer.note(body)
        reader.note(body)
    assert [reader.read(writer.write(body)) for body in sent] == sent


def test_a_hash_whose_event_went_by_costs_two_bytes() -> None:
    them = chained(12)
    one, two = record(them[:6]), record(them[6:])
    writer, reader = Shorthand(), Shorthand()
    short = writer.write(one) + writer.write(two)
    assert len(one) + len(two) - len(short) == 22 * (43 - 2) - 12 * 2  # each hash but the first; two marks an event
    assert reader.read(Shorthand().write(one)) == one


def test_a_hash_whose_event_is_held_costs_two_bytes_too() -> None:
    them = chained(3)
    writer, reader = Shorthand(), Shorthand()
    for end in (writer, reader):
        end.note(record(them[:2]))
    short = writer.write(record(them[2:]))
    assert len(short) == len(record(them[2:])) - 2 * (43 - 2) + 2
    assert reader.read(short) == record(them[2:])


def test_a_seal_over_an_event_that_went_by_names_it_in_two_bytes() -> None:
    them = chained(2)
    head = digest_text(hashlib.sha256(canonical(them[1])).digest())
    seal = dump({"statements": [{"kind": "seal", "payload": dump({"counter": 2, "head": head}).decode()}]})
    writer, reader = Shorthand(), Shorthand()
    sent = [writer.write(record(them)), writer.write(seal)]
    assert len(sent[1]) == len(seal) - 43 + 2
    assert [reader.read(text) for text in sent] == [record(them), seal]


def test_a_hash_that_nobody_sent_stays_as_it_is() -> None:
    body = dump([digest_text(Random(2).randbytes(32)), Random(3).randbytes(32).hex(), "_" * 43])
    assert Shorthand().write(body) == body


def test_events_long_gone_by_are_forgotten_at_both_ends_alike() -> None:
    them = chained(REMEMBERED_EVENTS + 3)
    writer, reader = Shorthand(), Shorthand()
    bodies = [record(them[start : start + 500]) for start in range(0, len(them), 500)]
    again = record([{"previous": them[2]["previous"]}, {"previous": them[-1]["previous"]}])
    assert [reader.read(writer.write(body)) for body in [*bodies, again]] == [*bodies, again]
    assert str(them[2]["previous"]).encode() in writer.write(again)
    assert str(them[-1]["previous"]).encode() not in writer.write(again)


def test_a_body_noted_again_is_remembered_where_it_last_went_by() -> None:
    them = chained(3)
    writer, reader = Shorthand(), Shorthand()
    sent = [record(them[:2]), record(them), record(them)]
    assert [reader.read(writer.write(body)) for body in sent] == sent


@pytest.mark.parametrize(
    "text",
    [
        b"\x02\x00",
        b"\x02",
        b"\x02\xff",
        b"\x02\x80\x80\x80\x80\x80\x00",
        b"\x02\x80\x00",
        b"\x01{",
        b"\x01\x01\x01",
        b'{"a":"\x00"}',
    ],
)
def test_what_is_no_shorthand_is_refused(text: bytes) -> None:
    with pytest.raises(BadRequest):
        Shorthand().read(text)


def test_what_would_be_too_long_written_out_is_refused() -> None:
    reader = Shorthand()
    reader.note(record(chained(1)))
    with pytest.raises(BadRequest, match="at most 1000"):
        reader.read(b"\x02\x00" * 100, largest_bytes=1000)


@given(st.binary(max_size=200))
def test_noise_is_refused_or_read_and_nothing_else(noise: bytes) -> None:
    reader = Shorthand()
    reader.note(record(chained(4)))
    try:
        reader.read(noise)
    except BadRequest:
        return
