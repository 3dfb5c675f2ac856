"""The exchange with another node."""

import pytest

from sync.errors import LinkDown, ProtocolError, Unauthorized
from sync.remote.peer import RemotePeer
from sync.remote.transport import Transport
from sync.values.statements import Answer, Offer, Signed
from sync.wire.exchange import read_offer, write_answer
from tests.unit.sync.remote.conftest import Said, Scripted

OFFER = Offer((Signed("seal", b'{"n":1}', "w1", bytes(64)),), "7", ("public",))
ANSWER = Answer((Signed("receipt", b'{"n":2}', "w2", bytes(64)),), "9", (("public", "12-x"),))


def peer(scripted: Scripted) -> RemotePeer:
    return RemotePeer(Transport(scripted.url + "/node"))


def test_an_exchange_is_one_round_trip(scripted: Scripted) -> None:
    scripted.answering = lambda heard: Said(body=write_answer(ANSWER))
    assert peer(scripted).exchange(OFFER) == ANSWER
    (heard,) = scripted.heard
    assert (heard.method, heard.target) == ("POST", "/node/exchange")
    assert read_offer(heard.body) == OFFER


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
    scripted.answering = lambda heard: Said(body=write_answer(ANSWER), cut=10)
    with pytest.raises(LinkDown):
        peer(scripted).exchange(OFFER)
