"""Documents and ledger rows in one transaction, though the documents are elsewhere."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sync.errors import Conflict, NotFound
from sync.outbox import outbox as outbox_module
from sync.outbox.outbox import Outbox
from sync.revisions.tree import Branch
from sync.store.engine import Engine
from sync.store.ledger.intents import newest_intent
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Transaction
from sync.values.documents import Document, Edit, Wanted
from tests.faults.outbox.couch import Couch, couch
from tests.waiting import until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Couch]:
    with couch(tmp_path / "couch") as server:
        yield server


@pytest.fixture
def outbox(tmp_path: Path, server: Couch) -> Iterator[Outbox]:
    with closing(Outbox(Engine.open(tmp_path / "here"), server.address, "we")) as outbox:
        outbox.databases.create("records")
        yield outbox


def put(outbox: Outbox, tx: Transaction, body: bytes, *, fail: bool = False) -> None:
    database = outbox.database("records")
    (found,) = database.read_in(tx, [Wanted("a")])
    parent = found.revision if isinstance(found, Document) else None
    (outcome,) = database.write_in(tx, [Edit("a", parent, body)])
    assert outcome.error is None
    put_settings(tx, {"written": body.decode()})
    if fail:
        raise Conflict("no")


def test_what_the_work_undoes_leaves_no_intent_and_no_row(outbox: Outbox) -> None:
    outbox.write(lambda tx: put(outbox, tx, b'{"n":1}'))
    with pytest.raises(Conflict):
        outbox.write(lambda tx: put(outbox, tx, b'{"n":2}', fail=True))
    assert outbox.read(lambda reader: setting(reader, "written")) == '{"n":1}'
    (found,) = outbox.database("records").read([Wanted("a")])
    assert isinstance(found, Document)
    assert found.body == b'{"n":1}'
    assert outbox.elsewhere().waiting == 0


def test_the_revision_is_the_one_a_node_with_its_own_file_would_give(outbox: Outbox, tmp_path: Path) -> None:
    edits = [Edit("a", None, b'{"n":1}'), Edit("b", None, b"{}")]
    with Engine.open(tmp_path / "file") as engine:
        engine.databases.create("records")
        assert outbox.database("records").write(edits) == engine.database("records").write(edits)


def test_work_asks_for_what_it_needs_by_failing_once(outbox: Outbox, server: Couch) -> None:
    outbox.database("records").write([Edit("a", None, b"{}"), Edit("b", None, b"{}")])
    runs = []

    def work(tx: Transaction) -> None:
        runs.append(1)
        outbox.database("records").read_in(tx, [Wanted("a"), Wanted("b")])

    outbox.database("records").info()
    outbox.write(work)
    assert len(runs) == 2


def test_work_may_ask_for_any_number_of_documents_one_by_one(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "_MOST_RUNS", 3)
    database = outbox.database("records")
    names = ["a", "b", "c", "d", "e"]
    database.write([Edit(name, None, b"{}") for name in names])

    def work(tx: Transaction) -> list[str]:
        return [one.id for name in names for one in database.read_in(tx, [Wanted(name)])]

    database.info()  # they are on the server, and no longer at hand here
    assert outbox.write(work) == names


def test_work_whose_documents_change_all_the_time_ends_in_a_conflict(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "_MOST_RUNS", 3)
    database = outbox.database("records")
    runs = []

    def work(tx: Transaction) -> None:
        runs.append(1)
        # As if our own delivery had changed it since, each time.
        outbox.foresight.ticks.note("records", ["a"])
        database.read_in(tx, [Wanted("a")])

    with pytest.raises(Conflict):
        outbox.write(work)
    assert len(runs) == 3


def test_a_branch_that_a_replica_brings_meanwhile_stands_beside_ours(outbox: Outbox, server: Couch) -> None:
    database = outbox.database("records")
    database.graft([Document("a", Branch(2, ("bb", "aa")), b'{"from":"them"}')])
    outbox.write(lambda tx: put(outbox, tx, b'{"from":"us"}'))
    database.graft([Document("a", Branch(3, ("cc", "bb", "aa")), b'{"from":"them again"}')])
    leaves = [one for one in database.read([Wanted("a", ())]) if isinstance(one, Document)]
    assert sorted(one.body for one in leaves) == [b'{"from":"them again"}', b'{"from":"us"}']
    assert {one.revision.generation for one in leaves} == {3}


def test_a_database_made_while_the_couchdb_is_away_is_there_when_it_is_back(outbox: Outbox, server: Couch) -> None:
    outbox.database("records").info()
    server.down()
    database = outbox.databases.create("later")
    assert "later" in outbox.databases.names()
    outbox.write(lambda tx: database.write_in(tx, [Edit("new", None, b'{"n":1}')], newborn=True))
    (found,) = database.read([Wanted("new")])
    assert isinstance(found, Document)
    assert outbox.read(newest_intent) > 0
    server.up()
    until(lambda: outbox.elsewhere().waiting == 0)
    assert [one.id for one in server.documents("later")] == ["new"]


def test_a_database_that_was_never_made_is_unknown_in_couchdbs_words(outbox: Outbox) -> None:
    database = outbox.database("nobodys")
    for question in (
        database.info,
        lambda: list(database.read([Wanted("a")])),
        lambda: database.write([Edit("a", None)]),
    ):
        with pytest.raises(NotFound, match="Database does not exist"):
            question()


def test_a_database_destroyed_a_moment_after_it_was_made_is_not_made_there_afterwards(
    outbox: Outbox, server: Couch
) -> None:
    for number in range(20):
        outbox.databases.create(f"brief-{number}")
        outbox.databases.destroy(f"brief-{number}")
    outbox.databases.create("last")
    outbox.database("last").info()
    assert set(server.names()) == {"records", "last"}


def born(outbox: Outbox, edits: list[Edit]) -> None:
    """New documents, while the server may be away."""
    outbox.write(lambda tx: outbox.database("records").write_in(tx, edits, newborn=True))


def test_a_document_over_which_the_couchdb_fails_costs_that_document_alone(outbox: Outbox, server: Couch) -> None:
    outbox.database("records").info()  # made there by now
    server.down()
    edits = [Edit(f"{number}", None, b'{"n":"bad"}' if number == 3 else b"{}") for number in range(30)]
    born(outbox, edits)
    server.chokes = lambda body: b'"bad"' in body
    server.up()
    until(lambda: len(server.documents("records")) == 29)
    until(lambda: (outbox.elsewhere().waiting, outbox.elsewhere().refused) == (1, 1))
    born(outbox, [Edit("behind", None, b"{}")])
    until(lambda: len(server.documents("records")) == 30)
    (found,) = outbox.database("records").read([Wanted("3")])
    assert isinstance(found, Document)  # what was acknowledged is here, and read
    server.chokes = lambda body: False
    server.down()
    born(outbox, [Edit("later", None, b"{}")])
    until(lambda: bool(outbox.elsewhere().trouble))
    server.up()
    until(lambda: outbox.elsewhere().waiting == 0)
    assert len(server.documents("records")) == 32


def test_a_document_over_which_the_couchdb_fails_stays_aside_though_nothing_else_waits_and_is_offered_again_by_itself(
    tmp_path: Path, server: Couch
) -> None:
    engine = Engine.open(tmp_path / "there")
    with closing(Outbox(engine, server.address, "we", doubted_seconds=1)) as outbox:
        outbox.databases.create("records")
        outbox.database("records").info()
        server.chokes = lambda body: b'"bad"' in body
        born(outbox, [Edit("a", None, b'{"n":"bad"}')])
        until(lambda: outbox.elsewhere().refused == 1)
        assert outbox.elsewhere().trouble == "", "the CouchDB is there, and answers whoever reads"
        assert outbox.database("records").info().doc_count == 0
        server.chokes = lambda body: False
        until(lambda: (outbox.elsewhere().waiting, outbox.elsewhere().refused) == (0, 0))
        assert [one.id for one in server.documents("records")] == ["a"]


def test_where_the_couchdb_writes_nothing_just_now_the_one_document_that_waits_is_not_blamed(
    outbox: Outbox, server: Couch
) -> None:
    outbox.database("records").info()
    server.chokes = lambda body: bool(body)
    born(outbox, [Edit("a", None, b"{}")])
    until(lambda: bool(outbox.elsewhere().trouble))
    assert (outbox.elsewhere().waiting, outbox.elsewhere().refused) == (1, 0)
    server.chokes = lambda body: False
    until(lambda: outbox.elsewhere().waiting == 0)


def test_where_the_couchdb_fails_over_everything_nothing_is_blamed_and_all_waits(outbox: Outbox, server: Couch) -> None:
    outbox.database("records").info()  # made there by now
    server.down()
    born(outbox, [Edit(f"{number}", None, b"{}") for number in range(60)])
    server.chokes = lambda body: b'"docs"' in body
    server.up()
    until(lambda: sum(path.endswith("_bulk_docs") for _, path in server.requests) > 45)  # two rounds, and more
    assert (outbox.elsewhere().waiting, outbox.elsewhere().refused) == (60, 0)
    server.chokes = lambda body: False
    until(lambda: outbox.elsewhere().waiting == 0)
    assert len(server.documents("records")) == 60
