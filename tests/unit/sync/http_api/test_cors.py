"""Pages of other origins. Statuses and headers were compared with Apache CouchDB 3.5."""

from collections.abc import Callable
from typing import Any

import pytest

from sync.errors import BadRequest
from sync.http_api.api import create_app
from sync.http_api.cors import Cors
from sync.store.memory import MemoryDatabases
from sync.users.accounts import Accounts
from sync.users.passwords import Passwords
from tests.unit.sync.http_api.conftest import ADMIN, Caller

PAGE = "http://app.example"
EVIL = "http://evil.example"
ASKING = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "Content-Type, authorization"}

Serve = Callable[..., Any]


@pytest.fixture
def serve(databases: MemoryDatabases) -> Serve:
    """A function that gives a server with an administrator, open to pages of these origins."""

    def made(*origins: str) -> Caller:
        passwords = Passwords(iterations=2)
        accounts = Accounts(databases, admin=ADMIN, passwords=passwords)
        accounts.prepare()
        cors = Cors.of(origins) if origins else None
        return Caller(create_app(databases, uuid="u", accounts=accounts, passwords=passwords, cors=cors))

    return made


def told(answer: Any) -> dict[str, str]:
    """What an answer says of origins, without the common beginning of the names."""
    start = "Access-Control-"
    return {name.removeprefix(start): value for name, value in answer.headers.items() if name.startswith(start)}


def test_without_the_setting_nothing_is_said_of_origins(serve: Serve) -> None:
    server = serve()
    for method, headers in (("OPTIONS", ASKING), ("GET", {})):
        answer = server.ask(method, "/", headers={"Origin": PAGE, **headers})
        assert told(answer) == {}
        assert "Origin" not in answer.headers.get("Vary", "")
    assert answer.status_code == 200


def test_a_browser_that_asks_first_is_told_what_the_page_may(serve: Serve) -> None:
    answer = serve(PAGE).ask("OPTIONS", "/db/doc", headers={"Origin": PAGE, **ASKING})
    assert (answer.status_code, answer.data) == (204, b"")
    assert told(answer) == {
        "Allow-Origin": PAGE,
        "Allow-Credentials": "true",
        "Allow-Methods": "COPY, DELETE, GET, HEAD, OPTIONS, POST, PUT",
        "Allow-Headers": "authorization, content-type",
        "Max-Age": "600",
    }
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL, **ASKING},
        {"Origin": PAGE.upper(), **ASKING},
        {"Origin": PAGE + ":8080", **ASKING},
        {"Origin": "null", **ASKING},
        ASKING,
        {"Origin": PAGE},
        {"Origin": PAGE, "Access-Control-Request-Method": "PATCH"},
        {"Origin": PAGE, **ASKING, "Access-Control-Request-Headers": "x-odd"},
    ],
)
def test_what_a_page_may_not_is_no_preflight(serve: Serve, headers: dict[str, str]) -> None:
    answer = serve(PAGE).ask("OPTIONS", "/db", headers=headers)
    assert answer.status_code == 405
    assert not {"Allow-Methods", "Allow-Headers"} & told(answer).keys()
    assert ("Allow-Origin" in told(answer)) is (headers.get("Origin") == PAGE)


def test_every_answer_names_the_origin_refusals_too(serve: Serve) -> None:
    server = serve("http://other.example", PAGE)
    for path, status in (("/", 200), ("/_all_dbs", 401), ("/nothing", 404), ("/_cluster_setup", 501)):
        answer = server.ask("GET", path, headers={"Origin": PAGE})
        assert answer.status_code == status
        assert (told(answer)["Allow-Origin"], told(answer)["Allow-Credentials"]) == (PAGE, "true")
        assert {"etag", "content-type"} <= set(told(answer)["Expose-Headers"].split(", "))
        for headers in ({"Origin": EVIL}, {}):
            answer = server.ask("GET", path, headers=headers)
            assert answer.status_code == status
            assert told(answer) == {}
            assert "Origin" in answer.headers["Vary"]


def test_pages_of_the_whole_world_come_without_cookies(serve: Serve) -> None:
    server = serve("*", PAGE)
    anyone = told(server.ask("GET", "/", headers={"Origin": EVIL}))
    assert anyone["Allow-Origin"] == "*"
    assert "Allow-Credentials" not in anyone
    assert "Allow-Credentials" not in told(server.ask("OPTIONS", "/db", headers={"Origin": EVIL, **ASKING}))
    assert told(server.ask("GET", "/", headers={"Origin": PAGE}))["Allow-Credentials"] == "true"


def test_where_every_program_is_admitted_so_are_the_pages_named(databases: Any) -> None:
    server = Caller(create_app(databases, uuid="u", cors=Cors.of([PAGE])))
    assert server.ask("PUT", "/db", headers={"Origin": PAGE}).status_code == 201
    assert server.ask("PUT", "/other", headers={"Origin": EVIL}).status_code == 403


@pytest.mark.parametrize(
    "text",
    ["", "app.example", "http://app.example/", "http://app.example/path", "ftp://a", "http://", "http://[", "null"],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="is no origin"):
        Cors.of([PAGE, text])
