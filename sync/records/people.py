"""People as the forms name them: 公民身份号码, telephone numbers, and how both are hidden on a screen.

    990281 19410315 002 ?     where first registered, born, sequence (odd: male), check character

An unknown address code is no error: counties are abolished and people keep their numbers. No
message here repeats the number it complains about, so none can carry it into a log.

Must not know: clocks (whoever asks says what day it is), registers, screens.
"""

from datetime import date
from typing import Final, Literal

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.records.check_digits import mod_11_2
from sync.records.typed_text import narrow_number
from sync.typed import Value

SEXES: Final = ("男", "女")  # data: as papers have them
# More stars of a long name (阿卜杜热西提·艾合买提江) would only say how long it is, and with that whose.
MOST_STARS = 3
OLDEST_AGE = 130  # years; beyond it a slip in the year is likelier than the person
_OLD_LENGTH, _LENGTH = 15, 18
_FORM = N_("The number of an identity card has 18 figures, the last may be X")
_TWO_CHARACTER_SURNAMES = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 宇文 司空 端木 呼延 南宫 独孤 轩辕 "  # data
    "拓跋 赫连 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 闻人 百里 东郭 西门"  # data
)


class IdNumber(Value):
    """A 公民身份号码 that passed every check; `text` has 18 characters, a final X in capitals."""

    text: str
    birth: date
    sex: Literal["男", "女"]  # data

    @property
    def address_code(self) -> str:
        """The county (six digits) of the first registration; it may no longer exist."""
        return self.text[:6]

    def age(self, today: date) -> int:
        """Full years of life; one born on 29 February completes them on 1 March."""
        had_birthday = (today.month, today.day) >= (self.birth.month, self.birth.day)
        return today.year - self.birth.year - (not had_birthday)


def parse_id_number(text: str, *, today: date) -> IdNumber:
    """Read a 公民身份号码 of 18 characters, or of 15 from before 1999.

    today    for the birth date, which lies neither ahead nor more than 130 years back
    returns  IdNumber, the 15 digits of old lengthened to 18
    raises   BadRequest, in words for the person who typed it and without the number
    source   GB 11643-1999
    """
    number = narrow_number(text).upper()
    if not (number.isascii() and number[:-1].isdigit()):
        raise BadRequest(_(_FORM))
    if len(number) == _OLD_LENGTH and number.isdigit():
        number = lengthened(number)
    if len(number) != _LENGTH or number[-1] not in "0123456789X":
        raise BadRequest(_(_FORM))
    if mod_11_2(number[:-1]) != number[-1]:
        raise BadRequest(_("The check character of the identity number is wrong; check whether it was copied rightly"))
    return IdNumber(number, _birth(number[6:14], today), SEXES[0] if int(number[16]) % 2 else SEXES[1])


def lengthened(old: str) -> str:
    """The 18 characters of a number of 15 digits: the century goes in, the check character behind."""
    body = f"{old[:6]}19{old[6:]}"
    return body + mod_11_2(body)


def birth_in(number: str) -> tuple[str, str]:
    """Birthday (YYYY-MM-DD) and sex as a number of 18 characters that was checked once tells them; "" where none."""
    digits = number[6:14]
    if len(number) != _LENGTH or not number[:-1].isdigit():
        return "", ""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}", SEXES[0] if int(number[16]) % 2 else SEXES[1]


def is_phone(text: str) -> bool:
    """Whether this can be called: a mobile number, or a landline with its area code, digits and dashes only."""
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return False
    if digits.startswith("1"):
        return len(digits) == 11 and digits[1] in "3456789"
    return digits.startswith("0") and 10 <= len(digits) <= 12


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳娜娜 → 欧阳**: the surname, and a star for each other character, at most `MOST_STARS`."""
    surname = 2 if len(name) > 2 and name[:2] in _TWO_CHARACTER_SURNAMES else 1
    if len(name) < 2:
        return "*" * len(name)
    return name[:surname] + "*" * min(len(name) - surname, MOST_STARS)


def mask_id_number(text: str) -> str:
    """150***********0023: three at the front, four at the end; of other papers only the last two."""
    if len(text) in (_OLD_LENGTH, _LENGTH):
        return _masked(text, 3, 4)
    return _masked(text, 0, 2)


def mask_phone(text: str) -> str:
    """138****5678; of any other number only the last four."""
    if len(text) == 11 and text.startswith("1"):
        return _masked(text, 3, 4)
    return _masked(text, 0, 4)


def mask_bank_card(text: str) -> str:
    """Nothing but the last four digits."""
    return _masked(text, 0, 4)


def _masked(text: str, front: int, end: int) -> str:
    hidden = len(text) - front - end
    if hidden < 1:
        return "*" * len(text)
    return text[:front] + "*" * hidden + text[len(text) - end :]


def _birth(digits: str, today: date) -> date:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BadRequest(_("The date of birth in the identity number does not exist")) from None
    if birth > today:
        raise BadRequest(_("The date of birth in the identity number is still to come"))
    if today.year - birth.year > OLDEST_AGE:
        raise BadRequest(
            _("The date of birth in the identity number is more than %(years)s years ago", years=OLDEST_AGE)
        )
    return birth
