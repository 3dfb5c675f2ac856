from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.sync.mango.values import json_values

X = {"index": {"fields": ["x"]}, "ddoc": "by", "name": "x"}
WARNING = "No matching index found, create an index to optimize query time."


@pytest.fixture
def filled(db: Any) -> Any:
    """A database `db` of five documents, d0 to d4."""
    for number in range(5):
        db.put(f"/db/d{number}", {"x": number, "y": {"z": number % 2}})
    return db


def test_find_answers_documents_and_what_would_make_it_cheaper(filled: Any) -> None:
    told = filled.post("/db/_find", {"selector": {"x": {"$gt": 2}}, "fields": ["_id"]})
    assert told["docs"] == [{"_id": "d3"}, {"_id": "d4"}]
    assert told["warning"] == WARNING
    assert set(told) == {"docs", "bookmark", "warning"}


def test_no_more_fields_are_asked_for_than_anyone_writes(filled: Any) -> None:
    many = {"selector": {"x": 1}, "fields": ["x"] * 1000}
    assert filled.post("/db/_find", many)["docs"] == [{"x": 1}]
    told = "A query has at most 1000 fields."
    more = {**many, "fields": ["x"] * 1001}
    assert filled.refused("POST", "/db/_find", more) == (400, "invalid_fields", told)
    assert filled.refused("POST", "/db/_changes?filter=_selector", more)[0] == 400


def test_an_answer_is_laid_out_as_couchdb_lays_it_out(filled: Any) -> None:
    answer = filled.ask("POST", "/db/_find", {"selector": {"x": 1}, "fields": ["x"]})
    assert answer.data.startswith(b'{"docs":[\r\n{"x":1}\r\n],\r\n"bookmark": "')
    assert answer.data.endswith(b'"}\r\n')
    assert answer.content_type == "application/json"


def test_an_index_is_made_once_listed_used_and_removed(filled: Any) -> None:
    assert filled.post("/db/_index", X) == {"result": "created", "id": "_design/by", "name": "x"}
    assert filled.post("/db/_index", X) == {"result": "exists", "id": "_design/by", "name": "x"}
    special = {"ddoc": None, "name": "_all_docs", "type": "special", "def": {"fields": [{"_id": "asc"}]}}
    by_x = {"ddoc": "_design/by", "name": "x", "type": "json", "partitioned": False, "def": {"fields": [{"x": "asc"}]}}
    assert filled.get("/db/_index") == {"total_rows": 2, "indexes": [special, by_x]}
    assert filled.get("/db/_index?limit=1&skip=1") == {"total_rows": 2, "indexes": [by_x]}
    told = filled.post("/db/_find", {"selector": {"x": {"$gte": 3}}, "execution_stats": True})
    assert [doc["_id"] for doc in told["docs"]] == ["d3", "d4"]
    assert "warning" not in told
    assert told["execution_stats"]["total_keys_examined"] == told["execution_stats"]["total_docs_examined"] == 2
    assert filled.get("/db/_design/by")["language"] == "query"
    answer = filled.ask("DELETE", "/db/_index/_design/by/json/x")
    assert (answer.status_code, answer.json) == (200, {"ok": True})
    assert filled.ask("GET", "/db/_design/by").status_code == 404
    assert filled.refused("DELETE", "/db/_index/by/json/x") == (404, "not_found", "missing")


def test_an_index_without_a_name_gets_the_one_couchdb_would_give_it(filled: Any) -> None:
    """The names are those a CouchDB 3.5 gave."""
    plain = filled.post("/db/_index", {"index": {"fields": ["x"]}})
    assert plain["name"] == "b0d86627ec4e730b1cf5f3e591d25c2e542c1a08"
    assert plain["id"] == "_design/b0d86627ec4e730b1cf5f3e591d25c2e542c1a08"
    partial = {"fields": ["x"], "partial_filter_selector": {"a": {"$gt": 1}, "b.c": 2}}
    named = filled.post("/db/_index", {"index": partial, "name": "partial"})
    assert named["id"] == "_design/0390c5a3232d1c8f9c13ddd32745a01a0b304af7"


