"""公民身份号码 and telephone numbers: what passes, what is refused in which words, and what a screen shows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.records.check_digits import mod_11_2
from sync.records.people import (
    is_phone,
    mask_bank_card,
    mask_id_number,
    mask_name,
    mask_phone,
    parse_id_number,
)

TODAY = date(2026, 7, 31)


def closed(body: str) -> str:
    return body + mod_11_2(body)


@pytest.mark.parametrize(
    ("text", "birth", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "女"),
        ("150624194103150023", date(1941, 3, 15), "女"),
        ("150624198809121230", date(1988, 9, 12), "男"),
    ],
)
def test_a_valid_number_tells_birth_and_sex(text: str, birth: date, sex: str) -> None:
    number = parse_id_number(text, today=TODAY)
    assert (number.text, number.birth, number.sex, number.address_code) == (text, birth, sex, text[:6])


def test_a_number_of_1880_was_valid_in_its_time() -> None:
    assert parse_id_number("440524188001010014", today=date(2010, 1, 1)).sex == "男"
    with pytest.raises(BadRequest, match="130 年前"):
        parse_id_number("440524188001010014", today=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        " 11010519491231002x ",
        "110105 19491231 002X",
        "１１０１０５１９４９１２３１００２ｘ",
        "１１０１０５４９１２３１００２",
    ],
)
def test_a_small_x_blanks_and_wide_figures_are_put_right(typed: str) -> None:
    assert parse_id_number(typed, today=TODAY).text == "11010519491231002X"


def test_fifteen_digits_are_lengthened() -> None:
    assert parse_id_number("110105491231002", today=TODAY).text == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "18 位"),
        ("x", "18 位"),
        ("1101051949123100", "18 位"),
        ("110105194912310020", "校验位"),
        ("11010519491231002٠", "18 位"),
        ("11010519491231002XX", "18 位"),
        ("1101054912310٠2", "18 位"),
        ("11010549123100X", "18 位"),
        ("1101O519491231002X", "18 位"),
        (closed("11010520230229001"), "不存在"),
        (closed("11010520231301001"), "不存在"),
        (closed("11010520260801001"), "还没有到"),
        (closed("11010518951231001"), "130 年前"),
    ],
)
def test_a_wrong_number_is_refused_in_words_that_never_repeat_it(text: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason) as caught:
        parse_id_number(text, today=TODAY)
    assert len(text) < 2 or text not in str(caught.value)


def test_one_born_today_has_a_number_and_an_unknown_county_is_no_error() -> None:
    assert parse_id_number(closed("99028120260731001"), today=TODAY).age(TODAY) == 0


@pytest.mark.parametrize(
    ("birth", "today", "age"),
    [
        (date(1946, 7, 31), date(2026, 7, 30), 79),
        (date(1946, 7, 31), date(2026, 7, 31), 80),
        (date(1944, 2, 29), date(2024, 2, 28), 79),
        (date(1944, 2, 29), date(2025, 2, 28), 80),
        (date(1944, 2, 29), date(2025, 3, 1), 81),
    ],
)
def test_age_counts_full_years(birth: date, today: date, age: int) -> None:
    assert parse_id_number(closed(f"990281{birth:%Y%m%d}001"), today=today).age(today) == age


@given(st.text(max_size=20))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    try:
        number = parse_id_number(text, today=TODAY)
    except BadRequest:
        return
    assert len(number.text) == 18


@pytest.mark.parametrize("phone", ["13812345678", "0477-1234567", "010-12345678", "15400000001"])
def test_numbers_that_can_be_called_are_phones(phone: str) -> None:
    assert is_phone(phone)


@pytest.mark.parametrize("phone", ["", "110", "1381234567", "12812345678", "１3812345678", "138 1234 5678", "-", "abc"])
def test_numbers_that_cannot_be_called_are_none(phone: str) -> None:
    assert not is_phone(phone)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳锋", "欧阳*"),
        ("欧阳", "欧*"),
        ("司马相如子", "司马***"),
        ("阿卜杜热西提·艾合买提江", "阿***"),
        ("阿" * 20, "阿***"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_names_keep_their_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_ids_phones_and_cards_are_masked_as_the_handbook_shows() -> None:
    assert mask_id_number("150624194103150023") == "150***********0023"
    assert mask_id_number("110105491231002") == "110********1002"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("0477-1234567") == "********4567"
    assert mask_bank_card("6222020200112233445") == "***************3445"


# A star is what masks are made of.
@given(st.text(st.characters(exclude_characters="*", exclude_categories=["Cs"]), max_size=40))
def test_a_mask_keeps_the_length_but_of_names_and_never_shows_all(text: str) -> None:
    for mask in (mask_name, mask_id_number, mask_phone, mask_bank_card):
        shown = mask(text)
        assert len(shown) == len(text) or (mask is mask_name and len(shown) < len(text))
        assert not text or shown != text
