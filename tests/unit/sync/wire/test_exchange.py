"""Offers, answers and statements as JSON text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.values.json_text import dump, parse
from sync.values.statements import Answer, Offer, Signed
from sync.wire.exchange import read_answer, read_offer, write_answer, write_offer

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


@given(st.builds(Offer, many, texts, st.lists(texts, max_size=3).map(tuple)))
def test_an_offer_is_read_as_it_was_written_payloads_byte_for_byte(offer: Offer) -> None:
    assert read_offer(write_offer(offer)) == offer


@given(st.builds(Answer, many, texts, st.dictionaries(texts, texts, max_size=3).map(lambda d: tuple(d.items()))))
def test_an_answer_is_read_as_it_was_written_payloads_byte_for_byte(answer: Answer) -> None:
    assert read_answer(write_answer(answer)) == answer


def test_a_payload_keeps_spaces_and_order_that_json_would_not() -> None:
    odd = Signed("seal", b'{ "b" : 1,\n"a":2.0 }', "w1", bytes(64))
    assert read_offer(write_offer(Offer((odd,)))).statements == (odd,)


def test_an_idle_exchange_is_small() -> None:
    assert len(write_offer(Offer(heard="120", databases=("station_q7", "blobs_q7", "public")))) < 120


@pytest.mark.parametrize("read", [read_offer, read_answer])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"statements":{},"heard":"","databases":[]}',
        b'{"statements":[7],"heard":"","databases":{}}',
        b'{"statements":[],"heard":7,"databases":{}}',
        b'{"statements":[],"heard":"","databases":7}',
        b'{"statements":[],"heard":"","databases":[7]}',
        b'{"statements":[],"heard":"","databases":{"a":7}}',
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
