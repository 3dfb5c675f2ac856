"""The stream of events over a real server with few threads: what it sends, whom it lets go, and what it holds."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests
from flask import Flask

from sync.store.engine import Engine
from sync.web.accounts import Accounts
from sync.web.frame import Frame, register_frame
from sync.web.live import Live, Sign, register_live
from sync.web.passwords import Passwords
from sync.web.problems import register_problems
from sync.web.roles import Role
from sync.web.serving import running
from sync.web.sessions import IDLE_SECONDS, Sessions
from sync.web.signing_in import register_signing_in
from sync.web.streams import Streams
from sync.web.tls import browser_context
from tests.unit.sync.web.certificates import make_certificate

PASSWORD = "Shiqiao-2025"
THREADS = 4
LEAST = 0.2


class World:
    """What the stream tells of, and a clock for the sessions."""

    def __init__(self) -> None:
        self.cases = 1
        self.now_ms = 1_760_000_000_000
        self.changed = threading.Event()

    def live(self) -> Live:
        return Live((Sign("here", "device", f"已存本机 {self.cases} 件"),), texts={"cases": str(self.cases)})

    def wait(self, seconds: float) -> None:
        self.changed.wait(seconds)
        self.changed.clear()

    def change(self) -> None:
        self.cases += 1
        self.changed.set()


class Listener:
    """Reads a stream from a bare socket, or from one that TLS was spoken on."""

    def __init__(self, port: int, cookie: str, link: socket.socket | None = None) -> None:
        self.link = link or socket.create_connection(("127.0.0.1", port), timeout=10)
        head = f"GET /events HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n"
        self.link.sendall(head.encode())
        self.head = self.until(b"\r\n\r\n")

    def until(self, end: bytes) -> bytes:
        got = b""
        while not got.endswith(end):
            piece = self.link.recv(1)
            if not piece:
                return got
            got += piece
        return got

    def event(self) -> dict:
        """The next event, comments and the retry passed over."""
        while True:
            block = self.until(b"\n\n")
            if block.startswith(b"data: "):
                return json.loads(block[6:])
            assert block, "the stream has ended"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def streams(world: World) -> Iterator[Streams]:
    streams = Streams(lambda: world.live().event(), world.wait, places=12, least_seconds=LEAST, heartbeat_seconds=0.5)
    yield streams
    streams.close()


@pytest.fixture
def sessions(tmp_path, world: World) -> Iterator[Sessions]:
    with Engine.open(tmp_path) as engine:
        accounts = Accounts(engine, Passwords(memory_kib=64, passes=1), now_ms=lambda: world.now_ms)
        accounts.create("agent", display_name="李春梅", role=Role.AGENT, password=PASSWORD)
        accounts.create("auditor", display_name="审计", role=Role.ADMIN, password=PASSWORD)
        yield Sessions(engine, accounts, now_ms=lambda: world.now_ms)


@pytest.fixture
def app(sessions: Sessions, world: World, streams: Streams) -> Flask:
    app = Flask(__name__)
    register_problems(app)
    register_frame(app, Frame("石桥村便民服务站"))
    register_signing_in(app, sessions)
    register_live(app, world.live, streams, roles=(Role.AGENT,), page="page", badge_page="page")
    app.add_url_rule("/page", "page", lambda: "page")
    return app


@pytest.fixture
def port(app: Flask, streams: Streams) -> Iterator[int]:
    with running(app, threads=THREADS) as port:
        yield port
        streams.close()


@pytest.fixture
def listen(port: int) -> Iterator[Callable[[str], Listener]]:
    """Open streams; all are closed behind the test."""
    with ExitStack() as stack:

        def open_one(who: str) -> Listener:
            listener = Listener(port, who)
            stack.callback(listener.link.close)
            return listener

        yield open_one


def cookie(port: int, sessions: Sessions, name: str = "agent") -> str:
    return f"yizhan_{port}={sessions.begin(name, PASSWORD)[0]}"


def settles(condition, seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_an_event_is_the_whole_state_and_comes_again_when_it_is_another(port, listen, sessions, world):
    listener = listen(cookie(port, sessions))
    assert b"text/event-stream" in listener.head
    assert b"no-store" in listener.head
    assert listener.event()["signs"] == {"here": {"text": "已存本机 1 件", "whole": True}}
    world.change()
    assert listener.event()["signs"]["here"]["text"] == "已存本机 2 件"


def test_waiting_streams_hold_no_thread(port, listen, sessions, streams, world):
    before, who = threading.active_count(), cookie(port, sessions)
    listeners = [listen(who) for _ in range(3 * THREADS)]
    for listener in listeners:
        listener.event()
    assert settles(lambda: len(streams) == 3 * THREADS)
    assert threading.active_count() <= before + THREADS + 1  # of those that answer, and one that writes to all
    for _ in range(2 * THREADS):  # every thread is free
        assert requests.get(f"http://127.0.0.1:{port}/page", timeout=5).text == "page"
    world.change()
    assert {listener.event()["texts"]["cases"] for listener in listeners} == {"2"}


def test_there_is_at_most_one_event_in_its_time_and_it_is_the_newest(port, listen, sessions, world):
    listener = listen(cookie(port, sessions))
    listener.event()
    began, seen = time.monotonic(), []
    for _ in range(25):
        world.change()
        time.sleep(0.01)
    while not seen or seen[-1] != 26:
        seen.append(int(listener.event()["texts"]["cases"]))
    assert len(seen) <= (time.monotonic() - began) / LEAST + 2


def test_while_nothing_changes_nothing_is_sent_but_a_heartbeat(port, listen, sessions):
    listener = listen(cookie(port, sessions))
    assert listener.until(b"\n\n") == b"retry: 5000\n\n"
    assert listener.until(b"\n\n").startswith(b"data: ")
    assert listener.until(b"\n\n") == b":\n\n"


def test_whoever_goes_is_let_go_and_with_the_last_the_thread(port, listen, sessions, streams):
    who = cookie(port, sessions)
    one, two = listen(who), listen(who)
    assert settles(lambda: len(streams) == 2)
    assert "event-streams" in {thread.name for thread in threading.enumerate()}
    one.link.close()
    assert settles(lambda: len(streams) == 1)
    two.link.close()
    assert settles(lambda: len(streams) == 0)
    assert settles(lambda: "event-streams" not in {thread.name for thread in threading.enumerate()})


def test_beyond_the_places_one_is_told_to_come_back(port, listen, sessions, streams):
    who = cookie(port, sessions)
    listeners = [listen(who) for _ in range(12)]
    assert settles(lambda: len(streams) == 12)
    refused = listen(who)
    assert refused.head.startswith(b"HTTP/1.1 503")
    assert b"Retry-After" in refused.head
    assert len(listeners) == 12


def test_nobody_listens_who_may_not(port, listen, sessions):
    assert listen("").head.startswith(b"HTTP/1.1 401")
    assert listen(f"yizhan_{port}=x").head.startswith(b"HTTP/1.1 401")
    assert listen(cookie(port, sessions, "auditor")).head.startswith(b"HTTP/1.1 403")


def test_listening_keeps_no_session_alive_and_ends_with_it(port, listen, sessions, world, streams):
    who = cookie(port, sessions)
    listener = listen(who)
    listener.event()
    world.now_ms += (IDLE_SECONDS - 1) * 1000
    world.change()
    assert listener.event()["texts"]["cases"] == "2"
    listen(who).event()
    world.now_ms += 2000
    world.change()
    assert listener.until(b"never") is not None  # to its end
    assert settles(lambda: len(streams) == 0)
    assert listen(who).head.startswith(b"HTTP/1.1 401")


def test_over_tls_it_is_the_same(app, sessions, streams, world, tmp_path_factory):
    directory = tmp_path_factory.mktemp("tls")
    shown = browser_context(*make_certificate(directory))
    with running(app, threads=THREADS, tls=lambda: shown) as port:
        trusting = ssl.create_default_context(cafile=str(directory / "chain.pem"))
        who = cookie(port, sessions)
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
            trusting.wrap_socket(plain, server_hostname="localhost") as link,
        ):
            listener = Listener(port, who, link)
            assert listener.event()["texts"]["cases"] == "1"
            world.change()
            assert listener.event()["texts"]["cases"] == "2"
        assert settles(lambda: len(streams) == 0)
        streams.close()


def test_signing_out_ends_the_stream(port, listen, sessions, world, streams):
    token, account = sessions.begin("agent", PASSWORD)
    listener = listen(f"yizhan_{port}={token}")
    listener.event()
    sessions.end(token, account)
    world.change()
    assert settles(lambda: len(streams) == 0)
    assert b"data" not in listener.until(b"never")


def test_closing_ends_every_stream_at_once(port, listen, sessions, streams):
    listener = listen(cookie(port, sessions))
    listener.event()
    began = time.monotonic()
    streams.close()
    assert listener.until(b"never") is not None
    assert time.monotonic() - began < 3
    assert listen(cookie(port, sessions)).head.startswith(b"HTTP/1.1 503")


def test_a_server_that_hands_nothing_over_answers_once_and_says_when_to_come_back(app, sessions):
    client = app.test_client()
    client.post("/api/v1/session", json={"name": "agent", "password": PASSWORD})
    answer = client.get("/events")
    assert answer.status_code == 200
    assert answer.data.startswith(b"retry: 5000\n\ndata: {")


def test_a_page_asks_why_it_was_refused_without_taking_a_place(port, sessions, streams):
    address = f"http://127.0.0.1:{port}/events"
    assert requests.head(address, timeout=5).status_code == 401
    who = {"Cookie": cookie(port, sessions)}
    assert requests.head(address, headers=who, timeout=5).status_code == 200
    assert len(streams) == 0


def test_a_listener_who_takes_nothing_holds_nobody_up(port, listen, sessions, world, streams):
    lazy = listen(cookie(port, sessions))
    lazy.link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    brisk = listen(cookie(port, sessions))
    brisk.event()
    world.change()
    began = time.monotonic()
    assert brisk.event()["texts"]["cases"] == "2"
    assert time.monotonic() - began < 3
