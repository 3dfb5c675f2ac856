"""收件号: written and read back, read aloud, and refused when a character is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.records.check_digits import mod_37_36
from sync.records.receipt_number import format_receipt_number, is_device_code, parse_receipt_number, readings_of

VILLAGE, DAY = "150624101201", date(2025, 7, 31)


def test_the_vector_of_the_handbook() -> None:
    text = format_receipt_number(VILLAGE, DAY, "01", 7)
    assert text == "150624101201250731010007G"
    number = parse_receipt_number(text)
    assert (number.region_code, number.day, number.device, number.serial) == (VILLAGE, DAY, "01", 7)
    assert (number.short, str(number)) == ("01-0007-G", text)


def test_a_number_is_read_as_people_write_it() -> None:
    assert parse_receipt_number("150624101201 250731 01-0007-g").short == "01-0007-G"
    assert parse_receipt_number("１５０６２４１０１２０１　２５０７３１　０１－０００７－ｇ").short == "01-0007-G"


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.from_regex(r"[0-9A-Z]{2}", fullmatch=True), st.integers(1, 9999)
)
def test_what_is_written_reads_back(day: date, device: str, serial: int) -> None:
    text = format_receipt_number(VILLAGE, day, device, serial)
    number = parse_receipt_number(text)
    assert len(text) == 25
    assert (number.day, number.device, number.serial) == (day, device, serial)


def test_every_wrong_digit_is_seen() -> None:
    right = format_receipt_number(VILLAGE, DAY, "A7", 42)
    for place, character in enumerate(right):
        for wrong in set("0123456789ABCXYZ") - {character}:
            with pytest.raises(BadRequest):
                parse_receipt_number(right[:place] + wrong + right[place + 1 :])


@pytest.mark.parametrize(
    "body",
    [
        "150624101201250231010007",  # no such day
        "15062410120125073A010007",
        "150624101201250731010000",  # serials begin at 1
        "15062410120125073101000A",
        "150624000201250731010007",  # a village of no township
    ],
)
def test_a_number_with_an_impossible_part_is_refused_although_its_check_is_right(body: str) -> None:
    with pytest.raises(BadRequest):
        parse_receipt_number(body + mod_37_36(body))


@pytest.mark.parametrize("text", ["", "1", "１" * 25, "*" * 25, "0" * 26])
def test_what_is_no_receipt_number_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        parse_receipt_number(text)


@pytest.mark.parametrize(
    ("region", "day", "device", "serial"),
    [
        ("12", DAY, "01", 1),
        (VILLAGE, DAY, "1", 1),
        (VILLAGE, DAY, "a1", 1),
        (VILLAGE, DAY, "１1", 1),
        (VILLAGE, DAY, "01", 0),
        (VILLAGE, DAY, "01", 10_000),
        (VILLAGE, date(2100, 1, 1), "01", 1),
        (VILLAGE, date(1999, 1, 1), "01", 1),
    ],
)
def test_parts_that_do_not_fit_are_refused(region: str, day: date, device: str, serial: int) -> None:
    with pytest.raises(BadRequest):
        format_receipt_number(region, day, device, serial)


def test_device_codes_are_two_digits_or_capitals() -> None:
    assert is_device_code("0Z")
    assert not any(map(is_device_code, ("", "0", "0z", "0-", "000", "零一")))


def with_check(like: str, device: str = "01") -> str:
    """A number with that check character."""
    numbers = (format_receipt_number(VILLAGE, DAY, device, serial) for serial in range(1, 9999))
    return next(number for number in numbers if number[-1] == like)


@pytest.mark.parametrize("check", "O0I1")
@pytest.mark.parametrize("device", ["01", "O1", "I0"])
def test_letters_and_figures_that_look_alike_are_read_by_the_check_character(check: str, device: str) -> None:
    number = with_check(check, device)
    for typed in (number, number.replace("O", "0"), number.replace("I", "1"), number.replace("0", "O")):
        right = [one for one in readings_of(typed) if mod_37_36(one[:-1]) == one[-1]]
        assert number in right
        assert right == [number] or device != "01"  # 37,36 sees one wrong character for certain, not two
        end = typed[-7:]
        assert readings_of(end)[0] == end
        assert number[-7:] in readings_of(end)


@pytest.mark.parametrize("text", ["150624101201250731010007G", "01-0007", "王", "", "a1", "0" * 43])
def test_what_nothing_looks_like_is_read_as_it_stands(text: str) -> None:
    assert readings_of(text) == (text,)
