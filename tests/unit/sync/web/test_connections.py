"""Connections: requests one behind the other, threads that stay for a moment and starve nobody."""

import http.client
import socket
import threading
import time
from contextlib import ExitStack

from sync.web.connections import StayingPlaces
from sync.web.serving import running


def telling(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0)))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']} ".encode() + body + b";"]


def test_requests_sent_one_behind_the_other_are_answered_in_their_order() -> None:
    with running(telling) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(
            b"PUT /a HTTP/1.1\r\nContent-Length: 3\r\n\r\none"
            b"GET /b?c=d HTTP/1.1\r\nHost: x\r\n\r\n"
            b"GET /e HTTP/1.1\r\nX: folded\r\n line\r\n\r\n"  # read by cheroot
            b"PUT /f HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxx\r\n0\r\n\r\n"
            b"GET /g HTTP/1.1\r\nConnection: close\r\n\r\n"
        )
        answers = b"".join(iter(lambda: link.recv(1 << 16), b""))
    told = [each.partition(b";")[0].decode() for each in answers.split(b"\r\n\r\n")[1:]]
    assert told == ["PUT /a? one", "GET /b?c=d ", "GET /e? ", "PUT /f? ", "GET /g? "]


def test_a_head_that_comes_byte_by_byte_is_read_whole() -> None:
    with running(telling) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        for byte in b"PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab":
            link.sendall(bytes([byte]))
        assert b"".join(iter(lambda: link.recv(1 << 16), b"")).endswith(b"PUT /a? ab;")


def test_many_more_connections_than_threads_are_served_while_all_are_kept() -> None:
    with running(telling, threads=2) as port, ExitStack() as kept:
        links = [http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(12)]
        for link in links:
            kept.callback(link.close)
        for turn in range(3):
            for number, link in enumerate(links):
                link.request("GET", f"/{turn}/{number}")
                assert link.getresponse().read().decode() == f"GET /{turn}/{number}? ;"


def test_connections_on_which_nothing_is_asked_hold_no_thread() -> None:
    with running(telling, threads=2) as port, ExitStack() as kept:
        for _ in range(6):
            kept.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        kept.callback(link.close)
        link.request("GET", "/")
        assert link.getresponse().read() == b"GET /? ;"


def test_clients_that_never_pause_leave_threads_to_others() -> None:
    ended = threading.Event()

    def busy() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while not ended.is_set():
            link.request("GET", "/busy")
            link.getresponse().read()
        link.close()

    with running(telling, threads=4) as port:
        crowd = [threading.Thread(target=busy) for _ in range(3)]
        for each in crowd:
            each.start()
        for _ in range(5):
            other = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            other.request("GET", "/other")
            assert other.getresponse().status == 200
            other.close()
        ended.set()
        for each in crowd:
            each.join()


def test_a_server_that_stops_does_not_wait_for_connections_that_ask_nothing() -> None:
    with running(telling) as port:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        link.request("GET", "/")
        link.getresponse().read()
        began = time.monotonic()
    assert time.monotonic() - began < 4  # requests under way would be given five seconds
    link.close()


def test_there_are_so_many_places_to_stay_and_each_is_free_again() -> None:
    places = StayingPlaces(2)
    assert [places.take(each) for each in "abc"] == [True, True, False]
    places.leave("a")
    places.leave("a")
    assert [places.take(each) for each in "cd"] == [True, False]
