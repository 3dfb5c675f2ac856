"""Who is held to the contract, and the differences each of them has documented.

To add an engine, append an `EngineUnderTest` to `ENGINES`: a name, a function that opens its
`Databases` for the length of a test, and the names of the DIFFERENCES it is known for. An engine
that is not to be had here (a server nobody named) gives the reason in `missing`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.database import Databases
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabases

# What an engine may lack or do its own way; a test that needs it says so with `needs`.
DIFFERENCES = {
    "own digests": "it digests revisions by its own rule, so equal edits on two servers end in different revisions",
    "loose order": "its changes come in no strict order, or it does not count what lies behind a page",
    "loose sequences": "it takes unknown sequences its own way",
    "no revs limit": "its number of remembered revisions cannot be set through this surface",
    "no compaction": "it cannot be compacted through this surface",
    "no security": "its security object cannot be reached through this surface",
    "own attachment digests": "it digests contents after compressing them",
    "no offsets": "it does not say where in the whole a listing begins",
}


@dataclass(frozen=True)
class EngineUnderTest:
    """One implementation of `Databases`.

    opened   gives its databases for the length of a test; the path is an empty directory of its own
    differs  keys of DIFFERENCES
    missing  says why it is not to be had here, or nothing
    """

    name: str
    opened: Callable[[Path], AbstractContextManager[Databases]]
    differs: frozenset[str] = frozenset()
    missing: Callable[[], str] = lambda: ""

    def needs(self, difference: str) -> None:
        """Skip the running test when this engine is known to differ here."""
        assert difference in DIFFERENCES, f"{difference!r} is no documented difference"
        if difference in self.differs:
            pytest.skip(f"{self.name}: {DIFFERENCES[difference]}")


@contextmanager
def _memory(_: Path) -> Iterator[Databases]:
    yield MemoryDatabases()


@contextmanager
def _embedded(directory: Path) -> Iterator[Databases]:
    with Engine.open(directory) as engine:
        yield engine.databases


ENGINES: tuple[EngineUnderTest, ...] = (
    EngineUnderTest("memory", _memory),
    EngineUnderTest("embedded", _embedded),
)
