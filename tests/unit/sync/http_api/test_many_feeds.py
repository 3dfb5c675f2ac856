"""128 feeds that wait: they hold no connection and no transaction, slow nobody, and are let go when they should be.

The server is a real one in this process, its store a real one in a directory, the feeds bare sockets.
"""

import http.client
import json
import os
import re
import selectors
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import apsw
import pytest

from sync.http_api.api import create_app
from sync.http_api.feeds import PLACES, FeedGate
from sync.store.connection import FILE_NAME
from sync.store.databases import EmbeddedDatabases
from sync.store.engine import Engine
from sync.store.transaction import Reader, Transaction
from sync.store.upkeep import Upkeep
from sync.store.wakes import Wakes
from sync.web.serving import running
from tests.waiting import until

T = TypeVar("T")
BUSY_THREADS = 16
PATIENCE_SECONDS = 20.0
LONGPOLL = "feed=longpoll&since=now&heartbeat=60000"
CONTINUOUS = "feed=continuous&since=now&heartbeat=60000"


class Counting:
    """The engine, with its reads counted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.reads = 0

    @property
    def wakes(self) -> Wakes:
        return self._engine.wakes

    @property
    def upkeep(self) -> Upkeep:
        return self._engine.upkeep

    def read(self, work: Callable[[Reader], T]) -> T:
        self.reads += 1
        return self._engine.read(work)

    def write(self, work: Callable[[Transaction], T]) -> T:
        return self._engine.write(work)

    def post(self, work: Callable[[Transaction], object]) -> None:
        self._engine.post(work)


class Feed:
    """A request that waits, on a socket of its own."""

    def __init__(self, port: int, query: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self.socket.sendall(f"GET /db/_changes?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        self.told = b""

    def read_until(self, pattern: bytes) -> None:
        while not re.search(pattern, self.told, re.DOTALL):
            self.read()

    def read(self) -> None:
        part = self.socket.recv(65536)
        assert part, f"the server closed the connection after {self.told!r}"
        self.told += part


class Crowd:
    """A server, and as many waiting feeds as it has places."""

    def __init__(self, port: int, counting: Counting, directory: Path, gate: FeedGate) -> None:
        self.port = port
        self.counting = counting
        self.log = directory / f"{FILE_NAME}-wal"
        self.store = directory / FILE_NAME
        self.gate = gate
        self.feeds: list[Feed] = []
        self._kept = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.ask("PUT", "/db")

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, http.client.HTTPMessage, Any]:
        """One request on a kept connection."""
        data = None if body is None else json.dumps(body)
        self._kept.request(method, path, data, {"Content-Type": "application/json"})
        answer = self._kept.getresponse()
        return answer.status, answer.headers, json.loads(answer.read())

    def gather(self) -> None:
        """Fill every place; returns when all wait."""
        self.feeds = [Feed(self.port, CONTINUOUS if number % 2 else LONGPOLL) for number in range(PLACES)]
        for feed in self.feeds:
            feed.read_until(rb"\r\n\r\n.*\n")  # a feed is served, and has nothing to say
            assert b" 200 " in feed.told

    def hang_up(self) -> None:
        for feed in self.feeds:
            feed.socket.close()
        self.feeds = []

    def close(self) -> None:
        self.hang_up()
        self._kept.close()


@contextmanager
def crowded(directory: Path) -> Iterator[Crowd]:
    gate = FeedGate()
    with Engine.open(directory) as engine:
        counting = Counting(engine)
        app = create_app(EmbeddedDatabases(counting), uuid="u", feeds=gate)
        with running(app, threads=BUSY_THREADS + PLACES) as port:
            crowd = Crowd(port, counting, directory, gate)
            try:
                yield crowd
            finally:
                gate.close()
                crowd.close()


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Crowd]:
    with crowded(tmp_path) as gathered:
        yield gathered


def test_the_feed_that_finds_no_place_is_told_when_to_come_back_and_others_are_served(crowd: Crowd) -> None:
    crowd.gather()
    for query in (LONGPOLL, CONTINUOUS):
        status, headers, told = crowd.ask("GET", f"/db/_changes?{query}")
        assert (status, told["error"]) == (503, "service_unavailable")
        assert told["reason"]
        assert int(headers["Retry-After"]) > 0
    assert crowd.ask("GET", "/db/_changes")[0] == 200
    assert crowd.ask("PUT", "/db/a", {})[0] == 201


def test_while_feeds_wait_nothing_is_read_and_the_log_can_be_emptied(crowd: Crowd) -> None:
    crowd.gather()
    crowd.counting.reads = 0
    time.sleep(1.3)  # each looks once meanwhile whether it may go on waiting
    assert crowd.counting.reads == 0
    assert crowd.ask("PUT", "/other")[0] == 201
    assert crowd.log.stat().st_size > 0
    connection = apsw.Connection(str(crowd.store))
    connection.execute("SELECT * FROM store").fetchall()  # a connection that never read does not know of the log
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)  # raises when a transaction is open anywhere
    connection.close()
    assert crowd.log.stat().st_size == 0


def test_one_write_wakes_all_within_a_second(crowd: Crowd) -> None:
    crowd.gather()
    eager = [_seconds_to_wake(crowd, 0)]
    for _ in range(2):  # a busy machine gets another chance
        if min(eager) < 1:
            break
        crowd.hang_up()
        until(lambda: _places_are_free(crowd))
        crowd.gather()
        eager.append(_seconds_to_wake(crowd, len(eager)))
    assert min(eager) < 1, eager


def _seconds_to_wake(crowd: Crowd, number: int) -> float:
    """From a write's answer until the last of the feeds has told of it."""
    doc_id = f"news-{number}".encode()
    assert crowd.ask("PUT", f"/db/news-{number}", {})[0] == 201
    begun = time.monotonic()
    with selectors.DefaultSelector() as selector:
        for feed in crowd.feeds:
            selector.register(feed.socket, selectors.EVENT_READ, feed)
        while selector.get_map():
            ready = selector.select(PATIENCE_SECONDS)
            assert ready, "some feed never heard of it"
            for key, _ in ready:
                key.data.read()
                if doc_id in key.data.told:
                    selector.unregister(key.fileobj)
    return time.monotonic() - begun


