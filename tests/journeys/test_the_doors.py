"""Whatever is thrown at a node's doors: a clear error in CouchDB's shape, nothing stored, no traceback."""

import json
import logging
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from sync.node.meeting.signing import RequestSigner
from sync.store.ledger.set_aside import count_aside
from sync.values.conversation import Share
from sync.values.statements import Offer
from sync.wire.conversation import Kind
from sync.wire.exchange import write_offer
from sync.wire.frames import write_frame
from sync.wire.stream import CONTENT_TYPE, packed
from tests.journeys.road import Road, take

STATUS = {"deep nesting": 413}  # the others are 400
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "not UTF-8": b'{"heard": "\xff"}',
    "a lone surrogate": b'{"heard": "\\ud800", "statements": [], "shares": {}}',
    "deep nesting": b'{"statements":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "no members": b"{}",
    "wrong types": b'{"statements": 7, "heard": [], "shares": {}}',
    "statements of no kind": b'{"statements": [{"kind": 1}], "heard": "", "shares": {}}',
    "a signature that is none": json.dumps(
        {
            "statements": [{"kind": "seal", "payload": "{}", "signer": "x", "signature": "!!"}],
            "heard": "",
            "shares": {},
        }
    ).encode(),
    "names that are none": b'{"statements": [], "heard": "", "shares": [1, null]}',
}
ENROLMENTS: dict[str, bytes] = {
    **{name: body for name, body in BODIES.items() if name not in ("a lone surrogate",)},
    "another version": b'{"version": 2}',
    "a key that is none": b'{"version": 1, "sid": "abcde", "device": "01", "life": "0123456789abcdef", "key": "x"}',
    "a station that is none": b'{"version": 1, "sid": "../..", "device": "01"}',
}


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """A road whose nodes know each other, with one case on it; refusals leave it as it is, so one serves all."""
    with ExitStack() as stack:
        road = Road(tmp_path_factory.mktemp("road"), stack)
        take(road.village, "one")
        road.run()
        yield road


def standing(road: Road) -> list[Any]:
    """What a refused request must leave as it was."""
    return [
        [
            (name, node.documents.database(name).info().update_seq, node.read(count_aside))
            for name in node.databases.names()
        ]
        for node in (road.village, road.township, road.centre)
    ]


def assert_refused(answer: requests.Response, *, among: tuple[int, ...]) -> None:
    assert answer.status_code in among, answer.text
    told = answer.json()
    assert set(told) >= {"error", "reason"}
    assert "Traceback" not in answer.text
    assert 'File "' not in answer.text


def knock(road: Road, signed: bytes, body: bytes, *, kind: str = CONTENT_TYPE) -> requests.Response:
    """An exchange with this body, properly signed by the village."""
    told = {"Authorization": RequestSigner(road.village).sign("POST", "/exchange", signed), "Content-Type": kind}
    return requests.post(f"http://127.0.0.1:{road.link.port}/exchange", data=body, headers=told, timeout=10)


def in_frames(*frames: tuple[int, bytes]) -> bytes:
    return b"".join(packed([(write_frame(kind, payload), True) for kind, payload in frames]))


@pytest.mark.parametrize("name", BODIES)
def test_an_exchange_that_makes_no_sense_is_refused(met: Road, name: str) -> None:
    before, body = standing(met), BODIES[name]
    assert_refused(knock(met, body, body), among=(400,))
    assert_refused(knock(met, body, body, kind="application/json"), among=(415,))
    assert_refused(knock(met, body, in_frames((Kind.OFFER, body), (Kind.END, b""))), among=(STATUS.get(name, 400),))
    assert standing(met) == before


OFFER = write_offer(Offer(heard="", shares=(Share("station_k3m7q"),)))


@pytest.mark.parametrize("kind", [f"{CONTENT_TYPE}; d=7ca98736.0a1b2c", f"{CONTENT_TYPE}; d=.0a1b2c", "x.y", "...."])
def test_words_that_nobody_remembers_are_asked_for_otherwise(met: Road, kind: str) -> None:
    before = standing(met)
    assert_refused(knock(met, OFFER, in_frames((Kind.OFFER, OFFER), (Kind.END, b"")), kind=kind), among=(415,))
    assert standing(met) == before


