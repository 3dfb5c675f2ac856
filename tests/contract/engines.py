"""Who is held to the contract, and the differences each of them has documented.

To add an engine, append an `EngineUnderTest` to `ENGINES`: a name, a function that opens its
`Databases` for the length of a test, and the names of the DIFFERENCES it is known for. An engine
that is not to be had here (a server nobody named) gives the reason in `missing`.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

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
from tests.processes import pouchdb_server

# What an engine may lack or do its own way; a test that needs it says so with `needs`.
DIFFERENCES = {
    "own digests": "it digests revisions by its own rule, so equal edits on two servers end in different revisions",
    "loose order": "its changes come in no strict order, or it does not count what lies behind a page",
    "loose sequences": "it takes unknown sequences its own way",
    "no revs limit": "its number of remembered revisions cannot be set through this surface",
    "no way back": "its changes cannot be read backwards in pages",
    "no compaction": "it cannot be compacted through this surface",
    "no purge": "its revisions cannot be forgotten through this surface",
    "no security": "its security object cannot be reached through this surface",
    "own attachment digests": "it digests contents after compressing them",
    "whole batches": "it refuses a whole batch for one document that cannot be read, and writes nothing of it",
    "whole batches for stubs": "it refuses a whole batch for one stub whose content it does not have",
    "noted ancestors": "its sequence moves when a revision comes that it knows as an ancestor",
    "tombstones unnamed": "an edit on top of a tombstone must not name it",
    "no offsets": "it does not say where in the whole a listing begins",
    "own names": "it takes other names for databases, and makes a database by asking for it",
    "own order of ids": "beyond ASCII it lists ids in an order of its own",
    "no local listing": "it cannot list local documents",
    "own ancestors": "it does not name the leaves that missing revisions may descend from as CouchDB does",
    "own tombstones": "it counts and gives tombstones its own way",
    "own stubs": "it settles stubs and what the asker holds already its own way",
    "own text": "it reads numbers as JavaScript does, and writes bodies anew",
    "own queries": "its queries lack operators, words and warnings of CouchDB's",
    "waits on": "it goes on waiting on a database that is destroyed",
}


@dataclass(frozen=True)
class EngineUnderTest:
    """One implementation of `Databases`.

    opened   gives its databases for the length of a test; the path is an empty directory of its own
    differs  keys of DIFFERENCES
    seen     {test: key of DIFFERENCES}, tests it was seen to fail for one, in some of their cases or all
    missing  says why it is not to be had here, or nothing
    marks    pytest's marks on every test of it
    """

    name: str
    opened: Callable[[Path], AbstractContextManager[Databases]]
    differs: frozenset[str] = frozenset()
    seen: Mapping[str, str] = field(default_factory=dict)
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


class PouchDBServer:
    """pouchdb-server: one process for the whole run, begun by the first test that needs it."""

    def __init__(self) -> None:
        self._address = ""
        self._until_closed = ExitStack()

    @contextmanager
    def opened(self, _: Path) -> Iterator[Databases]:
        """Its databases."""
        if not self._address:
            home = self._until_closed.enter_context(TemporaryDirectory())
            self._address = self._until_closed.enter_context(pouchdb_server(Path(home)))
        with closing(RemoteDatabases.at(self._address)) as databases:
            yield databases

    def close(self) -> None:
        """End the process, if it was begun."""
        self._until_closed.close()


POUCHDB_SERVER = PouchDBServer()


# What the protocol of CouchDB cannot say, and what its own surface has other routes for.
_UNREACHED = frozenset({"no way back", "no revs limit", "no compaction", "no purge", "no security"})
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

# What pouchdb-server was seen to do its own way; it replicates with us all the same.
_OWN_TO_POUCHDB = frozenset({"own digests", "loose order", "loose sequences", "whole batches for stubs", "no offsets"})
_SEEN_AT_POUCHDB = {
    test: difference
    for difference, tests in {
        "loose order": (
            "test_a_change_names_every_leaf_winner_first",
            "test_a_narrowed_feed_that_found_all_it_could_does_not_go_back",
            "test_a_page_read_backwards_counts_what_lies_before_it",
        ),
        "waits on": ("test_waiting_ends_when_the_database_is_destroyed",),
        "own names": (
            "test_what_was_never_made_cannot_be_opened_or_destroyed",
            "test_unlawful_names_are_refused",
            "test_every_lawful_character_is_taken",
        ),
        "own order of ids": (
            "test_live_documents_stand_in_the_order_of_their_bytes",
            "test_and_backwards",
            "test_a_span_gives_what_lies_in_it",
        ),
        "no local listing": (
            "test_local_documents_appear_nowhere_else",
            "test_local_documents_are_listed_in_the_order_of_their_bytes",
        ),
        "own ancestors": (
            "test_leaves_and_ancestors_known_by_name_are_not_missing",
            "test_only_what_is_missing_is_named_with_the_leaves_it_may_descend_from",
        ),
        "own tombstones": (
            "test_counts_follow_documents_through_life_death_and_conflict",
            "test_every_leaf_is_given_winner_first_tombstones_included",
            "test_of_many_leaves_each_is_given_as_it_was_written",
            "test_the_latest_of_a_revision_are_the_leaves_that_descend_from_it",
            "test_a_deleted_document_reads_as_deleted_and_its_leaf_by_name",
            "test_a_deletion_leaves_a_tombstone",
            "test_a_document_may_begin_as_a_tombstone",
        ),
        "own stubs": (
            "test_a_stub_keeps_a_large_content_and_those_who_have_it_are_told_so",
            "test_a_stub_keeps_the_file_and_a_left_out_one_is_gone",
            "test_a_replicas_stub_is_found_behind_it",
            "test_only_files_newer_than_what_the_asker_holds_are_sent",
        ),
        "own text": ("test_a_body_is_given_back_as_it_was_written",),
        "own queries": (
            "test_rows_of_mixed_types_stand_in_couchdbs_collation",
            "test_a_condition_finds_the_same_with_an_index_and_without",
            "test_of_a_conflict_the_winner_is_found_and_the_others_are_told",
            "test_documents_in_conflict_are_found_with_an_index_of_them_as_without",
            "test_an_index_of_two_fields_serves_ranges_and_sorts",
            "test_a_partial_index_holds_what_fits_it_and_serves_only_by_name",
            "test_a_bookmark_leads_through_all_pages_and_each_document_once",
            "test_an_index_reads_few_rows_and_a_scan_says_that_it_does_not",
            "test_an_index_that_is_gone_serves_nobody",
            "test_a_bad_question_is_refused_in_couchdbs_words",
            "test_an_index_asked_for_in_vain_is_told",
        ),
    }.items()
    for test in tests
}

ENGINES: tuple[EngineUnderTest, ...] = (
    EngineUnderTest("memory", _memory),
    EngineUnderTest("embedded", _embedded),
    EngineUnderTest("http over memory", _http_over_memory, _ACROSS_HTTP),
    EngineUnderTest("http over embedded", _http_over_embedded, _ACROSS_HTTP),
    EngineUnderTest("outbox", _outbox, _UNREACHED),
    EngineUnderTest(
        "outbox on couchdb", _outbox_on_couchdb, _UNREACHED | _HANDED_ON_BY_OUTBOX, marks=(pytest.mark.couchdb,)
    ),
    EngineUnderTest(
        "pouchdb-server",
        POUCHDB_SERVER.opened,
        _ACROSS_HTTP | _OWN_TO_POUCHDB,
        seen=_SEEN_AT_POUCHDB,
        marks=(pytest.mark.node,),
    ),
    EngineUnderTest("couchdb", _apache_couchdb, _ACROSS_HTTP | _OWN_TO_COUCHDB, marks=(pytest.mark.couchdb,)),
)
