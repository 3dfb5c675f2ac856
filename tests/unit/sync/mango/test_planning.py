import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mango.answering import Position, Row, answer, entry_key, entry_test
from sync.mango.collation import sort_key
from sync.mango.matching import compiled, members
from sync.mango.planning import ALL_DOCS, edges, plan
from sync.mango.ranges import MAX, MIN, ranges_of
from sync.mango.selector import normalize
from sync.revisions.tree import Branch
from sync.values.documents import Document
from sync.values.json_text import dump, parse_object
from sync.values.queries import Index, Query
from sync.wire.problems import BadQuery
from tests.unit.sync.mango.values import json_scalars

A = Index("_design/a", "a", ("a",))
AB = Index("_design/ab", "ab", ("a", "b"))
B = Index("_design/b", "b", ("b",))
TWIN = Index("_design/a", "twin", ("a",))
OPEN = Index("_design/open", "open", ("a",), {"status": "open"})
EVERY = (A, AB, B, OPEN)


@pytest.mark.parametrize(
    ("selector", "options", "chosen"),
    [
        ({"a": 1}, {}, A),
        ({"a": {"$gt": 1}, "b": 2}, {}, AB),
        ({"b": {"$lt": 2}}, {}, B),
        ({"a": {"$in": [1]}, "b": 2}, {}, B),
        ({"a": {"$ne": 1}}, {}, A),
        ({"c": 1}, {}, ALL_DOCS),
        ({}, {}, ALL_DOCS),
        ({"a": {"$exists": False}}, {}, ALL_DOCS),
        ({"$or": [{"a": 1}, {"b": 1}]}, {}, ALL_DOCS),
        ({"$or": [{"a": 1, "b": 1}, {"b": 2}]}, {}, B),
        ({"a": 1}, {"sort": ("a",)}, A),
        ({"a": 1, "b": {"$gt": 0}}, {"sort": ("b",)}, AB),
        ({"b": {"$gt": 0}}, {"sort": ("a", "b")}, AB),
        ({"_id": {"$gt": "x"}}, {"sort": ("_id",)}, ALL_DOCS),
        ({"a": 1}, {"use_index": ("ab",)}, A),
        ({"a": 1, "b": 1}, {"use_index": ("a",)}, A),
        ({"a": 1}, {"use_index": ("open",)}, OPEN),
        ({"a": 1}, {"use_index": ("_design/open", "open")}, OPEN),
        ({"a": 1}, {"use_index": ("open", "other")}, A),
    ],
)
def test_the_index_that_narrows_most_is_taken(selector: dict, options: dict, chosen: Index) -> None:
    assert plan(Query(selector, **options), EVERY).index == chosen


def test_between_equals_the_first_by_name_is_taken() -> None:
    assert plan(Query({"a": 1}), (TWIN, A)).index == A
    assert [each.index for each in plan(Query({"a": 1}), (TWIN, A, AB)).ranked] == [A, TWIN]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        (Query({"c": 1}, sort=("c",)), "no_usable_index"),
        (Query({"a": 1}, sort=("b", "a")), "no_usable_index"),
        (Query({"_id": {"$exists": True}}, sort=("_id", "a")), "no_usable_index"),
        (Query({"a": 1}, use_index=("b",), allow_fallback=False), "invalid_index"),
        (Query({"c": 1}, allow_fallback=False), "invalid_index"),
    ],
)
def test_what_no_index_serves_is_refused(query: Query, word: str) -> None:
    with pytest.raises(BadQuery) as caught:
        plan(query, EVERY)
    assert caught.value.word == word


@pytest.mark.parametrize(
    ("selector", "low", "high"),
    [
        ({"a": 1}, [1], [1]),
        ({"a": {"$gt": 1, "$lte": 5}}, [1], [5]),
        ({"a": {"$gt": 1, "$gte": 3, "$lt": 9, "$lte": 7}}, [3], [7]),
        ({"a": {"$gte": "b"}}, ["b"], []),
        ({"a": {"$lt": "b"}}, [], ["b"]),
        ({"a": {"$exists": True}}, [], []),
        ({"a": {"$beginsWith": "x"}}, ["x"], ["x\uffff"]),
        ({"a": 1, "b": {"$gt": 2}}, [1, 2], [1]),
        ({"a": {"$gt": 1}, "b": 2}, [1, 2], [2]),
    ],
)
def test_a_range_is_as_narrow_as_the_conditions(selector: dict, low: list, high: list) -> None:
    chosen = plan(Query(selector), (AB,) if "b" in selector else (A,))
    expected = high if "b" not in selector or selector["b"] != 2 else []
    assert edges(chosen.ranges) == (low, expected)


