"""How connections begin: TLS and plain on one port, and nobody made to wait for a client that dawdles."""

import http.client
import logging
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sync.web.opening import OPENING_SECONDS, Opening, Step, anywhere, is_here
from sync.web.serving import running
from sync.web.tls import browser_context
from tests.unit.sync.web.certificates import make_certificate

THREADS = 2


def telling(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0)))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.url_scheme"].encode() + b" " + body]


@pytest.fixture
def shown(tmp_path: Path) -> ssl.SSLContext:
    return browser_context(*make_certificate(tmp_path))


@pytest.fixture
def trusting(shown: ssl.SSLContext, tmp_path: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(tmp_path / "chain.pem"))


@pytest.fixture
def port(shown: ssl.SSLContext) -> Iterator[int]:
    with running(telling, threads=THREADS, tls=lambda: shown) as port:
        yield port


def plain(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=10)


def secure(port: int, context: ssl.SSLContext) -> http.client.HTTPSConnection:
    return http.client.HTTPSConnection("localhost", port, timeout=10, context=context)


def said(link: http.client.HTTPConnection, body: bytes = b"") -> bytes:
    link.request("PUT", "/", body)
    return link.getresponse().read()


def hello(context: ssl.SSLContext) -> bytes:
    """What a client sends first."""
    arriving, leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(arriving, leaving, server_hostname="localhost").do_handshake()
    return leaving.read()


def test_one_port_serves_whoever_speaks_tls_and_this_machine_in_the_clear(port, trusting) -> None:
    with ExitStack() as closed:
        for link, scheme in ((secure(port, trusting), b"https"), (plain(port), b"http")):
            closed.callback(link.close)
            assert [said(link, b"%d" % turn) for turn in range(3)] == [scheme + b" %d" % turn for turn in range(3)]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_browser_that_knows_no_newer_version_is_served(port, trusting, version) -> None:
    trusting.maximum_version = version
    link = secure(port, trusting)
    assert said(link) == b"https "
    assert link.sock.version().replace(".", "_") == version.name
    link.close()


def test_a_server_that_shows_a_certificate_may_be_reached_by_other_machines(shown) -> None:
    with running(telling, "0.0.0.0", threads=THREADS, tls=lambda: shown) as port:
        link = plain(port)
        assert said(link) == b"http ", "from this machine"
        link.close()


def test_large_bodies_pass_both_ways(port, trusting) -> None:
    link, body = secure(port, trusting), bytes(range(256)) * 20_000
    assert said(link, body) == b"https " + body
    link.close()


def test_clients_that_stop_within_the_handshake_hold_up_nobody(port, trusting) -> None:
    begun = hello(trusting)
    with ExitStack() as kept:
        for sent in (begun[:-1], begun[:1], b"", begun) * THREADS:
            link = kept.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            link.sendall(sent)
        for link in (plain(port), secure(port, trusting)):
            kept.callback(link.close)
            assert said(link).startswith(b"http")


def test_a_handshake_that_comes_byte_by_byte_succeeds(port, trusting) -> None:
    arriving, leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(arriving, leaving, server_hostname="localhost")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def send() -> None:
            for byte in leaving.read():
                link.sendall(bytes([byte]))

        while True:
            try:
                client.do_handshake()
                break
            except ssl.SSLWantReadError:
                send()
                arriving.write(link.recv(1 << 16))
        client.write(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        send()
        while data := link.recv(1 << 16):
            arriving.write(data)
        assert client.read(1 << 16).endswith(b"https ")


def test_a_request_sent_right_behind_the_handshake_is_answered(port, trusting) -> None:
    """Its bytes arrive with the last of the handshake, so the system will not tell of them again."""
    for _ in range(20):
        link = secure(port, trusting)
        link.connect()
        assert said(link) == b"https "
        link.close()


def test_what_is_no_tls_and_no_http_is_refused(port) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(b"\x16\x03\x01\x00\x05hello and goodbye")
        while link.recv(1 << 16):
            pass  # the alert, and then the end


def test_clients_that_go_away_at_any_moment_leave_the_log_quiet(port, trusting, caplog) -> None:
    begun = hello(trusting)
    with caplog.at_level(logging.WARNING):
        for sent in (b"", begun[:1], begun[:100], begun):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
                link.sendall(sent)
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link = secure(port, trusting)
        link.putrequest("PUT", "/")
        link.putheader("Content-Length", "100000")
        link.endheaders(b"half of it")
        socket.socket.setsockopt(link.sock, socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link.close()
        after = secure(port, trusting)
        assert said(after) == b"https "
        after.close()
    assert [record.getMessage() for record in caplog.records] == []


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A client and the server's end of its connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=10)
        server, _ = listener.accept()
    with client, server:
        yield client, server


def settled(opening: Opening) -> Step:
    """The step behind all that the client has sent."""
    link, step = opening.link, Step.WAITING
    link.settimeout(10)
    link.recv(1, socket.MSG_PEEK)
    while step is Step.WAITING:
        step = opening.proceed()
    return step


def test_another_machine_is_told_in_the_clear_to_come_by_https(pair, shown) -> None:
    client, server = pair
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert settled(Opening(server, lambda: shown, plain=lambda link: False)) is Step.ENDED
    server.close()
    answer = b"".join(iter(lambda: client.recv(1 << 16), b"")).decode()
    assert answer.startswith("HTTP/1.1 400 ")
    assert "https://" in answer


def test_another_machine_may_speak_in_the_clear_where_that_is_allowed(pair, shown) -> None:
    client, server = pair
    client.sendall(b"GET /")
    assert settled(Opening(server, lambda: shown, plain=anywhere)) is Step.OPEN
    assert server.recv(5) == b"GET /"


def test_this_machine_is_here_by_whichever_of_its_addresses(pair) -> None:
    assert is_here(pair[1])


def test_a_handshake_is_not_waited_for_for_ever(pair, shown, trusting) -> None:
    now = [0.0]
    opening = Opening(pair[1], lambda: shown, plain=is_here, now_seconds=lambda: now[0])
    assert opening.proceed() is Step.WAITING
    now[0] = OPENING_SECONDS + 1
    pair[0].sendall(hello(trusting))
    assert opening.proceed() is Step.ENDED


def test_many_clients_shake_hands_at_once(port, trusting) -> None:
    answers: list[bytes] = []

    def ask() -> None:
        link = secure(port, trusting)
        answers.append(said(link))
        link.close()

    clients = [threading.Thread(target=ask) for _ in range(24)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert answers == [b"https "] * 24
