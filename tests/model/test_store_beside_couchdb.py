"""An Apache CouchDB, the oracle and an embedded store live through one history: the same trees and winners in all.

SEED=12345 COUCHDB_URL=http://admin:password@localhost:5984 pytest tests/model
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from sync.database import Databases
from sync.remote.database import RemoteDatabases
from tests.model.network import Network, Replica, seeds
from tests.model.replicas import embedded, oracle

pytestmark = pytest.mark.couchdb
STEPS = 60


@pytest.fixture(scope="module")
def couchdb() -> Iterator[Databases]:
    with closing(RemoteDatabases.at(os.environ["COUCHDB_URL"])) as databases:
        yield databases


@pytest.fixture
def theirs(couchdb: Databases) -> Iterator[Replica]:
    """An empty database at CouchDB."""
    name = f"model-{secrets.token_hex(8)}"
    yield Replica("couchdb", couchdb.create(name), forgets_alike=False)
    couchdb.destroy(name)


@pytest.mark.parametrize("seed", seeds())
@pytest.mark.parametrize("revs_limit", [1000, 3])
def test_after_any_history_couchdb_and_we_hold_the_same_trees_and_winners(
    theirs: Replica, tmp_path: Path, seed: int, revs_limit: int
) -> None:
    server = os.environ["COUCHDB_URL"].rstrip("/")
    requests.put(f"{server}/{theirs.database.name}/_revs_limit", json=revs_limit, timeout=30).raise_for_status()
    with embedded("here", tmp_path / "here", revs_limit=revs_limit) as here:
        network = Network([oracle(revs_limit=revs_limit), here, theirs], seed, revs_limit=revs_limit)
        network.live(STEPS)
        network.come_to_rest()
        network.assert_equal_and_whole()
