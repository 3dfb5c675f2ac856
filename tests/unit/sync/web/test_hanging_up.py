"""Whether somebody still listens is seen at the socket, and nothing is read for it."""

import socket
from collections.abc import Callable, Iterator

import pytest

from sync.web import hanging_up
from sync.web.hanging_up import hung_up


@pytest.fixture(params=["_closed_by_poll", "_closed_by_peeking"])
def gone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[socket.socket], bool]:
    """Each way to ask; systems have one or both."""
    if request.param == "_closed_by_poll" and hanging_up._closed is not hanging_up._closed_by_poll:
        pytest.skip("this system cannot be asked by poll")
    monkeypatch.setattr(hanging_up, "_closed", getattr(hanging_up, request.param))
    return hung_up


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a TCP connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        server, _ = listener.accept()
        with server:
            yield server, client


def test_who_listens_has_not_hung_up_and_what_was_sent_stays_unread(gone, pair):
    server, client = pair
    assert not gone(server)
    client.sendall(b"more")
    assert not gone(server)
    assert server.recv(10) == b"more"


def test_who_closed_has_hung_up(gone, pair):
    server, client = pair
    client.close()
    assert gone(server)


def test_who_says_no_more_has_hung_up(gone, pair):
    server, client = pair
    client.shutdown(socket.SHUT_WR)
    assert gone(server)


def test_one_s_own_closed_socket_has_nobody_at_the_other_end(gone, pair):
    server, _ = pair
    server.close()
    assert gone(server)


def test_an_end_behind_unread_bytes_is_seen_by_poll(pair):
    if hanging_up._closed is not hanging_up._closed_by_poll:
        pytest.skip("this system cannot be asked by poll")
    server, client = pair
    client.sendall(b"as TLS sends its farewell")
    client.close()
    assert hung_up(server)
