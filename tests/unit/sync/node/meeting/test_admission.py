"""A signed request is believed once; a start of either side loses no honest peer."""

import contextlib
import threading
from collections.abc import Callable

import pytest

from sync.errors import Unauthorized
from sync.node.meeting.admission import COUNTER_BLOCK, Asked, Gatekeeper
from sync.node.meeting.signing import RequestSigner
from sync.node.node import Node
from sync.store.ledger.alarms import open_alarms
from sync.store.ledger.requests import heard_floor
from sync.trust.requests import WINDOW_WIDTH, Request, body_digest, sign_request, tell_digest
from tests.unit.sync.node.county import certificate, give, introduce

Make = Callable[..., Node]
BODY = b"{}"


@pytest.fixture
def pair(make_node: Make) -> tuple[Node, Node]:
    """A township and its village."""
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    return township, village


def asked(authorization: str, *, method: str = "POST", target: str = "/exchange", body: bytes = BODY) -> Asked:
    return Asked(method, target, body_digest(body), authorization)


def signed(node: Node, counter: int, *, life: str = "") -> Asked:
    who = node.identity
    request = Request("POST", "/exchange", body_digest(BODY), life or who.life, counter)
    return asked(sign_request(who.keys, request))


def test_a_request_is_admitted_once(pair: tuple[Node, Node]) -> None:
    gate, request = Gatekeeper(pair[0]), signed(pair[1], 1)
    assert gate.admit(request).sid == "k3m7q"
    with pytest.raises(Unauthorized):
        gate.admit(request)


def test_requests_may_overtake_each_other_within_the_window_and_not_beyond(pair: tuple[Node, Node]) -> None:
    gate, village = Gatekeeper(pair[0]), pair[1]
    gate.admit(signed(village, 1000))
    gate.admit(signed(village, 1000 - WINDOW_WIDTH + 1))
    for counter in (1000, 1000 - WINDOW_WIDTH + 1, 1000 - WINDOW_WIDTH, 1, 0):
        with pytest.raises(Unauthorized):
            gate.admit(signed(village, counter))


def test_after_a_start_nothing_heard_before_is_believed_and_the_next_block_is(pair: tuple[Node, Node]) -> None:
    township, village = pair
    signer = RequestSigner(village)
    heard = [asked(signer.sign("POST", "/exchange", BODY)) for _ in range(3)]
    Gatekeeper(township).admit(heard[0])
    started = Gatekeeper(township)
    for request in heard:  # the others never came, and nobody can tell that
        with pytest.raises(Unauthorized):
            started.admit(request)
    signer.skip()
    started.admit(asked(signer.sign("POST", "/exchange", BODY)))


def test_a_floor_is_written_once_in_a_block(pair: tuple[Node, Node]) -> None:
    township, village = pair
    gate, who = Gatekeeper(township), village.identity
    for counter in (1, 2, COUNTER_BLOCK):
        gate.admit(signed(village, counter))
        assert township.read(lambda reader: heard_floor(reader, who.writer, who.life)) == COUNTER_BLOCK
    gate.admit(signed(village, COUNTER_BLOCK + 1))
    assert township.read(lambda reader: heard_floor(reader, who.writer, who.life)) == 2 * COUNTER_BLOCK


def test_nobody_waits_for_the_floor_of_another(pair: tuple[Node, Node], make_node: Make) -> None:
    township, village = pair
    stranger = make_node("q7wt4", "990281101202")
    introduce(township, stranger)
    gate, held, goes_on = Gatekeeper(township), threading.Event(), threading.Event()
    gate.admit(signed(village, 1))
    township.engine.post(lambda _: (held.set(), goes_on.wait(20)))
    assert held.wait(10)
    coming = threading.Thread(target=gate.admit, args=(signed(stranger, 1),))
    coming.start()
    try:
        coming.join(0.1)
        assert coming.is_alive()  # not believed before its floor is on disk
        known = threading.Thread(target=gate.admit, args=(signed(village, 2),))
        known.start()
        known.join(10)
        assert not known.is_alive()
        assert not goes_on.is_set()
    finally:
        goes_on.set()
        coming.join()


def test_each_life_counts_for_itself(pair: tuple[Node, Node]) -> None:
    gate = Gatekeeper(pair[0])
    gate.admit(signed(pair[1], 7))
    gate.admit(signed(pair[1], 7, life="0123456789abcdef"))


