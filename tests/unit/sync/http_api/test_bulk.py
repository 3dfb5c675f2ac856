import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.unit.sync.parts import read_parts, related

DOCS = "/db/_bulk_docs"


def test_each_edit_of_a_batch_succeeds_or_fails_for_itself(db: Any) -> None:
    rev = db.put("/db/a", {"n": 1})["rev"]
    docs = [{"_id": "a", "n": 2}, {"_id": "b", "n": 1}, {"_id": "a", "_rev": rev, "n": 3}, {"n": 4}]
    conflict, b, a, made = db.post(DOCS, {"docs": docs, "all_or_nothing": False}, status=201)
    assert conflict == {"id": "a", "error": "conflict", "reason": "Document update conflict."}
    assert (b["ok"], b["id"]) == (True, "b")
    assert db.get("/db/a") == {"_id": "a", "_rev": a["rev"], "n": 3}
    assert db.get(f"/db/{made['id']}")["n"] == 4


def test_a_batch_that_is_to_be_written_whole_or_not_at_all_is_refused_row_by_row(db: Any) -> None:
    docs = [{"_id": "a"}, {"_id": "b", "_rev": "1-a"}, {"_id": "_local/c"}]
    told = db.post(DOCS, {"docs": docs, "all_or_nothing": True}, status=417)
    why = {"error": "not_implemented", "reason": "all_or_nothing is not supported"}
    assert told == [{"id": doc["_id"], "rev": doc.get("_rev", "0-"), **why} for doc in docs]
    assert db.get("/db")["doc_count"] == 0
    assert db.ask("GET", "/db/_local/c").status_code == 404


def test_replicas_revisions_are_joined_and_only_refusals_are_told(db: Any, branched: Callable[[str], None]) -> None:
    branched("x")
    docs = [
        {"_id": "x", "_rev": "3-c", "_revisions": {"start": 3, "ids": ["c", "b", "a"]}, "leaf": "c"},
        {"_id": "y", "_rev": "1-a", "_attachments": {"f": {"stub": True, "digest": "md5-no", "revpos": 1}}},
    ]
    (refused,) = db.post(DOCS, {"docs": docs, "new_edits": False}, status=201)
    assert (refused["id"], refused["error"]) == ("y", "missing_stub")
    assert db.get("/db")["doc_count"] == 1


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({}, "bad_request"),
        ([], "bad_request"),
        ({"docs": {}}, "bad_request"),
        ({"docs": [], "new_edits": "no"}, "bad_request"),
        ({"docs": [{"_id": "good"}, 5]}, "bad_request"),
        ({"docs": [{"_id": "good"}, {"_id": ""}]}, "illegal_docid"),
        ({"docs": [{"_id": "good"}, {"_id": "_bad"}]}, "illegal_docid"),
        ({"docs": [{"_id": "good"}, {"_id": "x", "_strange": 1}]}, "doc_validation"),
        ({"docs": [{"_id": "good"}, {"_id": "x", "_rev": "?"}]}, "bad_request"),
        ({"docs": [{"_id": "good", "_rev": "1-a"}, {"_id": "x"}], "new_edits": False}, "bad_request"),
        ({"docs": [{"_id": "good", "_rev": "1-a"}, None], "new_edits": False}, "bad_request"),
    ],
)
def test_one_unreadable_document_refuses_the_batch_and_nothing_is_written(db: Any, told: Any, word: str) -> None:
    assert db.refused("POST", DOCS, told)[:2] == (400, word)
    assert db.get("/db")["update_seq"] == db.get("/db/_changes?since=now")["last_seq"]
    assert db.get("/db")["doc_count"] == 0


def test_a_replica_whose_revision_we_do_not_take_is_missing_and_is_refused_alone(db: Any) -> None:
    strange = {"a": "1-", "b": "0-a", "c": "1234567890123456-aa"}
    offered = {**{doc_id: [rev] for doc_id, rev in strange.items()}, "good": ["1-a", "0-b"]}
    assert db.post("/db/_revs_diff", offered) == {doc_id: {"missing": revs} for doc_id, revs in offered.items()}
    assert db.post("/db/_missing_revs", offered) == {"missing_revs": offered}
    docs: list[dict[str, Any]] = [{"_id": doc_id, "_rev": rev} for doc_id, rev in strange.items()]
    docs += [
        {"_id": "good", "_rev": "1-a"},
        {"_id": "on one", "_revisions": {"start": 2, "ids": ["b", ""]}},
        {"_id": "zero", "_revisions": {"start": 0, "ids": ["a"]}},
    ]
    refused = db.post(DOCS, {"docs": docs, "new_edits": False}, status=201)
    reason = "Invalid rev format"
    assert refused == [
        *({"id": doc_id, "rev": rev, "error": "bad_request", "reason": reason} for doc_id, rev in strange.items()),
        *({"id": doc_id, "error": "bad_request", "reason": reason} for doc_id in ("on one", "zero")),
    ]
    assert db.get("/db/good")["_rev"] == "1-a"
    assert db.get("/db")["doc_count"] == 1


