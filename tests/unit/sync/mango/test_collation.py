from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mango.collation import compare, row_key, sort_key
from sync.mango.text_order import text_key
from tests.unit.sync.mango.values import json_values

# CouchDB's documentation of view collation lists these in this order.
IN_ORDER = [
    None, False, True,
    -(2**63), -1e10, -1, -5e-324, 0, 5e-324, 1, 1.5, 2, 3, 4, 2**53, 2**53 + 1, 2**63, 2**64 - 1, 1e300,
    "", " b", "_", "-", "1", "10", "9", "a", "A", "á", "aa", "áa", "b", "B", "ba", "bb", "z", "Ω", "站", "驿",
    [], ["a"], ["b"], ["b", "c"], ["b", "c", "a"], ["b", "d"], ["b", "d", "e"],
    {}, {"a": 1}, {"a": 2}, {"b": 1}, {"b": 2}, {"b": 2, "a": 1}, {"b": 2, "c": 2},
]  # fmt: skip


NUMBERS = 3


def shuffled(values: list) -> list:
    return Random(1).sample(values, len(values))


def naive(one: object, other: object) -> int:
    """Collation written the slow way, value against value, with no keys of bytes but those of text."""
    if rank(one) != rank(other) or rank(one) < NUMBERS:
        return (rank(one) > rank(other)) - (rank(one) < rank(other))
    if isinstance(one, list) and isinstance(other, list):
        return naive_list(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return naive_list(*([part for member in each.items() for part in member] for each in (one, other)))
    here, there = (text_key(each) if isinstance(each, str) else each for each in (one, other))
    return (here > there) - (here < there)  # type: ignore[operator]


def naive_list(one: list, other: list) -> int:
    for here, there in zip(one, other, strict=False):
        if order := naive(here, there):
            return order
    return (len(one) > len(other)) - (len(one) < len(other))


def rank(value: object) -> int:
    if value is None or isinstance(value, bool):
        return {None: 0, False: 1, True: 2}[value]
    kinds = [(int, float), (str,), (list,), (dict,)]
    return next(NUMBERS + place for place, kind in enumerate(kinds) if isinstance(value, kind))


def test_the_kinds_stand_in_couchdbs_order() -> None:
    assert sorted(shuffled(IN_ORDER), key=sort_key) == IN_ORDER
    for before, behind in pairwise(IN_ORDER):
        assert compare(before, behind) == -1, (before, behind)


@pytest.mark.parametrize(
    ("one", "other"), [(1, 1.0), (0, -0.0), (2**53, float(2**53)), ("é", "e\u0301"), ("a", "a\u200b"), ([1], [1.0])]
)
def test_what_couchdb_holds_for_equal_has_one_key(one: object, other: object) -> None:
    assert sort_key(one) == sort_key(other)


@pytest.mark.parametrize(("one", "other"), [(True, 1), (None, False), (2**53 + 1, float(2**53)), ("1", 1), ([], {})])
def test_what_couchdb_tells_apart_has_two(one: object, other: object) -> None:
    assert sort_key(one) != sort_key(other)


@given(json_values(), json_values())
def test_the_order_of_the_bytes_is_the_order_of_the_values(one: object, other: object) -> None:
    assert compare(one, other) == naive(one, other)
    assert compare(other, one) == -naive(one, other)


@given(st.lists(json_values(), min_size=1, max_size=3), st.lists(json_values(), min_size=1, max_size=3))
def test_rows_compare_column_by_column(one: list, other: list) -> None:
    columns = min(len(one), len(other))
    here, there = row_key(one[:columns]), row_key(other[:columns])
    assert (here > there) - (here < there) == naive_list(one[:columns], other[:columns])


@given(json_values(), json_values())
def test_no_key_is_the_beginning_of_another(one: object, other: object) -> None:
    here, there = sort_key(one), sort_key(other)
    assert here == there or not here.startswith(there)


# As ICU 72 orders them; the comparison with a live server is in the contract.
@pytest.mark.parametrize(
    "ordered",
    [
        ["", "\t", " ", "_", "-", ",", ";", ":", "!", "?", ".", "'", '"', "(", "[", "{", "@", "*", "/", "&", "#", "%"],
        ["`", "^", "+", "<", "=", ">", "|", "~", "$", "0", "1", "9", "a", "ａ", "A", "Ａ", "b", "z", "Z", "α", "а"],
        ["a", "á", "à", "ǎ", "ā", "ab", "áb", "ac"],
        ["ab", "aB", "Ab", "AB", "abc"],
        ["，", "；", "：", "！", "？", "。", "‘", "“", "（", "《", "【", "％", "～", "￥", "１", "a", "一", "丁", "驿"],
        ["王", "王五", "王五1", "王伍", "王六"],
    ],
)
def test_text_stands_as_icu_has_it(ordered: list[str]) -> None:
    assert sorted(shuffled(ordered), key=text_key) == ordered
    assert len({text_key(each) for each in ordered}) == len(ordered)


@given(st.text(), st.text())
def test_a_longer_text_is_greater_and_below_the_highest_of_its_beginning(prefix: str, rest: str) -> None:
    assert text_key(prefix) <= text_key(prefix + rest) <= text_key(prefix + "\uffff" * 40)
