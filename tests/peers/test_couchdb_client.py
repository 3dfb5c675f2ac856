"""The `couchdb` Python client does all its work on our server, as it does on Apache CouchDB.

Each test runs against ours and, when one is named, against a live CouchDB: what it expects is no wish of ours.

Must not know: our code.
"""

import os
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import couchdb
import pytest
from couchdb.http import PreconditionFailed, ResourceConflict, ResourceNotFound, ServerError

_SECONDS = 60
# Ours for every test; the other only where somebody named it.
_SERVERS = ("yizhan", pytest.param("couchdb", marks=pytest.mark.couchdb))


@pytest.fixture(params=_SERVERS)
def server(request: pytest.FixtureRequest) -> couchdb.Server:
    """A server through the client's eyes; name and password are in its address."""
    address = request.getfixturevalue("yizhan") if request.param == "yizhan" else os.environ["COUCHDB_URL"]
    return couchdb.Server(address)


@pytest.fixture
def fresh(server: couchdb.Server) -> Iterator[Callable[[], couchdb.Database]]:
    """A function that makes an empty database."""
    made = []

    def create() -> couchdb.Database:
        made.append(f"client-{uuid4().hex[:12]}")
        return server.create(made[-1])

    yield create
    for name in made:
        if name in server:
            server.delete(name)


@pytest.fixture
def db(fresh: Callable[[], couchdb.Database]) -> couchdb.Database:
    """An empty database."""
    return fresh()


def test_the_server_tells_of_itself(server: couchdb.Server) -> None:
    assert server.version()[0] == "3"
    assert server.version_info()[0] == 3
    assert len(set(server.uuids(5))) == 5
    assert isinstance(server.tasks(), list)
    assert bool(server)


def test_databases_are_made_found_and_deleted(server: couchdb.Server, fresh: Callable[[], couchdb.Database]) -> None:
    name = fresh().name
    assert name in server
    assert name in list(server)
    assert len(server) >= 1
    assert server[name].info()["doc_count"] == 0
    with pytest.raises(PreconditionFailed):
        server.create(name)
    del server[name]
    assert name not in server
    with pytest.raises(ResourceNotFound):
        server[name]


def test_a_document_is_saved_read_changed_and_deleted(db: couchdb.Database) -> None:
    doc_id, rev = db.save({"name": "石桥村", "n": 1})
    assert doc_id in db
    doc = db[doc_id]
    assert (doc.id, doc.rev, doc["name"]) == (doc_id, rev, "石桥村")
    doc["n"] = 2
    db.save(doc)
    assert doc.rev != rev
    assert db.get(doc_id, rev=rev) in (None, {"_id": doc_id, "_rev": rev, "name": "石桥村", "n": 1})
    with pytest.raises(ResourceConflict):
        db.save({"_id": doc_id, "_rev": rev, "n": 3})
    db.delete(doc)
    assert doc_id not in db
    assert db.get(doc_id, default="gone") == "gone"
    with pytest.raises(ResourceNotFound):
        del db["never"]


def test_ids_are_whatever_they_are(db: couchdb.Database) -> None:
    ids = ["007", "1e5", "a/b", "a b", "a+b", "a?b#c", "村", "_design/x", "_local/y"]
    for doc_id in ids:
        db[doc_id] = {"id": doc_id}
        assert db[doc_id]["id"] == doc_id
    assert sorted(db) == sorted(doc_id for doc_id in ids if doc_id != "_local/y")
    assert len(db) == len(ids) - 1
    with pytest.raises(ServerError):
        db["_other"] = {}


def test_many_documents_are_written_together(db: couchdb.Database) -> None:
    told = db.update([{"_id": "a", "n": 1}, {"_id": "b", "n": 2}, {"n": 3}])
    assert [ok for ok, _, _ in told] == [True] * 3
    (_, _, rev), (refused, doc_id, error) = db.update([{"_id": "c"}, {"_id": "a", "n": 4}])
    assert rev.startswith("1-")
    assert (refused, doc_id, type(error)) == (False, "a", ResourceConflict)
    assert [ok for ok, _, _ in db.update([{"_id": "a", "_rev": "9-x"}], new_edits=False)] == []
    assert db["a"].rev == "9-x"


def test_a_document_is_copied(db: couchdb.Database) -> None:
    db["a"] = {"n": 1}
    rev = db.copy("a", "b")
    assert (db["b"].rev, db["b"]["n"]) == (rev, 1)
    db["a"] = {"_rev": db["a"].rev, "n": 2}
    db.copy(db["a"], db["b"])
    assert db["b"]["n"] == 2
    with pytest.raises(ResourceConflict):
        db.copy("a", "b")


def test_listings_are_views(db: couchdb.Database) -> None:
    db.update([{"_id": each, "n": place} for place, each in enumerate("abcde")])
    listed = db.view("_all_docs")
    assert (listed.total_rows, listed.offset, len(listed)) == (5, 0, 5)
    assert [row.key for row in listed["b":"d"]] == ["b", "c", "d"]
    assert [row.id for row in db.view("_all_docs", startkey="d", descending=True, limit=2)] == ["d", "c"]
    assert [row.doc["n"] for row in db.view("_all_docs", keys=["e", "a"], include_docs=True)] == [4, 0]
    gone, unknown = db.view("_all_docs", keys=["no", "a"]).rows[:1], db.view("_all_docs", keys=["no"]).rows
    assert gone[0].error == unknown[0].error == "not_found"
    assert [row.id for row in db.iterview("_all_docs", 2)] == list("abcde")
    assert db.view("_all_docs", update_seq=True, limit=0).update_seq is not None
    db["_design/d"] = {"views": {}}
    assert [row.id for row in db.view("_design_docs")] == ["_design/d"]