def test_requests_take_no_longer_while_feeds_wait(crowd: Crowd) -> None:
    ratios = []
    for attempt in range(3):
        alone = _median_ms(crowd, f"alone-{attempt}")
        crowd.gather()
        beside = _median_ms(crowd, f"beside-{attempt}")
        crowd.hang_up()
        until(lambda: _places_are_free(crowd))
        ratios.append(beside / alone)
        print(f"alone {alone:.2f} ms, beside {PLACES} waiting feeds {beside:.2f} ms")
        if ratios[-1] < 2:
            return
    raise AssertionError(f"times slower: {ratios}")


def _median_ms(crowd: Crowd, name: str) -> float:
    """Of a write to another database than the feeds' and a read of it."""
    crowd.ask("PUT", "/other")
    times = []
    for number in range(60):
        begun = time.perf_counter()
        crowd.ask("PUT", f"/other/{name}-{number}", {"n": number})
        crowd.ask("GET", f"/other/{name}-{number}")
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def test_places_of_feeds_that_hung_up_are_free_again_soon_though_nothing_changed(crowd: Crowd) -> None:
    crowd.gather()
    crowd.hang_up()
    until(lambda: _places_are_free(crowd), seconds=5)


def test_the_server_ends_within_seconds_though_all_places_are_taken(tmp_path: Path) -> None:
    others = set(threading.enumerate())  # of servers that other tests keep
    with crowded(tmp_path) as crowd:
        crowd.gather()
        threading.Timer(0.1, crowd.gate.close).start()
        begun = time.monotonic()
        for feed in crowd.feeds[::2]:
            feed.read_until(rb'"last_seq"')  # each longpoll is ended as it should be
    assert time.monotonic() - begun < 10
    assert not [each for each in set(threading.enumerate()) - others if each.name.startswith("http-")]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not say what is open")
def test_feeds_that_come_and_go_leave_nothing_open(crowd: Crowd) -> None:
    crowd.gather()
    crowd.hang_up()
    until(lambda: _places_are_free(crowd))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        crowd.gather()
        crowd.hang_up()
        until(lambda: _places_are_free(crowd))
    until(
        lambda: len(os.listdir("/proc/self/fd")) <= before + 5
    )  # a place is free a moment before its socket is closed


def _places_are_free(crowd: Crowd) -> bool:
    """Whether every place can be taken; each is given back at once."""
    taken = 0
    try:
        for _ in range(PLACES):
            crowd.gate.enter()
            taken += 1
    except Exception:
        return False
    else:
        return True
    finally:
        for _ in range(taken):
            crowd.gate.leave()
