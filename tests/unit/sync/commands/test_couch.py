"""`yizhan couch serve` as a process of its own, over real sockets."""

import http.client
import json
import signal
import socket
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge_node.services.found_station import found_station
from fixtures.couch_process import CouchProcess, NotStarted
from sync.commands.couch import own_address
from sync.http_api.feeds import PLACES

ADMIN = {"Authorization": "Basic " + b64encode("陈:a:b密".encode()).decode()}
Answer = tuple[int, dict[str, str], bytes]


class Server(CouchProcess):
    """A server that can be asked."""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            data = body if isinstance(body, bytes | type(None)) else json.dumps(body).encode()
            connection.request(method, path, data, {"Content-Type": "application/json", **ADMIN, **headers})
            response = connection.getresponse()
            return response.status, dict(response.headers), response.read()
        finally:
            connection.close()


Start = Callable[..., Server]


@pytest.fixture
def start() -> Iterator[Start]:
    begun: list[Server] = []

    def server(directory: Path, *options: str, **environment: str) -> Server:
        begun.append(Server(directory, *options, **environment))
        return begun[-1]

    yield server
    for each in begun:
        each.end()


def test_what_was_answered_is_there_after_a_restart_and_the_server_is_the_same(tmp_path: Path, start: Start) -> None:
    first = start(tmp_path, "--admin", "陈:a:b密")
    assert first.greeting == f"yizhan couch: serving {tmp_path} on http://127.0.0.1:{first.port}/\n"
    uuid = json.loads(first.ask("GET", "/")[2])["uuid"]
    assert first.ask("PUT", "/db")[0] == 201
    assert first.ask("PUT", "/db/a%2Fb%252Fc", {"n": 1})[0] == 201
    assert first.stop() == (0, "")
    second = start(tmp_path, YIZHAN_ADMIN="陈:a:b密")
    assert json.loads(second.ask("GET", "/")[2])["uuid"] == uuid
    status, _, body = second.ask("GET", "/db/a%2Fb%252Fc")
    assert (status, json.loads(body)["_id"]) == (200, "a/b%2Fc")
    assert second.ask("GET", "/db", Authorization="Basic eDp5")[0] == 401
    assert second.stop(signal.SIGINT) == (0, "")


def test_accounts_sign_in_and_out_and_pages_of_a_named_origin_are_told_so(tmp_path: Path, start: Start) -> None:
    server = start(tmp_path, "--admin", "陈:a:b密", YIZHAN_CORS="http://app.example, http://b.example")
    assert json.loads(server.ask("GET", "/_all_dbs")[2]) == ["_replicator", "_users"]
    user = {"name": "李", "password": "密", "roles": ["clerk"], "type": "user"}
    assert server.ask("PUT", "/_users/org.couchdb.user:%E6%9D%8E", user)[0] == 201
    form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "", "Origin": "http://b.example"}
    status, headers, body = server.ask("POST", "/_session", "name=李&password=密".encode(), **form)
    assert (status, json.loads(body)) == (200, {"ok": True, "name": "李", "roles": ["clerk"]})
    assert headers["Access-Control-Allow-Origin"] == "http://b.example"
    cookie = headers["Set-Cookie"].partition(";")[0]
    told = json.loads(server.ask("GET", "/_session", Authorization="", Cookie=cookie)[2])
    assert told["userCtx"] == {"name": "李", "roles": ["clerk"]}
    assert server.ask("GET", "/_all_dbs", Authorization="", Cookie=cookie)[0] == 401
    assert server.stop() == (0, "")


def test_it_stops_at_once_though_feeds_are_waiting(tmp_path: Path, start: Start) -> None:
    server = start(tmp_path)
    server.ask("PUT", "/db")
    ended: list[Answer] = []
    path = "/db/_changes?feed=longpoll&since=now&heartbeat=60000"
    waiting = [threading.Thread(target=lambda: ended.append(server.ask("GET", path))) for _ in range(20)]
    for thread in waiting:
        thread.start()
    time.sleep(0.5)
    assert server.ask("GET", "/_up")[0] == 200  # a waiting feed takes no one's turn
    begun = time.monotonic()
    assert server.stop() == (0, "")
    assert time.monotonic() - begun < 5
    for thread in waiting:
        thread.join()
    assert [(status, json.loads(body)["results"]) for status, _, body in ended] == [(200, [])] * 20


def test_who_names_no_host_is_told_where_a_document_is_by_the_address_that_was_reached(
    tmp_path: Path, start: Start
) -> None:
    server = start(tmp_path)
    server.ask("PUT", "/db")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as link:
        link.sendall(b"PUT /db/x HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}")
        told = b"".join(iter(lambda: link.recv(65536), b""))
    assert f"\r\nLocation: http://127.0.0.1:{server.port}/db/x\r\n".encode() in told


@pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127.0.0.0/8 this machine")
def test_one_machine_may_have_every_feed_and_leaves_threads_to_the_others_all_the_same(
    tmp_path: Path, start: Start
) -> None:
    server = start(tmp_path, "--admin", "陈:a:b密")
    server.ask("PUT", "/db")

    def begin(head: str) -> socket.socket:
        link = socket.create_connection(("127.0.0.1", server.port), timeout=10, source_address=("127.0.0.2", 0))
        link.sendall(f"{head} HTTP/1.1\r\nHost: h\r\nAuthorization: {ADMIN['Authorization']}\r\n".encode())
        return link

    links = [begin("GET /db/_changes?feed=continuous&since=now&heartbeat=60000") for _ in range(PLACES)]
    for feed in links:
        feed.sendall(b"\r\n")
    assert {feed.recv(12) for feed in links} == {b"HTTP/1.1 200"}
    for _ in range(300):
        links.append(begin("POST /_session"))  # a request whose end never comes; nobody needs an account for it
        links[-1].sendall(b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    time.sleep(0.5)
    other = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10, source_address=("127.0.0.3", 0))
    other.request("GET", "/db", headers=ADMIN)
    assert other.getresponse().status == 200
    other.close()
    assert server.ask("PUT", "/db/x", {})[0] == 201  # and the feeds are told of it
    for feed in links[:PLACES]:
        told = b""
        while b'"id":"x"' not in told:
            told += feed.recv(65536)
    for link in links:
        link.close()


def test_heartbeats_arrive_while_one_waits(tmp_path: Path, start: Start) -> None:
    server = start(tmp_path)
    server.ask("PUT", "/db")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request(
        "GET", "/db/_changes?feed=continuous&since=now&heartbeat=100", headers={"Accept-Encoding": "gzip"}
    )
    response = connection.getresponse()
    assert "Content-Encoding" not in response.headers
    assert response.read(3) == b"\n\n\n"
    server.ask("PUT", "/db/x", {})
    line = b""
    while not line.strip():
        line = response.readline()
    assert json.loads(line)["id"] == "x"
    connection.close()


def test_bodies_in_chunks_and_beyond_the_limit(tmp_path: Path, start: Start) -> None:
    server = start(tmp_path)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("PUT", "/db")
    assert connection.getresponse().read() == b'{"ok":true}\n'
    chunks = iter([b'{"text":"', b"x" * 100_000, b'"}'])
    connection.request("PUT", "/db/x", chunks, {"Content-Type": "application/json"}, encode_chunked=True)
    assert connection.getresponse().read().startswith(b'{"ok":true,"id":"x"')
    connection.request("GET", "/db/x")  # on the same connection: nothing of the body was left behind
    assert len(json.loads(connection.getresponse().read())["text"]) == 100_000
    connection.close()
    assert server.ask("PUT", "/db/y", None, **{"Content-Length": str(1 << 40)})[0] == 413


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "0.0.0.0"], "没有管理员而监听 0.0.0.0，任何人都能写入"),
        (["--admin", "nobody"], "NAME:PASSWORD"),
        (["--admin", ":x"], "NAME:PASSWORD"),
        (["--cors", "*"], "任何网页都能写入"),
        (["--cors", "http://app.example/page"], "is no origin"),
    ],
)
def test_a_start_that_would_be_unsafe_is_refused(tmp_path: Path, start: Start, options: list[str], told: str) -> None:
    with pytest.raises(NotStarted) as refused:
        start(tmp_path, *options)
    assert refused.value.status in (1, 2)
    assert told in refused.value.said
    assert "Traceback" not in refused.value.said


def test_the_directory_of_a_node_is_not_served_past_its_laws(tmp_path: Path, start: Start) -> None:
    place = {"name": "石桥村站", "region": "990281101201", "upstream": "http://127.0.0.1:1"}
    found_station(tmp_path / "village", **place).close()
    with pytest.raises(NotStarted, match="是站点或中心的数据目录") as refused:
        start(tmp_path / "village", "--admin", "陈:a:b密")
    assert refused.value.status == 1
    assert not (tmp_path / "village" / "uuid").exists()


def test_a_directory_has_one_owner_and_a_port_one_server(tmp_path: Path, start: Start) -> None:
    first = start(tmp_path / "one")
    for directory, options in ((tmp_path / "one", []), (tmp_path / "two", ["--port", str(first.port)])):
        with pytest.raises(NotStarted) as refused:
            start(directory, *options)
        assert refused.value.status == 1
        assert refused.value.said.startswith("yizhan: ")
        assert len(refused.value.said.splitlines()) <= 2


def test_a_server_on_every_address_names_one_that_reaches_it() -> None:
    told = [own_address(host, 5984) for host in ("127.0.0.1", "0.0.0.0", "::", "::1", "box.example")]
    here = "http://127.0.0.1:5984"
    assert told == [here, here, "http://[::1]:5984", "http://[::1]:5984", "http://box.example:5984"]
