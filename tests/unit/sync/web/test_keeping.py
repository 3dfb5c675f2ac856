"""There is an end to how many connections are open, and no machine's silence closes another one's."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from sync.web.keeping import MOST_OPEN, longest_silent
from sync.web.serving import running

ROOT = Path(__file__).resolve().parents[4]
SILENT = b""
WITHIN_A_HEAD = b"GET / HTTP/1.1\r\n"

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127.0.0.0/8 this machine")


def silent(*told: tuple[str, float]) -> list[SimpleNamespace]:
    return [SimpleNamespace(remote_addr=machine, last_used=since) for machine, since in told]


def names(chosen: Sequence[SimpleNamespace]) -> list[tuple[str, float]]:
    return [(each.remote_addr, each.last_used) for each in chosen]


def test_the_machine_with_most_gives_up_first_those_that_were_silent_longest() -> None:
    crowd = silent(("a", 1), ("b", 5), ("b", 3), ("b", 4), ("c", 2), ("b", 2))
    assert names(longest_silent(crowd, 3)) == [("b", 2), ("b", 3), ("b", 4)]


def test_where_each_has_one_the_longest_silent_goes() -> None:
    crowd = silent(*((f"10.0.0.{number}", 100 - number) for number in range(50)))
    assert names(longest_silent(crowd, 2)) == [("10.0.0.49", 51), ("10.0.0.48", 52)]


def test_this_machine_gives_up_last() -> None:
    crowd = silent(("127.0.0.1", 1), ("127.0.0.1", 2), ("127.0.0.1", 3), ("10.0.0.1", 9))
    assert names(longest_silent(crowd, 2)) == [("10.0.0.1", 9), ("127.0.0.1", 1)]


def test_no_more_are_chosen_than_there_are() -> None:
    assert longest_silent([], 4) == []
    assert len(longest_silent(silent(("a", 1), ("b", 2)), 4)) == 2


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


def connected(port: int, machine: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(machine, 0))


def opened(port: int, machine: str, number: int, sent: bytes) -> list[socket.socket]:
    links = []
    for _ in range(number):
        link = connected(port, machine)
        link.sendall(sent)
        links.append(link)
    return links


def is_open(link: socket.socket) -> bool:
    link.setblocking(False)
    try:
        return link.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


def within_a_moment(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


@only_linux
@pytest.mark.parametrize("sent", [SILENT, WITHIN_A_HEAD])
def test_a_phone_that_opens_hundreds_closes_its_own_and_nobody_elses(sent: bytes) -> None:
    with running(hello, threads=8, connections=40) as port, ExitStack() as kept:
        other = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=("127.0.0.4", 0))
        kept.callback(other.close)
        other.request("GET", "/")
        assert other.getresponse().read() == b"ok"
        ours = other.sock
        links = opened(port, "127.0.0.9", 200, sent)
        for link in links:
            kept.callback(link.close)
        other.request("GET", "/")
        assert other.getresponse().read() == b"ok"
        assert other.sock is ours, "its connection was kept"
        with connected(port, "127.0.0.1") as desk:
            desk.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert desk.recv(15) == b"HTTP/1.1 200 OK"
        assert within_a_moment(lambda: sum(map(is_open, links)) <= 40)


@only_linux
def test_a_connection_kept_by_whoever_asks_on_is_kept_while_another_one_is_silent_on_hundreds() -> None:
    with running(hello, threads=8) as port, ExitStack() as kept:
        for link in opened(port, "127.0.0.9", 300, SILENT):
            kept.callback(link.close)
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        kept.callback(asking.close)
        asking.request("GET", "/")
        answer = asking.getresponse()
        assert answer.read() == b"ok"
        assert not answer.will_close


WITHOUT_FILES = """
import resource, socket, sys
from sync.web.serving import running
from tests.unit.sync.web.test_keeping import hello

with running(hello, threads=4, connections=1000) as port:
    links = [socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.9", 0)) for _ in range(20)]
    in_use = max(link.fileno() for link in links)
    resource.setrlimit(resource.RLIMIT_NOFILE, (in_use + 40, in_use + 40))
    sys.stdout.write(f"{port}\\n")
    sys.stdout.flush()
    sys.stdin.read()
"""


@only_linux
def test_where_no_file_is_left_the_silent_ones_make_room_for_who_comes() -> None:
    command = [sys.executable, "-c", WITHOUT_FILES]
    with (
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
        ExitStack() as kept,
    ):
        kept.callback(process.communicate)
        port = int(process.stdout.readline())
        for link in opened(port, "127.0.0.9", 60, SILENT):
            kept.callback(link.close)
        with connected(port, "127.0.0.1") as desk:
            desk.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert desk.recv(15) == b"HTTP/1.1 200 OK"


@only_linux
@pytest.mark.parametrize(
    ("soft", "hard", "expected"), [(1024, 1024, 512), (1024, 8192, MOST_OPEN), (256, 2048, MOST_OPEN), (200, 300, 150)]
)
def test_a_process_opens_no_more_than_its_files_allow_having_asked_for_what_it_may_have(
    soft: int, hard: int, expected: int
) -> None:
    asking = (
        f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard})); "
        "from sync.web.keeping import most_open; print(most_open())"
    )
    done = subprocess.run([sys.executable, "-c", asking], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) == expected