@pytest.mark.parametrize("rev", ["1-", "0-a", "1234567890123456-a"])
def test_one_that_is_sent_by_itself_is_forbidden_for_over_400_couchdbs_replicator_gives_up(db: Any, rev: str) -> None:
    assert db.refused("PUT", "/db/x?new_edits=false", {"_rev": rev})[:2] == (403, "forbidden")
    assert db.get("/db")["doc_count"] == 0


def test_files_are_asked_for_since_revisions_we_do_not_take_among_others(db: Any) -> None:
    rev = db.put("/db/x", {"n": 1})["rev"]
    since = ["1-", "0-b", "1-a"]
    (row,) = db.post("/db/_bulk_get", {"docs": [{"id": "x", "rev": rev, "atts_since": since}]})["results"]
    assert [each["ok"]["n"] for each in row["docs"]] == [1]
    told = quote(json.dumps(since))
    assert db.get(f"/db/x?rev={rev}&atts_since={told}")["n"] == 1
    assert db.get(f'/db/x?open_revs=["{rev}"]&atts_since={told}')[0]["ok"]["n"] == 1


@pytest.mark.parametrize("levels", [300, 2000])
def test_a_batch_nested_too_deeply_is_too_large_for_a_replicator_halves_it_then(db: Any, levels: int) -> None:
    deep = b'{"_id":"deep","_rev":"1-a","n":' + b"[" * levels + b"]" * levels + b"}"
    body = b'{"new_edits":false,"docs":[{"_id":"x","_rev":"1-a"},' + deep + b"]}"
    assert db.refused("POST", DOCS, data=body, content_type="application/json")[:2] == (413, "too_deep")
    assert db.refused("PUT", "/db/deep?new_edits=false", data=deep)[:2] == (413, "too_deep")
    assert db.get("/db")["doc_count"] == 0


def test_a_batch_must_be_told_to_be_json(db: Any) -> None:
    for path in ("_bulk_docs", "_bulk_get", "_revs_diff"):
        answer = db.refused("POST", f"/db/{path}", data=b"{}", content_type="text/plain")
        assert answer == (415, "bad_content_type", "Content-Type must be application/json")
    db.post(DOCS, None, status=201, data=b'{"docs":[]}', content_type="application/json; charset=utf-8")


def test_local_documents_may_come_in_a_batch(db: Any) -> None:
    docs = [{"_id": "_local/check", "n": 1}, {"_id": "a"}]
    local, plain = db.post(DOCS, {"docs": docs}, status=201)
    assert local == {"ok": True, "id": "_local/check", "rev": "0-1"}
    assert plain["id"] == "a"
    assert db.get("/db/_local/check") == {"_id": "_local/check", "_rev": "0-1", "n": 1}
    db.post(DOCS, {"docs": [{"_id": "_local/check", "n": 2}], "new_edits": False}, status=201)
    assert db.get("/db/_local/check")["n"] == 2
    db.post(DOCS, {"docs": [{"_id": "_local/check", "_rev": "0-2", "_deleted": True}]}, status=201)
    assert db.refused("GET", "/db/_local/check") == (404, "not_found", "missing")
    assert [row["id"] for row in db.get("/db/_changes")["results"]] == ["a"]


def test_many_revisions_are_read_at_once_in_the_order_asked(db: Any, branched: Callable[[str], None]) -> None:
    branched("x")
    db.put("/db/y", {"n": 1})
    docs = [{"id": "x", "rev": "2-d"}, {"id": "y"}, {"id": "x", "rev": "3-c"}, {"id": "x", "rev": "9-z"}, {"id": "no"}]
    results = db.post("/db/_bulk_get?revs=true", {"docs": docs})["results"]
    assert [row["id"] for row in results] == ["x", "y", "x", "x", "no"]
    assert results[0]["docs"] == [
        {"ok": {"_id": "x", "_rev": "2-d", "leaf": "d", "_revisions": {"start": 2, "ids": ["d", "a"]}}}
    ]
    assert results[1]["docs"][0]["ok"]["n"] == 1
    assert results[2]["docs"][0]["ok"]["leaf"] == "c"
    assert results[3]["docs"] == [{"error": {"id": "x", "rev": "9-z", "error": "not_found", "reason": "missing"}}]
    assert results[4]["docs"] == [
        {"error": {"id": "no", "rev": "undefined", "error": "not_found", "reason": "missing"}}
    ]


