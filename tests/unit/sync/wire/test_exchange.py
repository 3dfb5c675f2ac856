"""Offers, answers and statements as JSON text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.revisions.revision import Revision
from sync.values.conversation import SetAside, Share
from sync.values.heard_text import heard_text
from sync.values.json_text import dump, parse
from sync.values.statements import Answer, Offer, Signed
from sync.wire.exchange import VERSION, read_answer, read_offer, write_answer, write_offer

SIGNED = Signed("seal", b'{"a":1}', "w1", bytes(range(64)))

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
statements = st.builds(
    Signed,
    kind=texts,
    payload=texts.map(lambda text: text.encode()),
    signer=texts,
    signature=st.binary(min_size=64, max_size=64),
)
many = st.lists(statements, max_size=3).map(tuple)


positions = st.dictionaries(texts, texts, max_size=3).map(lambda told: tuple(told.items()))
shares = st.lists(st.builds(Share, texts, texts, texts), max_size=3, unique_by=lambda share: share.name).map(tuple)
revisions = st.integers(1, 99).map(lambda generation: Revision(generation, f"{generation:032x}"))
reasons = texts.map(heard_text)  # what else a reason holds is not taken over
refusals = st.lists(st.builds(SetAside, texts, texts, revisions, reasons), max_size=2).map(tuple)


names = st.lists(texts, max_size=2).map(tuple)


clocks = st.just(()) | st.tuples(st.integers(-(2**53) + 1, 2**53 - 1), st.integers(0, 2**53 - 1))


@given(st.builds(Offer, many, texts, shares, unread=names, clock=clocks, version=st.just(VERSION)))
def test_an_offer_is_read_as_it_was_written_payloads_byte_for_byte(offer: Offer) -> None:
    assert read_offer(write_offer(offer)) == offer


sought = st.dictionaries(texts, names, max_size=2).map(lambda told: tuple(told.items()))
WORDS = (many, texts, positions, st.integers(0, 2**53 - 1), positions, refusals, names, positions)


@given(st.builds(Answer, *WORDS, version=st.just(VERSION), sought=sought))
def test_an_answer_is_read_as_it_was_written_payloads_byte_for_byte(answer: Answer) -> None:
    assert read_answer(write_answer(answer)) == answer


@pytest.mark.parametrize("clock", ["noon", [1], [1, 2, 3], [1, -2], [1.5, 2], [True, 2], [2**60, 1], {"ms": 1}])
def test_a_clock_that_is_none_is_refused(clock: object) -> None:
    told = parse(write_offer(Offer()))
    with pytest.raises(BadRequest):
        read_offer(dump(told | {"clock": clock}))


def test_members_of_a_later_version_are_passed_over() -> None:
    told = parse(write_offer(Offer((SIGNED,), "1:2", (Share("public", "", "7"),))))
    assert read_offer(dump(told | {"version": VERSION, "more": [1]})) == read_offer(dump(told))


def test_a_payload_keeps_spaces_and_order_that_json_would_not() -> None:
    odd = Signed("seal", b'{ "b" : 1,\n"a":2.0 }', "w1", bytes(64))
    assert read_offer(write_offer(Offer((odd,)))).statements == (odd,)


def test_an_idle_exchange_is_small() -> None:
    assert (
        len(
            write_offer(
                Offer(heard="120", shares=(Share("station_q7", "7-x", "9-y"), Share("blobs_q7"), Share("public")))
            )
        )
        < 160
    )


@pytest.mark.parametrize("read", [read_offer, read_answer])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"statements":{},"heard":"","databases":{},"shares":{}}',
        b'{"statements":[7],"heard":"","databases":{},"shares":{}}',
        b'{"statements":[],"heard":7,"databases":{},"shares":{}}',
        b'{"statements":[],"heard":"","databases":7,"shares":7}',
        b'{"statements":[],"heard":"","databases":[7],"shares":[7]}',
        b'{"statements":[],"heard":"","databases":{"a":7},"shares":{"a":7}}',
        b'{"statements":[],"heard":"","databases":{"a":["1"]},"shares":{"a":["1"]}}',
        b'{"statements":[],"heard":"","databases":{"a":["1",2]},"shares":{"a":["1",2]}}',
        b'{"statements":[],"heard":"","databases":{},"shares":[1],"at":"noon"}',
        b'{"statements":[],"heard":"","databases":{},"shares":[],"taken":[]}',
        b'{"statements":[],"heard":"","databases":{},"shares":[],"aside":[["a","b","1-c"]]}',
        b'{"statements":[],"heard":"","databases":{},"shares":[],"aside":[["a","b","c","d"]]}',
    ],
)
def test_what_has_not_the_shape_is_refused(read: object, body: bytes) -> None:
    with pytest.raises(BadRequest):
        read(body)  # type: ignore[operator]


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "short"},
        {"signature": "!" * 86},
        {"signature": 7},
        {"payload": {"a": 1}},
        {"kind": None},
        {"signer": []},
        {"more": "members"},
    ],
)
def test_a_statement_with_a_wrong_member_is_refused(change: dict[str, object]) -> None:
    told = parse(write_offer(Offer((SIGNED,))))
    told["statements"][0].update(change)
    with pytest.raises(BadRequest):
        read_offer(dump(told))
