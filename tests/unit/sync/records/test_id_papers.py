"""By what papers people are registered: what passes, what is refused in which words, what is only odd."""

from datetime import date

import pytest

from sync.errors import BadRequest
from sync.records.check_digits import mod_11_2
from sync.records.id_papers import canonical_number, citizen_number, kind_of_number, read_paper

TODAY = date(2026, 7, 31)


def closed(body):
    return body + mod_11_2(body)


HMT = closed("81000019900307002")
RESIDENT = closed("91184019900307002")


@pytest.mark.parametrize(
    ("kind", "typed", "number", "birth", "sex"),
    [
        ("id_card", " 1101 0519 4912 3100 2x ", "11010519491231002X", date(1949, 12, 31), "女"),
        ("hmt_residence", HMT, HMT, date(1990, 3, 7), "女"),
        ("permanent_residence", RESIDENT, RESIDENT, date(1990, 3, 7), "女"),
        ("permanent_residence", "abc123456789012", "ABC123456789012", None, ""),
        ("passport", "e12345678", "E12345678", None, ""),
        ("birth_certificate", "T110123456", "T110123456", None, ""),
        ("household_book", "001234567", "001234567", None, ""),
        ("household_book", "１２３ ４５", "12345", None, ""),
        ("other", "军字第000012号", "军字第000012号", None, ""),
    ],
)
def test_a_lawful_paper_is_kept_in_one_form(kind, typed, number, birth, sex):
    paper = read_paper(kind, typed, today=TODAY)
    assert (paper.number, paper.birth, paper.sex, paper.warnings) == (number, birth, sex, ())
    assert canonical_number(kind, typed) == number


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("id_card", "110105194912310021", "校验位"),
        ("id_card", closed("11010520991231002"), "还没有到"),
        ("hmt_residence", "11010519491231002X", "810000"),
        ("permanent_residence", RESIDENT[:-1] + "?", "永久居留证"),
        ("permanent_residence", RESIDENT[:-1] + ("1" if RESIDENT[-1] != "1" else "2"), "校验位"),
        ("passport", "E1", "护照"),
        ("birth_certificate", "1234567890", "出生医学证明"),
        ("household_book", "①②③④⑤", "户口簿"),
        ("other", "", "证件号码"),
        ("library_card", "1", "证件种类"),
    ],
)
def test_what_is_no_such_number_is_refused_without_repeating_it(kind, number, said):
    with pytest.raises(BadRequest, match=said) as refusal:
        read_paper(kind, number, today=TODAY)
    assert not number or len(number) < 3 or number not in refusal.value.reason


def test_a_number_from_nowhere_and_one_on_the_wrong_paper_are_only_warned_of():
    (nowhere,) = read_paper("id_card", closed("99028119370720261"), today=TODAY).warnings
    (wrong,) = read_paper("id_card", HMT, today=TODAY).warnings
    assert "省份" in nowhere
    assert "港澳台" in wrong


def test_fifteen_figures_are_kept_as_eighteen_and_whoever_typed_them_is_told_to_compare_them():
    paper = read_paper("id_card", " 110105 491231 002", today=TODAY)
    assert (paper.number, paper.birth, paper.sex) == ("11010519491231002X", date(1949, 12, 31), "女")
    assert canonical_number("id_card", "110105491231002") == paper.number
    (warning,) = paper.warnings
    assert warning == "输入的是 15 位旧号码，已补成 18 位保存，请与证件核对"
    assert read_paper("id_card", paper.number, today=TODAY).warnings == ()


def test_only_citizens_numbers_fill_a_form_that_asks_for_one():
    assert citizen_number("id_card", "11010519491231002X") == "11010519491231002X"
    assert citizen_number("hmt_residence", HMT) == HMT
    assert citizen_number("permanent_residence", RESIDENT) == RESIDENT
    assert citizen_number("permanent_residence", "ABC123456789012") == ""
    assert citizen_number("passport", "E12345678") == ""


def test_a_number_made_as_a_citizens_tells_which_paper_bears_it():
    assert kind_of_number("11010519491231002X") == "id_card"
    assert kind_of_number(HMT) == "hmt_residence"
    assert kind_of_number(RESIDENT) == "permanent_residence"
    assert kind_of_number(closed("99028119370720261")) == "id_card"  # an invented county, and no card of a foreigner
