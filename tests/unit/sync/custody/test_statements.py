"""Certificates, seals, receipts and avowals: every field is covered, and only one shape is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.custody.avowals import MOST_EVENTS, Avowal, make_avowal, read_avowal, verify_avowal
from sync.custody.certificates import CERTIFICATE, Certificate, certify, read_certificate, verify_certificate
from sync.custody.receipts import Holding, Receipt, fell, make_receipt, read_receipt, verify_receipt
from sync.custody.seals import Seal, make_seal, read_seal, verify_seal
from sync.errors import BadRequest, Refused, Unauthorized
from sync.trust import keys
from sync.trust.chain import digest_text
from sync.trust.signing import sign_statement
from sync.typed import replace
from sync.values.json_text import canonical, parse_object
from sync.values.statements import Signed

CENTRE, VILLAGE = keys.load(bytes(range(32))), keys.load(bytes(range(1, 33)))
WRITER, LIFE, HEAD = VILLAGE.writer, "00c0ffee00c0ffee", bytes(range(32))
CERTIFIED = Certificate(VILLAGE.public, "k3m7q", "village", "990281101201", "石桥村便民服务站", "l1u2h")
HOLDS = (
    Holding(WRITER, LIFE, 20, HEAD, ((7, 9), (11, 11)), ((12, 0), (12, 2))),
    Holding(WRITER, "f" * 16, 1, HEAD),
)
RECEIPT = Receipt(
    VILLAGE.writer,
    LIFE,
    2,
    7,
    "k3m7q",
    "durable",
    "2026-03-02T09:00:00+08:00",
    tuple(sorted(HOLDS, key=lambda one: one.life)),
)


def _verify(signed):
    if signed.kind == "certificate":
        return verify_certificate(signed, centre_key=CENTRE.public)
    verify = {"seal": verify_seal, "receipt": verify_receipt, "avowal": verify_avowal}[signed.kind]
    return verify(signed, public_key=VILLAGE.public)


STATEMENTS = {
    "certificate": (certify(CENTRE, CERTIFIED), CERTIFIED),
    "seal": (make_seal(VILLAGE, LIFE, counter=20, head=HEAD), Seal(VILLAGE.writer, LIFE, 20, HEAD)),
    "receipt": (make_receipt(VILLAGE, RECEIPT), RECEIPT),
    "avowal": (
        make_avowal(VILLAGE, LIFE, "k3m7q", counter=20, events=(HEAD, bytes(32))),
        Avowal(VILLAGE.writer, LIFE, "k3m7q", 20, (HEAD, bytes(32))),
    ),
}


@pytest.mark.parametrize("kind", STATEMENTS)
def test_what_was_signed_is_read_back(kind):
    signed, said = STATEMENTS[kind]
    assert signed.kind == kind
    assert _verify(signed) == said


def _leaves(value, path=()):
    """Every place in a JSON value, with what stands there."""
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in inner:
        yield from _leaves(member, (*path, name))


def _changed(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _changed(copy[path[0]], path[1:], new)
    return copy


def _other(value):
    if type(value) is bool:
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return ("a" if value[:1] != "a" else "b") + value[1:]
    return [*value, value] if isinstance(value, list) else {**value, "more": 1}


PLACES = [(kind, path) for kind, (signed, _) in STATEMENTS.items() for path, _ in _leaves(parse_object(signed.payload))]


@pytest.mark.parametrize(("kind", "path"), PLACES)
def test_tampering_with_any_field_is_detected(kind, path):
    signed, _ = STATEMENTS[kind]
    body = parse_object(signed.payload)
    value = body
    for name in path:
        value = value[name]
    forged = canonical(_changed(body, path, _other(value)))
    assert forged != signed.payload
    with pytest.raises(Unauthorized):
        _verify(replace(signed, payload=forged))


@pytest.mark.parametrize("kind", STATEMENTS)
def test_another_kind_signer_or_signature_is_detected(kind):
    signed, _ = STATEMENTS[kind]
    broken = bytearray(signed.signature)
    broken[5] ^= 1
    for forged in (
        replace(signed, signer=keys.load(bytes(range(2, 34))).writer),
        replace(signed, signature=bytes(broken)),
        replace(signed, signature=b""),
        replace(signed, payload=signed.payload + b" "),
    ):
        with pytest.raises(Unauthorized):
            _verify(forged)
    for other in STATEMENTS.keys() - {kind}:
        with pytest.raises(Refused):
            _verify(replace(signed, kind=other))


def test_only_the_pinned_centre_certifies():
    by_itself = certify(VILLAGE, replace(CERTIFIED, level="centre"))
    with pytest.raises(Unauthorized):
        verify_certificate(by_itself, centre_key=CENTRE.public)
    with pytest.raises(Unauthorized):
        verify_certificate(replace(by_itself, signer=CENTRE.writer), centre_key=CENTRE.public)


def test_nobody_signs_a_receipt_seal_or_avowal_in_anothers_name():
    for kind, verify in (("receipt", verify_receipt), ("seal", verify_seal), ("avowal", verify_avowal)):
        signed, _ = STATEMENTS[kind]
        forged = Signed(kind, signed.payload, CENTRE.writer, sign_statement(CENTRE, kind, signed.payload))
        with pytest.raises(Unauthorized):
            verify(forged, public_key=CENTRE.public)


def test_an_avowal_speaks_of_so_many_events_and_no_more():
    for events in ((), (HEAD,) * (MOST_EVENTS + 1)):
        with pytest.raises(BadRequest):
            read_avowal(make_avowal(VILLAGE, LIFE, "k3m7q", counter=900, events=events).payload)


def _signed_anyway(kind, body):
    payload = canonical(body)
    pair = CENTRE if kind == CERTIFICATE else VILLAGE
    return Signed(kind, payload, pair.writer, sign_statement(pair, kind, payload))


@pytest.mark.parametrize(("kind", "path"), PLACES)
@pytest.mark.parametrize("wrong", [None, -1, True, "", [], {}, "中", 2**53 - 1], ids=repr)
def test_a_signed_statement_of_another_shape_is_refused_or_says_what_it_says(kind, path, wrong):
    body = _changed(parse_object(STATEMENTS[kind][0].payload), path, wrong)
    if not isinstance(body, dict):
        return
    signed = _signed_anyway(kind, body)
    try:
        said = _verify(signed)
    except Refused:
        return
    # What was taken reads the same when written again: nothing was guessed or dropped.
    again = {
        "certificate": lambda: certify(CENTRE, said),
        "receipt": lambda: make_receipt(VILLAGE, said),
        "seal": lambda: make_seal(VILLAGE, said.life, counter=said.counter, head=said.head),
        "avowal": lambda: make_avowal(VILLAGE, said.life, said.station, counter=said.counter, events=said.events),
    }
    assert again[kind]() == signed


@pytest.mark.parametrize("kind", STATEMENTS)
@pytest.mark.parametrize(
    "change",
    [
        lambda body: body | {"version": 2},
        lambda body: body | {"extra": 1},
        lambda body: {name: value for name, value in body.items() if name != "version"},
    ],
)
def test_another_version_or_another_member_is_refused(kind, change):
    with pytest.raises(BadRequest):
        _verify(_signed_anyway(kind, change(parse_object(STATEMENTS[kind][0].payload))))


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"{", b"\xff", b'{"version":1}', b'{ "version":1}', b'{"version":1.5}']
)
def test_a_payload_that_is_no_statement_is_refused(payload):
    for read in (read_certificate, read_seal, read_receipt, read_avowal):
        with pytest.raises(BadRequest):
            read(payload)


def test_a_receipt_not_written_canonically_is_refused():
    with pytest.raises(BadRequest):
        read_receipt(make_receipt(VILLAGE, RECEIPT).payload.replace(b",", b", "))


def _holding(**changes):
    body = {"writer": WRITER, "life": LIFE, "counter": 9, "head": digest_text(HEAD), "except": [], "lacks": []}
    receipt = parse_object(make_receipt(VILLAGE, replace(RECEIPT, holds=())).payload)
    return canonical({**receipt, "holds": [{**body, **changes}]})


@pytest.mark.parametrize(
    "gaps",
    [
        [[3, 2]],
        [[0, 2]],
        [[5, 9]],
        [[5, 12]],
        [[4, 5], [2, 2]],
        [[2, 3], [3, 4]],
        [[2, 3], [4, 5]],
        [[2]],
        [[2, 3, 4]],
        [["2", 3]],
        [2, 3],
        [[2, 3], [2, 3]],
    ],
)
def test_exceptions_that_could_be_written_otherwise_are_refused(gaps):
    with pytest.raises(BadRequest):
        read_receipt(_holding(**{"except": gaps}))


@pytest.mark.parametrize("lacks", [[[10, 0]], [[0, 0]], [[3, 0], [2, 0]], [[2, 0], [2, 0]], [[2, -1]], [[5, 0]]])
def test_blobs_of_events_not_held_cannot_be_lacking(lacks):
    with pytest.raises(BadRequest):
        read_receipt(_holding(**{"except": [[5, 5]], "lacks": lacks}))


def test_holdings_stand_in_one_order_each_once():
    payload = parse_object(make_receipt(VILLAGE, RECEIPT).payload)
    for holds in (payload["holds"][::-1], payload["holds"][:1] * 2):
        with pytest.raises(BadRequest):
            read_receipt(canonical({**payload, "holds": holds}))


def _as_holding(numbers, lacks=()):
    top = max(numbers)
    gaps = []
    for number in range(1, top):
        if number not in numbers:
            if gaps and gaps[-1][1] == number - 1:
                gaps[-1][1] = number
            else:
                gaps.append([number, number])
    return Holding(WRITER, LIFE, top, HEAD, tuple((a, b) for a, b in gaps), tuple(sorted(lacks)))


NUMBERS = st.sets(st.integers(1, 12), min_size=1)


@given(NUMBERS)
def test_a_holding_holds_exactly_its_numbers_also_after_travelling(numbers):
    receipt = replace(RECEIPT, holds=(_as_holding(numbers),))
    (holding,) = read_receipt(make_receipt(VILLAGE, receipt).payload).holds
    assert {number for number in range(-1, 20) if holding.holds(number)} == numbers
    assert {n for first, last in holding.held_ranges() for n in range(first, last + 1)} == numbers


@given(NUMBERS, NUMBERS, st.data())
def test_a_receipt_fell_exactly_when_it_claims_less(before, after, data):
    lacked = {(n, 0) for n in data.draw(st.sets(st.sampled_from(sorted(before))))}
    lacking = {(n, 0) for n in data.draw(st.sets(st.sampled_from(sorted(after))))}
    old = replace(RECEIPT, holds=(_as_holding(before, lacked),))
    new = replace(RECEIPT, holds=(_as_holding(after, lacking),))
    whole_before, whole_after = (
        {n for n in held if (n, 0) not in lack} for held, lack in ((before, lacked), (after, lacking))
    )
    assert fell(old, new) == bool(before - after or whole_before - whole_after)


def test_a_receipt_that_no_longer_speaks_of_a_life_fell():
    assert fell(RECEIPT, replace(RECEIPT, holds=RECEIPT.holds[:1]))
    assert not fell(replace(RECEIPT, holds=RECEIPT.holds[:1]), RECEIPT)
