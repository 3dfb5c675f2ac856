"""Where the nodes of a test keep their documents: in their own file, on our own server, or on a live CouchDB.

A fixture that makes nodes takes one of `HOMES` as its parameter and asks `opened` for addresses:

    @pytest.fixture(params=HOMES)
    def address(request, tmp_path):
        with opened(request.param, tmp_path) as address:
            yield address
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from sync.http_api.api import create_app
from sync.http_api.feeds import FeedGate
from sync.outbox.address import CouchAddress
from sync.store.engine import Engine
from sync.web.serving import running

HOMES = (
    pytest.param("file", id="in its file"),
    pytest.param("server", id="on our server"),
    pytest.param("couchdb", id="on a CouchDB", marks=pytest.mark.couchdb),
)

# Gives the place of one more node: its own prefix on the one server, or None for its directory.
Address = Callable[[], CouchAddress | None]


@contextmanager
def opened(home: str, directory: Path) -> Iterator[Address]:
    """A home for as long as the block runs; what was made on a live CouchDB is removed behind it."""
    if home == "file":
        yield lambda: None
    elif home == "server":
        with serving(directory / "couch") as port:
            yield _prefixed(f"http://127.0.0.1:{port}", [])
    else:
        prefixes: list[str] = []
        try:
            yield _prefixed(os.environ["COUCHDB_URL"], prefixes)
        finally:
            remove(os.environ["COUCHDB_URL"], prefixes)


@contextmanager
def serving(directory: Path, *, port: int = 0) -> Iterator[int]:
    """What `yizhan couch serve` serves, in this process; gives the port."""
    feeds = FeedGate()
    with Engine.open(directory) as engine:
        app = create_app(engine.databases, uuid="home", feeds=feeds)
        with running(app, port=port, threads=24) as real_port:
            try:
                yield real_port
            finally:
                feeds.close()


def remove(url: str, prefixes: list[str]) -> None:
    """Remove the databases of a run from a live CouchDB, and no others."""
    for name in requests.get(f"{url}/_all_dbs", timeout=30).json():
        if name.startswith(tuple(prefixes)):
            requests.delete(f"{url}/{name}", timeout=30)


def _prefixed(url: str, prefixes: list[str]) -> Address:
    def address() -> CouchAddress:
        prefixes.append(f"test-{secrets.token_hex(6)}-")
        return CouchAddress(url, prefixes[-1])

    return address
