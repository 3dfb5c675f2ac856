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

from sync.node.signing import RequestSigner
from sync.store.ledger.set_aside import count_aside
from tests.journeys.road import Road, take

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "not UTF-8": b'{"heard": "\xff"}',
    "a lone surrogate": b'{"heard": "\\ud800", "statements": [], "databases": []}',
    "deep nesting": b'{"statements":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "no members": b"{}",
    "wrong types": b'{"statements": 7, "heard": [], "databases": {}}',
    "statements of no kind": b'{"statements": [{"kind": 1}], "heard": "", "databases": []}',
    "a signature that is none": json.dumps(
        {
            "statements": [{"kind": "seal", "payload": "{}", "signer": "x", "signature": "!!"}],
            "heard": "",
            "databases": [],
        }
    ).encode(),
    "names that are none": b'{"statements": [], "heard": "", "databases": [1, null]}',
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


@pytest.mark.parametrize("name", BODIES)
def test_an_exchange_that_makes_no_sense_is_refused(met: Road, name: str) -> None:
    before, body = standing(met), BODIES[name]
    told = {"Authorization": RequestSigner(met.village).sign("POST", "/exchange", body)}
    answer = requests.post(f"http://127.0.0.1:{met.link.port}/exchange", data=body, headers=told, timeout=10)
    assert_refused(answer, among=(400,))
    assert standing(met) == before


@pytest.mark.parametrize("name", ENROLMENTS)
def test_an_enrolment_that_makes_no_sense_is_refused(met: Road, name: str) -> None:
    before = standing(met)
    answer = requests.post(f"http://127.0.0.1:{met.link.port}/enrolment", data=ENROLMENTS[name], timeout=10)
    assert_refused(answer, among=(400,))
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
    base, body = f"http://127.0.0.1:{met.link.port}", b'{"statements": [], "heard": "", "databases": []}'
    signer = RequestSigner(met.village)
    for method, path, sent in (
        ("POST", "/exchange", body + b" "),
        ("POST", "/exchange?x=1", body),
        ("POST", "/couch/public/_bulk_docs", body),
        ("PUT", "/exchange", body),
    ):
        told = {"Authorization": signer.sign("POST", "/exchange", body)}
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
            client.sendall(framing + b"\r\n\r\n" + b"4000\r\n" + b'{"docs":[' + b" " * 2000)
            time.sleep(0.2)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        time.sleep(0.3)
    assert [record.getMessage() for record in caplog.records] == []
    assert standing(met) == before