def test_without_a_revision_every_leaf_is_read_and_with_latest_those_behind_it(
    db: Any, branched: Callable[[str], None]
) -> None:
    branched("x")
    (row,) = db.post("/db/_bulk_get", {"docs": [{"id": "x"}]})["results"]
    assert {each["ok"]["_rev"] for each in row["docs"]} == {"3-c", "2-d", "3-t"}
    docs = [{"id": "x", "rev": "2-b"}, {"id": "x", "rev": "1-a"}]
    first, second = db.post("/db/_bulk_get?latest=true", {"docs": docs})["results"]
    assert [each["ok"]["_rev"] for each in first["docs"]] == ["3-c"]
    assert {each["ok"]["_rev"] for each in second["docs"]} == {"3-c", "2-d", "3-t"}


@pytest.mark.parametrize(
    ("query", "since", "told"),
    [
        ("", {}, "stub"),
        ("", {"atts_since": []}, "stub"),
        ("?attachments=false", {"atts_since": []}, "stub"),
        ("?attachments=true", {"atts_since": []}, "data"),
        ("", {"atts_since": ["9-z"]}, "data"),
        ("?attachments=false", {"atts_since": ["9-z"]}, "stub"),
    ],
)
def test_contents_are_read_in_bulk_where_they_are_asked_for_or_revisions_held_are_named(
    db: Any, query: str, since: Any, told: str
) -> None:
    db.put("/db/x", {"_attachments": {"f": {"data": "aGk="}}})
    (row,) = db.post(f"/db/_bulk_get{query}", {"docs": [{"id": "x", **since}]})["results"]
    assert told in row["docs"][0]["ok"]["_attachments"]["f"]


