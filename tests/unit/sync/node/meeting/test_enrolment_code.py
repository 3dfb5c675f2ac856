"""An enrolment code survives the telephone: case, spaces, misheard letters; a wrong digit is caught."""

import pytest

from sync.errors import BadRequest
from sync.node.meeting.enrolment_code import EnrolmentCode, parse_code, proof

CODE = EnrolmentCode("k3m7q", "01", "7KXW9RTB2C")


def test_a_code_is_read_as_it_was_written() -> None:
    assert parse_code(str(CODE)) == CODE
    assert str(CODE).startswith("K3M7Q-01-7KXW9-RTB2C-")


def test_case_spaces_and_misheard_letters_do_no_harm() -> None:
    typed = str(CODE).lower().replace("-", " ").replace("01", "oi")
    assert parse_code(typed) == CODE


@pytest.mark.parametrize("place", range(18))
def test_one_wrong_character_anywhere_is_caught(place: int) -> None:
    plain = str(CODE).replace("-", "")
    wrong = "5" if plain[place] != "5" else "6"
    with pytest.raises(BadRequest, match="校验"):
        parse_code(plain[:place] + wrong + plain[place + 1 :])


@pytest.mark.parametrize("text", ["", "K3M7Q", str(CODE) + "0", "村" * 18])
def test_what_is_no_code_is_refused_in_words_for_the_desk(text: str) -> None:
    with pytest.raises(BadRequest, match="注册码"):
        parse_code(text)


def test_a_proof_is_bound_to_the_secret_the_purpose_and_every_part() -> None:
    told = proof(CODE, "station", b"key", b"life")
    assert told == proof(CODE, "station", b"key", b"life")
    others = [
        proof(CODE, "centre", b"key", b"life"),
        proof(CODE, "station", b"keyl", b"ife"),
        proof(EnrolmentCode("k3m7q", "01", "7KXW9RTB2D"), "station", b"key", b"life"),
        proof(EnrolmentCode("k3m7q", "02", "7KXW9RTB2C"), "station", b"key", b"life"),
    ]
    assert told not in others
