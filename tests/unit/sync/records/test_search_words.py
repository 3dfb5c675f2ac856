"""By what items and cases are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.county import county
from sync.records.search_words import (
    CaseKey,
    Source,
    case_words,
    guide_words,
    pairs,
    person_words,
    phrases_of,
    slips,
)


def phrases(name):
    return {phrase.text: phrase for phrase in phrases_of(county().item(name))}


def test_an_item_is_found_by_its_name_its_words_and_where_it_belongs():
    found = phrases("高龄津贴")
    assert found["高龄津贴"].source is Source.NAME
    assert found["八十岁补助"].source is Source.WORD
    assert found["民政"].source is Source.ZONE
    assert (found["高龄津贴"].sound, found["高龄津贴"].initials) == ("gaolingjintie", "gljt")


def test_tens_are_found_however_they_are_written():
    assert "80岁补助" in phrases("高龄津贴")
    assert "老年优待证和六十五岁乘车卡" in phrases("老年优待证和65岁乘车卡")


def test_a_guide_is_cut_into_pairs_and_its_papers_belong_to_it():
    assert pairs("户口簿，A4 纸") == ("户口", "口簿", "a4")
    assert {"户口", "口簿"} <= set(guide_words(county().item("高龄津贴")).split())


@pytest.mark.parametrize(
    ("meant", "typed"), [("njbt", "nbt"), ("gljt", "gltt"), ("gljt", "gljjt"), ("gljt", "glj"), ("sydj", "sydjz")]
)
def test_initials_are_found_with_one_slip(meant, typed):
    assert meant in slips(typed)


def test_the_first_letter_is_never_a_slip_and_short_initials_have_none():
    assert {one[0] for one in slips("gljt")} == {"g"}
    assert slips("gl") == ()
    assert slips("abcdefghi") == ()


def test_a_case_is_found_by_numbers_from_their_end_by_its_applicant_and_by_its_item():
    words = case_words(
        receipt_number="990281101201250926010007G",
        case_number="",
        applicant_name="单秀英",
        item="QX-MZ-0024",
        item_name="高龄津贴",
    )
    assert set(words) == {
        "0g700010629052102101182099",
        "1单秀英",
        "1秀英",
        "2shanxiuying",
        "2xiuying",
        "3sxy",
        "4qxmz0024",
        "5高龄津贴",
    }


def test_whoever_has_a_name_of_several_parts_is_found_by_each_of_them():
    for dot in "·•・‧":
        words = person_words(name=f"阿卜杜热西提{dot}艾合买提江", cert_number="", phone="")
        assert {"1阿卜杜热西提艾合买提江", "1阿卜杜热西提", "1艾合买提江", "2aihemaitijiang", "3ahmtj"} <= set(words)


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_letters_and_figures(text):
    words = case_words(receipt_number=text, case_number=text, applicant_name=text, item=text, item_name=text)
    for word in (*words, *pairs(text)):
        assert word.isalnum()
    assert {word[0] for word in words} <= set(CaseKey)
