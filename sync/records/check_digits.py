"""Check characters: the last character of a number that shows a slip of the pen.

    MOD 11-2    公民身份号码        digits, X for ten
    MOD 37,36   收件号, 电子证照标识   digits and capital letters
    GB 32100    统一社会信用代码     31 characters, with the check of GB 11714 inside

All three take the text in capitals without spaces; whoever reads handwriting or a keyboard
normalises first.

Must not know: what the numbers stand for.
"""

from sync.errors import BadRequest

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100 leaves out I, O, S, V, Z: too like 1, 0, 5, U, 2
_CREDIT_CODE_LENGTH = 18
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def mod_11_2(digits: str) -> str:
    """The check character of a row of digits: `0` to `9`, or `X` for ten.

    raises  BadRequest when there is anything but ASCII digits
    source  ISO 7064 MOD 11-2, as GB 11643 uses it
    """
    if not (digits.isascii() and digits.isdigit()):
        raise BadRequest("MOD 11-2 takes digits only")
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    return "0123456789X"[(12 - remainder) % 11]


def mod_37_36(text: str) -> str:
    """The check character of digits and capital letters, itself one of these.

    raises  BadRequest on any other character
    source  ISO 7064 MOD 37,36, as GB/T 36904-2018 uses it
    """
    product = 36
    for value in _values(text, _ALPHANUMERIC):
        product = (product + value) % 36 or 36
        product = product * 2 % 37
    return _ALPHANUMERIC[(37 - product) % 36]


def is_credit_code(text: str) -> bool:
    """Whether this is a 统一社会信用代码 with both its check characters right.

    source  GB 32100-2015, 4; GB 11714 for the inner check over characters 9 to 16
    """
    if len(text) != _CREDIT_CODE_LENGTH or any(character not in _CREDIT_CODE for character in text):
        return False
    return text[16] == _organisation_check(text[8:16]) and text[17] == _credit_code_check(text[:17])


def _credit_code_check(body: str) -> str:
    total, weight = 0, 1
    for value in _values(body, _CREDIT_CODE):
        total += value * weight
        weight = weight * 3 % 31
    return _CREDIT_CODE[-total % 31]


def _organisation_check(body: str) -> str:
    total = sum(value * weight for value, weight in zip(_values(body, _ALPHANUMERIC), _INNER_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _values(text: str, alphabet: str) -> list[int]:
    values = [alphabet.find(character) for character in text]
    if not values or min(values) < 0:
        raise BadRequest("a character that this number cannot hold")
    return values
