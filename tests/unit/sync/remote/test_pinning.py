"""Pinning: the certificate is looked at before a byte is said, and the next connection costs less."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from fixtures.link_weak import WeakLink
from sync.errors import LinkDown, WrongPeer
from sync.node.meeting.badge import make_badge
from sync.node.meeting.showing import badge_context
from sync.remote.pinning import Pinning
from sync.remote.transport import Transport
from sync.trust.keys import generate, load
from sync.web.serving import running

PAIR = load(bytes(32))


class Server:
    """Counts what it is asked; shows the badge of `PAIR` unless told another."""

    def __init__(self) -> None:
        self.asked = 0
        self.context = badge_context(PAIR, None)

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.asked += 1
        start_response("200 OK", [("Content-Type", "application/json"), ("Connection", environ["PATH_INFO"][1:])])
        return [b"{}"]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def link(server: Server) -> Iterator[WeakLink]:
    with running(server, threads=2, tls=lambda: server.context) as port, WeakLink(f"127.0.0.1:{port}") as link:
        yield link


class Looking:
    """Recognises one certificate, and notes how often it looked."""

    def __init__(self) -> None:
        self.looked = 0
        self.expected = x509.load_pem_x509_certificate(make_badge(PAIR, None)).public_bytes(Encoding.DER)

    def __call__(self, shown: bytes) -> None:
        self.looked += 1
        if shown != self.expected:
            raise WrongPeer("somebody else")


@pytest.fixture
def looking() -> Looking:
    return Looking()


@pytest.fixture
def transport(link: WeakLink, looking: Looking) -> Iterator[Transport]:
    transport = Transport(f"https://127.0.0.1:{link.port}", timeout_seconds=10, tls=Pinning(looking))
    yield transport
    transport.close()


def ask(transport: Transport, connection: str = "keep-alive") -> int:
    return transport.ask("GET", (connection,)).status


def test_whoever_is_expected_is_asked_and_looked_at_once_a_connection(transport, server, looking) -> None:
    assert [ask(transport) for _ in range(3)] == [200] * 3
    assert (looking.looked, server.asked) == (1, 3)


def test_whoever_is_not_expected_hears_nothing(transport, server, looking, link) -> None:
    server.context = badge_context(generate(), None)
    for _ in range(2):
        with pytest.raises(WrongPeer):
            ask(transport)
    assert (looking.looked, server.asked) == (2, 0)
    server.context = badge_context(PAIR, None)
    assert ask(transport) == 200


@pytest.mark.parametrize("ended", ["closed by us", "closed by the server", "cut"])
def test_a_connection_that_was_open_before_is_opened_again_with_less(transport, server, looking, link, ended) -> None:
    assert ask(transport, "close" if ended == "closed by the server" else "keep-alive") == 200
    before = link.bytes_up + link.bytes_down
    if ended == "closed by us":
        transport.close()
    elif ended == "cut":
        link.cut()
        with contextlib.suppress(LinkDown):  # the next request finds out, if the connection did not before
            ask(transport)
    assert ask(transport) == 200
    assert server.context.session_stats()["hits"] == 1
    assert link.bytes_up + link.bytes_down - before < 2000
    assert looking.looked == 2


def test_a_server_that_forgot_us_is_met_as_if_for_the_first_time(transport, server, looking) -> None:
    ask(transport, "close")
    server.context = badge_context(PAIR, None)
    assert ask(transport) == 200
    assert (looking.looked, server.context.session_stats()["hits"]) == (2, 0)


def test_whoever_is_not_expected_any_more_is_told_nothing_on_a_resumed_connection(transport, server, looking) -> None:
    ask(transport, "close")
    looking.expected = b"another"
    with pytest.raises(WrongPeer):
        ask(transport)
    assert (server.asked, server.context.session_stats()["hits"]) == (1, 1)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2])
def test_an_older_version_is_not_spoken(link, server, version) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode, context.maximum_version = False, ssl.CERT_NONE, version
    with socket.create_connection(("127.0.0.1", link.port), timeout=10) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain)


def test_a_server_that_speaks_no_tls_is_told_as_such(server) -> None:
    with running(server, threads=2) as port:
        transport = Transport(f"https://127.0.0.1:{port}", timeout_seconds=10, tls=Pinning(lambda shown: None))
        with pytest.raises(LinkDown, match="TLS"):
            ask(transport)
        transport.close()
    assert server.asked == 0
