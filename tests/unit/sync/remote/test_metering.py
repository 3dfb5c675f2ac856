"""What the system keeps of what is not on its way yet: little, or whoever watches sees all of it gone at once."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from sync.remote.metering import hold_little
from sync.remote.transport import Transport

_NOT_SENT_LOW = 25  # Linux's number for TCP_NOTSENT_LOWAT


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such option")
def test_the_connection_of_a_transport_holds_little(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []

    def note(link: socket.socket) -> None:
        hold_little(link)
        held.append(link.getsockopt(socket.IPPROTO_TCP, _NOT_SENT_LOW))

    monkeypatch.setattr("sync.remote.metering.hold_little", note)

    def answer() -> None:
        link, _ = listener.accept()
        with link:
            link.recv(65536)
            link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")

    thread = threading.Thread(target=answer)
    thread.start()
    with closing(Transport(f"http://127.0.0.1:{listener.getsockname()[1]}")) as transport:
        transport.ask("GET", ())
    thread.join()
    assert held == [16 * 1024]


def test_a_socket_that_has_no_such_option_is_left_as_it_was() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        hold_little(link)