def test_changes_are_told_at_once_and_as_they_come(db: couchdb.Database) -> None:
    db["a"] = {"n": 1}
    told = db.changes(include_docs=True)
    assert [(row["id"], row["doc"]["n"]) for row in told["results"]] == [("a", 1)]
    assert db.changes(since=told["last_seq"])["results"] == []
    db.update([{"_id": "b", "n": 2}, {"_id": "c", "n": 3}])
    feed = db.changes(feed="continuous", since=told["last_seq"], heartbeat=1000)
    assert {next(feed)["id"], next(feed)["id"]} == {"b", "c"}
    feed.close()
    chosen = db.changes(filter="_selector", _selector={"selector": {"n": {"$gt": 2}}})
    assert [row["id"] for row in chosen["results"]] == ["c"]
    assert {row["id"] for row in db.changes(filter="_doc_ids", doc_ids='["a","b"]')["results"]} == {"a", "b"}


def test_files_are_put_read_and_deleted(db: couchdb.Database) -> None:
    db["a"] = {"n": 1}
    doc = db["a"]
    db.put_attachment(doc, b"\x89PNG\r\n", filename="照片 1.png", content_type="image/png")
    db.put_attachment(doc, BytesIO(b"text"), filename="b/c.txt", content_type="text/plain")
    read = db.get_attachment("a", "照片 1.png")
    assert read.read() == b"\x89PNG\r\n"
    assert db.get_attachment(doc, "b/c.txt").read() == b"text"
    assert db.get_attachment(doc, "no", default="none") == "none"
    assert sorted(db["a"]["_attachments"]) == ["b/c.txt", "照片 1.png"]
    db.delete_attachment(doc, "b/c.txt")
    assert sorted(db["a"]["_attachments"]) == ["照片 1.png"]
    assert db.get("a", attachments=True)["_attachments"]["照片 1.png"]["data"] == "iVBORw0K"


def test_revisions_are_told_newest_first(db: couchdb.Database) -> None:
    for n in range(3):
        db["a"] = {**db.get("a", default={}), "n": n}
    told = [doc["n"] for doc in db.revisions("a")]
    assert told == [2, 1, 0][: len(told)]
    assert told
    assert list(db.revisions("no")) == []
    conflicts = {"_id": "a", "_rev": "3-0", "_revisions": {"start": 3, "ids": ["0"]}}
    db.update([conflicts], new_edits=False)
    assert len(db.get("a", open_revs="all", revs=True)) == 2
    assert db.get("a", conflicts=True)["_conflicts"] == ["3-0"]


def test_documents_are_found_by_what_they_say(db: couchdb.Database) -> None:
    db.update([{"_id": f"d{n}", "n": n, "kind": "case" if n % 2 else "person"} for n in range(6)])
    db.index()["cases", "by-n"] = ["n"]
    assert sorted(each["name"] for each in db.index()) == ["_all_docs", "by-n"]
    query = {"selector": {"n": {"$gt": 1}, "kind": "case"}, "sort": [{"n": "desc"}], "fields": ["_id"]}
    assert [doc["_id"] for doc in db.find(query)] == ["d5", "d3"]
    assert db.explain(query)["index"]["name"] == "by-n"
    del db.index()["cases", "by-n"]
    assert [each["name"] for each in db.index()] == ["_all_docs"]


def test_who_may_use_a_database_is_kept_with_it(db: couchdb.Database) -> None:
    law = {"admins": {"names": ["chen"], "roles": []}, "members": {"names": [], "roles": ["staff"]}}
    db.security = law
    assert db.security == law


def test_revisions_are_purged(db: couchdb.Database) -> None:
    db["a"], db["b"] = {}, {}
    told = db.purge([dict(db["a"])])
    assert list(told["purged"]) == ["a"]
    assert "a" not in db
    assert "b" in db


def test_upkeep_is_asked_for_and_answered(db: couchdb.Database) -> None:
    db["a"] = {}
    assert db.compact() is True
    assert db.commit()["ok"] is True
    assert db.info()["compact_running"] in (True, False)


def test_what_would_run_in_a_design_document_is_refused_and_the_document_kept(
    server: couchdb.Server, db: couchdb.Database
) -> None:
    db["_design/d"] = {"views": {"v": {"map": "function (doc) { emit(doc._id); }"}}}
    assert db["_design/d"]["views"]["v"]["map"].startswith("function")
    if server.resource.get_json()[2]["vendor"]["name"] == "yizhan":
        with pytest.raises(ServerError, match="not_implemented"):
            list(db.view("d/v"))


def test_databases_are_replicated(server: couchdb.Server, fresh: Callable[[], couchdb.Database]) -> None:
    source, target = fresh(), fresh()
    source.update([{"_id": each} for each in "abc"])
    ends = [_with_password(server, database) for database in (source, target)]
    told = server.replicate(*ends)
    assert (told["ok"], told["history"][0]["docs_written"]) == (True, 3)
    assert sorted(target) == ["a", "b", "c"]
    server.replicate(*ends, continuous=True)
    try:
        source["d"] = {}
        until = time.monotonic() + _SECONDS
        while "d" not in target:
            assert time.monotonic() < until, "a continuous replication brought nothing"
            time.sleep(0.1)
    finally:
        server.replicate(*ends, continuous=True, cancel=True)


def _with_password(server: couchdb.Server, database: couchdb.Database) -> Any:
    name, password = server.resource.credentials
    return {
        "url": f"{server.resource.url.rstrip('/')}/{database.name}",
        "auth": {"basic": {"username": name, "password": password}},
    }
