"""Fields that could be read in two ways are refused: nobody's request begins within another's."""

import io
import socket

import pytest

from sync.web.fields import read_fields
from sync.web.serving import running


def fields(*lines: bytes) -> dict[bytes, bytes]:
    read: dict[bytes, bytes] = {}
    read_fields(io.BytesIO(b"".join(line + b"\r\n" for line in (*lines, b""))), read)
    return read


def test_fields_are_read_under_their_usual_names_and_repeated_ones_as_a_list() -> None:
    read = fields(b"host: x", b"ACCEPT:a", b"accept: \tb ", b"X.y: caf\xc3\xa9\tau lait", b"Empty:")
    assert read == {b"Host": b"x", b"Accept": b"a, b", b"X.Y": b"caf\xc3\xa9\tau lait", b"Empty": b""}


def test_cookies_that_came_apart_are_one_list_of_cookies() -> None:
    assert fields(b"Cookie: a=1", b"cookie: b=2") == {b"Cookie": b"a=1; b=2"}


def test_a_folded_line_goes_on_with_the_one_before() -> None:
    assert fields(b"X: folded", b"  twice", b"\tover") == {b"X": b"folded twice over"}


def test_a_name_that_would_be_another_for_the_application_is_passed_over() -> None:
    assert fields(b"Content_Length: 5", b"X_Forwarded_For: 10.0.0.1", b"X: y") == {b"X": b"y"}


@pytest.mark.parametrize(
    "lines",
    [
        (b"Content-Length: 3", b"Content-Length: 3"),
        (b"Content-Length: 3", b"content-length: 0"),
        (b"Content-Length: 3, 3",),
        (b"Content-Length: +3",),
        (b"Content-Length: 0_3",),
        (b"Content-Length: -3",),
        (b"Content-Length:",),
        (b"Content-Length: 9999999999999999",),
        (b"Content-Length:", b" 3"),
        (b"Content-Length: 3", b"Transfer-Encoding: chunked"),
        (b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
        (b"Transfer-Encoding: chunked, chunked",),
        (b"Transfer-Encoding: ",),
        (b"Transfer-Encoding: \x0bchunked",),
        (b"Transfer-Encoding : chunked",),
        (b"Host: a", b"Host: b"),
        (b" folded: first",),
        (b"X: a\rContent-Length: 5",),
        (b"X: a\0b",),
        (b": nameless",),
        (b"no colon",),
        (b"na me: x",),
    ],
)
def test_what_may_be_read_in_two_ways_is_refused(lines: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        fields(*lines)


@pytest.mark.parametrize("sent", [b"", b"X: y\r\n", b"X: y\n\r\n", b"X: y"])
def test_what_does_not_end_as_fields_do_is_refused(sent: bytes) -> None:
    with pytest.raises(ValueError, match=r"Illegal end|CRLF"):
        read_fields(io.BytesIO(sent), {})


def asked(environ, start_response):
    body = environ["wsgi.input"].read() if environ["wsgi.input_terminated"] else b""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode() + body]


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.0\r\nConnection: Keep-Alive\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_behind_a_request_whose_end_is_in_doubt_nothing_is_answered(head: bytes) -> None:
    with running(asked) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(head + b"0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n")
        answers = b""
        try:
            while piece := link.recv(1 << 16):
                answers += piece
        except ConnectionError:
            pass  # what was not read of it resets the connection
    assert b"smuggled" not in answers
    assert answers.count(b"HTTP/1.1 ") <= 1
    assert answers[:12] in (b"HTTP/1.1 400", b"")