def test_an_index_is_the_design_document_couchdb_would_write(filled: Any) -> None:
    index = {"fields": ["x", "y.z"], "partial_filter_selector": {"a": {"$gt": 1}, "b.c": 2}}
    filled.post("/db/_index", {"index": index, "ddoc": "by", "name": "p"})
    stored = filled.get("/db/_design/by")
    del stored["_rev"]
    assert stored == {
        "_id": "_design/by",
        "language": "query",
        "views": {
            "p": {
                "map": {
                    "fields": {"x": "asc", "y.z": "asc"},
                    "partial_filter_selector": {"$and": [{"a": {"$gt": 1}}, {"b.c": {"$eq": 2}}]},
                },
                "reduce": "_count",
                "options": {"def": index},
            }
        },
    }


def test_an_index_that_came_by_replication_serves_like_one_made_here(filled: Any) -> None:
    view = {"map": {"fields": {"x": "asc"}, "partial_filter_selector": {}}, "reduce": "_count", "options": {"def": {}}}
    filled.put("/db/_design/came", {"language": "query", "views": {"x": view}})
    told = filled.post("/db/_explain", {"selector": {"x": 1}})
    assert (told["index"]["ddoc"], told["index"]["name"]) == ("_design/came", "x")


@pytest.mark.parametrize(
    "views",
    [
        3,
        {"v": 3},
        {"v": {"map": "function(doc) {}"}},
        {"v": {"map": {"fields": ["x"]}, "options": {}}},
        {"v": {"map": {"fields": {"x": "up"}}, "options": {}}},
        {"v": {"map": {"fields": {"x": ["asc"]}}, "options": {}}},
        {"v": {"map": {"fields": {"": "asc"}}, "options": {}}},
        {"v": {"map": {"fields": {"a..b": "asc"}}, "options": {}}},
        {"v": {"map": {"fields": {"x": "asc"}, "partial_filter_selector": 3}, "options": {}}},
    ],
)
def test_a_design_document_that_declares_nonsense_declares_nothing(filled: Any, views: Any) -> None:
    filled.put("/db/_design/odd", {"language": "query", "views": views})
    assert filled.get("/db/_index")["total_rows"] == 1
    assert len(filled.post("/db/_find", {"selector": {"x": {"$gt": 1}}})["docs"]) == 3


def test_a_partial_selector_or_a_field_that_nobody_understands_lets_nothing_in(filled: Any) -> None:
    bad = {"map": {"fields": {"x": "asc"}, "partial_filter_selector": {"x": {"$no": 1}}}, "options": {}}
    filled.put("/db/_design/odd", {"language": "query", "views": {"v": bad}})
    told = filled.post("/db/_find", {"selector": {"x": 1}, "use_index": "odd"})
    assert told["docs"] == []


def test_a_design_document_of_another_language_is_left_alone(filled: Any) -> None:
    filled.put("/db/_design/js", {"views": {"v": {"map": "function(doc) {}"}}})
    refused = filled.refused("POST", "/db/_index", {"index": {"fields": ["x"]}, "ddoc": "js"})
    assert refused == (400, "invalid_ddoc_lang", "Existing design doc has an invalid language: false")
    filled.put("/db/_design/js2", {"language": "javascript"})
    refused = filled.refused("POST", "/db/_index", {"index": {"fields": ["x"]}, "ddoc": "js2"})
    assert refused[1] == "invalid_ddoc_lang"


def test_explain_names_the_index_its_range_and_why_the_others_do_not_serve(filled: Any) -> None:
    filled.post("/db/_index", X)
    filled.post("/db/_index", {"index": {"fields": ["q"]}, "ddoc": "q", "name": "q"})
    told = filled.post("/db/_explain", {"selector": {"x": {"$gt": 1, "$lte": 3}, "y.z": {"$ne": 1}}, "limit": 7})
    assert told["index"]["name"] == "x"
    assert (told["mrargs"]["start_key"], told["mrargs"]["end_key"]) == ([1], [3, "<MAX>"])
    assert told["selector"] == {
        "$and": [{"$and": [{"x": {"$gt": 1}}, {"x": {"$lte": 3}}]}, {"y.z": {"$ne": 1}}],
    }
    assert told["limit"] == told["opts"]["limit"] == 7
    hints = {"type": "json", "indexable_fields": ["x"], "unindexable_fields": ["y.z"]}
    assert told["selector_hints"] == [hints]
    reasons = {each["index"]["name"]: each["analysis"]["reasons"][0]["name"] for each in told["index_candidates"]}
    assert reasons == {"q": "field_mismatch", "_all_docs": "unfavored_type"}


