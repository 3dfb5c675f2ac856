"""The same link, cut in the same ways, with somebody else's server at its far end."""

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest

from fixtures.link_weak import WeakLink
from sync.database import Database
from sync.remote.database import RemoteDatabase, RemoteDatabases
from sync.replication.replicate import replicate
from sync.replication.report import Options, Report
from sync.store.memory import MemoryDatabases
from tests.faults.replication.replicas import SMALL, contents, write_history
from tests.peers.conftest import pouchdb_server  # noqa: F401  # a fixture

pytestmark = pytest.mark.node

DOCUMENTS = 40


@pytest.fixture
def name(pouchdb_server: str) -> Iterator[str]:  # noqa: F811
    name = f"cuts{uuid4().hex[:8]}"
    with closing(RemoteDatabases.at(pouchdb_server)) as databases:
        databases.create(name)
        yield name
        databases.destroy(name)


def run_over(url: str, near: Database, *, push: bool) -> Report:
    with closing(RemoteDatabase.at(url)) as far:
        if push:
            return replicate(near, far, options=Options("near", "far", limits=SMALL))
        return replicate(far, near, options=Options("far", "near", limits=SMALL))


def carry_with_cuts(server: str, name: str, near: Database, *, push: bool) -> int:
    """Run over a link that is cut after more and more bytes, until a run goes through; the number of cuts."""
    for cuts, count in enumerate(range(1500, 200_000, 1700)):
        with WeakLink(server.removeprefix("http://"), cut_after_bytes=count) as link:
            report = run_over(f"http://127.0.0.1:{link.port}/{name}", near, push=push)
        if report.ok:
            return cuts
    raise AssertionError("it never went through")


def test_pouchdb_server_gets_everything_over_a_link_that_is_cut(pouchdb_server: str, name: str) -> None:  # noqa: F811
    source = MemoryDatabases().create("source")
    write_history(source, documents=DOCUMENTS, seed=11)
    assert carry_with_cuts(pouchdb_server, name, source, push=True) > 2
    with closing(RemoteDatabase.at(f"{pouchdb_server}/{name}")) as far:
        assert contents(far) == contents(source)


def test_everything_is_got_from_pouchdb_server_over_a_link_that_is_cut(pouchdb_server: str, name: str) -> None:  # noqa: F811
    source, target = MemoryDatabases().create("source"), MemoryDatabases().create("target")
    write_history(source, documents=DOCUMENTS, seed=12)
    run_over(f"{pouchdb_server}/{name}", source, push=True).checked()
    assert carry_with_cuts(pouchdb_server, name, target, push=False) > 2
    assert contents(target) == contents(source)
