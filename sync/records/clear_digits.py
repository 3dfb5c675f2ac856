"""Digits and letters that are neither misheard nor misread, for codes that people write down and type.

They are Crockford's: no I, L, O, U. Whoever types one of these all the same is understood.

Must not know: which codes there are.
"""

from sync.records.check_digits import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 5  # that one of them carries
_FIELD = 0b100101
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def as_typed(text: str) -> str:
    """What somebody typed, without case, spaces and dashes, and with what was misread put right."""
    return "".join(character for character in text.upper() if character.isalnum()).translate(_MISREAD)


def check_digit(text: str) -> str:
    """The check character of digits and capital letters, itself one of the alphabet; raises BadRequest on others.

    Enrolment codes have it. It is that of receipt numbers with four of its 36 values folded into others, so a few
    slips go unseen; new codes take `sure_digit`.
    """
    return mod_37_36(text).translate(_MISREAD)


def sure_digit(text: str) -> str:
    """A check character that shows every single wrong character, and any two that changed places.

    text    up to 31 characters of the alphabet; raises ValueError on others
    source  a Reed-Solomon code with one check symbol, over the field of 32 elements made by x^5 + x^2 + 1
    """
    held = 0
    for character in text:
        held = held << 1 ^ ALPHABET.index(character)
        held ^= _FIELD if held > 31 else 0
    doubled = held << 1
    return ALPHABET[doubled ^ _FIELD if doubled > 31 else doubled]


def digits_of(data: bytes, length: int) -> str:
    """So many characters out of the first bits of some bytes."""
    number = int.from_bytes(data, "big") >> (8 * len(data) - BITS * length)
    return "".join(ALPHABET[number >> BITS * place & 31] for place in reversed(range(length)))
