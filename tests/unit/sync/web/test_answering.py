"""Answers as they stand on the wire: whole ones, ones made while they are sent, and ones that go wrong."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sync.web.serving import running

App = Callable[..., Any]


@contextmanager
def asked(app: App, **settings: Any) -> Iterator[Callable[..., bytes]]:
    """Gives a function that sends a request of its own connection and reads all that comes until the server closes."""
    with running(app, **settings) as port:

        def ask(*lines: str, then: bytes = b"") -> bytes:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
                link.sendall("\r\n".join([*lines, "", ""]).encode() + then)
                return b"".join(iter(lambda: link.recv(1 << 16), b""))

        yield ask


def answering(*pieces: bytes, status: str = "200 OK", **headers: str) -> App:
    """An application whose answer is made piece by piece."""

    def app(environ, start_response):
        start_response(status, [(name.replace("_", "-"), value) for name, value in headers.items()])
        return iter(pieces)

    return app


LAST = ("GET / HTTP/1.1", "Host: x", "Connection: close")


def test_an_answer_that_is_there_whole_leaves_in_one_piece_with_its_length() -> None:
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"a", b"b"]

    with running(app) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = link.recv(1 << 16)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n")
    assert answer.endswith(b"\r\n\r\nab")
    assert b"Connection:" not in answer


def test_an_answer_of_no_told_length_leaves_in_chunks() -> None:
    with asked(answering(b"one", b"", b"three")) as ask:
        head, _, body = ask(*LAST).partition(b"\r\n\r\n")
    assert b"\r\nTransfer-Encoding: chunked\r\n" in head + b"\r\n"
    assert b"\r\nConnection: close" in head
    assert body == b"3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"


def test_a_client_of_old_gets_it_plain_and_the_end_tells_how_long_it_was() -> None:
    with asked(answering(b"one", b"two")) as ask:
        head, _, body = ask("GET / HTTP/1.0", "Connection: Keep-Alive").partition(b"\r\n\r\n")
    assert (b"chunked" in head, body) == (False, b"onetwo")


def test_a_client_of_old_may_go_on_when_the_length_is_told() -> None:
    with asked(answering(b"two", Content_Length="3")) as ask:
        answers = ask("GET / HTTP/1.0", "Connection: Keep-Alive", then=b"GET / HTTP/1.0\r\n\r\n")
    assert answers.count(b"two") == 2
    assert answers.count(b"Keep-Alive: timeout=") == 1


def test_a_length_told_holds_for_pieces() -> None:
    with asked(answering(b"one", b"two", Content_Length="6")) as ask:
        assert ask(*LAST).endswith(b"\r\n\r\nonetwo")


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", "200 OK"), ("GET", "304 Not Modified"), ("PUT", "204 No Content")]
)
def test_an_answer_without_body_ends_with_its_head(method: str, status: str) -> None:
    with asked(answering(status=status)) as ask:
        second = "\r\n".join([*LAST, "", ""]).encode()
        first, _, rest = ask(f"{method} / HTTP/1.1", "Host: x", then=second).partition(b"\r\n\r\n")
    assert not any(word in first for word in (b"chunked", b"Content-Length", b"close"))
    assert rest.startswith(b"HTTP/1.1 " + status.encode())


def test_an_answer_shorter_than_told_ends_the_connection_so_that_nobody_waits() -> None:
    with asked(answering(b"one", Content_Length="6")) as ask:
        assert ask("GET / HTTP/1.1", "Host: x").endswith(b"\r\n\r\none")


def test_an_answer_longer_than_told_never_runs_into_the_next() -> None:
    with asked(answering(b"one", b"more than was told", Content_Length="6")) as ask:
        assert ask("GET / HTTP/1.1", "Host: x").endswith(b"\r\n\r\none")


def test_a_whole_answer_that_is_not_as_long_as_told_is_a_fault() -> None:
    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "3")])
        return [b"four"]

    with asked(app) as ask:
        assert ask(*LAST).startswith(b"HTTP/1.1 500 ")


def test_a_fault_in_mid_answer_ends_it_where_it_is_and_its_end_is_missing() -> None:
    def app(environ, start_response):
        start_response("200 OK", [])
        yield b"begun"
        raise OSError("the disk is gone")

    with asked(app) as ask:
        assert ask("GET / HTTP/1.1", "Host: x").endswith(b"5\r\nbegun\r\n")


def test_a_fault_before_anything_was_sent_is_told() -> None:
    def app(environ, start_response):
        start_response("200 OK", [])
        raise LookupError
        yield b""

    with asked(app) as ask:
        assert ask(*LAST).startswith(b"HTTP/1.1 500 ")


def test_an_answer_is_closed_when_it_is_sent_and_when_it_fails() -> None:
    closed = []

    class Pieces(list):
        def close(self) -> None:
            closed.append(len(self))

    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "1")])
        return Pieces([b"a"] if "whole" in environ["PATH_INFO"] else [b"too long"])

    with asked(app) as ask:
        ask("GET /whole HTTP/1.1", "Connection: close")
        ask("GET / HTTP/1.1", "Connection: close")
    assert closed == [1, 1]


def test_what_was_written_by_hand_comes_before_what_is_returned() -> None:
    def app(environ, start_response):
        start_response("200 OK", [])(b"by hand")
        return [b"returned"]

    with asked(app) as ask:
        assert ask(*LAST).endswith(b"7\r\nby hand\r\n8\r\nreturned\r\n0\r\n\r\n")
