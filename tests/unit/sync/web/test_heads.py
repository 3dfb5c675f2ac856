"""A head read in one look says what cheroot reads in it line by line; whatever is unusual is left to cheroot."""

import io
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync.web.connections import Request
from sync.web.heads import Head, has_body, ordinary_head, read_head, write_head

FIELDS = ("Host", "authorization", "Content-Length", "CONTENT-TYPE", "Connection", "If-None-Match", "X-Own", "x-own")

targets = st.from_regex(r"/[!-~]{0,30}", fullmatch=True)
values = st.from_regex(r"[ -~]{0,20}", fullmatch=True) | st.sampled_from(["5", "close", "keep-alive", "gzip, br"])
fields = st.lists(st.tuples(st.sampled_from(FIELDS), values), max_size=5)
methods = st.sampled_from(["GET", "PUT", "POST", "DELETE", "COPY", "HEAD", "OPTIONS"])


def head(line: str, *fields: str) -> bytes:
    return "\r\n".join([line, *fields, "", ""]).encode("latin-1")


def by_cheroot(sent: bytes) -> Head | None:
    """What cheroot makes of it; None when it refuses."""
    server = SimpleNamespace(
        ssl_adapter=None,
        max_request_header_size=0,
        max_request_body_size=0,
        protocol="HTTP/1.1",
    )
    reader = io.BufferedReader(io.BytesIO(sent))
    reader.peek = lambda: b""  # nothing lies ready, so that cheroot reads
    link = SimpleNamespace(rfile=reader, wfile=io.BytesIO())
    request = Request(server, link)
    request.parse_request()
    return request.head if request.ready else None


@given(method=methods, target=targets, fields=fields)
def test_whatever_is_read_in_one_look_cheroot_reads_alike(
    method: str, target: str, fields: list[tuple[str, str]]
) -> None:
    sent = head(f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields))
    read = read_head(sent)
    if read is not None:
        # Cheroot knows `close` only in lower case; clients that write it otherwise mean the same.
        assume(read.closing == (read.fields.get("HTTP_CONNECTION") == "close"))
        assert read == by_cheroot(sent)


@given(sent=st.binary(max_size=80), at=st.integers(0, 60), data=st.data())
def test_noise_in_a_head_is_read_alike_or_left_to_cheroot(sent: bytes, at: int, data: st.DataObject) -> None:
    whole = head("GET /db/a?rev=1-2 HTTP/1.1", "Host: station", "Content-Length: 7", "Accept: */*")
    noisy = whole[:at] + sent + whole[at + data.draw(st.integers(0, 5)) :]
    read = read_head(noisy[: noisy.find(b"\r\n\r\n") + 4])
    if read is not None:
        assert read == by_cheroot(noisy)


def test_an_ordinary_head_is_read_in_one_look_and_the_body_is_left_behind_it() -> None:
    sent = head("PUT /db/%E6%9D%91%2Fa?rev=1-2 HTTP/1.1", "Host: x", "content-type:  text/plain ", "Content-Length: 2")
    stream = io.BufferedReader(io.BytesIO(sent + b"{}GET"))
    read = ordinary_head(stream)
    assert read == Head(
        "PUT",
        "/db/%E6%9D%91%2Fa?rev=1-2",
        "/db/\xe6\x9d\x91%2Fa",
        "rev=1-2",
        {"HTTP_HOST": "x", "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "2"},
        length=2,
    )
    assert stream.read() == b"{}GET"


@pytest.mark.parametrize(
    "sent",
    [
        head("GET / HTTP/1.0"),
        head("get / HTTP/1.1"),
        head("GET  / HTTP/1.1"),
        head("GET http://station/ HTTP/1.1"),
        head("GET //station/ HTTP/1.1"),
        head("GET /a#b HTTP/1.1"),
        head("GET /\xe6 HTTP/1.1"),
        head("OPTIONS * HTTP/1.1"),
        head("GET / HTTP/1.1", "Host: a", " folded"),
        head("GET / HTTP/1.1", "Host : a"),
        head("GET / HTTP/1.1", "Host: a", "host: b"),
        head("GET / HTTP/1.1", "X: \xe6"),
        head("GET / HTTP/1.1", "X: a\tb"),
        head("GET / HTTP/1.1", "Content-Length: -1"),
        head("GET / HTTP/1.1", "Content-Length: 1_0"),
        head("GET / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"),
        head("GET / HTTP/1.1", "Content-Length:"),
        head("PUT / HTTP/1.1", "Transfer-Encoding: chunked"),
        head("PUT / HTTP/1.1", "Expect: 100-continue"),
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
    ],
)
def test_what_is_not_ordinary_is_left_unread(sent: bytes) -> None:
    stream = io.BufferedReader(io.BytesIO(sent))
    assert ordinary_head(stream) is None
    assert stream.read() == sent


@pytest.mark.parametrize(
    ("target", "spelled"),
    [
        ("//db/a", "/db/a"),
        ("///db//a", "/db//a"),
        ("//", "/"),
        ("/db/村?startkey=%22村%22", "/db/%E6%9D%91?startkey=%22%E6%9D%91%22"),
        ("http://station:5984/db/a?rev=1-a", "/db/a?rev=1-a"),
        ("HTTPS://station//db", "/db"),
        ("http://station", "/"),
        ("http://station?a=b", "/?a=b"),
    ],
)
def test_a_target_may_be_spelled_as_people_and_proxies_do(target: str, spelled: str) -> None:
    read = by_cheroot(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert read is not None
    assert read == by_cheroot(head(f"GET {spelled} HTTP/1.1", "Host: x"))
    assert read.target == spelled


@pytest.mark.parametrize("line", ["GET db HTTP/1.1", "GET * HTTP/1.1", "GET / a HTTP/1.1", "GET /a#b HTTP/1.1"])
def test_what_is_no_target_is_refused_however_it_is_spelled(line: str) -> None:
    assert by_cheroot(head(line, "Host: x")) is None


def test_an_answer_s_head_has_the_headers_in_their_order_and_the_date() -> None:
    written = write_head("200 OK", [("ETag", '"1-a"')], [("Server", "yizhan")]).decode()
    line, etag, server, date, *end = written.split("\r\n")
    assert (line, etag, server, end) == ("HTTP/1.1 200 OK", 'ETag: "1-a"', "Server: yizhan", ["", ""])
    assert date.startswith("Date: ")
    assert date.endswith(" GMT")


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\nb", "a\rb"])
def test_no_header_begins_another_line(value: str) -> None:
    with pytest.raises(ValueError, match="more than one line"):
        write_head("200 OK", [("X", value)], [])


@pytest.mark.parametrize(
    ("method", "status", "expected"),
    [("GET", 200, True), ("HEAD", 200, False), ("GET", 304, False), ("PUT", 204, False), ("GET", 100, False)],
)
def test_which_answers_have_a_body(method: str, status: int, *, expected: bool) -> None:
    assert has_body(method, status) is expected
