"""The API over databases in memory, called without a socket."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from sync.http_api.blueprint import create_app
from sync.http_api.feeds import FeedGate
from sync.store.memory import MemoryDatabases

UUID = "5d7f0b6f"


class Caller:
    """Somebody at the other end of the API."""

    def __init__(self, app: Flask, prefix: str = "") -> None:
        self._client = app.test_client()
        self._prefix = prefix

    def ask(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """One request; `path` is still percent-encoded, as it goes over the wire."""
        if json is not None:
            options.setdefault("content_type", "application/json")
            options["data"] = orjson.dumps(json)
        address = self._prefix + path
        path, _, query = address.partition("?")
        # The client would take `//db` for a host and quote what is quoted already: say exactly what a server would.
        environ = {
            "REQUEST_URI": address,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
        }
        return self._client.open(method=method, environ_overrides=environ, buffered=True, **options)

    def get(self, path: str, **options: Any) -> Any:
        """The JSON of an answer that must be 200."""
        return self._told(self.ask("GET", path, **options), 200)

    def put(self, path: str, json: Any = None, status: int = 201, **options: Any) -> Any:
        """The JSON of an answer to PUT."""
        return self._told(
            self.ask("PUT", path, {} if json is None and "data" not in options else json, **options), status
        )

    def post(self, path: str, json: Any, status: int = 200, **options: Any) -> Any:
        """The JSON of an answer to POST."""
        return self._told(self.ask("POST", path, json, **options), status)

    def refused(self, method: str, path: str, json: Any = None, **options: Any) -> tuple[int, str, str]:
        """Status, error word and reason of an answer that must be a refusal."""
        answer = self.ask(method, path, json, **options)
        told = orjson.loads(answer.data)
        assert answer.status_code >= 400, told
        assert answer.content_type == "application/json"
        return answer.status_code, told["error"], told["reason"]

    @staticmethod
    def _told(answer: TestResponse, status: int) -> Any:
        assert answer.status_code == status, answer.data
        return orjson.loads(answer.data)


@pytest.fixture
def databases() -> MemoryDatabases:
    return MemoryDatabases()


@pytest.fixture
def feeds() -> FeedGate:
    return FeedGate()


@pytest.fixture
def caller(databases: MemoryDatabases, feeds: FeedGate) -> Caller:
    return Caller(create_app(databases, uuid=UUID, feeds=feeds))


@pytest.fixture
def db(caller: Caller) -> Caller:
    """The same with an empty database `db`."""
    caller.put("/db")
    return caller


@pytest.fixture
def branched(db: Caller) -> Callable[[str], None]:
    """A function that writes a document with leaves 3-c and 2-d and a tombstone 3-t, all grown from 1-a."""

    def write(doc_id: str) -> None:
        docs = [
            {"_id": doc_id, "_revisions": {"start": 3, "ids": ["c", "b", "a"]}, "leaf": "c"},
            {"_id": doc_id, "_revisions": {"start": 2, "ids": ["d", "a"]}, "leaf": "d"},
            {"_id": doc_id, "_revisions": {"start": 3, "ids": ["t", "s", "a"]}, "_deleted": True},
        ]
        assert db.post("/db/_bulk_docs", {"docs": docs, "new_edits": False}, status=201) == []

    return write
