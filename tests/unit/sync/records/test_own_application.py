"""A child under 14 is not the applicant, and a child is not his own guardian."""

from datetime import date

import pytest

from sync.records.check_digits import mod_11_2
from sync.records.own_application import own_application_problems

TODAY = date(2025, 9, 26)


def number(born, sequence="002"):
    body = f"990281{born}{sequence}"
    return body + mod_11_2(body)


@pytest.mark.parametrize(
    ("born", "is_child"),
    [("20170301", True), ("20110927", True), ("20110926", False), ("19410315", False)],
)
def test_nobody_under_14_applies_for_himself(born, is_child):
    problems = own_application_problems({"id_number": number(born)}, TODAY)
    assert [name for name, _sentence in problems] == ["id_number"] * is_child
    assert all("监护人" in sentence for _name, sentence in problems)


def test_the_child_of_a_form_is_not_the_applicant():
    mother, child = number("19850101"), number("20170301")
    assert own_application_problems({"id_number": mother, "child_id_number": child}, TODAY) == []
    same = own_application_problems({"id_number": child, "child_id_number": f" {child} "}, TODAY)
    assert [name for name, _sentence in same] == ["id_number", "child_id_number"]


@pytest.mark.parametrize("typed", ["", "  ", "123", None, 7])
def test_what_is_no_number_is_said_elsewhere(typed):
    assert own_application_problems({"id_number": typed}, TODAY) == []


def test_a_paper_that_tells_no_birthday_is_taken():
    assert own_application_problems({"cert_kind": "passport", "id_number": "E12345678"}, TODAY) == []
