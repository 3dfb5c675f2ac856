"""Who is held to the contract, and the differences each of them has documented.

To add an engine, append an `EngineUnderTest` to `ENGINES`: a name, a function that opens its
`Databases` for the length of a test, and the names of the DIFFERENCES it is known for. An engine
that is not to be had here (a server nobody named) gives the reason in `missing`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.database import Databases
from sync.http_api.api import Api
from sync.http_api.call import Server
from sync.http_api.callers import everyone
from sync.http_api.feeds import FeedGate
from sync.outbox.address import CouchAddress
from sync.outbox.outbox import Outbox
from sync.remote.database import RemoteDatabases
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabases
from sync.web.serving import running

# What an engine may lack or do its own way; a test that needs it says so with `needs`.
DIFFERENCES = {
    "own digests": "it digests revisions by its own rule, so equal edits on two servers end in different revisions",
    "loose order": "its changes come in no strict order, or it does not count what lies behind a page",
    "loose sequences": "it takes unknown sequences its own way",
    "no revs limit": "its number of remembered revisions cannot be set through this surface",
    "no compaction": "it cannot be compacted through this surface",
    "no purge": "its revisions cannot be forgotten through this surface",
    "no security": "its security object cannot be reached through this surface",
    "own attachment digests": "it digests contents after compressing them",
    "whole batches": "it refuses a whole batch for one document that cannot be read, and writes nothing of it",
    "whole batches for stubs": "it refuses a whole batch for one stub whose content it does not have",
    "noted ancestors": "its sequence moves when a revision comes that it knows as an ancestor",
    "tombstones unnamed": "an edit on top of a tombstone must not name it",
    "no offsets": "it does not say where in the whole a listing begins",
}


@dataclass(frozen=True)
class EngineUnderTest:
    """One implementation of `Databases`.

    opened   gives its databases for the length of a test; the path is an empty directory of its own
    differs  keys of DIFFERENCES
    missing  says why it is not to be had here, or nothing
    marks    pytest's marks on every test of it
    """

    name: str
    opened: Callable[[Path], AbstractContextManager[Databases]]
    differs: frozenset[str] = frozenset()
    missing: Callable[[], str] = lambda: ""
    marks: tuple[pytest.MarkDecorator, ...] = ()

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


class Served:
    """Databases as others see them: our server and our client between.

    One server for the whole run, because starting and stopping one costs more than most tests;
    each test puts its own databases behind it. Its threads are more than any test lets wait.
    """

    def __init__(self) -> None:
        self._databases: Databases = MemoryDatabases()
        self._port: int | None = None
        self._until_closed = ExitStack()

    @contextmanager
    def of(self, databases: Databases) -> Iterator[Databases]:
        """These databases across HTTP."""
        self._databases = databases
        if self._port is None:
            self._port = self._until_closed.enter_context(running(self._app(), threads=24))
        with closing(RemoteDatabases.at(f"http://127.0.0.1:{self._port}")) as remote:
            yield remote

    @property
    def port(self) -> int:
        """Where the server listens, once it served anything."""
        assert self._port is not None
        return self._port

    def close(self) -> None:
        """Stop the server, if it was needed."""
        self._until_closed.close()

    def _app(self) -> Api:
        feeds = FeedGate()
        self._until_closed.callback(feeds.close)
        return Api(Server(lambda caller: self._databases, everyone(), feeds, uuid="contract"))


SERVED = Served()


@contextmanager
def _http_over_memory(_: Path) -> Iterator[Databases]:
    with SERVED.of(MemoryDatabases()) as databases:
        yield databases


@contextmanager
def _http_over_embedded(directory: Path) -> Iterator[Databases]:
    with Engine.open(directory) as engine, SERVED.of(engine.databases) as databases:
        yield databases


@contextmanager
def _outbox(directory: Path) -> Iterator[Databases]:
    """A node's documents on a CouchDB: here on our own server, over an engine of its own."""
    with Engine.open(directory / "there") as there, SERVED.of(there.databases):
        address = CouchAddress(f"http://127.0.0.1:{SERVED.port}")
        with closing(Outbox(Engine.open(directory / "here"), address, "the-contract")) as outbox:
            yield outbox.databases


@contextmanager
def _outbox_on_couchdb(directory: Path) -> Iterator[Databases]:
    address = CouchAddress(os.environ["COUCHDB_URL"])
    with closing(Outbox(Engine.open(directory), address, "the-contract")) as outbox:
        yield outbox.databases


@contextmanager
def _apache_couchdb(_: Path) -> Iterator[Databases]:
    with closing(RemoteDatabases.at(os.environ["COUCHDB_URL"])) as databases:
        yield databases


# What the protocol of CouchDB cannot say, and what its own surface has other routes for.
_UNREACHED = frozenset({"no revs limit", "no compaction", "no purge", "no security"})
_ACROSS_HTTP = _UNREACHED | {"whole batches"}

# What Apache CouchDB 3.5 was seen to do its own way.
_OWN_TO_COUCHDB = frozenset(
    {
        "own digests",
        "own attachment digests",
        "loose order",
        "loose sequences",
        "whole batches for stubs",
        "noted ancestors",
        "tombstones unnamed",
    }
)

# Of these the outbox takes away what lies in editing: it applies our own rules and hands CouchDB finished revisions.
_HANDED_ON_BY_OUTBOX = _OWN_TO_COUCHDB - {"own digests", "tombstones unnamed"}

ENGINES: tuple[EngineUnderTest, ...] = (
    EngineUnderTest("memory", _memory),
    EngineUnderTest("embedded", _embedded),
    EngineUnderTest("http over memory", _http_over_memory, _ACROSS_HTTP),
    EngineUnderTest("http over embedded", _http_over_embedded, _ACROSS_HTTP),
    EngineUnderTest("outbox", _outbox, _UNREACHED),
    EngineUnderTest(
        "outbox on couchdb", _outbox_on_couchdb, _UNREACHED | _HANDED_ON_BY_OUTBOX, marks=(pytest.mark.couchdb,)
    ),
    EngineUnderTest("couchdb", _apache_couchdb, _ACROSS_HTTP | _OWN_TO_COUCHDB, marks=(pytest.mark.couchdb,)),
)
