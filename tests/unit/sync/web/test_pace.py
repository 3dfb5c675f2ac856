"""Nobody is too slow while there are threads; where others wait for one, slow strangers are hung up on."""

import http.client
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from sync.web.pace import KNOWN, Pace, slowest
from sync.web.serving import running
from tests.unit.sync.web.certificates import make_certificate

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127.0.0.0/8 this machine")

PATIENCE_SECONDS = 0.5
FORM = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n{"


def answering(environ, start_response):
    """Reads what it is sent; at /known it knows who asks, at /unread it does not care."""
    if environ["PATH_INFO"] == "/known":
        environ[KNOWN]()
    size = 0
    if environ["PATH_INFO"] != "/unread":
        while piece := environ["wsgi.input"].read(1000):
            size += len(piece)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(size).encode()]


def get_from(port: int, address: str, seconds: float = 20) -> int:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds, source_address=(address, 0))
    try:
        asking.request("GET", "/")
        return asking.getresponse().status
    finally:
        asking.close()


def asked(port: int, address: str, begun: bytes = FORM) -> socket.socket:
    link = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(address, 0))
    link.sendall(begun)
    return link


@contextmanager
def trickling(links: list[socket.socket], piece: bytes = b" ", *, seconds: float = 0.1) -> Iterator[None]:
    """Within, each link is sent a piece now and then, as long as somebody is there to take it."""
    ended = threading.Event()

    def trickle() -> None:
        going = set(links)
        while going and not ended.wait(seconds):
            for link in list(going):
                try:
                    link.sendall(piece)
                except OSError:
                    going.discard(link)

    thread = threading.Thread(target=trickle)
    thread.start()
    with ExitStack() as closing:
        for link in links:
            closing.callback(link.close)
        closing.callback(thread.join)
        closing.callback(ended.set)
        yield


@pytest.mark.parametrize("begun", [FORM, b"GET / HTTP/1.1\r\nX: ", FORM.replace(b"/ ", b"/unread ")])
def test_forty_machines_that_send_a_byte_now_and_then_keep_no_other_from_being_answered(begun: bytes) -> None:
    with running(answering, threads=8, patience=PATIENCE_SECONDS) as port:
        links = [asked(port, f"127.0.1.{number}", begun) for number in range(1, 41)]
        with trickling(links):
            assert get_from(port, "127.0.2.1") == 200


def test_nor_do_those_that_do_so_within_tls(tmp_path: Path) -> None:
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(*make_certificate(tmp_path))
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    with running(answering, threads=4, tls=lambda: server, patience=PATIENCE_SECONDS) as port:
        links: list[socket.socket] = []
        for number in range(1, 11):
            link = client.wrap_socket(asked(port, f"127.0.1.{number}", b""))
            link.sendall(FORM)
            links.append(link)
        with trickling(links):
            asking = http.client.HTTPSConnection(
                "127.0.0.1", port, timeout=20, source_address=("127.0.2.1", 0), context=client
            )
            asking.request("GET", "/")
            assert asking.getresponse().status == 200
            asking.close()


def test_one_address_that_many_share_is_not_kept_from_being_answered_by_one_of_them() -> None:
    with (
        running(answering, threads=8, patience=PATIENCE_SECONDS) as port,
        trickling([asked(port, "127.0.1.1") for _ in range(8)]),
    ):
        assert get_from(port, "127.0.1.1") == 200


def test_whoever_has_shown_who_he_is_may_be_as_slow_as_his_link() -> None:
    with running(answering, threads=4, patience=PATIENCE_SECONDS) as port:
        known = asked(port, "127.0.1.1", b"POST /known HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n1")
        time.sleep(0.2)
        with trickling([asked(port, f"127.0.1.{number}") for number in range(2, 12)]):
            assert [get_from(port, f"127.0.2.{number}") for number in (1, 2, 3)] == [200] * 3
        known.sendall(b"234")
        assert known.recv(100).startswith(b"HTTP/1.1 200 OK")
        known.close()


def test_nobody_is_hung_up_on_while_nobody_waits() -> None:
    with running(answering, threads=8, patience=PATIENCE_SECONDS) as port:
        link = asked(port, "127.0.1.1", b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n1")
        time.sleep(4 * PATIENCE_SECONDS)
        link.sendall(b"234")
        assert link.recv(100).startswith(b"HTTP/1.1 200 OK")
        link.close()


def test_whoever_comes_from_where_somebody_was_hung_up_on_waits_behind_the_others() -> None:
    with running(answering, threads=2, patience=PATIENCE_SECONDS) as port, ExitStack() as kept:
        links = [asked(port, "127.0.1.1")]
        kept.callback(links[0].close)
        assert get_from(port, "127.0.2.1") == 200, "it was hung up on"
        for address in ("127.0.1.2", "127.0.1.1", "127.0.1.3"):  # one is answered, two wait
            links.append(asked(port, address))
            kept.callback(links[-1].close)
            time.sleep(0.1)
        links[1].sendall(b" " * 1_000_000)
        assert links[1].recv(100).startswith(b"HTTP/1.1 200 OK")
        links[3].sendall(b" " * 1_000_000)
        assert links[3].recv(100).startswith(b"HTTP/1.1 200 OK"), "and the one before it waits still"


class Link:
    def __init__(self, moved: int, *, awaited: bool = True, known: bool = False) -> None:
        self.pace = Pace()
        self.pace.moved, self.pace.awaits_other = moved, awaited
        if known:
            self.pace.know()


def test_the_slowest_is_hung_up_on_and_nobody_for_whom_something_is_done_here() -> None:
    quick, slow, slower = Link(5000), Link(200), Link(10)
    others = [Link(0, awaited=False), Link(0, known=True)]
    now = time.monotonic() + 20
    assert slowest([quick, slow, slower, *others], 2, now=now, patience=15) == [slower, slow]
    assert slowest([quick, slow, slower, *others], 9, now=now, patience=15) == [slower, slow, quick]
    assert slowest([quick, slow, slower, *others], 9, now=now, patience=30) == []
