"""Check characters agree with the published vectors, and a slip of the pen is seen."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.records.check_digits import is_credit_code, mod_11_2, mod_37_36

ALPHANUMERIC = string.digits + string.ascii_uppercase

CREDIT_CODES = [
    "11100000000013338W",
    "12441500196720244T",
    "11370800MB28559184",
    "11430000006122244L",
    "91350100M000100Y43",
    "11150624999900011T",
    "11150624999900038J",
]


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "150624194103150023"])
def test_mod_11_2_closes_id_numbers(number: str) -> None:
    assert mod_11_2(number[:-1]) == number[-1]


@pytest.mark.parametrize(
    "identifier",
    [
        "11100000000013338W011.11430000006122244L.20230000403.002.S",
        "11100000000013338W032.11220000013544541J.2430599.001.F",
        "11100000MB03271699022.340100.000000016.001.9",
        "150624101201250731010007G",
    ],
)
def test_mod_37_36_closes_licence_identifiers_and_receipt_numbers(identifier: str) -> None:
    plain = identifier.replace(".", "")
    assert mod_37_36(plain[:-1]) == plain[-1]


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_credit_codes_of_the_handbook_are_valid(code: str) -> None:
    assert is_credit_code(code)


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_a_wrong_character_anywhere_in_a_credit_code_is_seen(code: str) -> None:
    for place, right in enumerate(code):
        for wrong in set("0123456789ABCDEFGHJKLMNPQRTUWXY") - {right}:
            assert not is_credit_code(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "1", CREDIT_CODES[0].lower(), CREDIT_CODES[0] + "0", "I" * 18, "１" * 18])
def test_what_is_no_credit_code_is_none(code: str) -> None:
    assert not is_credit_code(code)


def test_a_credit_code_with_only_the_outer_check_right_is_refused() -> None:
    body = "1110000000001333" + "7"  # the inner check of this organisation is 8
    assert not any(is_credit_code(body + last) for last in "0123456789ABCDEFGHJKLMNPQRTUWXY")


@given(st.text(string.digits, min_size=1, max_size=30), st.data())
def test_mod_11_2_sees_every_single_slip_and_every_swap_of_neighbours(digits: str, data: st.DataObject) -> None:
    check = mod_11_2(digits)
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = data.draw(st.sampled_from(sorted(set(string.digits) - {digits[place]})))
    assert mod_11_2(digits[:place] + wrong + digits[place + 1 :]) != check
    swapped = digits[:place] + digits[place : place + 2][::-1] + digits[place + 2 :]
    assert swapped == digits or mod_11_2(swapped) != check


@given(st.text(ALPHANUMERIC, min_size=1, max_size=60), st.data())
def test_mod_37_36_sees_every_single_slip(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.sampled_from(sorted(set(ALPHANUMERIC) - {text[place]})))
    assert mod_37_36(text[:place] + wrong + text[place + 1 :]) != mod_37_36(text)


@pytest.mark.parametrize("text", ["", "12a", "１２", "1 2"])
def test_characters_a_number_cannot_hold_are_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        mod_11_2(text)
    with pytest.raises(BadRequest):
        mod_37_36(text)
