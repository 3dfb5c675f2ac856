import gc
import tracemalloc

import pytest

from sync.mango.erlang_text import bare, readable
from sync.mango.fields import MISSING, get_field, parse_field, project
from sync.mango.patterns import compile_pattern
from sync.wire.problems import BadQuery


@pytest.mark.parametrize(
    ("name", "path"),
    [("ab", ("ab",)), ("a.b", ("a", "b")), (r"a\.b", ("a.b",)), ("a.b.c", ("a", "b", "c")), (r"a.b\.c", ("a", "b.c"))],
)
def test_a_name_leads_through_members(name: str, path: tuple[str, ...]) -> None:
    assert parse_field(name) == path


@pytest.mark.parametrize("name", ["", ".", "a..b", "a.", ".a"])
def test_a_name_with_an_empty_member_is_refused(name: str) -> None:
    with pytest.raises(BadQuery, match="Invalid field name"):
        parse_field(name)


def test_of_names_and_patterns_that_nobody_writes_by_hand_nothing_is_remembered() -> None:
    tracemalloc.start()
    try:
        for number in range(5):
            with pytest.raises(BadQuery):
                parse_field(f"{'a.' * 500_000}{number}")
            assert compile_pattern(f"{'a' * 1_000_000}{number}") is None
        gc.collect()
        held, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 1 << 20  # each was a megabyte and more


def test_null_is_there_and_missing_is_not() -> None:
    assert get_field({"a": None}, ("a",)) is None
    assert get_field({"a": None}, ("b",)) is MISSING
    assert get_field({"a": None}, ("a", "b")) is MISSING
    assert get_field({"a": [5]}, ("a", "0")) == 5
    assert get_field({"a": [5]}, ("a", "-1")) is MISSING


def test_a_projection_keeps_the_nesting_of_what_is_there() -> None:
    fields = {"_id": "x", "a": {"b": 1, "c": 2}, "l": [1, 2], "n": None}
    assert project(fields, ["_id", "a.b", "n", "z"]) == {"_id": "x", "a": {"b": 1}, "n": None}
    assert project(fields, ["l.1"]) == {"l": {"1": 2}}
    assert fields["a"] == {"b": 1, "c": 2}


def test_values_are_shown_as_erlang_terms() -> None:
    assert bare({"a": ["é", 1.5, 1e30, 1e-7, True, None, {}]}) == (
        "{[{<<97>>,[<<195,169>>,1.5,1.0e30,1.0e-7,true,null,{[]}]}]}"
    )
    assert readable({"x": "up"}) == '{[{<<"x">>,<<"up">>}]}'


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [("(?<y>a)b", b"xab", True), ("^[[:digit:]]+$", b"12", True), (r"a\z", b"a\n", False), (r"a\Z", b"a\n", True)],
)
def test_patterns_read_as_pcre_reads_them(pattern: str, text: bytes, found: bool) -> None:
    compiled = compile_pattern(pattern)
    assert compiled is not None
    assert compiled.found_in(text) is found


@pytest.mark.timeout(30)
def test_a_pattern_that_would_never_end_gives_up() -> None:
    endless = compile_pattern("(a|aa)+$")
    assert endless is not None
    assert not endless.found_in(b"a" * 100 + b"!")
    assert endless.found_in(b"a" * 100)


@pytest.mark.parametrize("pattern", ["(", "[", r"\K", "(?R)?a", "a" * 5000])
def test_what_is_no_pattern_is_told(pattern: str) -> None:
    assert compile_pattern(pattern) is None