def test_one_request_on_many_threads_is_admitted_once(pair: tuple[Node, Node]) -> None:
    gate, request, admitted = Gatekeeper(pair[0]), signed(pair[1], 1), []

    def ask() -> None:
        with contextlib.suppress(Unauthorized):
            admitted.append(gate.admit(request))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 1


def test_who_is_unknown_or_revoked_is_not_admitted(pair: tuple[Node, Node], make_node: Make) -> None:
    township, village = pair
    gate = Gatekeeper(township)
    with pytest.raises(Unauthorized):
        gate.admit(signed(make_node("str4n"), 1))
    gate.admit(signed(village, 1))
    give(township, certificate(village, "t0wn1", issue=2, revoked=True))
    with pytest.raises(Unauthorized):
        gate.admit(signed(village, 2))


@pytest.mark.parametrize("changed", [{"method": "GET"}, {"target": "/exchange?x=1"}, {"body": b"{ }"}])
def test_a_signature_is_for_one_method_target_and_body_and_uses_up_no_other(
    pair: tuple[Node, Node], changed: dict[str, str]
) -> None:
    gate, told = Gatekeeper(pair[0]), signed(pair[1], 5).authorization
    with pytest.raises(Unauthorized):
        gate.admit(asked(told, **changed))
    gate.admit(asked(told))


def test_nobody_signs_in_anothers_name(pair: tuple[Node, Node], make_node: Make) -> None:
    stranger = make_node("str4n").identity
    request = Request("POST", "/exchange", body_digest(BODY), pair[1].identity.life, 1)
    told = sign_request(stranger.keys, request).replace(stranger.writer, pair[1].identity.writer)
    with pytest.raises(Unauthorized):
        Gatekeeper(pair[0]).admit(asked(told))


def test_counters_never_repeat_over_starts_and_threads(pair: tuple[Node, Node]) -> None:
    village, counters = pair[1], []

    def sign(signer: RequestSigner) -> None:
        for _ in range(50):
            counters.append(int(signer.sign("GET", "/", b"").split("counter=")[1].split(",")[0]))

    for _ in range(3):
        signer = RequestSigner(village)
        threads = [threading.Thread(target=sign, args=(signer,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(counters) == len(set(counters)) == 450
    assert min(counters) == 1


def test_a_large_body_is_named_before_it_comes_and_a_small_one_costs_nothing_more(pair: tuple[Node, Node]) -> None:
    signer = RequestSigner(pair[1])
    assert set(signer.headers("POST", "/couch/public/_revs_diff", b"{}")) == {"Authorization"}
    named = signer.headers("POST", "/couch/public/_bulk_docs", bytes(64 << 10))
    assert named["Content-Digest"] == tell_digest(body_digest(bytes(64 << 10)))


def test_two_lives_that_call_in_turn_are_an_alarm_and_one_left_behind_is_none(pair: tuple[Node, Node]) -> None:
    township, village = pair
    gate, first, second = Gatekeeper(township), village.identity.life, "2" * 16
    for counter, life in enumerate([first, first, second, second], 1):
        gate.admit(signed(village, counter, life=life))
    assert township.read(open_alarms) == ()
    for counter, life in enumerate([first, second, first], 10):
        gate.admit(signed(village, counter, life=life))
    alarms = township.read(open_alarms)
    assert {(one.kind, one.writer, one.life) for one in alarms} == {
        ("two-lives", village.identity.writer, first),
        ("two-lives", village.identity.writer, second),
    }


def test_a_key_that_calls_in_ever_another_life_fills_no_memory_and_is_no_more_believed_twice(
    pair: tuple[Node, Node],
) -> None:
    gate, first = Gatekeeper(pair[0]), signed(pair[1], 1)
    gate.admit(first)
    for number in range(100):
        gate.admit(signed(pair[1], 1, life=f"{number:016x}"))
    assert len(gate._windows) == sum(map(len, gate._lives.values())) <= 16
    for number in range(100):  # and in turn with one that it has spoken in before
        gate.admit(signed(pair[1], (1 << 20) + number + 1))
        gate.admit(signed(pair[1], 1, life=f"{1000 + number:016x}"))
    assert len(pair[0].read(open_alarms)) == 16
    with pytest.raises(Unauthorized):
        gate.admit(first)
