from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from sync.http_api import listing
from sync.http_api.api import create_app
from sync.http_api.listing_options import Options
from sync.http_api.shelves import AllDocuments
from sync.values.changes import Span
from sync.values.documents import Edit


@pytest.fixture
def listed(db: Any) -> Callable[..., list[str]]:
    """A function that lists the ids for a query over a, b, c, 石, _design/d and a deleted `gone`."""
    for doc_id in ("a", "b", "c", "%E7%9F%B3", "_design/d"):
        db.put(f"/db/{doc_id}", {"n": 1})
    rev = db.put("/db/gone", {})["rev"]
    db.ask("DELETE", f"/db/gone?rev={rev}")

    def ids(**query: Any) -> list[str]:
        text = urlencode({name: orjson.dumps(value).decode() for name, value in query.items()})
        rows = db.get(f"/db/_all_docs?{text}")["rows"]
        posted = db.post("/db/_all_docs", query)["rows"]
        assert rows == posted
        return [row["id"] for row in rows]

    return ids


def test_documents_stand_in_the_order_of_their_bytes(listed: Callable[..., list[str]]) -> None:
    assert listed() == ["_design/d", "a", "b", "c", "石"]
    assert listed(descending=True) == ["石", "c", "b", "a", "_design/d"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"startkey": "b"}, ["b", "c", "石"]),
        ({"start_key": "b", "end_key": "c"}, ["b", "c"]),
        ({"startkey": "b", "endkey": "c", "inclusive_end": False}, ["b"]),
        ({"startkey": "c", "endkey": "a", "descending": True}, ["c", "b", "a"]),
        ({"startkey": "c", "endkey": "a", "descending": True, "inclusive_end": False}, ["c", "b"]),
        ({"key": "b"}, ["b"]),
        ({"key": "gone"}, []),
        ({"key": "unknown"}, []),
        ({"key": 5}, []),
        ({"limit": 2, "skip": 1}, ["a", "b"]),
        ({"limit": 0}, []),
        ({"skip": 100}, []),
        ({"startkey": "b", "endkey": "a"}, []),
        ({"startkey": None}, ["_design/d", "a", "b", "c", "石"]),
        ({"startkey": {}}, ["_design/d", "a", "b", "c", "石"]),
        ({"endkey": {}}, []),
        ({"startkey": [], "descending": True}, []),
        ({"endkey": 1, "descending": True, "limit": 1}, ["石"]),
        ({"endkey": None}, []),
        ({"endkey": 7}, []),
    ],
)
def test_a_range_means_what_it_means_in_couchdb(
    listed: Callable[..., list[str]], query: dict[str, Any], expected: list[str]
) -> None:
    assert listed(**query) == expected


def test_a_row_names_the_revision_and_the_answer_counts(db: Any, listed: Callable[..., list[str]]) -> None:
    told = db.get('/db/_all_docs?startkey="b"&limit=1&update_seq=true')
    assert (told["total_rows"], told["offset"]) == (5, 2)
    assert told["update_seq"] == db.get("/db")["update_seq"]
    (row,) = told["rows"]
    assert row == {"id": "b", "key": "b", "value": {"rev": db.get("/db/b")["_rev"]}}


def test_keys_give_one_row_each_in_their_order(db: Any, listed: Callable[..., list[str]]) -> None:
    gone, known, unknown = db.post("/db/_all_docs", {"keys": ["gone", "a", "unknown"]})["rows"]
    assert (gone["id"], gone["value"]["deleted"]) == ("gone", True)
    assert known["value"] == {"rev": db.get("/db/a")["_rev"]}
    assert unknown == {"key": "unknown", "error": "not_found"}
    assert db.get('/db/_all_docs?keys=["gone","a","unknown"]')["rows"] == [gone, known, unknown]
    rows = db.post("/db/_all_docs?skip=1&limit=1&descending=true", {"keys": ["gone", "a", "b"]})["rows"]
    assert [row["id"] for row in rows] == ["a"]
    assert db.post("/db/_all_docs", {"keys": []})["rows"] == []
    assert db.post("/db/_all_docs", {"keys": ["a", "a"]})["rows"] == [known, known]


