"""Fixtures of the contract: every test runs once per engine, each time in a fresh database."""

import secrets
from collections.abc import Iterator

import pytest

from sync.database import Database, Databases
from tests.contract.engines import DIFFERENCES, ENGINES, POUCHDB_SERVER, SERVED, EngineUnderTest


@pytest.fixture(scope="session", autouse=True)
def served() -> Iterator[None]:
    """Stops the servers of the engines across HTTP when all is done."""
    yield
    SERVED.close()
    POUCHDB_SERVER.close()


@pytest.fixture(params=[pytest.param(each, id=each.name, marks=each.marks) for each in ENGINES])
def engine(request: pytest.FixtureRequest) -> EngineUnderTest:
    """One engine of the table."""
    under_test: EngineUnderTest = request.param
    reason = under_test.missing()
    if reason:
        pytest.skip(reason)
    seen = under_test.seen.get(request.node.originalname)
    if seen:
        pytest.skip(f"{under_test.name}: {DIFFERENCES[seen]}")
    return under_test


@pytest.fixture
def databases(engine: EngineUnderTest, tmp_path) -> Iterator[Databases]:
    """All databases of that engine."""
    with engine.opened(tmp_path) as opened:
        yield opened


@pytest.fixture
def fresh_name() -> str:
    """A database name nobody used before: some engines are servers that outlive the test."""
    return f"contract-{secrets.token_hex(8)}"


@pytest.fixture
def db(databases: Databases, fresh_name: str) -> Iterator[Database]:
    """An empty database, gone afterwards."""
    database = databases.create(fresh_name)
    yield database
    if fresh_name in databases.names():
        databases.destroy(fresh_name)


@pytest.fixture
def other_db(databases: Databases, fresh_name: str) -> Iterator[Database]:
    """A second empty database on the same server, such as a replica."""
    name = f"{fresh_name}-other"
    yield databases.create(name)
    databases.destroy(name)
