"""A real store for the ledger's tests, with a founded node in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.store.engine import Engine
from sync.store.ledger.lives import found_node
from sync.trust import keys

HERE = "machine:1:1"
PAIR = keys.load(bytes(range(32)))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    """A store in which nothing was founded."""
    with Engine.open(tmp_path) as engine:
        yield engine


@pytest.fixture
def engine(empty: Engine) -> Engine:
    """A store with a node's key and first life."""
    empty.write(lambda tx: found_node(tx, PAIR, fingerprint=HERE, now_ms=1))
    return empty
