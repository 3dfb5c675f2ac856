"""What is typed in other words, in another order or half in letters, and what it fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.records.readings.spelling import folded, spellings
from sync.records.said_apart import Fit, asked_in_parts, fit_of, other_ways


def named(*texts):
    return [(text, spellings(text).joined, spellings(text).initials) for text in texts]


def fit(text, *names):
    asked = asked_in_parts(text)
    return asked and fit_of(asked, named(*names))


def test_there_are_other_ways_to_say_and_to_write_some_words():
    assert {"老年补贴", "老年人补贴", "老人补助"} <= set(other_ways("老人补贴"))
    assert {"八十岁", "2胎"}.isdisjoint(other_ways("卫星电视"))
    assert "八十岁" in other_ways("80岁")
    assert "二胎" in other_ways("2胎")
    assert other_ways("卫星电视") == ()


@pytest.mark.parametrize(
    ("text", "names", "parts", "apart"),
    [
        ("流转土地", ["土地承包和流转"], 2, False),
        ("社保转移", ["转社保", "关系转移"], 2, True),
        ("社保转", ["转社保"], 2, False),
        ("我要办危房的补助", ["危房补助"], 1, False),
        ("开村里的证明", ["村里证明"], 1, False),
        ("去世补贴", ["去世补助"], 1, False),
        ("高龄jt", ["高龄津贴"], 2, False),
        ("gaoling津贴", ["高龄津贴"], 2, False),
        ("补贴gljt", ["高龄津贴", "老年补贴"], 2, True),
    ],
)
def test_all_of_it_stands_in_what_something_is_called(text, names, parts, apart):
    assert fit(text, *names) == Fit(parts, apart)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("电视补贴", ["危房补贴"]),
        ("社保转走", ["转社保", "走访"]),  # one character alone is no part
        ("补贴jt", ["老年补贴", "家庭"]),  # two initials stand in anything
        ("高龄aoling", ["高龄津贴"]),  # no syllable begins so
        ("转社", ["转社保"]),
        ("gljt", ["高龄津贴"]),
        ("补贴" * 20, ["补贴"]),
    ],
)
def test_one_part_alone_fits_nothing(text, names):
    assert fit(text, *names) is None


@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_whatever_is_typed_is_held_against_anything(text, name):
    asked = asked_in_parts(folded(text))
    if asked is not None:
        assert "" not in (*asked.begins, *asked.ends, *asked.turned)
        fit_of(asked, named(folded(name)))
