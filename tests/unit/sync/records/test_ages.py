"""The day on which somebody reaches the age an item is for; nothing where his number tells no birthday."""

from datetime import date

import pytest

from sync.records.ages import day_of_age, reaches_age_on
from sync.records.check_digits import mod_11_2
from tests.unit.sync.records.test_catalogue import item

BORN_1946 = "15062419460731002"


def number(body: str) -> str:
    return body + mod_11_2(body)


@pytest.mark.parametrize(
    ("born", "years", "day"),
    [
        (date(1946, 7, 31), 80, date(2026, 7, 31)),
        (date(1944, 2, 29), 80, date(2024, 2, 29)),
        (date(1944, 2, 29), 81, date(2025, 3, 1)),
    ],
)
def test_an_age_is_reached_on_the_birthday(born, years, day):
    assert day_of_age(born, years) == day


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 7, 30), date(2026, 7, 31)),
        (date(2026, 7, 31), None),
        (date(2030, 1, 1), None),
    ],
)
def test_it_is_told_until_the_day_and_not_on_it(today, day):
    assert reaches_age_on(item(least_age=80), {"id_number": number(BORN_1946)}, today) == day


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"id_number": ""},
        {"id_number": 7},
        {"id_number": "150624194607310001"},
        {"id_number": "C01X00T47", "cert_kind": "passport"},
    ],
)
def test_without_a_number_that_tells_a_birthday_nothing_is_told(told):
    assert reaches_age_on(item(least_age=80), told, date(2000, 1, 1)) is None


def test_where_age_does_not_matter_nothing_is_told():
    assert reaches_age_on(item(), {"id_number": number(BORN_1946)}, date(1990, 1, 1)) is None
