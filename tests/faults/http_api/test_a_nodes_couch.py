"""Whatever a certified node sends to `/couch/` of the node above it: never a fault, and a refusal changes nothing."""

import gzip
import io
import logging
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.http_api.feeds import FeedGate
from sync.node.identity import describe, take_sid
from sync.node.meeting.signing import RequestSigner
from sync.node.node import Node
from sync.node.sharing import ensure_homes
from sync.records.ids import PUBLIC
from sync.store.databases import EmbeddedDatabases
from sync.store.ledger.numbers import assign_device
from sync.store.transaction import Transaction
from sync.trust.keys import generate
from sync.trust.requests import Request, body_digest, sign_request, tell_digest
from sync.values.documents import Edit
from sync.values.statements import Offer
from sync.web.pace import KNOWN
from sync.wire.conversation import Kind, write_conversation
from sync.wire.exchange import write_offer
from sync.wire.stream import CONTENT_TYPE, packed
from tests.faults.http_api.asked import ask, assert_is_an_answer, refused_rows
from tests.faults.http_api.at_random import EXAMPLES, Sent, requests
from tests.faults.http_api.standing import leaves, standing
from tests.unit.sync.node.county import doors, introduce

# The station's records are what the guard watches; the other names are shared, somebody else's, or nobody's.
_DATABASES = ("station_aaaaa", "blobs_aaaaa", "public", "station_bbbbb", "no", "A", "é")
_READING = ("GET", "HEAD", "OPTIONS")
_clock = count(1_758_866_645_000)


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Node, Flask]]:
    """A township and a village under it that know each other, and the township's doors."""
    home = tmp_path_factory.mktemp("nodes")
    township, village = (_node(home, sid) for sid in ("bbbbb", "aaaaa"))
    introduce(township, village)
    for node in (township, village):
        ensure_homes(node, "aaaaa")
    if PUBLIC not in township.databases.names():
        township.ensure_database(PUBLIC)
    township.databases.open(PUBLIC).write([Edit("a", None), Edit("b", None)])
    yield township, village, doors(township, FeedGate())
    for node in (township, village):
        node.close()


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sent=st.lists(requests(_DATABASES), min_size=1, max_size=12))
def test_whatever_a_node_sends_is_answered_and_a_refusal_changes_nothing(
    met: tuple[Node, Node, Flask], caplog: pytest.LogCaptureFixture, sent: list[Sent]
) -> None:
    caplog.clear()
    township, village, app = met
    assert isinstance(township.databases, EmbeddedDatabases)
    signer = RequestSigner(village)
    before = standing(township.databases)
    for each in sent:
        target = "/couch" + each.address
        answer = ask(app, each, prefix="/couch", authorization=signer.sign(each.method, target, each.body))
        assert answer.status_code != 401, each
        after = standing(township.databases)
        assert_is_an_answer(answer)
        if answer.status_code >= 300 or each.method in _READING:
            assert after == before, each
        for doc_id in refused_rows(each, answer):
            for name in before:
                assert leaves(after, name).get(doc_id) == leaves(before, name).get(doc_id), each
        assert list(after) == list(before), "nobody makes or destroys a node's databases from outside"
        before = after
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


class Unread(io.BytesIO):
    """A body of thirty megabytes that nobody may touch: of twenty callers at once it is more than a station has."""

    def read(self, *_sizes: object) -> bytes:
        raise AssertionError("the body was read")

    readinto = read1 = read  # type: ignore[assignment]


def test_what_a_stranger_sends_is_not_read_before_he_is_turned_away(met: tuple[Node, Node, Flask]) -> None:
    stranger = generate()
    request = Request("POST", "/couch/public/_bulk_docs", body_digest(b""), "0" * 16, 1)
    for authorization in ("", "Basic eDp5", sign_request(stranger, request)):
        assert _sent_unread(met[2], {"HTTP_AUTHORIZATION": authorization}) == 401


def test_nor_is_the_offer_of_an_exchange_of_somebody_whom_nobody_knows(met: tuple[Node, Node, Flask]) -> None:
    stranger = generate()
    request = Request("POST", "/exchange", body_digest(b""), "0" * 16, 1)
    for authorization in ("", "Basic eDp5", sign_request(stranger, request)):
        told = {"CONTENT_LENGTH": str(1 << 20), "HTTP_AUTHORIZATION": authorization, "CONTENT_TYPE": CONTENT_TYPE}
        answer = met[2].test_client().post("/exchange", input_stream=Unread(), environ_overrides=told)
        assert answer.status_code == 401