@pytest.mark.parametrize(
    "selector",
    [
        {"a": {"$gt": 5, "$lt": 3}},
        {"a": {"$gt": 5, "$lt": 5}},
        {"a": {"$gt": 5, "$lte": 5}},
        {"a": {"$gte": 5, "$lt": 5}},
        {"a": {"$eq": 1, "$gt": 1}},
        {"$and": [{"a": 1}, {"a": 2}]},
        {"$or": []},
    ],
)
def test_what_nothing_can_match_is_not_looked_for(selector: dict) -> None:
    assert plan(Query(selector), (A,)).empty
    assert answer(Query(selector), plan(Query(selector), (A,)), lambda _: pytest.fail("looked")).documents == ()


_COMPARISONS = st.dictionaries(
    st.sampled_from(["$lt", "$lte", "$eq", "$gte", "$gt", "$beginsWith"]), json_scalars(), min_size=1, max_size=3
).filter(lambda condition: isinstance(condition.get("$beginsWith", ""), str))


@given(_COMPARISONS, json_scalars())
def test_whatever_matches_lies_within_the_range(condition: dict, value: object) -> None:
    if not compiled({"a": condition})({"_id": "d", "a": value}):
        return
    found = ranges_of(normalize({"a": condition}))["a"]
    assert found is not None
    low, high = edges([found])
    assert found.low is MIN or sort_key(low[0]) <= sort_key(value)
    assert found.high is MAX or sort_key(value) <= sort_key(high[0])


def rows(*values: object) -> list[Row]:
    """Rows of index `a`, one document a value, in order."""
    belongs = entry_test(A)
    made = []
    for place, value in enumerate(values):
        document = Document(f"d{place}", Branch(1, ("aa",)), dump({"a": value}))
        key = entry_key(A, belongs, members(document))
        assert key is not None
        made.append(Row(Position(key, document.id), document))
    return sorted(made, key=lambda row: row.position.order)


def ask(query: Query, held: list[Row]) -> tuple[list[object], str | None]:
    def behind(after: Position | None) -> list[Row]:
        return [row for row in held if after is None or row.position.order > after.order]

    found = answer(query, plan(query, (A,)), behind)
    return [parse_object(text)["a"] for text in found.documents], found.bookmark


def test_a_bookmark_goes_on_behind_the_last_document_of_a_page() -> None:
    held = rows(3, 1, 2, 2, 5)
    first, bookmark = ask(Query({"a": {"$gt": 0}}, limit=2, fields=("a",)), held)
    second, bookmark = ask(Query({"a": {"$gt": 0}}, limit=2, fields=("a",), bookmark=bookmark or ""), held)
    third, bookmark = ask(Query({"a": {"$gt": 0}}, limit=2, fields=("a",), bookmark=bookmark or ""), held)
    assert (first, second, third) == ([1, 2], [2, 3], [5])
    assert ask(Query({"a": {"$gt": 0}}, bookmark=bookmark or ""), held) == ([], bookmark)


def test_an_answer_without_documents_has_couchdbs_word_for_a_bookmark() -> None:
    assert ask(Query({"a": 7}), rows(1)) == ([], "nil")


@pytest.mark.parametrize(
    "bookmark", ["nil", "x", "!!", "AQ", "AQAAAAk", "g1AAAAAyeJzLYWBgYMpgSmHgKy5JLCrJTq2MT8lP", "\u00e9"]
)
def test_a_bookmark_that_is_none_is_refused(bookmark: str) -> None:
    with pytest.raises(BadQuery) as caught:
        ask(Query({"a": 1}, bookmark=bookmark), rows(1))
    assert caught.value.word == "invalid_bookmark"


def test_a_document_that_lacks_a_field_or_designs_something_has_no_entry() -> None:
    belongs = entry_test(AB)
    assert entry_key(AB, belongs, {"_id": "d", "a": None, "b": 1}) is not None
    assert entry_key(AB, belongs, {"_id": "d", "b": 1}) is None
    assert entry_key(AB, belongs, {"_id": "_design/d", "a": 1, "b": 1}) is None
    assert entry_key(OPEN, entry_test(OPEN), {"_id": "d", "a": 1, "status": "done"}) is None