def test_explain_of_what_no_index_serves_is_no_error(filled: Any) -> None:
    told = filled.post("/db/_explain", {"selector": {"x": 1}, "sort": ["x"]})
    assert told["index"] is None
    assert "mrargs" not in told
    refused = filled.refused("POST", "/db/_find", {"selector": {"x": 1}, "sort": ["x"]})
    assert refused == (400, "no_usable_index", "No index exists for this sort, try indexing by the sort fields.")


def test_all_indexes_of_design_documents_are_removed_at_once(filled: Any) -> None:
    filled.post("/db/_index", X)
    filled.post("/db/_index", {"index": {"fields": ["y"]}, "ddoc": "by", "name": "y"})
    told = filled.post("/db/_index/_bulk_delete", {"docids": ["by", "_design/no"]})
    assert told == {
        "success": [{"id": "_design/by", "ok": True}],
        "fail": [{"id": "_design/no", "error": "not_found"}],
    }
    assert filled.get("/db/_index")["total_rows"] == 1


@pytest.mark.parametrize(
    ("path", "body", "word", "reason"),
    [
        ("_find", {}, "missing_required_key", "Missing required key: selector"),
        ("_find", {"selector": 3}, "invalid_selector_json", "Selector must be a JSON object, not: 3"),
        ("_find", {"selector": {}, "foo": 1}, "invalid_key", "Invalid key foo for this request."),
        (
            "_find",
            {"selector": {}, "limit": -1},
            "invalid_non_neg_integer",
            "-1 is not an integer greater than or equal to zero",
        ),
        (
            "_find",
            {"selector": {}, "skip": "a"},
            "invalid_non_neg_integer",
            "<<97>> is not an integer greater than or equal to zero",
        ),
        (
            "_find",
            {"selector": {}, "sort": 3},
            "invalid_sort_json",
            "Sort must be an array of sort specs, not: 3",
        ),
        (
            "_find",
            {"selector": {}, "sort": [{"x": "up"}]},
            "invalid_sort_field",
            'Invalid sort field: {[{<<"x">>,<<"up">>}]}',
        ),
        (
            "_find",
            {"selector": {}, "sort": ["x", {"y": "desc"}]},
            "unsupported_mixed_sort",
            "Sorts currently only support a single direction for all fields.",
        ),
        (
            "_find",
            {"selector": {}, "fields": "x"},
            "invalid_fields",
            "Fields must be an array of strings, not: <<120>>",
        ),
        ("_find", {"selector": {}, "fields": [1]}, "invalid_field", "Invalid JSON for field spec: 1"),
        ("_find", {"selector": {}, "bookmark": "x"}, "invalid_bookmark", 'Invalid bookmark value: "x"'),
        ("_find", {"selector": {}, "conflicts": 3}, "invalid_boolean", "Invalid boolean value: 3"),
        ("_find", {"selector": {}, "r": 0}, "invalid_pos_integer", "0 is not an integer greater than zero"),
        (
            "_find",
            {"selector": {}, "use_index": ["a", "b", "c"]},
            "invalid_index_name",
            "Invalid index name: [<<97>>,<<98>>,<<99>>]",
        ),
        (
            "_find",
            {"selector": {}, "partition": "a"},
            "query_parse_error",
            "`partition` parameter is not supported on this db",
        ),
        ("_index", {}, "missing_required_key", "Missing required key: index"),
        ("_index", {"index": {}}, "missing_required_key", "Missing required key: fields"),
        ("_index", {"index": []}, "invalid_index", "JSON indexes must be an object, not: []"),
        ("_index", {"index": {"fields": ["x"]}, "type": "odd"}, "invalid_index", "Invalid type for index: odd"),
        ("_index", {"index": {"fields": [""]}}, "invalid_sort_field", "Invalid sort field: <<>>"),
        ("_index", {"index": {"fields": ["a..b"]}}, "invalid_field_name", "Invalid field name: a..b"),
        (
            "_index",
            {"index": {"fields": ["x"]}, "name": ""},
            "invalid_empty_string",
            "Index name or ddoc cannot be empty string",
        ),
        ("_index", {"index": {"fields": ["x"]}, "ddoc": "_design/"}, "illegal_docid", "Illegal document id `_design/`"),
        ("_index", {"index": {"fields": ["x"]}, "name": 3}, "invalid_string", "Invalid string: 3"),
        (
            "_index/_bulk_delete",
            {"docids": "x"},
            "invalid_bulk_docs",
            "Bulk Delete requires an array of non-null docids. Docids: <<120>>",
        ),
    ],
)
def test_a_slip_is_told_by_couchdbs_word_and_sentence(db: Any, path: str, body: Any, word: str, reason: str) -> None:
    assert db.refused("POST", f"/db/{path}", body) == (400, word, reason)


