from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

IDS = [
    "007", "1e5", "a/b", "/a", "a/", "a//b", "a%2Fb", "a b", "a+b", "a?b", "a#b", '"', "\\", "石桥:1", "é", "e\u0301",
    "😀", "~", "-", ".", "..", "\x01", "x" * 1000, "_design/x", "_design/a/b",
]  # fmt: skip


def address(doc_id: str) -> str:
    if doc_id.startswith("_design/"):
        return "/db/_design/" + quote(doc_id.removeprefix("_design/"), safe="")
    return "/db/" + quote(doc_id, safe="")


@pytest.mark.parametrize("doc_id", IDS)
def test_any_id_is_written_read_and_deleted_as_itself(db: Any, doc_id: str) -> None:
    told = db.put(address(doc_id), {"n": 1})
    assert (told["ok"], told["id"]) == (True, doc_id)
    assert db.get(address(doc_id)) == {"_id": doc_id, "_rev": told["rev"], "n": 1}
    assert [row["id"] for row in db.get("/db/_all_docs")["rows"]] == [doc_id]
    assert [row["id"] for row in db.get("/db/_changes")["results"]] == [doc_id]
    answer = db.ask("DELETE", f"{address(doc_id)}?rev={told['rev']}")
    assert (answer.status_code, answer.json["id"]) == (200, doc_id)
    assert db.refused("GET", address(doc_id)) == (404, "not_found", "deleted")


def test_a_design_documents_slash_may_come_encoded(db: Any) -> None:
    rev = db.put("/db/_design%2Fx", {"views": {}})["rev"]
    assert db.get("/db/_design/x") == {"_id": "_design/x", "_rev": rev, "views": {}}


def test_an_unknown_document_is_missing(db: Any) -> None:
    assert db.refused("GET", "/db/x") == (404, "not_found", "missing")
    assert db.refused("GET", "/db/x?rev=1-a") == (404, "not_found", "missing")
    assert db.refused("GET", "/db/x?open_revs=all") == (404, "not_found", "missing")
    assert db.refused("DELETE", "/db/x?rev=1-a") == (404, "not_found", "missing")
    assert db.refused("GET", "/nowhere/x") == (404, "not_found", "Database does not exist.")
    assert db.refused("PUT", "/nowhere/x", {}) == (404, "not_found", "Database does not exist.")


def test_an_edit_needs_the_revision_it_builds_on(db: Any) -> None:
    rev = db.put("/db/x", {"n": 1})["rev"]
    for wrong in ({}, {"_rev": "1-other"}, {"_rev": "7-a"}):
        assert db.refused("PUT", "/db/x", wrong) == (409, "conflict", "Document update conflict.")
    assert db.refused("DELETE", "/db/x") == (409, "conflict", "Document update conflict.")
    second = db.put("/db/x", {"_rev": rev, "n": 2})["rev"]
    third = db.put(f"/db/x?rev={second}", {"n": 3})["rev"]
    answer = db.ask("PUT", "/db/x", {"n": 4}, headers={"If-Match": f'"{third}"'})
    assert answer.status_code == 201
    assert answer.headers["ETag"] == f'"{answer.json["rev"]}"'
    assert answer.headers["Location"].endswith("/db/x")
    assert db.get("/db/x")["n"] == 4


def test_two_ways_to_name_the_parent_must_agree(db: Any) -> None:
    rev = db.put("/db/x", {"n": 1})["rev"]
    status, word, _ = db.refused("PUT", f"/db/x?rev={rev}", {"_rev": "1-other"})
    assert (status, word) == (400, "bad_request")
    assert db.refused("PUT", f"/db/x?rev={rev}", {}, headers={"If-Match": '"1-other"'})[0] == 400
    db.put(f"/db/x?rev={rev}", {"_rev": rev, "n": 2}, headers={"If-Match": f'"{rev}"'})


def test_a_deleted_document_can_be_created_again(db: Any) -> None:
    rev = db.put("/db/x", {"n": 1})["rev"]
    db.ask("DELETE", "/db/x", headers={"If-Match": f'"{rev}"'})
    assert db.put("/db/x", {"n": 2})["rev"].startswith("3-")


