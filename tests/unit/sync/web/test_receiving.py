"""Bodies in chunks, and bodies nobody read: little memory, and the next request is not taken for a rest of this one."""

import http.client
import io
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import TooLarge
from sync.web.receiving import ChunkedBody, is_unread, read_away
from sync.web.serving import running

sizes = st.integers(1, 50)


def in_chunks(*contents: bytes) -> bytes:
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(each), each) for each in contents if each) + b"0\r\nTrailer: x\r\n\r\n"


@given(contents=st.lists(st.binary(max_size=40)), size=sizes)
def test_a_body_in_chunks_is_read_as_it_was_and_nothing_behind_it(contents: list[bytes], size: int) -> None:
    stream = io.BytesIO(in_chunks(*contents) + b"GET / HTTP/1.1\r\n")
    body = ChunkedBody(stream, 0)
    read = b""
    while piece := body.read(size):
        assert len(piece) <= size
        read += piece
    assert (read, body.ended, stream.read()) == (b"".join(contents), True, b"GET / HTTP/1.1\r\n")


@given(contents=st.lists(st.binary(min_size=1, max_size=40), min_size=1), data=st.data())
def test_a_body_that_breaks_off_is_never_taken_for_a_whole_one(contents: list[bytes], data: st.DataObject) -> None:
    sent = in_chunks(*contents)
    end = data.draw(st.integers(0, sent.rindex(b"0\r\n") - 1))
    with pytest.raises(ConnectionError):
        ChunkedBody(io.BytesIO(sent[:end]), 0).read()


@pytest.mark.parametrize(
    "sent",
    [
        b"x\r\n",
        b"-1\r\n",
        b"\r\n",
        b"1\r\nab\r\n",
        b"+1\r\na\r\n",
        b"0x1\r\na\r\n0\r\n\r\n",
        b"1\na\n0\n\n",
        b"1\r\na  \r\n0\r\n\r\n",
        b"1;" + b"e" * 1022 + b"a\r\n0\r\n\r\n",
        b"0\r\n" + b"Trailer: x\r\n" * 40 + b"\r\n",
    ],
)
def test_what_is_no_chunks_is_refused(sent: bytes) -> None:
    with pytest.raises(ConnectionError):
        ChunkedBody(io.BytesIO(sent), 0).read()


@pytest.mark.parametrize("sent", [b"x\r\n", b"-1\r\n", b"1\r\nab\r\n"])
def test_behind_what_is_no_chunks_no_end_is_found_and_no_other_request(sent: bytes) -> None:
    body = ChunkedBody(io.BytesIO(sent + b"0\r\n\r\n"), 0)
    for _ in range(3):
        with pytest.raises(ConnectionError):
            body.read()
    assert is_unread(body)
    assert read_away(body) is False


def test_a_chunk_of_any_size_is_handed_on_in_pieces_and_held_to_the_limit() -> None:
    asked = []

    class Stream(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.append(size)
            return super().read(size)

    chunk = bytes(5 << 20)
    body = ChunkedBody(Stream(in_chunks(chunk)), len(chunk))
    assert sum(len(piece) for piece in iter(lambda: body.read(1 << 20), b"")) == len(chunk)
    assert max(asked) <= 64 << 10
    with pytest.raises(TooLarge):
        ChunkedBody(io.BytesIO(in_chunks(chunk)), len(chunk) - 1).read(1)


def test_lines_of_a_body_in_chunks_are_lines() -> None:
    assert list(ChunkedBody(io.BytesIO(in_chunks(b"a\nb", b"c\nd")), 0)) == [b"a\n", b"bc\n", b"d"]


def careless(environ, start_response) -> list[bytes]:
    start_response("404 Not Found", [("Content-Length", "2")])
    return [b"no"]


@pytest.mark.parametrize("chunked", [True, False])
def test_a_client_hears_an_answer_given_before_its_body_was_read_and_may_go_on(chunked: bool) -> None:
    body = bytes(1 << 20)
    with running(careless) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(3):
            connection.request("PUT", "/", iter([body, body]) if chunked else body, encode_chunked=chunked)
            response = connection.getresponse()
            assert (response.status, response.read()) == (404, b"no")
        connection.close()


def test_whoever_sends_more_than_is_worth_reading_away_hears_the_answer_and_is_let_go() -> None:
    with running(careless, largest_body_bytes=0) as port, socket.create_connection(("127.0.0.1", port), 20) as link:
        link.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (1 << 40))
        for _ in range(40):
            link.sendall(bytes(1 << 20))
        answer = b""
        while not answer.endswith(b"no"):
            answer += link.recv(4096)
        assert answer.startswith(b"HTTP/1.1 404")
        assert b"Connection: close" in answer
        with pytest.raises(OSError):
            send_for_ever(link)


def send_for_ever(link: socket.socket) -> None:
    while True:
        link.sendall(bytes(1 << 20))
