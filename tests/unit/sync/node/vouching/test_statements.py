"""Who hears what, from where on, and that nothing is lost between pages."""

from collections.abc import Callable

import pytest

from sync.custody.certificates import CERTIFICATE
from sync.custody.receipts import DURABLE, RECEIPT, Holding, Receipt, make_receipt
from sync.node.node import Node
from sync.node.sharing import stations_below
from sync.node.vouching import statements
from sync.node.vouching.holding import account_for
from sync.node.vouching.statements import position_of, statements_for_child, statements_for_parent
from sync.records.clock import time_text
from sync.store.ledger.certificates import Known
from sync.store.ledger.custody import last_arrival
from sync.trust.keys import KeyPair, generate
from sync.values.statements import Offer, Signed
from sync.wire.exchange import write_offer
from sync.wire.frames import LARGEST_FRAME_BYTES
from tests.statements import all_statements
from tests.unit.sync.node.county import certificate, certificate_of_key, give, introduce, known

Make = Callable[..., Node]
Told = tuple[tuple[Signed, ...], str]


@pytest.fixture
def town(make_node: Make) -> tuple[Node, Node, Node]:
    """A township with two villages."""
    township, one, two = make_node("t0wn1", "990281101000"), make_node("v1aaa"), make_node("v2bbb")
    for village in (one, two):
        introduce(township, village)
    return township, one, two


def tell(township: Node, child: Node, heard: str = "") -> Told:
    asker, life = known(township, child), township.identity.life
    return township.read(lambda reader: statements_for_child(reader, asker, heard=heard, life=life))


def receipt(pair: KeyPair, station: str, *, issue: int = 1) -> Signed:
    return make_receipt(
        pair, Receipt(pair.writer, "0123456789abcdef", 1, issue, station, DURABLE, time_text(1_758_866_645_000), ())
    )


def kinds_and_signers(told: Told) -> set[tuple[str, str]]:
    return {(one.kind, one.signer) for one in told[0]}


def test_a_village_hears_of_itself_and_the_certificates_above_and_never_of_another_village(
    town: tuple[Node, Node, Node],
) -> None:
    township, one, two = town
    key = township.identity.keys
    ours = receipt(one.identity.keys, "v1aaa")
    give(township, ours, receipt(two.identity.keys, "v2bbb"), receipt(generate(), "v1aaa"))
    give(township, receipt(one.identity.keys, "t0wn1"))
    told, _ = tell(township, one)
    assert ours in told
    assert certificate(one, "t0wn1") in told
    assert certificate(two, "t0wn1") not in told
    assert {certificate(township, "centre").payload} < {one.payload for one in told if one.kind == CERTIFICATE}
    assert [one for one in told if one.kind == RECEIPT] == [ours]
    assert key.writer not in {one.signer for one in told}


def test_what_was_heard_is_not_told_again(town: tuple[Node, Node, Node]) -> None:
    township, one, _ = town
    first, heard = tell(township, one)
    assert first
    assert tell(township, one, heard) == ((), heard)


def test_the_news_of_another_village_moves_nobodys_cursor(town: tuple[Node, Node, Node]) -> None:
    township, one, two = town
    _, heard = tell(township, one)
    give(township, receipt(two.identity.keys, "v2bbb"))
    assert tell(township, one, heard) == ((), heard)


