"""The ends of a replication as they are named, and what is shown of them."""

from base64 import b64encode
from typing import Any

import pytest

from sync.errors import BadRequest, NotOffered
from sync.replicator.endpoints import read_endpoint

HERE = "http://127.0.0.1:5984"
BASIC = "Basic " + b64encode(b"chen:s:cr@t").decode()


@pytest.mark.parametrize(
    "told",
    [
        "http://chen:s%3Acr%40t@centre.example:5984/shop",
        {"url": "http://chen:s%3Acr%40t@centre.example:5984/shop/"},
        {"url": "http://centre.example:5984/shop", "auth": {"basic": {"username": "chen", "password": "s:cr@t"}}},
        {"url": "http://centre.example:5984/shop", "headers": {"Authorization": BASIC}},
        {"url": "http://centre.example:5984/shop", "headers": {"AUTHORIZATION": BASIC.replace("Basic", "bAsIc")}},
        {
            "url": "http://x:y@centre.example:5984/shop",
            "headers": {"authorization": "Basic eDp5"},
            "auth": {"basic": {"username": "chen", "password": "s:cr@t"}},
        },
    ],
)
def test_name_and_password_are_found_wherever_couchdb_finds_them_and_never_shown(told: Any) -> None:
    end = read_endpoint(told)
    assert dict(end.headers) == {"authorization": BASIC}
    assert end.user == "chen"
    assert end.url == "http://centre.example:5984/shop"
    assert end.shown(HERE) == "http://centre.example:5984/shop/"
    assert "cr@t" not in repr(end)
    assert BASIC not in repr(end)
    assert end == read_endpoint("http://chen:s%3Acr%40t@centre.example:5984/shop")


def test_a_name_without_an_address_is_a_database_of_this_server() -> None:
    end = read_endpoint("a/b")
    assert (end.name, end.url, end.shown(HERE)) == ("a/b", None, f"{HERE}/a%2Fb/")
    assert read_endpoint({"url": "a/b"}) == end


def test_the_usual_port_and_a_slash_at_the_end_name_no_other_database() -> None:
    names = ["https://a.example/x", "https://a.example:443/x/", "https://A.Example/x"]
    assert len({read_endpoint(name).identity("s") for name in names}) == 1
    assert read_endpoint("https://a.example:5984/x").identity("s") != read_endpoint(names[0]).identity("s")


def test_an_identity_holds_no_password_and_changes_with_whoever_asks() -> None:
    ends = [read_endpoint(f"http://{who}a.example/x") for who in ("", "chen:one@", "chen:two@", "wang:one@")]
    identities = [end.identity("s") for end in ends]
    assert identities[1] == identities[2]
    assert len(set(identities)) == 3
    assert "one" not in "".join(identities)


def test_headers_go_along_but_for_those_that_say_how_a_message_travels() -> None:
    told = {"X-Who": "us", "Host": "other", "Content-Length": "5", "Cookie": "a=b"}
    end = read_endpoint({"url": "http://a.example/x", "headers": told})
    assert dict(end.headers) == {"x-who": "us", "cookie": "a=b"}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (None, "Missing replicator database"),
        ("", "endpoint has an invalid url"),
        (5, "endpoint has an invalid url"),
        ([], "endpoint has an invalid url"),
        ({}, "endpoint has an invalid url"),
        ({"url": 5}, "endpoint has an invalid url"),
        ("ftp://a.example/x", "endpoint has an invalid url"),
        ("http://a.example", "endpoint has an invalid url"),
        ("http://a.example/", "endpoint has an invalid url"),
        ("http:///x", "endpoint has an invalid url"),
        ("http://a.example:port/x", "endpoint has an invalid url"),
        ("http://[a/x", "endpoint has an invalid url"),
        ("http://a.example/x?y=1", "endpoint has an invalid url"),
        ({"url": "http://a.example/x", "headers": [5]}, "`headers` and `auth` must be objects"),
        ({"url": "http://a.example/x", "headers": {"a": 5}}, "`headers` must map names to plain text"),
        ({"url": "http://a.example/x", "headers": {"a": "b\r\nc: d"}}, "`headers` must map names to plain text"),
        ({"url": "http://a.example/x", "headers": {"a: b\r\nc": "d"}}, "`headers` must map names to plain text"),
        ({"url": "http://a.example/x", "auth": {"basic": 5}}, "`auth.basic` must be an object"),
        (
            {"url": "http://a.example/x", "auth": {"basic": {"username": "u", "password": 5}}},
            "`username` and `password` must be strings",
        ),
    ],
)
def test_what_names_no_database_is_refused(told: Any, reason: str) -> None:
    with pytest.raises(BadRequest) as raised:
        read_endpoint(told)
    assert raised.value.reason == reason


def test_other_ways_to_sign_in_are_refused_and_named() -> None:
    with pytest.raises(NotOffered, match="oauth"):
        read_endpoint({"url": "http://a.example/x", "auth": {"oauth": {}}})