def test_nor_is_what_he_sends_who_knows_the_name_of_a_node_and_has_not_its_key(met: tuple[Node, Node, Flask]) -> None:
    _township, village, app = met
    stranger, digest = generate(), body_digest(b"")
    request = Request("POST", "/couch/public/_bulk_docs", digest, village.identity.life, 1)
    pretending = sign_request(stranger, request).replace(stranger.writer, village.identity.writer)
    assert _sent_unread(app, {"HTTP_AUTHORIZATION": pretending, "HTTP_CONTENT_DIGEST": tell_digest(digest)}) == 401
    assert _sent_unread(app, {"HTTP_AUTHORIZATION": pretending, "HTTP_CONTENT_DIGEST": "md5=:AAAA:"}) == 413
    assert _sent_unread(app, {"HTTP_AUTHORIZATION": pretending}) == 413
    heard = RequestSigner(village).headers("POST", request.target, b" " * (64 << 10))
    told = {"HTTP_AUTHORIZATION": heard["Authorization"], "HTTP_CONTENT_DIGEST": heard["Content-Digest"]}
    assert _sent(app, told, io.BytesIO(b" " * (64 << 10)), 64 << 10) == 400  # believed, and no JSON
    assert _sent_unread(app, told) == 401  # what was heard before


def test_the_server_hears_who_has_shown_who_he_is_before_the_body_is_read(
    met: tuple[Node, Node, Flask],
) -> None:
    _township, village, app = met
    heard = RequestSigner(village).headers("POST", "/couch/public/_bulk_docs", b" " * (64 << 10))
    told = {"HTTP_AUTHORIZATION": heard["Authorization"], "HTTP_CONTENT_DIGEST": heard["Content-Digest"]}
    known: list[str] = []

    class Seen(io.BytesIO):
        def read(self, *sizes: int | None) -> bytes:
            assert known
            return super().read(*sizes)

    environ = {**told, KNOWN: lambda: known.append("couch")}
    assert _sent(app, environ, Seen(b" " * (64 << 10)), 64 << 10) == 400
    offer = write_offer(Offer())
    authorization = RequestSigner(village).sign("POST", "/exchange", offer)
    body = b"".join(packed(write_conversation(Kind.OFFER, offer, [])))
    told = {"CONTENT_LENGTH": str(len(body)), "HTTP_AUTHORIZATION": authorization, "CONTENT_TYPE": CONTENT_TYPE}
    environ = {**told, KNOWN: lambda: known.append("exchange")}
    app.test_client().post("/exchange", input_stream=io.BytesIO(body), environ_overrides=environ)
    assert set(known) == {"couch", "exchange"}
    assert _sent_unread(app, {KNOWN: lambda: known.append("stranger")}) == 401
    assert "stranger" not in known


def test_frames_are_taken_with_nothing_packed_around_them(met: tuple[Node, Node, Flask]) -> None:
    _township, village, app = met
    offer = write_offer(Offer())
    body = gzip.compress(b"".join(packed(write_conversation(Kind.OFFER, offer, []))))
    told = {"Authorization": RequestSigner(village).sign("POST", "/exchange", offer), "Content-Encoding": "gzip"}
    answer = app.test_client().post("/exchange", data=body, headers=told, content_type=CONTENT_TYPE)
    assert answer.status_code == 415


def test_a_body_that_is_another_than_was_told_before_it_changes_nothing(met: tuple[Node, Node, Flask]) -> None:
    township, village, app = met
    told_body = b'{"docs":[]}' + b" " * (64 << 10)
    other = b'{"docs":[{"_id":"x"}],"new_edits":true}'.ljust(len(told_body))
    before = standing(township.databases)
    heard = RequestSigner(village).headers("POST", "/couch/public/_bulk_docs", told_body)
    told = {"HTTP_AUTHORIZATION": heard["Authorization"], "HTTP_CONTENT_DIGEST": heard["Content-Digest"]}
    assert _sent(app, told, io.BytesIO(other), len(other)) == 401
    assert standing(township.databases) == before


def test_a_local_document_that_is_too_large_is_refused_in_couchdbs_shape(met: tuple[Node, Node, Flask]) -> None:
    _township, village, app = met
    target, body = "/couch/public/_local/x", b'{"a":"%s"}' % (b"x" * (64 << 10))
    told = RequestSigner(village).headers("PUT", target, body)
    answer = app.test_client().put(target, data=body, headers=told)
    assert answer.status_code == 413
    assert set(answer.json or {}) == {"error", "reason"}
    small = RequestSigner(village).headers("PUT", target, b"{}")
    assert app.test_client().put(target, data=b"{}", headers=small).status_code == 201


def _sent_unread(app: Flask, told: dict[str, Any]) -> int:
    return _sent(app, told, Unread(), 31 << 20)


def _sent(app: Flask, told: dict[str, Any], body: io.BytesIO, size: int) -> int:
    environ = {"CONTENT_LENGTH": str(size), **told}
    answer = app.test_client().post("/couch/public/_bulk_docs", input_stream=body, environ_overrides=environ)
    return answer.status_code


def _node(home: Path, sid: str) -> Node:
    def told(tx: Transaction) -> None:
        describe(tx, name=f"{sid} 站", region="990281101201", upstream="http://127.0.0.1:1")
        take_sid(tx, sid)
        assign_device(tx, "01")

    return Node.found(home / sid, told, clock=lambda: next(_clock))