@pytest.mark.parametrize("query", ["limit=0", "limit=a", "skip=-1"])
def test_numbers_out_of_range_are_refused(db: Any, query: str) -> None:
    assert db.refused("GET", f"/db/_index?{query}")[:2] == (400, "invalid_list_index_params")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("_index", {"index": {"fields": ["x"]}, "type": "text"}),
        ("_index", {"index": {"fields": ["x"]}, "type": "nouveau"}),
        ("_find", {"selector": {"$text": "tea"}}),
    ],
)
def test_full_text_is_not_offered_and_says_what_is(db: Any, path: str, body: Any) -> None:
    status, word, reason = db.refused("POST", f"/db/{path}", body)
    assert (status, word) == (501, "not_implemented")
    assert "$regex" in reason


def test_the_body_must_be_json_and_an_object(db: Any) -> None:
    assert db.refused("POST", "/db/_find", data=b"{}", content_type="text/plain")[0] == 415
    assert db.refused("POST", "/db/_find", [1]) == (400, "bad_request", "Request body must be a JSON object")
    assert db.refused("POST", "/nowhere/_find", {"selector": {}})[:2] == (404, "not_found")


def test_a_query_nested_beyond_reason_is_refused_and_not_a_fault(db: Any) -> None:
    for path in ("_find", "_explain", "_index", "_index/_bulk_delete"):
        deep = b'{"selector":' + b'{"a":' * 300 + b"1" + b"}" * 300 + b',"index":' + b"[" * 300 + b"]" * 300 + b"}"
        answer = db.ask("POST", f"/db/{path}", data=deep, content_type="application/json")
        assert answer.status_code == 400, path
        assert orjson.loads(answer.data)["error"]


MEMBERS = [
    "selector", "index", "fields", "sort", "limit", "skip", "bookmark", "use_index", "name", "ddoc", "type", "docids",
    "partial_filter_selector", "conflicts", "stale", "partition", "r", "update", "allow_fallback", "execution_stats",
]  # fmt: skip
OPERATORS = ["$and", "$or", "$nor", "$not", "$in", "$all", "$elemMatch", "$allMatch", "$keyMapMatch", "$mod", "$regex"]


def bodies() -> st.SearchStrategy[Any]:
    """Objects that look like queries and are none, mostly."""
    values = st.recursive(
        json_values() | st.sampled_from(["asc", "desc", "x", "json", "_design/by"]),
        lambda inner: st.dictionaries(st.sampled_from([*OPERATORS, *MEMBERS, "x", "a.b", "$eq"]), inner, max_size=3),
        max_leaves=8,
    )
    return st.dictionaries(st.sampled_from(MEMBERS), values, max_size=4).map(lambda body: {"selector": {}} | body)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["_find", "_explain", "_index", "_index/_bulk_delete"]), bodies())
def test_whatever_is_asked_is_answered_or_refused_and_never_a_fault(filled: Any, path: str, body: Any) -> None:
    answer = filled.ask("POST", f"/db/{path}", body)
    assert answer.status_code in (200, 400, 501), answer.data
    told = orjson.loads(answer.data)
    assert answer.status_code == 200 or set(told) == {"error", "reason"}
    assert len(filled.post("/db/_find", {"selector": {"x": {"$gte": 0}}})["docs"]) == 5
