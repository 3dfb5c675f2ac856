from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest

from sync.users.failures import MOST_FAILURES

WRONG = (401, "unauthorized", "Name or password is incorrect.")
NOBODY = {"name": None, "roles": []}


def cookie_of(answer: Any) -> str:
    """The session cookie that an answer sets, without its attributes."""
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


def test_a_stranger_is_told_how_to_sign_in(server: Any) -> None:
    told = server.get("/_session")
    assert told == {"ok": True, "userCtx": NOBODY, "info": {"authentication_handlers": ["cookie", "default"]}}
    assert server.refused("GET", "/_session?basic=true") == (401, "unauthorized", "Please login.")


def test_who_gives_name_and_password_with_every_request_is_known_by_them(server: Any, admin: Any, enrol: Any) -> None:
    clerk = enrol("li", "clerk")
    told = clerk.get("/_session")
    assert told["userCtx"] == {"name": "li", "roles": ["clerk"]}
    assert told["info"]["authenticated"] == "default"
    assert admin.get("/_session")["userCtx"] == {"name": "chen", "roles": ["_admin"]}
    for path in ("/", "/_session", "/_all_dbs"):
        for name, password in (("li", "no"), ("nobody", "pw-li"), ("chen", "密"), ("", "")):
            assert server.signed_in(name, password).refused("GET", path) == WRONG


