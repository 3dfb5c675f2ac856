"""The query code of a case: the same for ever and everywhere, and typed as people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.records.events import read_event
from sync.records.query_code import grouped, is_code, parse_query_code, query_code
from sync.typed import replace
from tests.unit.sync.records.test_fold import Story

CODES = st.integers(0, 10**8 - 1).map(lambda number: f"{number:08}")


def test_a_code_is_of_the_first_event_whatever_came_after_it_and_in_whatever_order():
    story = Story()
    later = [read_event(one) for one in story.chain(story.village, "noted", "accepted", after=[story.received])]
    first = read_event(story.received)
    code = query_code([first])
    assert len(code) == 8
    assert code.isdigit()
    assert query_code([first, *later]) == query_code([*later, first]) == code
    assert query_code([]) == ""


def test_what_is_printed_on_slips_never_changes():
    story = Story()
    first = read_event(story.received)
    assert query_code([replace(first, hash="a" * 43)]) == "83873111"


@given(CODES)
def test_a_code_is_read_as_it_is_printed_and_as_people_type_it(code):
    wide = code.translate({ord(str(figure)): 0xFF10 + figure for figure in range(10)})
    for typed in (code, grouped(code), f" {code[:4]}-{code[4:]} ", wide):
        assert is_code(parse_query_code(typed), code)


@given(CODES, CODES)
def test_another_code_is_another_code(one, other):
    assert is_code(one, other) == (one == other)
    assert not is_code(one, "")


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567a", "一二三四五六七八", "1234567８９"])
def test_what_is_no_code_is_told_to_be_none(typed):
    with pytest.raises(BadRequest, match="8 位数字"):
        parse_query_code(typed)
