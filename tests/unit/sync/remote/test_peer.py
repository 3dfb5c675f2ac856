"""The exchange with another node."""

from collections.abc import Iterable

import pytest

from sync.errors import LinkDown, ProtocolError, Unauthorized
from sync.remote.peer import RemotePeer
from sync.remote.transport import Transport
from sync.typed import replace
from sync.values.conversation import Item, Mark, Share, Told
from sync.values.statements import Answer, Offer, Signed
from sync.wire.conversation import Kind, nothing_held, read_items, read_opening, write_conversation
from sync.wire.exchange import VERSION, read_offer, write_answer, write_offer
from sync.wire.frames import write_frame
from sync.wire.stream import frames_of, packed, proposed, type_of
from sync.wire.words import add_name, with_words, words_of
from tests.contract.documents import doc
from tests.unit.sync.remote.conftest import Heard, Said, Scripted

OFFER = Offer((Signed("seal", b'{"n":1}', "w1", bytes(64)),), "7", (Share("public", "", "3-a"),), version=VERSION)
ANSWER = Answer((Signed("receipt", b'{"n":2}', "w2", bytes(64)),), "9", (("public", "12-x"),), version=VERSION)
TOLD = [Told("station_a", doc("case:1", "1-a")), Mark("station_a", "7-x")]
SAID = [Told("public", doc("item:1", "1-b")), Mark("public", "12-x")]


def packed_answer(items: Iterable[Item] = SAID) -> bytes:
    return b"".join(packed(write_conversation(Kind.ANSWER, write_answer(ANSWER), items), proposed()))


def peer(scripted: Scripted) -> RemotePeer:
    return RemotePeer(Transport(scripted.url + "/node"))


def test_an_exchange_is_one_round_trip(scripted: Scripted) -> None:
    scripted.answering = lambda heard: Said(body=packed_answer())
    answer, items = peer(scripted).exchange(OFFER, TOLD)
    assert (answer, list(items)) == (ANSWER, SAID)
    (heard,) = scripted.heard
    assert (heard.method, heard.target) == ("POST", "/node/exchange")
    frames = frames_of([heard.body], proposed())
    assert read_offer(read_opening(frames, Kind.OFFER)) == OFFER
    assert list(read_items(frames, nothing_held)) == TOLD


def test_one_connection_serves_exchange_after_exchange(scripted: Scripted) -> None:
    scripted.answering = lambda heard: Said(body=packed_answer())
    transport = Transport(scripted.url)
    for _ in range(3):
        _, items = RemotePeer(transport).exchange(OFFER)
        assert list(items) == SAID
    assert transport.traffic.connections == 1


def opened(heard: Heard, words: bytes = b"") -> Offer:
    return read_offer(read_opening(frames_of([heard.body], with_words(proposed(), words)), Kind.OFFER))


LAST = words_of(write_offer(OFFER), write_answer(ANSWER))
TYPE, NAMED = type_of(proposed()), add_name(type_of(proposed()), LAST)


def test_what_was_said_last_is_not_spelled_again(scripted: Scripted) -> None:
    scripted.answering = lambda heard: Said(body=packed_answer())
    other = peer(scripted)
    for _ in range(2):
        assert list(other.exchange(OFFER, TOLD)[1]) == SAID
    first, second = scripted.heard
    assert [heard.headers["Content-Type"] for heard in scripted.heard] == [TYPE, NAMED]
    assert (opened(first), opened(second, LAST)) == (OFFER, OFFER)
    assert len(second.body) < len(first.body) - 25


def test_what_was_said_before_a_link_broke_or_to_an_earlier_version_is_spelled(scripted: Scripted) -> None:
    cut = iter((None, 10, None, None))
    scripted.answering = lambda heard: Said(body=packed_answer(), cut=next(cut))
    other = peer(scripted)
    other.exchange(OFFER)
    with pytest.raises(LinkDown):
        other.exchange(OFFER)
    other.exchange(OFFER)
    other.exchange(replace(OFFER, version=4))
    assert [heard.headers["Content-Type"] for heard in scripted.heard] == [TYPE, NAMED, TYPE, TYPE]


def test_much_is_told_without_them_for_it_would_have_to_be_told_twice(scripted: Scripted) -> None:
    scripted.answering = lambda heard: Said(body=packed_answer())
    other = peer(scripted)
    other.exchange(OFFER)
    other.exchange(OFFER, [Told("station_a", doc(f"case:{number}", "1-a")) for number in range(200)])
    assert [heard.headers["Content-Type"] for heard in scripted.heard] == [TYPE, TYPE]


def test_who_does_not_remember_is_told_the_same_without_and_is_soon_not_reminded_any_more(scripted: Scripted) -> None:
    def forgetful(heard: Heard) -> Said:
        told = heard.headers["Content-Type"]
        return Said(415, b'{"error": "x", "reason": "?"}') if told == NAMED else Said(body=packed_answer())

    scripted.answering = forgetful
    other = peer(scripted)
    for _ in range(6):
        assert list(other.exchange(OFFER, TOLD)[1]) == SAID
    told = [heard.headers["Content-Type"] for heard in scripted.heard]
    assert told == [TYPE, *(NAMED, TYPE) * 3, TYPE, TYPE]
    assert all(opened(heard) == OFFER for heard in scripted.heard if heard.headers["Content-Type"] == TYPE)


def test_a_signature_is_told_in_brief_to_whoever_reads_that(scripted: Scripted) -> None:
    scripted.answering = lambda heard: Said(body=packed_answer())

    def sign(method: str, target: str, body: bytes, *, brief: bool = False) -> dict[str, str]:
        return {"Authorization": "brief" if brief else "long"}

    other = RemotePeer(Transport(scripted.url, sign=sign))
    for version in (1, 4, 5, 7):
        other.exchange(replace(OFFER, version=version))
    assert [heard.headers["Authorization"] for heard in scripted.heard] == ["long", "long", "brief", "brief"]


def test_what_is_told_behind_an_answer_and_makes_no_sense_is_told_apart_from_a_broken_link(scripted: Scripted) -> None:
    frames = [(write_frame(Kind.ANSWER, write_answer(ANSWER)), True), (write_frame(Kind.MARK, b"of nothing"), True)]
    scripted.answering = lambda heard: Said(body=b"".join(packed(frames, proposed())))
    _, items = peer(scripted).exchange(OFFER)
    with pytest.raises(ProtocolError):
        list(items)


def test_an_answer_that_is_none_is_kept_for_diagnosis(scripted: Scripted) -> None:
    scripted.answering = lambda heard: Said(body=b"<html>")
    with pytest.raises(ProtocolError) as raised:
        peer(scripted).exchange(OFFER)
    assert raised.value.answer == b"<html>"


def test_a_peer_that_does_not_know_us_says_so(scripted: Scripted) -> None:
    scripted.say({"error": "unauthorized", "reason": "who are you"}, status=401)
    with pytest.raises(Unauthorized, match="who are you"):
        peer(scripted).exchange(OFFER)


def test_an_answer_that_breaks_off_is_a_link_that_is_down(scripted: Scripted) -> None:
    scripted.answering = lambda heard: Said(body=packed_answer(), cut=10)
    with pytest.raises(LinkDown):
        peer(scripted).exchange(OFFER)