def test_a_tombstone_is_read_by_its_revision(db: Any) -> None:
    rev = db.put("/db/x", {"n": 1})["rev"]
    dead = db.put("/db/x", {"_rev": rev, "_deleted": True, "why": "done"}, status=200)["rev"]
    assert db.get(f"/db/x?rev={dead}") == {"_id": "x", "_rev": dead, "_deleted": True, "why": "done"}


def test_a_posted_document_gets_an_id(db: Any) -> None:
    told = db.post("/db", {"n": 1}, status=201)
    assert db.get(f"/db/{told['id']}")["n"] == 1
    assert db.post("/db", {"_id": "mine"}, status=201)["id"] == "mine"
    assert db.refused("POST", "/db", {"_id": "mine"})[0] == 409
    assert db.refused("POST", "/db", [1]) == (400, "bad_request", "Document must be a JSON object")
    assert db.refused("POST", "/db", data=b"{}", content_type="text/plain") == (
        415,
        "bad_content_type",
        "Content-Type must be application/json",
    )


def test_a_replicas_revision_is_taken_as_it_is(db: Any) -> None:
    told = db.put("/db/x?new_edits=false", {"_revisions": {"start": 3, "ids": ["c", "b", "a"]}, "n": 1})
    assert told["rev"] == "3-c"
    assert db.get("/db/x?revs=true")["_revisions"] == {"start": 3, "ids": ["c", "b", "a"]}
    assert db.put("/db/x?new_edits=false", {"_rev": "3-c", "n": 1})["rev"] == "3-c"
    assert db.refused("PUT", "/db/y?new_edits=false", {})[:2] == (400, "bad_request")


def test_a_documents_revision_is_its_etag(db: Any) -> None:
    rev = db.put("/db/x", {"n": 1})["rev"]
    answer = db.ask("GET", "/db/x")
    assert answer.headers["ETag"] == f'"{rev}"'
    again = db.ask("GET", "/db/x", headers={"If-None-Match": f'"{rev}"'})
    assert (again.status_code, again.data) == (304, b"")
    head = db.ask("HEAD", "/db/x")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", f'"{rev}"')
    assert head.headers["Content-Length"] == answer.headers["Content-Length"] == str(len(answer.data))
    for known in (f'"1-x", "{rev}"', f'W/"{rev}"', f'"{rev}",'):
        assert db.ask("GET", "/db/x?revs=true", headers={"If-None-Match": known}).status_code == 304
    for unknown in (rev, '"1-x"', "*", ""):
        assert db.ask("GET", "/db/x", headers={"If-None-Match": unknown}).status_code == 200
    for more in ("revs_info=true", "local_seq=true", "meta=true"):  # what they tell may change while the revision stays
        assert "ETag" not in db.ask("GET", f"/db/x?{more}").headers
    assert db.ask("HEAD", "/db/y").status_code == 404


def test_what_is_beside_the_winner_is_told_on_request(db: Any, branched: Callable[[str], None]) -> None:
    branched("x")
    assert db.get("/db/x") == {"_id": "x", "_rev": "3-c", "leaf": "c"}
    told = db.get("/db/x?meta=true")
    assert told["_conflicts"] == ["2-d"]
    assert told["_deleted_conflicts"] == ["3-t"]
    assert told["_revs_info"] == [
        {"rev": "3-c", "status": "available"},
        {"rev": "2-b", "status": "missing"},
        {"rev": "1-a", "status": "missing"},
    ]
    assert "_conflicts" not in db.get("/db/x?deleted_conflicts=true")
    assert db.get("/db/x?local_seq=true")["_local_seq"] == db.get("/db/_changes")["results"][0]["seq"]


