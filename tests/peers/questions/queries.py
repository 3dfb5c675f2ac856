"""Questions about `_find`, `_explain` and `_index`.

Must not know: who is asked.
"""

from collections.abc import Sequence
from typing import Any

from tests.peers.asking import Ask, Question, Raw, but, question
from tests.peers.questions.access import by_both, li, with_li

_VALUES: dict[str, Any] = {
    "q01": None, "q02": False, "q03": True, "q04": -1.5, "q05": 0, "q06": 1, "q07": 10, "q08": 2**53, "q09": "",
    "q10": "_", "q11": "10", "q12": "9", "q13": "a", "q14": "A", "q15": "á", "q16": "a b", "q17": "aa", "q18": "b",
    "q19": "驿站", "q20": [], "q21": [1, 2], "q22": ["a"], "q23": {}, "q24": {"k": 1}, "q25": {"k": 1, "l": 2},
}  # fmt: skip
_FILL = Ask(
    "POST /{db}/_bulk_docs",
    {
        "docs": [
            *({"_id": doc_id, "x": value, "n": place % 3} for place, (doc_id, value) in enumerate(_VALUES.items())),
            {"_id": "q26", "n": 1, "deep": {"list": [{"v": 1}, {"v": 2}], "a.b": 3}},
            {"_id": "Q27", "n": 4},
        ]
    },
)
_BY_X = Ask("POST /{db}/_index", {"index": {"fields": ["x"]}, "ddoc": "by", "name": "x"})
_BY_N_X = Ask("POST /{db}/_index", {"index": {"fields": ["n", "x"]}, "ddoc": "two", "name": "nx"})
_PARTIAL = Ask(
    "POST /{db}/_index",
    {"index": {"fields": ["x"], "partial_filter_selector": {"n": {"$gt": 1}}}, "ddoc": "partial", "name": "p"},
)
_CONDITIONS: Sequence[Any] = (
    1, 1.0, "a", True, None, {"$eq": []}, {"$eq": {"k": 1}}, {"k": 1}, {"$ne": 1}, {"$gt": "a"}, {"$gte": "A"},
    {"$lt": 0}, {"$lte": False}, {"$gt": 0, "$lt": "a"}, {"$gt": [1]}, {"$gte": {}}, {"$gt": 5, "$lt": 3},
    {"$in": [1, "a", True]}, {"$in": []}, {"$nin": [1, None]}, {"$nin": []}, {"$exists": False}, {"$type": "number"},
    {"$type": "boolean"}, {"$type": "odd"}, {"$size": 2}, {"$mod": [3, 1]}, {"$mod": [-3, 1]}, {"$beginsWith": "a"},
    {"$regex": "^[aA]"}, {"$regex": "^.$"}, {"$regex": "^.{6}$"}, {"$all": [1]}, {"$all": [1.0]}, {"$all": [[1, 2]]},
    {"$all": []}, {"$elemMatch": {"$gt": 1}}, {"$elemMatch": {"$nor": [{"$eq": 5}]}}, {"$allMatch": {"$gt": 0}},
    {"$keyMapMatch": {"$eq": "l"}}, {"$not": {"$gt": "a"}}, {"$not": {"$regex": "a"}},
    {"$or": [{"$eq": 1}, {"$eq": 0}]}, {"$and": [{"$gt": 0}, {"$lte": 10}]},
)  # fmt: skip
_SELECTORS: Sequence[Any] = (
    {}, {"$or": []}, {"$and": []}, {"$or": [{"x": 1}, {"n": 4}]}, {"$nor": [{"x": {"$exists": True}}, {"n": 4}]},
    {"$not": {"x": 1}}, {"$not": {"missing": 1}}, {"deep.list.1.v": 2}, {"deep.list.7.v": 2}, {"deep.a\\.b": 3},
    {"deep": {"list": {"$elemMatch": {"v": 2}}}}, {"_id": {"$gt": "q24"}}, {"_id": {"$lt": "q02"}}, {"_id": "q07"},
    {"_id": {"$in": ["Q27", "q01"]}}, {"_id": {"$gt": ["x"]}}, {"_id": {"$lt": 5}}, {"n": 1, "x": {"$gt": None}},
)  # fmt: skip
_STRICTER = "a field name is looked at wherever it stands, not first when a document is"
_NOT_COVERED = "the document of every row is read, so no index covers a query"


