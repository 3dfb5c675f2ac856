"""The applicant's paper on a form: any kind there is, its number checked by that kind's own rule."""

from datetime import date

import pytest

from sync.records.applicant_paper import asked_with, number_key, paper_kind, papers_of, with_paper_kind
from sync.records.form import PAPER_KIND, Field, field_problems, kept_value
from sync.records.id_papers import CITIZEN_KINDS

TODAY = date(2025, 9, 26)
NUMBER = Field("id_number", "证件号码", "id_number", required=True, max_length=18)
CITIZEN = "150624194103150023"


def asked(kind: str) -> Field:
    return asked_with(NUMBER, {"cert_kind": kind})


def test_every_form_asks_for_the_kind_right_before_the_applicants_number_and_for_nobody_elses() -> None:
    spouse = Field("spouse_id_number", "配偶证件号码", "id_number", required=False, max_length=18)
    form = with_paper_kind([spouse, NUMBER])
    assert [(field.name, field.label, field.required) for field in form] == [
        ("spouse_id_number", "配偶证件号码", False),
        ("cert_kind", "证件种类", False),
        ("id_number", "证件号码", True),
    ]
    assert asked_with(spouse, {"cert_kind": "passport"}) == spouse


def test_a_form_with_a_field_of_that_name_keeps_its_own() -> None:
    own = Field("cert_kind", "证书类别", "choice", required=True, max_length=4, choices=("甲", "乙"))
    assert with_paper_kind([own, NUMBER]) == (own, NUMBER)
    assert asked_with(NUMBER, {"cert_kind": "甲"}) == NUMBER


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("", CITIZEN, CITIZEN),
        ("id_card", "150624 410315 002", CITIZEN),
        ("passport", " e1234 5678", "E12345678"),
        ("permanent_residence", "usa110090010203", "USA110090010203"),
        ("birth_certificate", "ｐ１２３４５６７８９", "P123456789"),
        ("household_book", "1506240012345678901X", "1506240012345678901X"),  # longer than the form's 18
        ("other", "军字第1234567号", "军字第1234567号"),
    ],
)
def test_a_number_is_checked_and_kept_by_the_rule_of_its_kind(kind: str, typed: str, kept: str) -> None:
    assert field_problems(asked(kind), typed, TODAY) == []
    assert kept_value(asked(kind), typed, TODAY) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        ("passport", "护照", "证件号码：护照号码应为 5 到 15 位字母或数字"),
        ("hmt_residence", CITIZEN, "证件号码：港澳台居民居住证号码应以 810000、820000 或 830000 开头"),
        ("", "E12345678", "证件号码：身份证号码应为 18 位数字，末位可以是 X"),
        ("passport", "", "请填写证件号码"),
    ],
)
def test_what_no_paper_of_that_kind_bears_is_told_in_its_own_words(kind: str, typed: str, problem: str) -> None:
    assert field_problems(asked(kind), typed, TODAY) == [problem]


def test_a_kind_that_is_none_is_told_and_the_number_is_taken_for_a_citizens() -> None:
    kind = with_paper_kind([NUMBER])[0]
    assert kind.kind == PAPER_KIND
    (problem,) = field_problems(kind, "visa", TODAY)
    assert problem.startswith("证件种类：应为 居民身份证、")
    assert asked("visa") == NUMBER


@pytest.mark.parametrize("kind", ["", "id_card", None, 7, "visa"])
def test_whoever_names_no_other_paper_comes_with_a_citizens_number(kind: object) -> None:
    assert paper_kind({"cert_kind": kind}) == ""
    assert papers_of({"cert_kind": kind}) == CITIZEN_KINDS


def test_numbers_that_look_alike_on_two_kinds_of_paper_are_told_apart() -> None:
    assert number_key("passport", "e1234567") != number_key("other", "e1234567")
    assert number_key("passport", "e1234567") == number_key("passport", "E1234567")
    assert number_key("hmt_residence", "810000197903070010") == number_key("", "810000197903070010")
    assert number_key("passport", "") == ""
