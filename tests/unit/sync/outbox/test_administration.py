"""What an administrator does on a CouchDB for a node: on our own server, and on a live Apache CouchDB."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask

from sync.errors import Forbidden, LinkDown, Unauthorized
from sync.outbox.address import CouchAddress
from sync.outbox.administration import Administration
from sync.web.serving import running
from tests.homes import HOMES, opened


@pytest.fixture(params=HOMES[1:])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CouchAddress]:
    with opened(request.param, tmp_path) as address:
        yield address()


def test_a_database_is_made_once_and_known_as_ours(address: CouchAddress) -> None:
    administration = Administration(address)
    assert administration.check()
    administration.require_free("public")
    administration.make("public", "we")
    administration.make("public", "we")
    administration.require_ours("public", "we")
    for refused in (
        lambda: administration.make("public", "others"),
        lambda: administration.require_ours("public", "others"),
        lambda: administration.require_free("public"),
        lambda: administration.require_ours("never-made", "we"),
    ):
        with pytest.raises(Forbidden):
            refused()
    administration.destroy("public")
    administration.destroy("public")
    administration.require_free("public")


def test_a_database_left_unmarked_by_a_broken_start_is_taken_when_it_is_empty_and_not_otherwise(
    address: CouchAddress,
) -> None:
    url, administration = f"{address.url}/{address.name_there('public')}", Administration(address)
    requests.put(url, timeout=30).raise_for_status()
    administration.make("public", "we")
    administration.require_ours("public", "we")
    administration.destroy("public")
    requests.put(url, timeout=30).raise_for_status()
    requests.put(f"{url}/somebodys", json={}, timeout=30).raise_for_status()
    with pytest.raises(Forbidden):
        administration.make("public", "we")


@pytest.mark.couchdb
def test_on_an_apache_couchdb_a_database_has_one_shard_and_admits_administrators_alone() -> None:
    with opened("couchdb", Path()) as address:
        here = address()
        assert here is not None
        Administration(here).make("public", "we")
        url = f"{here.url}/{here.name_there('public')}"
        assert requests.get(url, timeout=30).json()["cluster"]["q"] == 1
        anonymous = url.replace("//" + here.url.split("//")[1].split("@")[0] + "@", "//")
        assert requests.get(anonymous, timeout=30).status_code == 401
        there = urlsplit(os.environ["COUCHDB_URL"])
        wrong = CouchAddress(there._replace(netloc=f"x:y@{there.netloc.rpartition('@')[2]}").geturl())
        with pytest.raises(Unauthorized) as refused:
            Administration(wrong).check()
        assert "y@" not in refused.value.reason


def test_what_is_no_couchdb_is_refused_by_name_and_silence_is_told() -> None:
    app = Flask("a node")
    app.add_url_rule("/", view_func=lambda: "<p>驿站</p>")
    with running(app) as port:
        with pytest.raises(Forbidden, match="不是 CouchDB"):
            Administration(CouchAddress(f"http://127.0.0.1:{port}")).check()
        address = CouchAddress(f"http://admin:s3cret@127.0.0.1:{port}")
    with pytest.raises(LinkDown) as silent:
        Administration(address).check()
    assert "s3cret" not in silent.value.reason
