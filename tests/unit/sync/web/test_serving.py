"""A real server on real sockets: its port, its limits, its end."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from flask import request

from sync.errors import Forbidden, StorageError
from sync.web.connections import ASIDE
from sync.web.new_app import new_app
from sync.web.problems import register_problems
from sync.web.serving import LARGEST_BODY_BYTES, LARGEST_HEADER_BYTES, running

ROOT = Path(__file__).resolve().parents[4]


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


def get(port: int, path: str = "/", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_port_zero_takes_a_free_one_and_tells_it():
    with running(hello) as port:
        assert port > 0
        assert get(port) == (200, b"ok")
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def test_a_server_started_again_takes_the_port_it_was_given_although_clients_were_cut_off():
    with running(hello) as port:
        left = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        left.request("GET", "/")
        assert left.getresponse().read() == b"ok"
    with running(hello, port=port) as again:
        assert again == port
        assert get(port) == (200, b"ok")
    left.close()


def test_one_connection_serves_many_requests():
    with running(hello) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.connect()
        local = connection.sock.getsockname()
        for _ in range(5):
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"ok"
            assert connection.sock.getsockname() == local
        connection.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "station.local"])
def test_plain_http_beyond_loopback_is_refused_with_the_way_out(host):
    with pytest.raises(Forbidden, match="unprotected") as caught, running(hello, host):
        pass
    assert "certificate" in caught.value.remedy


def test_plain_http_beyond_loopback_may_be_allowed_in_so_many_words():
    with running(hello, "0.0.0.0", allow_plain=True) as port:
        assert get(port)[0] == 200


def test_a_taken_port_is_told_as_such():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StorageError, match=f"{port} 已被") as refused, running(hello, port=port):
            pass
    assert "--port" in refused.value.remedy


def test_an_address_of_another_machine_is_told_as_such():
    with (
        pytest.raises(StorageError, match=r"192\.0\.2\.1") as refused,
        running(hello, "192.0.2.1", allow_plain=True),
    ):
        pass
    assert "本机" in refused.value.remedy


def test_headers_beyond_the_limit_are_refused():
    with running(hello) as port:
        assert get(port, **{"X-Long": "x" * LARGEST_HEADER_BYTES})[0] == 413


def test_a_body_beyond_the_limit_is_refused_before_it_is_sent():
    with running(hello) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", str(LARGEST_BODY_BYTES + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: -5\r\n", b"400"),
        (b"Content-Length: 5x\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\n", b"413"),
    ],
)
def test_a_body_of_no_length_that_there_is_is_the_senders_mistake(head: bytes, status: bytes) -> None:
    app = new_app(__name__)
    app.add_url_rule("/api/v1/size", view_func=lambda: str(len(request.get_data())), methods=["POST"])
    register_problems(app)
    with running(app) as port, socket.create_connection(("127.0.0.1", port), 10) as link:
        link.sendall(
            b"POST /api/v1/size HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + head + b"\r\nFFFFFFFFFFFF\r\nabc"
        )
        assert link.recv(12) == b"HTTP/1.1 " + status


def test_a_request_under_way_is_finished_before_the_end():
    began = threading.Event()

    def slow(environ, start_response):
        began.set()
        time.sleep(0.3)
        return hello(environ, start_response)

    answers = []
    with running(slow) as port:
        client = threading.Thread(target=lambda: answers.append(get(port)))
        client.start()
        assert began.wait(10)
    client.join()
    assert answers == [(200, b"ok")]


def test_a_fault_below_the_application_is_logged_without_its_message(caplog, capfd):
    number = "110101199003070011"

    def broken(environ, start_response):
        raise ValueError(number)

    with running(broken) as port:
        assert get(port)[0] == 500
    assert "ValueError" in caplog.text
    output = caplog.text + "".join(capfd.readouterr())
    assert number not in output


PROGRAM = """
from sync.web.serving import serve

def hello(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

serve(hello, "127.0.0.1", 0, threads=2, ready=lambda port: print(port, flush=True))
print("bye", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_cleanly(number):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as child:
        port = int(child.stdout.readline())
        assert get(port) == (200, b"ok")
        child.send_signal(number)
        output, faults = child.communicate(timeout=30)
    assert (child.returncode, output, faults) == (0, "bye\n", "")


def half_asked(port: int, address: str) -> socket.socket:
    """A connection from another machine, as far as the server can tell, with a form that is never sent whole."""
    link = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(address, 0))
    link.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
    return link


def get_from(port: int, address: str) -> int:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5, source_address=(address, 0))
    try:
        asking.request("GET", "/")
        return asking.getresponse().status
    finally:
        asking.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127.0.0.0/8 this machine")
def test_no_machine_keeps_the_others_waiting_however_many_requests_it_begins_and_never_ends():
    with running(hello, threads=8) as port:
        links = [half_asked(port, address) for address in ("127.0.0.2", "127.0.0.3") for _ in range(20)]
        time.sleep(0.3)
        assert [get_from(port, address) for address in ("127.0.0.4", "127.0.0.1")] == [200, 200]
        for link in links:
            link.close()
        assert [get_from(port, address) for address in ("127.0.0.2", "127.0.0.3")] == [200, 200]


@pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127.0.0.0/8 this machine")
def test_a_hundred_machines_with_a_request_each_that_never_ends_leave_a_thread_to_the_desk():
    with running(hello, threads=6) as port:
        links = [half_asked(port, f"127.0.1.{number}") for number in range(1, 101)]
        time.sleep(0.3)
        assert get_from(port, "127.0.0.1") == 200
        for link in links:
            link.close()
        assert get_from(port, "127.0.2.1") == 200


@pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127.0.0.0/8 this machine")
def test_requests_that_wait_are_nobodys_share_while_they_do():
    may_end = threading.Event()

    def waits(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"begun"
        environ[ASIDE](True)
        assert may_end.wait(20)
        environ[ASIDE](False)

    def app(environ, start_response):
        return (waits if environ["PATH_INFO"] == "/wait" else hello)(environ, start_response)

    with running(app, threads=12, waiting=6) as port:
        waiting = [socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.2", 0)) for _ in range(6)]
        for link in waiting:
            link.sendall(b"GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
        for link in waiting:
            told = b""
            while b"begun" not in told:
                told += link.recv(1000)
        links = [half_asked(port, address) for address in ("127.0.0.2", "127.0.0.3") for _ in range(20)]
        time.sleep(0.3)
        assert [get_from(port, address) for address in ("127.0.0.4", "127.0.0.1")] == [200, 200]
        may_end.set()
        for link in (*links, *waiting):
            link.close()
        assert [get_from(port, address) for address in ("127.0.0.2", "127.0.0.3")] == [200, 200]


@pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127.0.0.0/8 this machine")
def test_what_is_beyond_a_machines_share_is_answered_when_its_other_requests_are():
    with running(hello, threads=4) as port:
        links = [half_asked(port, "127.0.0.2") for _ in range(6)]
        for link in links:
            link.sendall(b" " * 99)
        assert [link.recv(15) for link in links] == [b"HTTP/1.1 200 OK"] * 6
        for link in links:
            link.close()