def test_documents_come_along_on_request(db: Any, branched: Callable[[str], None]) -> None:
    branched("x")
    rows = db.post("/db/_all_docs?include_docs=true&conflicts=true", {"keys": ["x", "unknown"]})["rows"]
    assert rows[0]["doc"] == {"_id": "x", "_rev": "3-c", "leaf": "c", "_conflicts": ["2-d"]}
    assert rows[1].get("doc") is None
    rev = db.get("/db/x")["_rev"]
    db.put("/db/x/f", data=b"text", headers={"If-Match": rev}, content_type="text/plain")
    (row,) = db.get("/db/_all_docs?include_docs=true&attachments=true")["rows"]
    assert row["doc"]["_attachments"]["f"]["data"] == "dGV4dA=="


def test_the_document_of_a_tombstone_is_null(db: Any, listed: Callable[..., list[str]]) -> None:
    (row,) = db.post("/db/_all_docs", {"keys": ["gone"], "include_docs": True})["rows"]
    assert row["doc"] is None


def test_a_long_list_is_whole_though_it_is_read_in_pages(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_ROWS", 7)
    monkeypatch.setattr(listing, "PAGE_DOCUMENTS", 3)
    ids = [f"d{n:03}" for n in range(50)]
    db.post("/db/_bulk_docs", {"docs": [{"_id": each} for each in ids]}, status=201)
    for query in ("", "include_docs=true", "limit=49", "limit=14"):
        told = db.get(f"/db/_all_docs?{query}")
        expected = ids[: int(query.removeprefix("limit="))] if query.startswith("limit") else ids
        assert [row["id"] for row in told["rows"]] == expected
        assert (told["total_rows"], told["offset"]) == (50, 0)
    backwards = db.get("/db/_all_docs?descending=true&skip=5&include_docs=true")["rows"]
    assert [row["doc"]["_id"] for row in backwards] == ids[::-1][5:]
    assert [row["key"] for row in db.post("/db/_all_docs", {"keys": ids})["rows"]] == ids


def test_a_key_that_is_no_text_is_the_id_of_no_document(db: Any, listed: Callable[..., list[str]]) -> None:
    told = db.post("/db/_all_docs", {"keys": [1, "a", None, {}]})["rows"]
    assert [(row["key"], row.get("error")) for row in told] == [
        (1, "not_found"),
        ("a", None),
        (None, "not_found"),
        ({}, "not_found"),
    ]


def test_several_listings_come_in_one_answer(db: Any, listed: Callable[..., list[str]]) -> None:
    queries = [{"limit": 1}, {"keys": ["b", "no"]}, {"startkey": "c", "include_docs": False}]
    told = db.post("/db/_all_docs/queries?include_docs=true", {"queries": queries})["results"]
    assert [[row.get("id") for row in each["rows"]] for each in told] == [["_design/d"], ["b", None], ["c", "石"]]
    assert told[0]["rows"][0]["doc"]["_id"] == "_design/d"
    assert "doc" not in told[2]["rows"][0]


def test_of_several_listings_none_is_begun_unless_all_can_be_read(db: Any) -> None:
    for queries in ([{}, {"limit": "x"}], [{}, {"startkey": "a", "keys": []}], [{}, 1], "x"):
        assert db.refused("POST", "/db/_all_docs/queries", {"queries": queries})[0] == 400
    assert db.refused("POST", "/db/_all_docs/queries", {})[2] == "POST body must include `queries` parameter."


@pytest.mark.parametrize("listing", ["_all_docs", "_design_docs", "_local_docs"])
def test_a_request_has_no_more_queries_than_an_application_has_lists(db: Any, listing: str) -> None:
    skipping = {"queries": [{"skip": 1000}] * 200}
    assert len(db.post(f"/db/{listing}/queries", skipping)["results"]) == 200
    told = "a request has at most 200 queries"
    more = {"queries": [*skipping["queries"], {}]}
    assert db.refused("POST", f"/db/{listing}/queries", more) == (413, "too_large", told)


def test_design_documents_can_be_listed_alone(db: Any, listed: Callable[..., list[str]]) -> None:
    for query in (
        "",
        "?descending=true",
        "?limit=5",
        '?startkey="a"&descending=true',
        '?endkey="z"',
        '?keys=["_design/d","a"]',
    ):
        told = db.get(f"/db/_design_docs{query}")
        assert [row["id"] for row in told["rows"]] == ["_design/d"]
        assert told["total_rows"] == 1
    for query in ('?startkey="a"', '?key="a"', '?endkey="_design/c"', '?endkey="a"&descending=true'):
        assert db.get(f"/db/_design_docs{query}")["rows"] == []


def test_local_documents_can_be_listed(db: Any) -> None:
    for local_id in ("a", "b", "%E7%9F%B3"):
        db.put(f"/db/_local/{local_id}", {"n": 1})
    db.put("/db/plain", {})
    told = db.get("/db/_local_docs")
    assert (told["total_rows"], told["offset"]) == (None, None)
    assert [row["id"] for row in told["rows"]] == ["_local/a", "_local/b", "_local/石"]
    (row,) = db.get('/db/_local_docs?include_docs=true&startkey="_local/b"&limit=1')["rows"]
    assert row == {
        "id": "_local/b",
        "key": "_local/b",
        "value": {"rev": "0-1"},
        "doc": {"_id": "_local/b", "_rev": "0-1", "n": 1},
    }
    for query, expected in (
        ("descending=true", ["_local/石", "_local/b", "_local/a"]),
        ('endkey="_local/b"&inclusive_end=false', ["_local/a"]),
        ('startkey="a"', []),
        ('endkey="_design/x"', []),
        ('endkey="a"', ["_local/a", "_local/b", "_local/石"]),
        ('startkey="z"&descending=true&limit=1', ["_local/石"]),
    ):
        assert [row["id"] for row in db.get(f"/db/_local_docs?{query}")["rows"]] == expected, query
    told = db.post("/db/_local_docs", {"keys": ["_local/b", "_local/no", "plain"]})["rows"]
    assert [row.get("id") for row in told] == ["_local/b", None]
    assert db.post("/db/_local_docs/queries", {"queries": [{"limit": 1}]})["results"][0]["rows"][0]["id"] == "_local/a"


def test_a_database_that_cannot_list_its_local_documents_says_so(caller: Any, databases: Any) -> None:
    class Plain:
        def __init__(self, whole: Any) -> None:
            self._whole = whole

        def info(self) -> Any:
            return self._whole.info()

    class Narrow:
        def open(self, name: str) -> Plain:
            return Plain(databases.open(name))

    databases.create("db")
    narrow = type(caller)(create_app(Narrow(), uuid="u"))  # type: ignore[arg-type]
    assert narrow.refused("GET", "/db/_local_docs")[:2] == (501, "not_implemented")


@pytest.mark.parametrize(
    ("method", "query", "body", "word"),
    [
        ("GET", "limit=-1", None, "query_parse_error"),
        ("GET", "skip=x", None, "query_parse_error"),
        ("GET", "include_docs=1", None, "query_parse_error"),
        ("GET", "startkey=a", None, "bad_request"),
        ("GET", "keys={}", None, "bad_request"),
        ("GET", 'keys=["a"]&key="a"', None, "query_parse_error"),
        ("POST", "", {"keys": ["a"], "startkey": "a"}, "query_parse_error"),
        ("POST", "", {"keys": "a"}, "bad_request"),
        ("GET", "stale=x", None, "query_parse_error"),
        ("GET", "reduce=true", None, "query_parse_error"),
        ("GET", "group=true", None, "query_parse_error"),
        ("POST", "", {"limit": "many"}, "query_parse_error"),
        ("POST", "", [], "bad_request"),
    ],
)
def test_what_cannot_be_read_is_refused(db: Any, method: str, query: str, body: Any, word: str) -> None:
    assert db.refused(method, f"/db/_all_docs?{query}", body)[:2] == (400, word)


@pytest.mark.parametrize("descending", [False, True])
def test_a_row_that_goes_while_a_list_is_told_takes_no_other_with_it(
    databases: Any, monkeypatch: pytest.MonkeyPatch, descending: bool
) -> None:
    monkeypatch.setattr(listing, "PAGE_ROWS", 3)
    database = databases.create("db")
    ids = [f"d{n}" for n in range(10)]
    written = {each.id: each.revision for each in database.write([Edit(each, None) for each in ids])}
    asked = Options(span=Span(descending=descending))
    pages = listing._ranged(AllDocuments(database), asked)
    told = []
    for page in pages:
        told += [row.id for row in page.rows]
        if page.rows:
            last = page.rows[-1].id
            database.write([Edit(last, written[last], deleted=True)])
    assert told == sorted(ids, reverse=descending)
