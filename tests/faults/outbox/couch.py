"""A CouchDB for faults: our own plain server, which can be taken away, made slow, or struck at one request."""

import gzip
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from sync.database import Database
from sync.http_api.api import create_app
from sync.http_api.feeds import FeedGate
from sync.outbox.address import CouchAddress
from sync.store.engine import Engine
from sync.values.documents import Document, Wanted
from sync.web.serving import running

# (method, path) -> what happens to the request
Fate = Callable[[str, str], str]
FINE, LOST, ANSWER_LOST = "fine", "lost", "answer lost"


def fine(method: str, path: str) -> str:
    """Nothing happens to any request."""
    return FINE


class Couch:
    """The server; `up` and `down` as one pleases, the documents outlive it.

    fate     called for each request: FINE; LOST, it never gets there; ANSWER_LOST, it is done and nobody hears of it
    chokes   called for each body sent, unpacked: whether the server fails over it
    """

    def __init__(self, directory: Path) -> None:
        self.fate: Fate = fine
        self.chokes: Callable[[bytes], bool] = lambda body: False
        self._engine = Engine.open(directory)
        self._app = create_app(self._engine.databases, uuid="couch", feeds=FeedGate())
        self._port = 0
        self._serving = ExitStack()
        self.requests: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        self.up()

    @property
    def address(self) -> CouchAddress:
        return CouchAddress(f"http://127.0.0.1:{self._port}")

    def up(self) -> None:
        self._port = self._serving.enter_context(running(self, port=self._port, threads=12))

    def down(self) -> None:
        self._serving.close()

    def close(self) -> None:
        self.down()
        self._engine.close()

    def database(self, name: str) -> Database:
        """A database as it is there, asked past the network."""
        return self._engine.databases.open(name)

    def destroy(self, name: str) -> None:
        """Remove a database behind the node's back."""
        self._engine.databases.destroy(name)

    def create(self, name: str) -> None:
        """Make a database, empty."""
        self._engine.databases.create(name)

    def names(self) -> list[str]:
        """Every database there."""
        return list(self._engine.databases.names())

    def documents(self, name: str) -> list[Document]:
        """Every leaf of every document there."""
        database = self.database(name)
        ids = [change.id for change in database.changes("0").results]
        return [one for one in database.read([Wanted(doc_id, ()) for doc_id in ids]) if isinstance(one, Document)]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The WSGI application, with what befalls the request."""
        told = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        with self._lock:
            self.requests.append(told)
        if self._is_choked(environ):
            return _failing(start_response)
        fate = self.fate(*told)
        if fate == LOST:
            return _gone(environ, start_response)
        answer = self._app(environ, start_response if fate == FINE else _unheard)
        if fate == FINE:
            return answer
        b"".join(answer)
        return _gone(environ, start_response)

    def _is_choked(self, environ: dict[str, Any]) -> bool:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        return self.chokes(gzip.decompress(body) if environ.get("HTTP_CONTENT_ENCODING") == "gzip" else body)


@contextmanager
def couch(directory: Path) -> Iterator[Couch]:
    """A CouchDB while the block runs."""
    server = Couch(directory)
    try:
        yield server
    finally:
        server.fate = fine
        server.close()


def at_request(number: int, fate: str, *, then: str = LOST) -> Fate:
    """The fate of one request, counted from now with the first as 1, and of all behind it."""
    count = 0
    lock = threading.Lock()

    def strike(method: str, path: str) -> str:
        nonlocal count
        with lock:
            count += 1
            return FINE if count < number else fate if count == number else then

    return strike


def _gone(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("503 Service Unavailable", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def _failing(start_response: Callable[..., Any]) -> Iterable[bytes]:
    """As CouchDB says that it failed over something of its own."""
    answer = b'{"error":"case_clause","reason":"{badmatch,secret}"}'
    told = [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
    start_response("500 Internal Server Error", told)
    return [answer]


def _unheard(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
    return lambda data: None
