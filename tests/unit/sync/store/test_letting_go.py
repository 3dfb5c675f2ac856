"""A body that was let go: everything but the body is as it was, and whoever wants it is told so."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from sync.http_api.api import create_app
from sync.mango.design import ensure_index
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.store.connection import Opening
from sync.store.doctor.examining import examine
from sync.store.engine import Engine
from sync.store.letting_go import bytes_away
from sync.values.changes import START
from sync.values.documents import LET_GO, Absent, Attachment, Document, Edit, Wanted
from sync.values.queries import Index, Query

BODY = b'{"data":"' + b"x" * 20_000 + b'"}'


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path / "data") as engine:
        yield engine


@pytest.fixture
def db(engine):
    database = engine.databases.create("notes")
    database.graft([Document(f"doc-{n}", Branch(1, (f"{n}" * 32,)), BODY) for n in range(4)])
    return database


def let_go(db, *ids):
    return db._engine.write(lambda tx: db.let_go_in(tx, ids))


def state(db):
    """What others see of a database."""
    info = db.info()
    return info.update_seq, info.doc_count, info.doc_del_count, db.changes(START), db.tree("doc-1")


def faults(db):
    return [one.what for one in examine(db._engine.directory) if one.is_fault]


def test_nothing_moves_and_nothing_is_missing(db):
    before, size = state(db), db.info().active_bytes
    assert let_go(db, "doc-1", "doc-1", "nobody") == len(BODY)
    assert let_go(db, "doc-1") == 0
    assert state(db) == before
    assert db.missing({"doc-1": [Revision(1, "1" * 32)]}) == {}
    assert db.info().active_bytes == size - len(BODY)
    assert db._engine.read(bytes_away) == len(BODY)
    assert faults(db) == []
    assert [row.is_away for row in db.look_up(["doc-0", "doc-1", "nobody"]).rows] == [False, True, False]


def test_whoever_reads_it_is_told(db):
    let_go(db, "doc-1")
    revision = Revision(1, "1" * 32)
    for wanted in (
        Wanted("doc-1"),
        Wanted("doc-1", ()),
        Wanted("doc-1", (revision,)),
        Wanted("doc-1", (revision,), latest=True),
    ):
        assert list(db.read([wanted])) == [Absent("doc-1", revision, LET_GO)]
    found = list(db.read([Wanted(f"doc-{n}") for n in range(4)]))
    assert [isinstance(one, Document) for one in found] == [True, False, True, True]


def test_grafted_once_more_it_is_here_again(db):
    whole, size = state(db), db.info()
    let_go(db, "doc-1")
    assert db.graft([Document("doc-1", Branch(1, ("1" * 32,)), BODY)])[0].error is None
    assert state(db) == whole
    assert db.info() == size
    assert next(iter(db.read([Wanted("doc-1")]))).body == BODY
    assert db._engine.read(bytes_away) == 0
    assert faults(db) == []
    # What is here is not written over.
    db.graft([Document("doc-1", Branch(1, ("1" * 32,)), b'{"other":1}')])
    assert next(iter(db.read([Wanted("doc-1")]))).body == BODY


def test_deleted_conflicting_and_furnished_documents_stay_as_they_are(db):
    first = Revision(1, "1" * 32)
    db.write([Edit("doc-1", first, deleted=True)])
    db.graft([Document("doc-2", Branch(1, ("f" * 32,)), BODY)])
    scan = Attachment("scan", "image/jpeg", "md5-x", 4, 0, b"scan")
    db.write([Edit("files", None, attachments=(scan,))])
    assert let_go(db, "doc-1", "doc-2", "files") == 0


def test_one_that_was_let_go_may_be_edited_purged_compacted_and_destroyed(db, engine):
    let_go(db, "doc-0", "doc-1", "doc-2", "doc-3")
    db.write([Edit("doc-0", Revision(1, "0" * 32), b'{"new":1}')])
    db.purge({"doc-1": [Revision(1, "1" * 32)]})
    db.compact()
    assert next(iter(db.read([Wanted("doc-0")]))).body == b'{"new":1}'
    assert db.tree("doc-1") is None
    assert faults(db) == []
    engine.databases.destroy("notes")
    engine.databases.create("notes")
    engine.upkeep.sweep()
    assert db.info().doc_count == 0


def test_the_file_becomes_smaller(engine):
    many = engine.databases.create("many")
    for start in range(0, 300, 50):
        many.graft([Document(f"doc-{n}", Branch(1, (f"{n:032}",)), BODY) for n in range(start, start + 50)])
    many.compact()
    path = engine.directory / "yizhan.sqlite"
    engine.upkeep._move_log()
    before = path.stat().st_size + _log_size(path)
    assert let_go(many, *(f"doc-{n}" for n in range(300))) == 300 * len(BODY)
    many.compact()
    until = time.monotonic() + 10
    while path.stat().st_size > before - 4_000_000:
        assert time.monotonic() < until, (before, path.stat().st_size)
        engine.upkeep._move_log()
        time.sleep(0.05)


def _log_size(path):
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0


def test_over_http_every_row_says_so_and_none_is_empty(db, engine):
    let_go(db, "doc-1")
    client = Client(create_app(engine.databases, uuid="x"))
    one = client.get("/notes/doc-1")
    assert (one.status_code, one.json["error"]) == (404, "let_go")
    asked = {"docs": [{"id": f"doc-{n}", "rev": f"1-{str(n) * 32}"} for n in range(2)]}
    rows = client.post("/notes/_bulk_get?revs=true", json=asked).json["results"]
    assert "ok" in rows[0]["docs"][0]
    assert rows[1]["docs"][0]["error"]["error"] == "let_go"
    listed = client.get("/notes/_all_docs?include_docs=true").json["rows"]
    assert [(row["id"], row["doc"] is None, row.get("error")) for row in listed] == [
        ("doc-0", False, None),
        ("doc-1", True, "let_go"),
        ("doc-2", False, None),
        ("doc-3", False, None),
    ]
    changes = client.get("/notes/_changes?include_docs=true").json["results"]
    assert [(row["id"], row.get("error"), row.get("deleted")) for row in changes if row["doc"] is None] == [
        ("doc-1", "let_go", None)
    ]
    leaves = client.get("/notes/doc-1?open_revs=%5B%221-" + "1" * 32 + "%22%5D", headers={"Accept": "application/json"})
    assert leaves.json == [{"missing": "1-" + "1" * 32}]
    diff = client.post("/notes/_revs_diff", json={"doc-1": ["1-" + "1" * 32]}).json
    assert diff == {}
    assert json.loads(client.get("/notes").data)["doc_count"] == 4


def test_queries_pass_over_it_and_find_it_when_it_is_back(db):
    index = Index("_design/by", "data", ("data",))
    ensure_index(db, index)
    query = Query({"data": {"$gt": None}})
    assert len(db.find(query).documents) == 4
    let_go(db, "doc-1")
    assert len(db.find(query).documents) == 3
    assert faults(db) == []
    ensure_index(db, Index("_design/by", "again", ("data",)))
    assert len(db.find(Query({"data": {"$gt": None}}, use_index=("_design/by", "again"))).documents) == 3
    db.graft([Document("doc-1", Branch(1, ("1" * 32,)), BODY)])
    assert len(db.find(query).documents) == 4
    assert len(db.find(Query({"data": {"$gt": None}}, use_index=("_design/by", "again"))).documents) == 4
    assert faults(db) == []


ACTS = st.lists(
    st.tuples(st.sampled_from(("let go", "graft", "edit", "delete", "compact")), st.integers(0, 3)), max_size=25
)


@settings(max_examples=30, deadline=None)
@given(acts=ACTS)
def test_whatever_is_done_the_books_are_right_and_no_body_is_wrong(tmp_path_factory, acts):
    directory = tmp_path_factory.mktemp("histories")
    with Engine.open(directory, opening=Opening(synchronous="OFF")) as engine:
        db = engine.databases.create("notes")
        bodies = {}
        for what, n in acts:
            doc_id = f"doc-{n}"
            tree = db.tree(doc_id)
            if what == "let go":
                let_go(db, doc_id)
            elif what == "graft":
                body = b'{"n":%d}' % n
                bodies[(doc_id, Revision(1, f"{n}" * 32))] = body
                db.graft([Document(doc_id, Branch(1, (f"{n}" * 32,)), body)])
            elif what == "compact":
                db.compact()
            else:
                parent = tree.winner.leaf if tree and not tree.deleted else None
                body = b'{"edit":%d}' % len(bodies)
                (outcome,) = db.write([Edit(doc_id, parent, body, deleted=what == "delete")])
                if outcome.error is None:
                    bodies[(doc_id, outcome.revision)] = body
        for found in db.read([Wanted(f"doc-{n}", ()) for n in range(4)]):
            if isinstance(found, Document):
                assert found.body == bodies[(found.id, found.revision)]
            else:
                assert found.reason == LET_GO or found.revision is None
        assert faults(db) == []
