from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mango.matching import compiled, matches, members, within_patience
from sync.mango.selector import normalize, to_json
from sync.revisions.tree import Branch
from sync.values.documents import Attachment, Document
from sync.wire.problems import BadQuery, problem_of
from tests.unit.sync.mango.values import json_values

TOWN = {
    "_id": "t",
    "name": "驿站",
    "people": 1200,
    "area": 3.5,
    "open": True,
    "note": None,
    "tags": ["hill", "tea", 7],
    "roads": [{"to": "east", "km": 4}, {"to": "west", "km": 9}],
    "head": {"name": "Li", "age": 40, "a.b": 1},
    "empty": [],
}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        ({"people": 1200}, True),
        ({"people": 1200.0}, True),
        ({"people": "1200"}, False),
        ({"open": 1}, False),
        ({"open": True}, True),
        ({"note": None}, True),
        ({"missing": None}, False),
        ({"missing": {"$ne": 1}}, False),
        ({"missing": {"$exists": False}}, True),
        ({"note": {"$exists": False}}, False),
        ({"note": {"$exists": True}}, True),
        ({"people": {"$gt": 1199, "$lte": 1200}}, True),
        ({"people": {"$lt": "0"}}, True),
        ({"name": {"$gt": 10**9}}, True),
        ({"tags": {"$gt": "zzz"}}, True),
        ({"head": {"$gt": ["zzz"]}}, True),
        ({"head.name": "Li"}, True),
        ({"head": {"name": "Li"}}, True),
        ({"head": {"name": "Li", "age": 41}}, False),
        ({"head.a\\.b": 1}, True),
        ({"roads.1.to": "west"}, True),
        ({"roads.7.to": "west"}, False),
        ({"name.first": "x"}, False),
        ({"tags": {"$in": ["tea"]}}, True),
        ({"tags": {"$in": [["hill", "tea", 7]]}}, False),
        ({"people": {"$in": []}}, False),
        ({"people": {"$nin": []}}, True),
        ({"people": {"$nin": [1200]}}, False),
        ({"missing": {"$nin": [1]}}, False),
        ({"tags": {"$all": ["tea", "hill"]}}, True),
        ({"tags": {"$all": [7.0]}}, False),
        ({"tags": {"$all": [["hill", "tea", 7]]}}, True),
        ({"tags": {"$all": []}}, False),
        ({"tags": {"$size": 3}}, True),
        ({"name": {"$size": 2}}, False),
        ({"people": {"$mod": [7, 3]}}, True),
        ({"area": {"$mod": [2, 1]}}, False),
        ({"name": {"$regex": "^驿"}}, True),
        ({"name": {"$regex": "^.{6}$"}}, True),
        ({"people": {"$regex": "1"}}, False),
        ({"name": {"$beginsWith": "驿"}}, True),
        ({"people": {"$beginsWith": "1"}}, False),
        ({"name": {"$type": "string"}}, True),
        ({"note": {"$type": "null"}}, True),
        ({"open": {"$type": "number"}}, False),
        ({"head": {"$type": "object"}}, True),
        ({"roads": {"$elemMatch": {"to": "west", "km": {"$gt": 8}}}}, True),
        ({"roads": {"$elemMatch": {"to": "east", "km": {"$gt": 8}}}}, False),
        ({"tags": {"$elemMatch": {"$eq": "tea"}}}, True),
        ({"tags": {"$elemMatch": {"$nor": [{"$eq": "x"}]}}}, False),
        ({"roads": {"$allMatch": {"km": {"$gt": 3}}}}, True),
        ({"empty": {"$allMatch": {"$eq": 1}}}, False),
        ({"head": {"$keyMapMatch": {"$eq": "age"}}}, True),
        ({"head": {"$keyMapMatch": {"$eq": "Li"}}}, False),
        ({"$or": [{"people": 1}, {"open": True}]}, True),
        ({"$or": []}, True),
        ({"$and": [{"people": 1}, {"open": True}]}, False),
        ({"$nor": [{"people": 1}, {"open": False}]}, True),
        ({"$not": {"people": {"$gt": 1}}}, False),
        ({"$not": {"missing": 1}}, False),
        ({"name": {"$not": {"$regex": "x"}}}, True),
        ({"people": {"$and": [{"$gt": 1}, {"$not": {"$gt": 5000}}]}}, True),
    ],
)
def test_a_document_fits_as_it_does_in_couchdb(selector: dict, expected: bool) -> None:
    assert matches(selector, TOWN) is expected


@pytest.mark.parametrize(
    ("selector", "normal"),
    [
        ({}, {}),
        ({"a": 1}, {"a": {"$eq": 1}}),
        ({"a": {"b": {"$gt": 1, "$lt": 5}}}, {"$and": [{"a.b": {"$gt": 1}}, {"a.b": {"$lt": 5}}]}),
        ({"a": 1, "b": 2}, {"$and": [{"a": {"$eq": 1}}, {"b": {"$eq": 2}}]}),
        ({"$not": {"a": {"$gt": 1}}}, {"a": {"$lte": 1}}),
        ({"$nor": [{"a": 1}, {"b": 2}]}, {"$and": [{"a": {"$ne": 1}}, {"b": {"$ne": 2}}]}),
        ({"$not": {"$and": [{"a": 1}, {"b": {"$in": [2]}}]}}, {"$or": [{"a": {"$ne": 1}}, {"b": {"$nin": [2]}}]}),
        ({"a": {"$not": {"$regex": "x"}}}, {"a": {"$not": {"$regex": "x"}}}),
        ({"a": {"$elemMatch": {"$gt": 1}}}, {"a": {"$elemMatch": {"": {"$gt": 1}}}}),
    ],
)
def test_selectors_come_to_couchdbs_normal_form(selector: dict, normal: dict) -> None:
    assert to_json(normalize(selector)) == normal


