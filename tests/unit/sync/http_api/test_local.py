from typing import Any

import pytest


@pytest.mark.parametrize("name", ["check", "a%2Fb", "%E7%9F%B3", "a.b~c", "x" * 300])
def test_a_local_document_is_replaced_by_whoever_writes_last(db: Any, name: str) -> None:
    assert db.put(f"/db/_local/{name}", {"n": 1})["rev"] == "0-1"
    assert db.put(f"/db/_local/{name}", {"n": 2, "_rev": "0-1"})["rev"] == "0-2"
    assert db.put(f"/db/_local%2F{name}", {"n": 3, "_rev": "0-1"})["rev"] == "0-3"
    told = db.get(f"/db/_local/{name}")
    assert (told["n"], told["_rev"]) == (3, "0-3")


def test_a_local_document_is_in_no_list_and_no_feed(db: Any) -> None:
    db.put("/db/_local/x", {"n": 1})
    assert db.get("/db/_all_docs")["rows"] == []
    assert db.get("/db/_changes")["results"] == []
    assert db.get("/db")["doc_count"] == 0


def test_a_local_document_has_no_leaves_to_open(db: Any) -> None:
    db.put("/db/_local/x", {"n": 1})
    assert db.refused("GET", "/db/_local/x?open_revs=all") == (404, "not_found", "missing")


def test_a_local_document_is_removed(db: Any) -> None:
    db.put("/db/_local/x", {"n": 1})
    assert db.ask("DELETE", "/db/_local/x").status_code == 200
    assert db.refused("GET", "/db/_local/x") == (404, "not_found", "missing")
    assert db.refused("DELETE", "/db/_local/x") == (404, "not_found", "missing")
    db.put("/db/_local/x", {"n": 1})
    assert db.ask("PUT", "/db/_local/x", {"_deleted": True}).status_code == 200
    assert db.refused("GET", "/db/_local/x")[0] == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"_strange":1}'])
def test_what_is_no_local_document_is_refused(db: Any, body: bytes) -> None:
    assert db.refused("PUT", "/db/_local/x", data=body)[0] == 400
    assert db.refused("GET", "/db/_local/x")[0] == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_local_document_takes_no_files(db: Any, method: str) -> None:
    db.put("/db/_local/x", {"n": 1})
    told = (400, "bad_request", "_local documents do not accept attachments.")
    assert db.refused(method, "/db/_local/x/f/g", data=b"") == told