def test_a_long_bulk_get_is_whole(db: Any) -> None:
    ids = [f"d{n}" for n in range(350)]
    db.post(DOCS, {"docs": [{"_id": each, "pad": "x" * 1000} for each in ids]}, status=201)
    results = db.post("/db/_bulk_get", {"docs": [{"id": each} for each in ids]})["results"]
    assert [row["docs"][0]["ok"]["_id"] for row in results] == ids


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("multipart/mixed", "multipart/mixed"),
        ("multipart/related", "multipart/related"),
        ("multipart/*", "multipart/mixed"),
        ("multipart/related, multipart/mixed;q=0.5", "multipart/mixed"),
    ],
)
def test_who_takes_no_json_is_given_many_documents_in_parts_with_their_files(db: Any, accept: str, kind: str) -> None:
    files = {"f": {"data": "aGk=", "content_type": "text/plain"}}
    held = db.put("/db/%E7%8E%8B", {"n": 1, "_attachments": files})["rev"]
    plain = db.put("/db/y", {"n": 2})["rev"]
    docs = [{"id": "王"}, {"id": "y"}, {"id": "no"}, {"id": "y", "rev": "9-z"}, {"id": "y", "rev": "?"}]
    answer = db.ask("POST", "/db/_bulk_get?revs=true&attachments=false", {"docs": docs}, headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith(f"{kind}; boundary=")
    (headers, whole), (_, alone), *refused = read_parts(answer.data, answer.headers["Content-Type"])
    assert (headers["x-doc-id"], headers["x-rev-id"]) == ("王", held)
    fields, contents = related(whole, headers["content-type"])
    assert (fields["n"], fields["_attachments"]["f"]["follows"], contents) == (1, True, {"f": b"hi"})
    assert fields["_revisions"] == {"start": 1, "ids": [held[2:]]}
    revisions = {"start": 1, "ids": [plain[2:]]}
    assert json.loads(alone) == {"_id": "y", "_rev": plain, "n": 2, "_revisions": revisions}
    assert {each["content-type"] for each, _ in refused} == {'application/json; error="true"'}
    assert [json.loads(each) for _, each in refused] == [
        {"id": "no", "rev": "undefined", "error": "not_found", "reason": "missing"},
        {"id": "y", "rev": "9-z", "error": "not_found", "reason": "missing"},
        {"id": "y", "rev": "?", "error": "bad_request", "reason": "Invalid rev format"},
    ]


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json, multipart/mixed", "multipart/mixed;q=0"])
def test_whoever_takes_json_too_or_neither_is_given_many_documents_as_json(db: Any, accept: str) -> None:
    db.put("/db/x", {})
    answer = db.ask("POST", "/db/_bulk_get", {"docs": [{"id": "x"}]}, headers={"Accept": accept})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json["results"][0]["docs"][0]["ok"]["_id"] == "x"


def test_many_documents_in_parts_may_be_none_and_an_id_ends_no_header(db: Any) -> None:
    asked: Any = {"headers": {"Accept": "multipart/mixed"}}
    empty = db.ask("POST", "/db/_bulk_get", {"docs": []}, **asked)
    assert empty.data.startswith(b"--")
    assert empty.data.endswith(b"--")
    db.put("/db/a%0D%0AX-Evil:%201", {"_attachments": {"f": {"data": "aGk="}}})
    answer = db.ask("POST", "/db/_bulk_get", {"docs": [{"id": "a\r\nX-Evil: 1"}]}, **asked)
    ((headers, _),) = read_parts(answer.data, answer.headers["Content-Type"])
    assert "x-evil" not in headers


@pytest.mark.parametrize("told", [{}, {"docs": 1}, [], {"docs": {}}])
def test_a_bulk_get_that_cannot_be_read_is_refused(db: Any, told: Any) -> None:
    assert db.refused("POST", "/db/_bulk_get", told)[:2] == (400, "bad_request")


@pytest.mark.parametrize(
    ("each", "word", "reason"),
    [
        (1, "bad_request", "document must be a JSON object"),
        ({"rev": "1-a"}, "bad_request", "document must be a JSON object"),
        ({"id": ""}, "illegal_docid", "Document id must not be empty"),
        ({"id": 5}, "illegal_docid", "Document id must be a string"),
        ({"id": "x", "rev": "?"}, "bad_request", "Invalid rev format"),
        ({"id": "x", "atts_since": "1-a"}, "bad_request", "Invalid list of revisions"),
        ({"id": "x", "atts_since": [1]}, "bad_request", "Invalid rev format"),
    ],
)
def test_what_cannot_be_read_in_a_bulk_get_spoils_nothing_else(db: Any, each: Any, word: str, reason: str) -> None:
    db.put("/db/x", {})
    told = db.post("/db/_bulk_get", {"docs": [{"id": "x"}, each, {"id": "x"}]})["results"]
    assert [row["docs"][0].get("ok", {}).get("_id") for row in told] == ["x", None, "x"]
    (row,) = told[1]["docs"]
    assert (row["error"]["error"], row["error"]["reason"]) == (word, reason)


def test_what_is_missing_is_told_with_possible_ancestors(db: Any, branched: Callable[[str], None]) -> None:
    branched("x")
    offered = {"x": ["3-c", "4-new", "1-a"], "y": ["1-q"], "z": []}
    assert db.post("/db/_revs_diff", offered) == {
        "x": {"missing": ["4-new"], "possible_ancestors": ["3-c", "2-d", "3-t"]},
        "y": {"missing": ["1-q"]},
    }
    assert db.post("/db/_missing_revs", offered) == {"missing_revs": {"x": ["4-new"], "y": ["1-q"]}}
    for wrong in ([], {"x": "1-a"}, {"x": ["?"]}):
        assert db.refused("POST", "/db/_revs_diff", wrong)[:2] == (400, "bad_request")


@pytest.mark.parametrize(("path", "doc"), [(DOCS, {}), ("/db/_bulk_get", {"id": "x"})])
def test_a_batch_of_more_documents_than_there_is_memory_for_is_too_large_a_replicator_halves_it_then(
    db: Any, path: str, doc: dict[str, str]
) -> None:
    assert db.post(path, {"docs": [doc] * 50_001}, status=413)["error"] == "too_large"
    assert db.get("/db")["doc_count"] == 0


@pytest.mark.parametrize("path", ["/db/_revs_diff", "/db/_missing_revs"])
def test_no_more_revisions_are_looked_for_at_once_than_documents_are_written(db: Any, path: str) -> None:
    told = "a request names at most 50000 revisions"
    assert db.refused("POST", path, {"x": ["1-a"] * 25_001, "y": ["1-a"] * 25_000}) == (413, "too_large", told)
    assert db.refused("POST", path, {str(number): [] for number in range(50_001)}) == (413, "too_large", told)
    assert "x" in str(db.post(path, {"x": ["1-a"] * 50_000}))


def test_a_request_that_is_nothing_but_empty_values_is_not_read(db: Any) -> None:
    assert db.post(DOCS, {"docs": [], "more": [{}] * 800_000}, status=413)["error"] == "too_large"
    assert db.post("/db/_revs_diff", {"x": [[]] * 800_000}, status=413)["error"] == "too_large"
    assert db.post(DOCS, {"docs": [{"_id": "x", "text": "a,{[" * 150_000}]}, status=201)[0]["ok"] is True