@pytest.mark.parametrize(
    ("selector", "word", "reason"),
    [
        (3, "invalid_selector_json", "Selector must be a JSON object, not: 3"),
        ({"$eq": 3}, "invalid_selector", "One or more conditions is missing a field name."),
        ({"x": {"$foo": 3}}, "invalid_operator", "Invalid operator: $foo"),
        ({"x": {"$where": "("}}, "not_supported", "Unsupported operator: $where"),
        ({"x": {"$in": 3}}, "bad_arg", "Bad argument for operator $in: 3"),
        ({"x": {"$regex": "("}}, "bad_arg", "Bad argument for operator $regex: <<40>>"),
        ({"x": {"$mod": [0, 1]}}, "bad_arg", "Bad argument for operator $mod: [0,1]"),
        ({"x": {"$size": -1}}, "bad_arg", "Bad argument for operator $size: -1"),
        ({"x": {"$exists": "yes"}}, "bad_arg", "Bad argument for operator $exists: <<121,101,115>>"),
        (
            {"x": {"$in": {"a": ["é", 1.5, 1e30, True, None, {}]}}},
            "bad_arg",
            "Bad argument for operator $in: {[{<<97>>,[<<195,169>>,1.5,1.0e30,true,null,{[]}]}]}",
        ),
        ({"a..b": 3}, "invalid_field_name", "Invalid field name: a..b"),
        ({"a": {"$text": "x"}}, "bad_field", None),
    ],
)
def test_a_bad_selector_is_refused_in_couchdbs_words(selector: object, word: str, reason: str | None) -> None:
    with pytest.raises(BadQuery) as caught:
        normalize(selector)
    told = problem_of(caught.value)
    assert told["error"] == word
    assert reason is None or told["reason"] == reason


def test_a_selector_nested_beyond_reason_is_refused_and_not_a_fault() -> None:
    deep: object = 1
    for _ in range(900):
        deep = {"$not": {"a": deep}}
    with pytest.raises(BadQuery):
        normalize(deep)


def test_a_selector_has_no_more_conditions_and_patterns_than_anyone_writes() -> None:
    condition: dict[str, Any] = {"a": {"$exists": False}}
    assert matches({"$and": [condition] * 999}, {})
    pattern, listed = {"a": {"$regex": "x"}}, {"a": {"$all": [1] * 1000}}
    for many in ([condition] * 1000, [{"$or": []}] * 1000, [pattern] * 20, [listed]):
        with pytest.raises(BadQuery) as refused:
            matches({"$and": many}, {})
        assert "at most 1000 conditions" in refused.value.reason
    assert matches({"a": {"$in": list(range(100_000))}}, {"a": 99_999})  # of these one is as dear as many


@pytest.mark.timeout(30)
def test_a_query_whose_pattern_never_ends_is_given_up_and_not_asked_of_every_document() -> None:
    slow = within_patience(compiled({"a": {"$regex": "(a|aa)+$"}}), seconds=0.5)
    with pytest.raises(BadQuery, match="too long"):
        any(slow({"a": "a" * 64 + "b"}) for _ in range(20))


def test_a_document_nested_beyond_reason_can_still_be_compared() -> None:
    deep: object = 1
    for _ in range(1000):
        deep = [deep]
    assert matches({"a": {"$gt": 1}}, {"a": deep})


def test_a_document_is_seen_with_its_reserved_members() -> None:
    file = Attachment("a.txt", "text/plain", "md5-x", 3, 1, b"abc")
    document = Document("d", Branch(1, ("aa",)), b'{"x":1}', (file,))
    assert compiled({"_id": "d", "_rev": "1-aa", "x": 1, "_attachments.a\\.txt.length": 3})(members(document))


@given(json_values(), json_values())
def test_of_two_values_each_comparison_says_the_same(one: object, other: object) -> None:
    fits = {op: matches({"x": {op: other}}, {"x": one}) for op in ("$lt", "$lte", "$eq", "$ne", "$gte", "$gt")}
    assert fits["$lt"] + fits["$eq"] + fits["$gt"] == 1
    assert fits["$lte"] is not fits["$gt"]
    assert fits["$gte"] is not fits["$lt"]
    assert fits["$eq"] is not fits["$ne"]


@given(st.dictionaries(st.sampled_from("abc"), json_values(), max_size=3), json_values())
def test_a_negation_fits_exactly_where_the_field_is_there_and_the_condition_fails(fields: dict, value: object) -> None:
    plain = matches({"a": {"$gt": value}}, fields)
    negated = matches({"$not": {"a": {"$gt": value}}}, fields)
    assert negated is ("a" in fields and not plain)
