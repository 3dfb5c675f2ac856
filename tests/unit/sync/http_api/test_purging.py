"""`_purge` and what is remembered of it, in CouchDB's shapes and words."""

from typing import Any

import pytest


@pytest.fixture
def conflicted(db: Any) -> Any:
    docs = [
        {"_id": "c", "_revisions": {"start": 2, "ids": ["aa", "00"]}, "x": 1},
        {"_id": "c", "_revisions": {"start": 2, "ids": ["bb", "00"]}, "x": 2},
    ]
    db.post("/db/_bulk_docs", {"docs": docs, "new_edits": False}, status=201)
    return db


def test_a_purge_tells_what_it_forgot_of_each_document(conflicted: Any) -> None:
    asked = {"c": ["2-bb", "1-00", "2-bb"], "nobody": ["1-aa"]}
    told = conflicted.post("/db/_purge", asked, status=201)
    assert told == {"purge_seq": None, "purged": {"c": ["2-bb"], "nobody": []}}
    assert conflicted.get("/db/c?conflicts=true") == {"_id": "c", "_rev": "2-aa", "x": 1}
    assert conflicted.get("/db/_purged_infos") == {
        "purged_infos": [{"id": "c", "revs": ["1-00", "2-bb"]}, {"id": "nobody", "revs": ["1-aa"]}]
    }


def test_a_purge_moves_both_sequences(conflicted: Any) -> None:
    before = conflicted.get("/db")
    assert before["purge_seq"].startswith("0-")
    conflicted.post("/db/_purge", {"c": ["2-bb"]}, status=201)
    after = conflicted.get("/db")
    assert after["purge_seq"].startswith("1-")
    assert after["update_seq"] != before["update_seq"]
    assert conflicted.get(f"/db/_changes?since={before['update_seq']}")["results"][0]["changes"] == [{"rev": "2-aa"}]


def test_a_document_purged_whole_is_missing(conflicted: Any) -> None:
    conflicted.post("/db/_purge", {"c": ["2-aa", "2-bb"]}, status=201)
    assert conflicted.refused("GET", "/db/c") == (404, "not_found", "missing")
    assert conflicted.get("/db/_changes")["results"] == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"c": "2-bb"}, "Invalid list of revisions"),
        ({"c": ["xx"]}, "Invalid rev format"),
        ({"c": [1]}, "Invalid rev format"),
        ([], "Request body must be a JSON object"),
    ],
)
def test_a_purge_that_cannot_be_read_forgets_nothing(conflicted: Any, body: Any, reason: str) -> None:
    assert conflicted.refused("POST", "/db/_purge", body) == (400, "bad_request", reason)
    assert conflicted.get("/db/_purged_infos") == {"purged_infos": []}


def test_a_purge_must_be_told_to_be_json(conflicted: Any) -> None:
    refused = conflicted.refused("POST", "/db/_purge", data=b"{}")
    assert refused == (415, "bad_content_type", "Content-Type must be application/json")


def test_how_many_purges_are_remembered_can_be_set(db: Any) -> None:
    assert db.get("/db/_purged_infos_limit") == 1000
    assert db.put("/db/_purged_infos_limit", 1500, status=200) == {"ok": True}
    assert db.get("/db/_purged_infos_limit") == 1500
    for wrong in (0, -1, "3", 1.5, True):
        refused = db.refused("PUT", "/db/_purged_infos_limit", wrong)
        assert refused == (400, "bad_request", "`purged_infos_limit` must be positive integer")
