"""A database shared with an account: PouchDB, CouchDB's replicator and client come in with its password."""

import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import couchdb
import pytest
import requests

_SECONDS = 60
# CouchDB's replicator takes name and password out of an address as they stand there, percent signs and all.
PLAIN = ("li", "pw")
UNUSUAL = ("李 四", "p:w@/密%20")


def plain(address: str) -> str:
    """The address without anybody's name."""
    parts = urlsplit(address)
    return f"http://{parts.hostname}:{parts.port}{parts.path}"


def header(account: tuple[str, str]) -> dict[str, str]:
    """What says who one is."""
    return {"Authorization": "Basic " + b64encode(":".join(account).encode()).decode()}


def put_user(server: str, account: tuple[str, str]) -> None:
    """Make an account, or give it that password."""
    name, password = account
    address = f"{server}/_users/{quote(f'org.couchdb.user:{name}')}"
    rev = requests.get(address, timeout=_SECONDS).json().get("_rev")
    user = {"name": name, "password": password, "roles": ["clerk"], "type": "user"} | ({"_rev": rev} if rev else {})
    assert requests.put(address, json=user, timeout=_SECONDS).status_code == 201


def ids(database: str) -> list[str]:
    """The ids of all documents."""
    return [row["id"] for row in requests.get(f"{database}/_all_docs", timeout=_SECONDS).json()["rows"]]


@contextmanager
def fresh(server: str) -> Iterator[str]:
    """An empty database, by the address of the server's administrator."""
    database = f"{server}/shared-{uuid4().hex[:12]}"
    requests.put(database, timeout=_SECONDS).raise_for_status()
    yield database
    requests.delete(database, timeout=_SECONDS).raise_for_status()


@pytest.fixture
def shared(yizhan: str) -> Iterator[str]:
    """A database at our server that is shared with two accounts, by the address of the administrator."""
    for account in (PLAIN, UNUSUAL):
        put_user(yizhan, account)
    with fresh(yizhan) as database:
        security = {"members": {"names": [PLAIN[0], UNUSUAL[0]]}}
        requests.put(f"{database}/_security", json=security, timeout=_SECONDS).raise_for_status()
        yield database


@pytest.mark.node
@pytest.mark.parametrize("account", [PLAIN, UNUSUAL])
def test_pouchdb_comes_in_by_address_option_and_cookie_and_nobody_else(
    shared: str, run: Callable[..., Any], account: tuple[str, str]
) -> None:
    told = run("members.mjs", plain(shared), *account)
    assert (told["byAddress"], told["byOption"], told["byCookie"]) == ("accepted", "accepted", "accepted")
    assert told["session"] == ["clerk"]
    assert told["stranger"] == {"status": 401, "reason": "You are not authorized to access this db."}
    assert told["wrong"] == {"status": 401, "reason": "Name or password is incorrect."}
    assert told["design"] == {"status": 403, "reason": "You are not a db or server admin."}
    assert told["there"] == ["by-address", "by-cookie", "by-option"] == ids(shared)


def test_the_couchdb_package_keeps_accounts_and_signs_in(yizhan: str) -> None:
    server = couchdb.Server(f"{yizhan}/")
    name = f"pkg-{uuid4().hex[:12]}"
    assert server.add_user(name, "pw", roles=["clerk"])[0] == f"org.couchdb.user:{name}"
    token = server.login(name, "pw")
    assert server.verify_token(token)
    shared = server.create(name)
    shared.security = {"members": {"roles": ["clerk"]}}
    assert shared.security == {"members": {"roles": ["clerk"]}}
    member = couchdb.Server(yizhan.replace(yizhan.split("://")[1].split("@")[0], f"{name}:pw"))
    member[name].save({"_id": "x"})
    assert "x" in shared
    with pytest.raises(couchdb.Unauthorized):
        member.create(f"{name}-2")
    assert server.logout(token)
    server.remove_user(name)
    with pytest.raises(couchdb.Unauthorized):
        server.login(name, "pw")
    server.delete(name)


@pytest.mark.couchdb
@pytest.mark.parametrize("how", ["address", "auth", "headers"])
def test_couchdbs_replicator_signs_in_and_goes_on_with_a_cookie(shared: str, how: str) -> None:
    live, address = os.environ["COUCHDB_URL"].rstrip("/"), plain(shared)
    basic = {"username": UNUSUAL[0], "password": UNUSUAL[1]}
    ends: dict[str, Any] = {
        "address": address.replace("://", f"://{':'.join(PLAIN)}@"),
        "auth": {"url": address, "auth": {"basic": basic}},
        "headers": {"url": address, "headers": header(UNUSUAL)},
    }
    requests.put(f"{address}/here", json={}, headers=header(UNUSUAL), timeout=_SECONDS).raise_for_status()
    with fresh(live) as theirs:
        requests.put(f"{theirs}/there", json={}, timeout=_SECONDS).raise_for_status()
        for job in ({"source": theirs, "target": ends[how]}, {"source": ends[how], "target": theirs}):
            answer = requests.post(f"{live}/_replicate", json=job, timeout=_SECONDS)
            assert answer.json().get("ok"), answer.text
        assert ids(shared) == ids(theirs) == ["here", "there"]
        job = {"source": theirs, "target": address}
        answer = requests.post(f"{live}/_replicate", json=job, timeout=_SECONDS)
        assert "unauthorized" in answer.text


@pytest.mark.couchdb
def test_accounts_go_to_couchdb_and_come_back_and_sign_in_on_both_sides(yizhan: str) -> None:
    live, name = os.environ["COUCHDB_URL"].rstrip("/"), f"both-{uuid4().hex[:12]}"
    user_id = f"org.couchdb.user:{name}"
    ours = {"url": f"{plain(yizhan)}/_users", "headers": header(_account_of(yizhan))}
    for source, target, server in ((ours, f"{live}/_users", yizhan), (f"{live}/_users", ours, live)):
        account = (name, f"new at {urlsplit(server).port}")
        put_user(server, account)
        job = {"source": source, "target": target, "doc_ids": [user_id]}
        answer = requests.post(f"{live}/_replicate", json=job, timeout=_SECONDS)
        assert answer.json().get("ok"), answer.text
        for place in (yizhan, live):
            told = requests.get(f"{plain(place)}/_session", headers=header(account), timeout=_SECONDS).json()
            assert told["userCtx"] == {"name": name, "roles": ["clerk"]}
    for place in (yizhan, live):
        rev = requests.get(f"{place}/_users/{user_id}", timeout=_SECONDS).json()["_rev"]
        requests.delete(f"{place}/_users/{user_id}?rev={rev}", timeout=_SECONDS).raise_for_status()


def _account_of(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return requests.utils.unquote(parts.username or ""), requests.utils.unquote(parts.password or "")
