"""The API over databases in memory, called without a socket."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import orjson
import pytest
from werkzeug.test import Client, TestResponse

from sync.http_api.api import create_app
from sync.http_api.feeds import FeedGate
from sync.store.memory import MemoryDatabases
from sync.users.accounts import Accounts
from sync.users.passwords import Passwords

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

UUID = "5d7f0b6f"
ADMIN = ("chen", "密:1")


class Caller:
    """Somebody at the other end of the API."""

    def __init__(self, app: "WSGIApplication", prefix: str = "", headers: Mapping[str, str] | None = None) -> None:
        self.app = app
        self._client = Client(app, use_cookies=False)
        self._prefix = prefix
        self._headers = dict(headers or {})

    def ask(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """One request; `path` is still percent-encoded, as it goes over the wire."""
        if json is not None:
            options.setdefault("content_type", "application/json")
            options["data"] = orjson.dumps(json)
        options["headers"] = self._headers | dict(options.get("headers", {}))
        address = self._prefix + path
        path, _, query = address.partition("?")
        # The client would take `//db` for a host and quote what is quoted already: say exactly what a server would.
        environ = {
            "REQUEST_URI": address,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
        }
        answer = self._client.open(method=method, environ_overrides=environ, buffered=True, **options)
        for _, value in answer.headers:
            value.encode("latin-1")  # a server puts nothing else on the wire
        return answer

    def signed_in(self, name: str, password: str) -> "Caller":
        """The same with a name and a password."""
        pair = b64encode(f"{name}:{password}".encode()).decode()
        return Caller(self.app, self._prefix, {**self._headers, "Authorization": f"Basic {pair}"})

    def sending(self, **headers: str) -> "Caller":
        """The same with further headers; `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Caller(self.app, self._prefix, self._headers | named)

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
def server(databases: MemoryDatabases, feeds: FeedGate) -> Caller:
    """A server with an administrator; the caller is a stranger there."""
    passwords = Passwords(iterations=10)
    accounts = Accounts(databases, admin=ADMIN, passwords=passwords)
    accounts.prepare()
    return Caller(create_app(databases, uuid=UUID, accounts=accounts, passwords=passwords, feeds=feeds))


@pytest.fixture
def admin(server: Caller) -> Caller:
    """The administrator of that server."""
    return server.signed_in(*ADMIN)


@pytest.fixture
def enrol(server: Caller, admin: Caller) -> Callable[..., Caller]:
    """A function that makes an account there, and gives whoever has it."""

    def make(name: str, *roles: str) -> Caller:
        fields = {"name": name, "password": f"pw-{name}", "roles": list(roles), "type": "user"}
        admin.put(f"/_users/org.couchdb.user:{name}", fields)
        return server.signed_in(name, f"pw-{name}")

    return make


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