def test_what_is_passed_over_moves_the_cursor_once_in_a_page(
    town: tuple[Node, Node, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "_PAGE", 5)
    township, one, _ = town
    _, sent = one.read(lambda reader: statements_for_parent(reader, one.identity, sent=0))
    for issue in range(1, 7):  # what the node above signed itself it need not be told
        give(one, receipt(township.identity.keys, "v1aaa", issue=issue))
    told, moved = one.read(lambda reader: statements_for_parent(reader, one.identity, sent=sent))
    assert (told, moved) == ((), one.read(last_arrival))


@pytest.mark.parametrize(
    "cursor",
    ["", ":", "life", "life:", "life:-1", "life:٣", "life:x", "other:7", "life:" + "9" * 16, "life:" + "9" * 5000],
)
def test_a_cursor_of_another_life_or_none_starts_anew(cursor: str) -> None:
    assert position_of(cursor, "life") == 0
    assert position_of("life:7", "life") == 7


def test_a_cursor_beyond_all_measure_is_no_trouble(town: tuple[Node, Node, Node]) -> None:
    township, one, _ = town
    assert tell(township, one, f"{township.identity.life}:{'9' * 20}") == tell(township, one)


def test_more_than_a_page_is_told_in_pages_and_each_can_be_believed_by_itself(
    town: tuple[Node, Node, Node], make_node: Make
) -> None:
    """A signer's certificate that was written anew stands behind what it signed before."""
    township, centre = town[0], make_node("c3ntr", "990281000000")
    introduce(centre, township)
    keys = [generate() for _ in range(600)]
    first = [certificate_of_key(pair, f"v{at:04d}", "t0wn1") for at, pair in enumerate(keys)]
    give(centre, *first, *(receipt(pair, f"v{at:04d}") for at, pair in enumerate(keys)))
    again = [certificate_of_key(pair, f"v{at:04d}", "t0wn1", issue=2) for at, pair in enumerate(keys)]
    give(centre, *again)
    give(centre, *(receipt(pair, f"v{at:04d}", issue=2) for at, pair in enumerate(keys[:100])))
    heard, pages, refused = "", 0, []
    while True:
        told, after = tell(centre, township, heard)
        if not told:
            break
        refused += give(township, *told).refused
        heard, pages = after, pages + 1
    assert pages > 2
    assert refused == []
    mine = township.read(all_statements)
    assert len([one for one in mine if one.kind == RECEIPT]) == 600


def test_the_parent_is_told_of_our_stations_and_not_what_it_said_itself(town: tuple[Node, Node, Node]) -> None:
    township, one, _ = town
    theirs = receipt(township.identity.keys, "v1aaa")
    give(one, theirs)
    account_for(one, ["v1aaa"])
    told, sent = one.read(lambda reader: statements_for_parent(reader, one.identity, sent=1))
    assert theirs not in told
    assert one.read(lambda reader: statements_for_parent(reader, one.identity, sent=sent)) == ((), sent)


def test_the_parent_is_told_of_our_certificates_which_it_may_have_lost(town: tuple[Node, Node, Node]) -> None:
    _, one, _ = town
    told, sent = one.read(lambda reader: statements_for_parent(reader, one.identity, sent=0))
    assert [signed.kind for signed in told] == [CERTIFICATE]
    assert one.read(lambda reader: statements_for_parent(reader, one.identity, sent=sent)) == ((), sent)


@pytest.mark.parametrize("loop", [("aaaaa", "bbbbb"), ("aaaaa", "aaaaa")])
def test_stations_that_stand_in_a_circle_are_counted_once(loop: tuple[str, str]) -> None:
    circle = [
        Known("w1", loop[0], "village", "", "", loop[1], b"", 1, False),
        Known("w2", loop[1], "village", "", "", loop[0], b"", 1, False),
    ]
    assert stations_below(loop[0], circle) == statements.stations_above(loop[0], circle) | {loop[0]} == frozenset(loop)


def test_a_page_of_statements_with_certificates_for_all_of_them_fits_into_one_frame_with_room_to_spare() -> None:
    pair = generate()
    holds = tuple(Holding(pair.writer, f"{life:016x}", 10**6, bytes(32), ((1, 2), (5, 9))) for life in range(3))
    at = "2026-03-02T09:00:00+08:00"
    told = make_receipt(pair, Receipt(pair.writer, "0" * 16, 10, 10**6, "k3m7q", DURABLE, at, holds))
    vouching = certificate_of_key(pair, "k3m7q", "t0wn1")
    page = [told] * statements._PAGE + [vouching] * statements._PAGE
    assert len(write_offer(Offer(tuple(page)))) < LARGEST_FRAME_BYTES * 2 // 3