@pytest.mark.parametrize(
    "told",
    [
        [(Kind.ANSWER, OFFER)],
        [(Kind.OFFER, OFFER), (Kind.MARK, b"7")],
        [(Kind.OFFER, OFFER), (Kind.DOCUMENT, b"of no database")],
        [(Kind.OFFER, OFFER), (99, b"of a version to come")],
    ],
)
def test_what_is_told_and_makes_no_sense_is_refused(met: Road, told: list[tuple[int, bytes]]) -> None:
    before = standing(met)
    assert_refused(knock(met, OFFER, in_frames(*told, (Kind.END, b""))), among=(400,))
    assert standing(met) == before


def test_what_is_told_of_a_database_that_is_not_shared_is_passed_over(met: Road) -> None:
    before = standing(met)
    document = b'{"_id":"case:v2bbb-1","_rev":"1-%032x","type":"case"}' % 1
    told = [(Kind.OFFER, OFFER), (Kind.IN, b"station_v2bbb"), (Kind.DOCUMENT, document), (Kind.MARK, b"9")]
    assert knock(met, OFFER, in_frames(*told, (Kind.END, b""))).status_code == 200
    assert standing(met) == before


@pytest.mark.parametrize("name", ENROLMENTS)
def test_an_enrolment_that_makes_no_sense_is_refused(met: Road, name: str) -> None:
    before = standing(met)
    answer = requests.post(f"http://127.0.0.1:{met.link.port}/enrolment", data=ENROLMENTS[name], timeout=10)
    assert_refused(answer, among=(STATUS.get(name, 400),))
    assert standing(met) == before


def test_a_body_beyond_all_measure_is_refused_unread(met: Road) -> None:
    before = standing(met)
    for path in ("/exchange", "/enrolment", "/couch/public/_bulk_docs"):
        told = {"Content-Length": str(1 << 40), "Authorization": "Yizhan x"}
        session = requests.Session()
        request = session.prepare_request(requests.Request("POST", f"http://127.0.0.1:{met.link.port}{path}"))
        request.headers.update(told)
        try:
            answer = session.send(request, timeout=10)
        except requests.ConnectionError:
            continue  # the server closed the door before the body, which is as good
        assert answer.status_code == 413
    assert standing(met) == before


def test_a_signature_holds_for_its_own_method_path_and_body_alone(met: Road) -> None:
    base, body = f"http://127.0.0.1:{met.link.port}", OFFER
    signer = RequestSigner(met.village)
    for method, path, sent in (
        ("POST", "/exchange", body + b" "),
        ("POST", "/exchange?x=1", body),
        ("POST", "/couch/public/_bulk_docs", body),
        ("PUT", "/exchange", body),
    ):
        told = {"Authorization": signer.sign("POST", "/exchange", body)}
        if path.startswith("/exchange"):
            sent, told = in_frames((Kind.OFFER, sent), (Kind.END, b"")), {**told, "Content-Type": CONTENT_TYPE}
        answer = requests.request(method, base + path, data=sent, headers=told, timeout=10)
        assert answer.status_code in (401, 405), (method, path, answer.text)


def test_a_revoked_node_is_turned_away(met: Road) -> None:
    writer = met.village.identity.writer
    met.township.write(lambda tx: tx.execute("UPDATE certificates SET revoked = 1 WHERE writer = ?", (writer,)))
    told = {"Authorization": RequestSigner(met.village).sign("GET", "/couch/_all_dbs", b"")}
    answer = requests.get(f"http://127.0.0.1:{met.link.port}/couch/_all_dbs", headers=told, timeout=10)
    assert_refused(answer, among=(401,))


@pytest.mark.parametrize("path", ["/exchange", "/enrolment", "/couch/public/_bulk_docs"])
@pytest.mark.parametrize("framing", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"])
def test_a_body_that_breaks_off_stores_nothing_and_leaves_the_log_quiet(
    met: Road, path: str, framing: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    before = standing(met)
    with caplog.at_level(logging.WARNING):
        with socket.create_connection(("127.0.0.1", met.township_port)) as client:
            client.sendall(b"POST " + path.encode() + b" HTTP/1.1\r\nHost: x\r\nAuthorization: Yizhan x\r\n")
            client.sendall(b"Content-Type: " + CONTENT_TYPE.encode() + b"\r\n")
            client.sendall(framing + b"\r\n\r\n" + b"4000\r\n" + b'{"docs":[' + b" " * 2000)
            time.sleep(0.2)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        time.sleep(0.3)
    assert [record.getMessage() for record in caplog.records] == []
    assert standing(met) == before