def test_leaves_are_read_all_or_by_name(db: Any, branched: Callable[[str], None]) -> None:
    branched("x")
    rows = db.get("/db/x?open_revs=all&revs=true")
    assert {row["ok"]["_rev"] for row in rows} == {"3-c", "2-d", "3-t"}
    assert next(row["ok"] for row in rows if row["ok"]["_rev"] == "2-d")["_revisions"] == {
        "start": 2,
        "ids": ["d", "a"],
    }
    assert next(row["ok"] for row in rows if row["ok"]["_rev"] == "3-t")["_deleted"] is True
    assert db.get('/db/x?open_revs=["2-d","9-z"]') == [
        {"ok": {"_id": "x", "_rev": "2-d", "leaf": "d"}},
        {"missing": "9-z"},
    ]
    twice = db.get('/db/x?open_revs=["2-d","9-z","2-d","9-z"]')
    assert twice == db.get('/db/x?open_revs=["2-d","9-z"]')  # each is held in memory until its turn
    latest = db.get('/db/x?open_revs=["1-a"]&latest=true')
    assert {row["ok"]["_rev"] for row in latest} == {"3-c", "2-d", "3-t"}
    assert db.get("/db/x?rev=2-b&latest=true")["_rev"] == "3-c"
    assert db.get("/db/x?rev=2-d&latest=true")["_rev"] == "3-c"
    assert db.get("/db/x?open_revs=[]") == db.get("/db/x")


def test_of_a_revision_named_nothing_is_told_besides(db: Any, branched: Callable[[str], None]) -> None:
    branched("x")
    assert db.get("/db/x?rev=3-c&meta=true&local_seq=true") == {"_id": "x", "_rev": "3-c", "leaf": "c"}


def test_a_tombstone_is_read_by_whoever_asks_for_deleted_ones(db: Any) -> None:
    rev = db.put("/db/x", {})["rev"]
    gone = db.ask("DELETE", f"/db/x?rev={rev}").json["rev"]
    assert db.refused("GET", "/db/x") == (404, "not_found", "deleted")
    assert db.get("/db/x?deleted=true") == {"_id": "x", "_rev": gone, "_deleted": True}
    assert db.refused("GET", "/db/y?deleted=true") == (404, "not_found", "missing")


def test_a_document_that_says_it_is_local_is_one(db: Any) -> None:
    before = db.get("/db")["update_seq"]
    assert db.post("/db", {"_id": "_local/a", "n": 1}, status=201)["rev"] == "0-1"
    assert db.ask("COPY", "/db/_local/a", headers={"Destination": "_local/b"}).json["rev"] == "0-1"
    assert db.get("/db/_local/b?revs=true") == {
        "_id": "_local/b",
        "_rev": "0-1",
        "_revisions": {"start": 0, "ids": ["1"]},
        "n": 1,
    }
    assert db.get("/db")["update_seq"] == before
    assert db.ask("COPY", "/db/_local/a", headers={"Destination": "plain"}).status_code == 201
    assert db.get("/db/plain")["n"] == 1
    assert db.ask("COPY", "/db/plain", headers={"Destination": "_local/c"}).status_code == 201
    assert db.get("/db/_local/c")["n"] == 1
    assert db.refused("COPY", "/db/_local/no", headers={"Destination": "x"})[0] == 404
    assert db.refused("PUT", "/db/_local/x", {"_rev": "x"})[2] == "Invalid rev format"


def test_a_copy_of_a_tombstone_is_one(db: Any, branched: Callable[[str], None]) -> None:
    branched("x")
    assert db.ask("COPY", "/db/x?rev=3-t", headers={"Destination": "y"}).status_code == 201
    assert db.refused("GET", "/db/y") == (404, "not_found", "deleted")


@pytest.mark.parametrize("name", ["石桥村", "坚堅", "a b", "a+b"])
def test_a_copy_goes_where_its_destination_says_in_utf_8_as_it_stands(db: Any, name: str) -> None:
    db.put("/db/x", {"n": 1})
    told = db.ask("COPY", "/db/x", headers={"Destination": name.encode().decode("latin-1")})
    assert (told.status_code, told.json["id"]) == (201, name)
    assert {row["id"] for row in db.get("/db/_all_docs")["rows"]} == {"x", name}