@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize("member", ["name", "username"])
def test_signing_in_gives_a_cookie_that_opens_the_session(server: Any, enrol: Any, form: bool, member: str) -> None:
    enrol("li", "clerk")
    sent = {member: "li", "password": "pw-li"}
    answer = server.ask("POST", "/_session", **({"data": sent} if form else {"json": sent}))
    assert answer.status_code == 200
    assert answer.json == {"ok": True, "name": "li", "roles": ["clerk"]}
    attributes = answer.headers["Set-Cookie"].split("; ")[1:]
    assert {"Max-Age=600", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    known = server.sending(Cookie=cookie_of(answer))
    told = known.get("/_session")
    assert told["userCtx"] == {"name": "li", "roles": ["clerk"]}
    assert told["info"]["authenticated"] == "cookie"
    assert known.get("/_users/org.couchdb.user:li")["name"] == "li"
    # As in CouchDB an open session goes before whatever is sent beside it.
    assert known.signed_in("li", "wrong").get("/_session")["info"]["authenticated"] == "cookie"


def test_a_wrong_password_opens_nothing_and_closes_what_was_open(server: Any, enrol: Any) -> None:
    enrol("li")
    for sent in ({"name": "li", "password": "no"}, {"name": "li"}, {"name": "nobody", "password": ""}):
        answer = server.ask("POST", "/_session", sent)
        assert (answer.status_code, answer.json["error"], answer.json["reason"]) == WRONG
        assert cookie_of(answer) == "AuthSession="


@pytest.mark.parametrize(
    ("body", "content_type", "status", "reason"),
    [
        (b"{}", "application/json", 400, "request body must contain a username"),
        (b'{"name":"a","username":"b"}', "application/json", 400, "request body contains different usernames"),
        (b'{"name":1}', "application/json", 400, "name and password must be strings"),
        (b'{"name":"a","password":{}}', "application/json", 400, "name and password must be strings"),
        (b"[]", "application/json", 400, "Request body must be a JSON object"),
        (b"{", "application/json", 400, "invalid UTF-8 JSON"),
        (
            b"{}",
            "text/plain",
            415,
            "Content-Type must be 'application/x-www-form-urlencoded' or 'application/json'",
        ),
        (b"name=" + b"x" * 100_000, "application/x-www-form-urlencoded", 413, "the request entity is too large"),
        (b"&" * 1000, "application/x-www-form-urlencoded", 400, "too many fields"),
    ],
)
def test_what_cannot_be_read_as_a_sign_in_is_refused(
    server: Any, body: bytes, content_type: str, status: int, reason: str
) -> None:
    told = server.refused("POST", "/_session", data=body, content_type=content_type)
    assert told[0] == status
    assert told[2].startswith(reason)


def test_signing_out_takes_the_cookie_away(server: Any) -> None:
    answer = server.ask("DELETE", "/_session")
    assert answer.json == {"ok": True}
    assert cookie_of(answer) == "AuthSession="
    assert server.sending(Cookie="AuthSession=").get("/_session")["userCtx"] == NOBODY


@pytest.mark.parametrize("query", ["next=http%3A%2F%2Fevil.example", "next=/db", "fail=//evil.example"])
def test_nobody_is_sent_on_to_another_page(server: Any, enrol: Any, query: str) -> None:
    enrol("li")
    for method, sent in (("POST", {"name": "li", "password": "pw-li"}), ("POST", {"name": "li"}), ("DELETE", None)):
        answer = server.ask(method, f"/_session?{query}", sent)
        assert answer.status_code in (200, 401)
        assert "Location" not in answer.headers


@pytest.mark.parametrize("cookie", ["x", "!!!", "bGk", "bGk6eHg6", b64encode(b"li:6B0Z:abc").decode(), "\xff"])
def test_a_cookie_that_is_none_is_refused(server: Any, cookie: str) -> None:
    reason = "Malformed AuthSession cookie. Please clear your cookies."
    assert server.sending(Cookie=f"AuthSession={cookie}").refused("GET", "/") == (400, "bad_request", reason)


def test_a_forged_cookie_opens_nothing(server: Any, enrol: Any) -> None:
    enrol("li")
    answer = server.ask("POST", "/_session", {"name": "li", "password": "pw-li"})
    token = cookie_of(answer).partition("=")[2]
    swapped = ("A" if token[-5] != "A" else "B").join((token[:-5], token[-4:]))
    unknown = urlsafe_b64encode(b"wang:6B07602F:" + b"x" * 32).rstrip(b"=").decode()
    for forged in (swapped, unknown):
        assert server.sending(Cookie=f"AuthSession={forged}").get("/_session")["userCtx"] == NOBODY


def test_a_changed_password_ends_the_sessions_opened_with_the_old_one(server: Any, enrol: Any) -> None:
    li = enrol("li")
    known = server.sending(Cookie=cookie_of(server.ask("POST", "/_session", {"name": "li", "password": "pw-li"})))
    user = known.get("/_users/org.couchdb.user:li")
    assert known.put("/_users/org.couchdb.user:li", {**user, "password": "new"})["ok"]
    assert known.get("/_session")["userCtx"] == NOBODY
    assert li.refused("GET", "/_session") == WRONG
    assert server.signed_in("li", "new").get("/_session")["userCtx"]["name"] == "li"


@pytest.mark.parametrize(
    ("header", "status"),
    [("Basic", 200), ("Basic !!!", 400), ("Basic Y2hlbg==", 200), ("Bearer x", 200), ("x", 200), ("Basic Xzpf", 200)],
)
def test_a_header_about_something_else_makes_a_stranger(server: Any, header: str, status: int) -> None:
    answer = server.ask("GET", "/_session", headers={"Authorization": header})
    assert answer.status_code == status
    if status == 400:
        assert answer.json["reason"] == "Authorization header has invalid base64 value"
    else:
        assert answer.json["userCtx"] == NOBODY


def test_passwords_cannot_be_tried_out(server: Any, enrol: Callable[..., Any]) -> None:
    li = enrol("li")
    locked = (403, "forbidden", "Account is temporarily locked due to multiple authentication failures")
    for _ in range(MOST_FAILURES):
        assert server.refused("POST", "/_session", {"name": "li", "password": "guess"}) == WRONG
    assert server.refused("POST", "/_session", {"name": "li", "password": "pw-li"}) == locked
    assert li.refused("GET", "/_session") == locked
    elsewhere = {"REMOTE_ADDR": "10.0.0.9"}
    assert li.ask("GET", "/_session", environ_base=elsewhere).status_code == 200
    assert enrol("wang").get("/_session")["userCtx"]["name"] == "wang"


def test_names_and_passwords_are_in_no_log(server: Any, enrol: Any, caplog: pytest.LogCaptureFixture) -> None:
    enrol("li")
    for password in ("pw-li", "s3cret"):
        server.ask("POST", "/_session", {"name": "li", "password": password})
    assert caplog.text == ""


def test_where_every_program_is_admitted_there_are_no_sessions(caller: Any) -> None:
    # At any other refusal CouchDB's replicator gives up instead of going on with HTTP Basic.
    assert caller.refused("POST", "/_session", {"name": "a", "password": "b"})[:2] == (404, "not_found")
    assert caller.refused("DELETE", "/_session")[:2] == (501, "not_implemented")
    told = caller.get("/_session")
    assert told["userCtx"] == {"name": None, "roles": ["_admin"]}
    assert told["info"]["authentication_handlers"] == ["default"]
