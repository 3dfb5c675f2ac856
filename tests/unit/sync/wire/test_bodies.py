"""Bodies whole and against what is held, in one order; after one that cannot be read, none is."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.trust.chain import digest_text
from sync.values.json_text import canonical
from sync.wire.bodies import Bodies


def record(number: int, length: int) -> bytes:
    """The log of a record, one event after the other: a longer one continues the shorter."""
    events: list[dict[str, object]] = []
    for place in range(length):
        previous = digest_text(hashlib.sha256(canonical(events[-1])).digest()) if events else ""
        events.append({"number": place, "previous": previous, "set": {"name": f"record {number}"}})
    return canonical({"events": events, "fold": 1, "state": {"name": f"record {number}"}, "type": "case"})


versions = st.tuples(st.integers(0, 4), st.integers(0, 6)).map(lambda pair: record(*pair))
any_body = st.one_of(versions, st.binary(max_size=60))


@given(st.lists(st.tuples(any_body, st.one_of(st.none(), any_body)), max_size=8))
def test_bodies_come_back_whatever_they_are_told_against(sent: list[tuple[bytes, bytes | None]]) -> None:
    writer, reader = Bodies(), Bodies()
    for body, base in sent:
        assert reader.read(writer.write(body, base=base), base=base) == body


def test_one_event_more_on_a_long_history_is_a_few_bytes() -> None:
    assert len(Bodies().write(record(1, 21), base=record(1, 20))) < 60


def test_behind_a_body_that_could_not_be_read_none_is_read() -> None:
    writer, reader = Bodies(), Bodies()
    sent = [writer.write(record(1, 3), base=record(1, 2)), writer.write(record(2, 1)), writer.write(record(1, 4))]
    with pytest.raises(BadRequest, match="another base"):
        reader.read(sent[0], base=record(1, 1))
    for told in sent[1:]:
        with pytest.raises(BadRequest, match="before this one"):
            reader.read(told)


@given(st.binary(max_size=80), st.one_of(st.none(), any_body))
def test_noise_is_refused_or_read_and_nothing_else(noise: bytes, base: bytes | None) -> None:
    try:
        Bodies().read(noise, base=base)
    except BadRequest:
        return
