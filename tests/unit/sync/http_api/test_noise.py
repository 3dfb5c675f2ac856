"""Whatever is sent, the answer is CouchDB's JSON and never a fault; what is refused has written nothing."""

import logging
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.http import HTTP_STATUS_CODES

from sync.http_api.api import create_app
from sync.http_api.call import METHODS
from sync.http_api.cors import Cors
from sync.http_api.not_offered import NOT_OFFERED
from sync.http_api.routes import ROUTES
from sync.store.memory import MemoryDatabases
from sync.users.accounts import Accounts
from sync.users.passwords import Passwords
from tests.unit.sync.http_api.conftest import ADMIN, Caller


def _basic(name: str, password: str) -> str:
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


def _words(text: str) -> list[str]:
    return text.split()


RULES = sorted({route.rule for route in ROUTES} | {rule for rule, _ in NOT_OFFERED})
IDS = [
    "x",
    "y",
    "org.couchdb.user:li",
    "_design/d",
    "_local/l",
    "_local/",
    "_odd",
    "",
    "007",
    "a/b",
    "\x00",
    "石",
    "x" * 300,
]
REVS = ["1-a", "2-b", "0-1", "-", "1-", "x", "999999999999999-z", "9999999999999999-z", "1-A b", "1-石"]
MEMBERS = _words("""
    docs keys doc_ids new_edits limit x _id _rev _deleted _revisions start ids _attachments f stub follows data digest
    revpos length content_type id rev atts_since admins members names startkey skip include_docs
    name type roles password username password_scheme pbkdf2_prf iterations salt derived_key password_sha
""")
QUERIES = _words("""
    rev revs revs_info open_revs latest conflicts meta local_seq attachments atts_since new_edits batch include_docs
    keys key startkey endkey limit skip descending inclusive_end update_seq since style filter doc_ids count odd
""")
HEADERS = {
    "Content-Type": ["application/json", "text/plain", "multipart/related; boundary=b", "multipart/related", "\xe9"],
    "Content-Encoding": ["gzip", "identity", "odd"],
    "Accept": ["multipart/mixed", "application/json", "*/*"],
    "Accept-Encoding": ["gzip", "br", ";q=x"],
    "If-Match": ["1-a", '"1-a"', '"', ""],
    "If-None-Match": ['"1-a"', "*"],
    "Destination": ["y", "y?rev=1-a", "_z", "?", "y?rev=?"],
    "Last-Event-ID": ["0", "odd"],
    "Authorization": ["Basic eA==", "odd", "Basic !", *(_basic(*pair) for pair in (ADMIN, ("li", "pw"), ("li", "no")))],
    "Cookie": ["AuthSession=x", "AuthSession=bGk6NUE6eA", "AuthSession=", "odd"],
    "Origin": ["http://localhost", "http://app.example", "null", "\xe9"],
    "Access-Control-Request-Method": ["PUT", "odd"],
    "Content-Length": ["5", "-1", "x"],
    "Range": ["bytes=0-1"],
}

words = st.sampled_from([*IDS, *REVS, "dGV4dA==", "md5-x", "all", "now", "true", "user", "li", "pw", "pbkdf2", "sha"])
numbers = st.integers(-5, 5) | st.integers() | st.floats()
scalars = st.none() | st.booleans() | numbers | words | st.text(max_size=5)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS) | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=25,
)


def _encoded(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except (TypeError, orjson.JSONEncodeError):
        return repr(value).encode("utf-8", "replace")


bodies = st.just(b"") | st.binary(max_size=60) | values.map(_encoded)
queries = st.dictionaries(
    st.sampled_from(QUERIES),
    st.text(max_size=5) | st.sampled_from([*REVS, "true", "false", "all"]) | values.map(_encoded),
    max_size=4,
)
headers = st.fixed_dictionaries({}, optional={name: st.sampled_from(told) for name, told in HEADERS.items()})
names = st.sampled_from(IDS) | st.text(max_size=6)


@st.composite
def requests(draw: Any) -> tuple[str, str, dict[str, Any]]:
    rule = draw(st.sampled_from(RULES))
    path = rule.replace("<db>", draw(st.sampled_from(["db", "db", "db", "_users", "no", "Odd", "a%2Fb"])))
    for name in ("<doc>", "<design>", "<local>", "<path:name>", "<path:rest>"):
        path = path.replace(name, draw(names.map(lambda told: quote(told, safe="")) | st.just("%FF") | st.just("%")))
    asked = draw(queries)
    query = "&".join(f"{name}={quote(value)}" for name, value in asked.items())
    method = draw(st.sampled_from(METHODS) | st.just("PUT") | st.just("POST"))
    if draw(st.booleans()):
        method = draw(st.sampled_from([route.method for route in ROUTES if route.rule == rule] or [method]))
    options = {"data": draw(bodies), "headers": draw(headers)}
    return method, f"{path}?{query}" if query else path, options


def snapshot(databases: MemoryDatabases) -> dict[str, Any]:
    told = {}
    for name in databases.names():
        database = databases.open(name)
        local = {each: database.read_local(each) for each in IDS if each}
        told[name] = (database.info(), database.changes("0"), local, database.security(), database.revs_limit())
    return told


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(asked=st.lists(requests(), min_size=1, max_size=6))
@pytest.mark.parametrize("with_accounts", [False, True])
def test_no_request_is_ever_answered_with_a_fault(
    asked: list[Any], with_accounts: bool, caplog: pytest.LogCaptureFixture
) -> None:
    databases = MemoryDatabases()
    caller = _filled(databases, with_accounts)
    with caplog.at_level(logging.WARNING):
        for method, path, options in asked:
            before = snapshot(databases)
            answer = caller.ask(method, path, **options)
            assert answer.status_code in HTTP_STATUS_CODES
            assert answer.status_code < 500 or answer.status_code == 501, (method, path, options, answer.data)
            if answer.status_code >= 400:
                assert snapshot(databases) == before, (method, path, options, answer.data)
                if method != "HEAD":
                    _is_a_problem(answer)
    assert caplog.records == []


def _filled(databases: MemoryDatabases, with_accounts: bool) -> Caller:
    """A server with a document; with an administrator, an account, and a database open to everybody, if so wished."""
    passwords, cors = Passwords(iterations=2), Cors.of(["http://app.example"])
    accounts = Accounts(databases, admin=ADMIN, passwords=passwords) if with_accounts else None
    caller = Caller(create_app(databases, uuid="u", accounts=accounts, passwords=passwords, cors=cors))
    admin = caller.signed_in(*ADMIN)
    for name in ("db", "_users"):
        admin.put(f"/{name}")
    admin.put("/db/_security", {}, status=200)
    admin.put("/db/x?new_edits=false", {"_rev": "1-a", "n": 1})
    user = {"name": "li", "password": "pw", "roles": ["x"], "type": "user"}
    admin.put("/_users/org.couchdb.user:li", user)
    return caller


def _is_a_problem(answer: Any) -> None:
    assert answer.content_type == "application/json"
    told = orjson.loads(answer.data)
    assert set(told) == {"error", "reason"}
    assert told["error"]
    assert told["reason"]
