"""What a Chinese keyboard makes of figures and blanks is no mistake of whoever typed it."""

import pytest

from sync.records.typed_text import can_be_shown, narrow_number, narrow_phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("110105 19491231　002x", "11010519491231002x"),
        (" 0990－5550101\u00a0", "0990-5550101"),
        ("１２００．５０", "1200.50"),
        ("㈠", "㈠"),
        ("", ""),
    ],
)
def test_a_number_is_read_as_machines_write_it(typed: str, number: str) -> None:
    assert narrow_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+86 138 0000 1111", "13800001111"),
        ("＋８６－１３８００００１１１１", "13800001111"),
        ("0086 13800001111", "13800001111"),
        ("(+86)13800001111", "13800001111"),
        ("+86 0990-5550101", "0990-5550101"),
        ("+7 701 000 11 22", "+77010001122"),
        ("8613800001111", "8613800001111"),
    ],
)
def test_a_telephone_copied_with_the_number_of_china_before_it_is_kept_without(typed: str, number: str) -> None:
    assert narrow_phone(typed) == number


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("　　兹证明张　三", True),
        ("价格\u00a0100 元", True),
        ("𠮷田㐂子·艾则孜", True),
        ("张\n三", False),
        ("张\u200b三", False),
        ("\u202e三张", False),
        ("张\x00三", False),
        ("\ue000", False),
    ],
)
def test_wide_blanks_are_seen_and_what_hides_is_not(text: str, may: bool) -> None:
    assert can_be_shown(text) is may