def test_a_copy_goes_where_its_header_says(db: Any) -> None:
    rev = db.put("/db/x", {"n": 1})["rev"]
    answer = db.ask("COPY", "/db/x", headers={"Destination": "a%2F%E6%9D%91", "If-Match": rev})
    assert (answer.json["id"], answer.headers["Location"]) == ("a/村", "http://localhost/db/a%2F%E6%9D%91")
    for wrong in ({"Destination": "http://elsewhere/db/x"}, {"Destination": ""}, {}, {"Destination": "%FF"}):
        assert db.refused("COPY", "/db/x", headers=wrong)[0] == 400
    assert db.refused("COPY", "/db/x", headers={"Destination": "y", "If-Match": "9-a"})[0] == 404


def test_what_a_writer_tells_besides_is_read_though_it_has_no_word(db: Any) -> None:
    for wrong in ({"_id": "_x"}, {"_id": 1}, {"_rev": None}, {"_revisions": {}}, {"_revisions": {"start": 1}}):
        assert db.refused("PUT", "/db/x", wrong)[0] == 400
    rev = db.put("/db/x", {"_id": "y"})["rev"]
    generation, digest = rev.split("-")
    db.put("/db/x", {"_revisions": {"start": int(generation), "ids": [digest]}})
    assert db.put("/db/z?new_edits=false&rev=4-q", {})["rev"] == "4-q"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("rev=nonsense", "bad_request"),
        ("open_revs=nonsense", "bad_request"),
        ('open_revs="1-a"', "bad_request"),
        ("open_revs=[1]", "bad_request"),
        ("atts_since=5", "bad_request"),
        ("rev=%FF", "bad_request"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused(db: Any, query: str, word: str) -> None:
    db.put("/db/x", {"n": 1})
    assert db.refused("GET", f"/db/x?{query}")[:2] == (400, word)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b'{"a":\xff}', b'{"a":NaN}'])
def test_a_body_that_is_no_document_is_refused_and_nothing_is_written(db: Any, body: bytes) -> None:
    assert db.refused("PUT", "/db/x", data=body)[:2] == (400, "bad_request")
    assert db.get("/db")["doc_count"] == 0


def test_a_body_nested_beyond_measure_is_refused_and_no_fault(db: Any) -> None:
    assert db.refused("PUT", "/db/x", data=b"[" * 100_000)[:2] == (413, "too_deep")


@pytest.mark.parametrize("path", ["/db/_foo", "/db/_", "/db/_all_doc"])
def test_reserved_ids_cannot_be_written(db: Any, path: str) -> None:
    assert db.refused("PUT", path, {}) == (
        400,
        "illegal_docid",
        "Only reserved document ids may start with underscore.",
    )


def test_a_document_is_copied_with_its_files(db: Any) -> None:
    file = {"content_type": "text/plain", "data": "dGV4dA=="}
    db.put("/db/x", {"n": 1, "_attachments": {"f": file}})
    told = db.ask("COPY", "/db/x", headers={"Destination": "y"})
    assert told.status_code == 201
    assert db.get("/db/y")["n"] == 1
    assert db.ask("GET", "/db/y/f").data == b"text"
    assert db.refused("COPY", "/db/x", headers={"Destination": "y"})[0] == 409
    again = db.ask("COPY", "/db/x", headers={"Destination": f"y?rev={told.json['rev']}"})
    assert again.status_code == 201
    assert db.refused("COPY", "/db/x")[0] == 400
    assert db.refused("COPY", "/db/x", headers={"Destination": "_z"})[:2] == (400, "illegal_docid")


def test_numbers_and_members_come_back_as_they_were_sent(db: Any) -> None:
    body = b'{"z":1.0,"a":[null,true,-7,1e3],"\xe4\xb8\xad":"\xe5\x9b\xbd","nested":{"b":1,"a":2}}'
    db.put("/db/x", data=body)
    answer = db.ask("GET", "/db/x").data
    assert answer.endswith(b'"z":1.0,"a":[null,true,-7,1000.0],"\xe4\xb8\xad":"\xe5\x9b\xbd","nested":{"b":1,"a":2}}\n')