def _find(selector: Any, **options: Any) -> Ask:
    return Ask("POST /{db}/_find", {"selector": selector, "fields": ["_id", "_rev"], "limit": 100, **options})


def _explain(selector: Any, **options: Any) -> Ask:
    return Ask("POST /{db}/_explain", {"selector": selector, **options})


def _slips(address: str, *bodies: Any) -> tuple[Ask, ...]:
    return tuple(Ask(f"POST /{{db}}/{address}", body) for body in bodies)


QUESTIONS: tuple[Question, ...] = (
    question("queries: conditions over all documents", _FILL, *(_find({"x": each}) for each in _CONDITIONS)),
    question("queries: conditions over an index", _FILL, _BY_X, *(_find({"x": each}) for each in _CONDITIONS)),
    question("queries: selectors", _FILL, *(_find(each) for each in _SELECTORS)),
    question("queries: selectors beside indexes", _FILL, _BY_X, _BY_N_X, *(_find(each) for each in _SELECTORS)),
    question(
        "queries: sorting",
        _FILL,
        _find({"x": {"$gt": None}}, sort=["x"]),
        _find({"_id": {"$gt": None}}, sort=[{"_id": "desc"}]),
        _BY_X,
        _BY_N_X,
        _find({"x": {"$gt": None}}, sort=["x"]),
        _find({"x": {"$gt": None}}, sort=[{"x": "desc"}]),
        _find({"n": 1}, sort=["x"]),
        _find({"n": 1, "x": {"$exists": True}}, sort=[{"x": "desc"}], use_index="two"),
        _find({"n": {"$lt": 2}}, sort=["n", "x"]),
        _find({"n": {"$gt": 0}}, sort=["x", "n"]),
        _find({"x": 1}, sort=["y"]),
    ),
    question(
        "queries: limits, fields, what was examined",
        _FILL,
        _BY_X,
        _find({"x": {"$gte": "a"}}, limit=3, skip=2),
        _find({"x": {"$gte": "a"}}, fields=["x", "n", "missing"]),
        _find({"deep": {"$exists": True}}, fields=["deep.list.0.v", "deep.a\\.b"]),
        _find({"x": {"$gte": "a", "$lte": "b"}}, execution_stats=True),
        _find({"x": 1}, execution_stats=True),
        _find({"x": {"$gt": 5, "$lt": 3}}, execution_stats=True),
        but(_NOT_COVERED, "POST /{db}/_find", {"selector": {"x": 1}, "fields": ["x"], "execution_stats": True}),
    ),
    question(
        "queries: indexes asked for by name",
        _FILL,
        _BY_X,
        _BY_N_X,
        _PARTIAL,
        *(
            _find({"n": 2, "x": {"$gt": None}}, use_index=each)
            for each in ("by", "_design/by", "by/x", ["by", "x"], "partial", "two", "no", ["no", "x"], "by/no", None)
        ),
        _find({"n": 2}, use_index="no", allow_fallback=False),
        _find({"n": 2}, use_index=["no", "x"], allow_fallback=False),
        _find({"deep": 2}, allow_fallback=False),
    ),
    question(
        "queries: explained",
        _FILL,
        _explain({"x": {"$gt": 1}}),
        _explain({}),
        _explain({"_id": {"$gte": "a", "$lt": "b"}}),
        _explain({"_id": {"$lt": "b"}}, sort=[{"_id": "desc"}]),
        _explain({"x": 1}, sort=["x"]),
        _BY_X,
        _BY_N_X,
        _PARTIAL,
        _explain({"x": {"$gt": 1, "$lte": "b"}, "y": {"$ne": 1}}, limit=7, skip=1, conflicts=True),
        _explain({"n": 1, "x": {"$beginsWith": "a"}}),
        _explain({"n": {"$gt": 1}, "x": {"$exists": True}}, sort=[{"n": "desc"}]),
        _explain({"n": 1, "x": 2}, use_index="by"),
        _explain({"x": {"$gt": 5, "$lt": 3}}),
        _explain({"$not": {"$and": [{"x": 1}, {"n": {"$gt": 2}}]}}, stale="ok"),
        but(_NOT_COVERED, "POST /{db}/_explain", {"selector": {"x": 1}, "fields": ["x"]}),
    ),
    question(
        "queries: an index from making to removing",
        _BY_X,
        _BY_X,
        Ask("POST /{db}/_index", {"index": {"fields": [{"y": "desc"}, {"z.w": "desc"}]}, "ddoc": "by", "name": "y"}),
        Ask("POST /{db}/_index", {"index": {"fields": ["x"]}}),
        Ask("POST /{db}/_index", {"index": {"fields": ["q"]}, "ddoc": "part", "name": "p", "partitioned": False}),
        Ask("POST /{db}/_index", {"index": {"fields": ["r"]}, "ddoc": "part", "name": "r"}),
        _PARTIAL,
        "GET /{db}/_index",
        "GET /{db}/_index?limit=2&skip=1",
        "GET /{db}/_index?skip=100",
        "GET /{db}/_design/by",
        "GET /{db}/_design/partial",
        Ask("POST /{db}/_index", {"index": {"fields": ["x"]}, "ddoc": "d"}),
        "DELETE /{db}/_index/_design/by/json/x",
        "DELETE /{db}/_index/_design/by/json/x",
        "DELETE /{db}/_index/by/text/y",
        "DELETE /{db}/_index/by/json/y",
        "GET /{db}/_design/by",
        Ask("POST /{db}/_index/_bulk_delete", {"docids": ["partial", "_design/no"]}),
        "GET /{db}/_index",
    ),
    question(
        "queries: documents in conflict",
        _find({"_conflicts": {"$exists": True}}, conflicts=True),
        Ask("POST /{db}/_index", {"index": {"fields": ["_conflicts"]}, "ddoc": "c", "name": "c"}),
        Ask(
            "POST /{db}/_index",
            {
                "index": {"fields": ["_id"], "partial_filter_selector": {"_conflicts": {"$exists": True}}},
                "ddoc": "p",
                "name": "p",
            },
        ),
        _find({"_conflicts": {"$exists": True}}, conflicts=True),
        _find({"_conflicts": {"$exists": True}}),
        _find({"_id": {"$gt": None}}, use_index="p", conflicts=True),
        _find({"_id": {"$gt": None}}, use_index="p"),
    ),
    question(
        "queries: an index without a name of its own",
        Ask("POST /{db}/_index", {"index": {"fields": ["x"]}, "ddoc": "_design/"}),
        Ask("POST /{db}/_index", {"index": {"fields": ["x"]}, "ddoc": ""}),
        "GET /{db}/_index",
    ),
    question(
        "queries: selectors that are none",
        *_slips(
            "_find",
            *(
                {"selector": each}
                for each in (
                    3, [], {"$eq": 3}, {"x": {"$odd": 3}}, {"x": {"$where": "x"}}, {"x": {"$in": 3}},
                    {"x": {"$nin": "x"}},
                    {"x": {"$in": {"a": ["é", 1.5, 1e30, True, None, {}]}}}, {"x": {"$all": 3}}, {"x": {"$size": -1}},
                    {"x": {"$size": 1.5}}, {"x": {"$exists": 1}}, {"x": {"$type": 3}}, {"x": {"$mod": [2]}},
                    {"x": {"$mod": "x"}}, {"x": {"$regex": "("}}, {"x": {"$regex": 3}}, {"x": {"$beginsWith": 3}},
                    {"x": {"$elemMatch": 3}}, {"x": {"$allMatch": []}}, {"x": {"$keyMapMatch": 3}}, {"x": {"$not": 3}},
                    {"$or": 3}, {"$and": {}}, {"$nor": "x"}, {"$near": 3}, {"$geoWithin": 3},
                )
            ),
        ),
    ),
    question(
        "queries: slips",
        *_slips(
            "_find",
            {}, {"selector": {}, "odd": 1}, {"selector": {}, "limit": -1}, {"selector": {}, "limit": 1.5},
            {"selector": {}, "limit": "a"}, {"selector": {}, "skip": None}, {"selector": {}, "sort": 3},
            {"selector": {}, "sort": [3]}, {"selector": {}, "sort": [""]}, {"selector": {}, "sort": [{"x": "up"}]},
            {"selector": {}, "sort": ["x", {"y": "desc"}]}, {"selector": {}, "sort": {"x": "asc"}},
            {"selector": {}, "fields": "x"}, {"selector": {}, "fields": [3]}, {"selector": {}, "conflicts": 3},
            {"selector": {}, "update": "x"}, {"selector": {}, "r": 0}, {"selector": {}, "bookmark": "xyz"},
            {"selector": {}, "bookmark": "nil"}, {"selector": {}, "use_index": 3},
            {"selector": {}, "use_index": ["a", "b", "c"]}, {"selector": {}, "use_index": "a/b/c"},
            {"selector": {}, "partition": "x"}, [1], 3,
        ),
        Ask("POST /{db}/_find", Raw(b"{}"), {"Content-Type": "text/plain"}),
        Ask("POST /{db}/_find?partition=x", {"selector": {}}),
    ),
    question(
        "queries: slips about indexes",
        *_slips(
            "_index",
            {}, {"index": {}}, {"index": []}, {"index": {"fields": "x"}}, {"index": {"fields": [""]}},
            {"index": {"fields": [3]}}, {"index": {"fields": ["x", {"y": "desc"}]}},
            {"index": {"fields": ["x"], "odd": 1}},
            {"index": {"fields": ["x"]}, "odd": 1}, {"index": {"fields": ["x"]}, "type": "odd"},
            {"index": {"fields": ["x"]}, "name": ""}, {"index": {"fields": ["x"]}, "name": 3},
            {"index": {"fields": ["x"]}, "ddoc": 3}, {"index": {"fields": ["x"]}, "w": 0},
            {"index": {"fields": ["x"], "partial_filter_selector": 3}},
            {"index": {"fields": ["x"], "partial_filter_selector": {"a": {"$in": 3}}}}, [1],
        ),
        *_slips(
            "_index/_bulk_delete",
            {}, {"docids": "x"}, {"docids": [3]}, {"docids": ["a/b/c"]}, {"docids": [], "odd": 1},
        ),
        but(_STRICTER, "POST /{db}/_index", {"index": {"fields": ["a..b"]}, "name": "odd"}),
    ),
    question(
        "queries: where CouchDB fails",
        _FILL,
        but("a divisor of 0 is no argument", "POST /{db}/_find", {"selector": {"x": {"$mod": [0, 1]}}}),
        but("numbers out of range are refused", "GET /{db}/_index?limit=0"),
        but("numbers out of range are refused", "GET /{db}/_index?skip=-1"),
        but("no search engine", "POST /{db}/_index", {"index": {"fields": ["x"]}, "type": "text"}),
        but("no search engine", "POST /{db}/_index", {"index": {"fields": ["x"]}, "type": "nouveau"}),
    ),
    question(
        "queries: methods",
        "GET /{db}/_find", "PUT /{db}/_find", "GET /{db}/_explain", "DELETE /{db}/_explain", "PUT /{db}/_index",
        "DELETE /{db}/_index", "GET /{db}/_index/_bulk_delete", "POST /no-{db}/_find",
    ),
    with_li(
        "queries: who may",
        _BY_X,
        Ask("PUT /{db}/_security", {"admins": {"names": ["boss"]}, "members": {"names": ["{db}-li"]}}),
        *by_both(
            ("POST /{db}/_find", {"selector": {"_id": "a"}, "fields": ["_id"]}),
            ("POST /{db}/_explain", {"selector": {"n": 1}}),
            ("GET /{db}/_index", None),
            ("POST /{db}/_index", {"index": {"fields": ["y"]}}),
            ("DELETE /{db}/_index/by/json/no", None),
            ("POST /_users/_explain", {"selector": {}}),
            ("GET /_users/_index", None),
        ),
        li("DELETE /{db}/_index/by/json/x", differs="CouchDB says it is done, and does nothing"),
        Ask("GET /{db}/_index"),
    ),
)  # fmt: skip
