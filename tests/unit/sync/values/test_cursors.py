"""A cursor is the place it was made of, and nothing else is a cursor."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.values.cursors import read_cursor, read_number, write_cursor

LINES = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1)


@given(st.lists(LINES, min_size=1, max_size=4))
def test_a_cursor_is_read_as_it_was_written(place):
    assert read_cursor(write_cursor(*place), len(place)) == place
    with pytest.raises(BadRequest):
        read_cursor(write_cursor(*place), len(place) + 1)


@given(st.text())
def test_whatever_is_no_cursor_is_refused_and_breaks_nothing(text):
    with contextlib.suppress(BadRequest):
        assert len(read_cursor(text, 2)) == 2


@pytest.mark.parametrize("text", ["", "-1", "1.5", "²", "9" * 19])
def test_a_place_has_whole_numbers(text):
    with pytest.raises(BadRequest):
        read_number(text)
