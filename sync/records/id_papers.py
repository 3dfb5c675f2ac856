"""证件: by what kinds of paper a person is registered, and what can be read off each number.

    id_card 居民身份证 · hmt_residence 港澳台居民居住证        18 characters with birth, sex and check character
    permanent_residence 外国人永久居留证                     18 characters beginning with 9, or the older 15
    passport · birth_certificate · household_book · other   letters and digits

A number is kept in one form (`canonical_number`), so that one person is not registered twice for a blank or a small
letter. What only looks odd is a warning, for counties are abolished and people keep their numbers. No message repeats
the number it complains about.

Must not know: clocks (whoever asks says what day it is), registers, screens.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sync.errors import BadRequest
from sync.records.people import lengthened, parse_id_number

PAPER_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "id_card": "居民身份证",
        "household_book": "户口簿",
        "birth_certificate": "出生医学证明",
        "passport": "护照",
        "permanent_residence": "外国人永久居留证",
        "hmt_residence": "港澳台居民居住证",
        "other": "其他证件",
    }
)
# Those whose number is a 公民身份号码 or made as one, so that forms that ask for one may be filled with it.
CITIZEN_KINDS = ("id_card", "hmt_residence")
_HMT_PREFIXES = ("810000", "820000", "830000")
# 省级行政区划: a first pair of digits that no province has was mistyped, or the paper is not what it claims.
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65))
    for code in range(first, last + 1)
)
_OLD_LENGTH = 15
_SHAPES: Mapping[str, tuple[re.Pattern[str], str]] = MappingProxyType(
    {
        "household_book": (re.compile(r"[0-9A-Z]{4,20}"), "户口簿户号应为 4 到 20 位数字或字母"),
        "birth_certificate": (re.compile(r"[A-Z][0-9]{9}"), "出生医学证明编号应为 1 个字母加 9 位数字"),
        "passport": (re.compile(r"[A-Z0-9]{5,15}"), "护照号码应为 5 到 15 位字母或数字"),
        "permanent_residence": (
            re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
            "永久居留证号码应为以 9 开头的 18 位，或者旧证的 3 个字母加 12 位数字",
        ),
        "other": (re.compile(r"[^\x00-\x20]{1,40}"), "证件号码应为 1 到 40 个字符，不含空格"),
    }
)


@dataclass(frozen=True, slots=True)
class IdPaper:
    """A paper whose number passed every check.

    number    in its one form;  birth, sex, as the number tells them, None and "" where it does not
    warnings  sentences in Chinese: what to look at again, though it may be right
    """

    kind: str
    number: str
    birth: date | None = None
    sex: str = ""
    warnings: tuple[str, ...] = ()


def canonical_number(kind: str, text: str) -> str:
    """The form in which numbers are kept and compared: capitals, no blanks, the 15 digits of old lengthened."""
    number = "".join(text.split()).upper()
    if kind == "id_card" and len(number) == _OLD_LENGTH and number.isascii() and number.isdigit():
        return lengthened(number)
    return number


def read_paper(kind: str, text: str, *, today: date) -> IdPaper:
    """Check the number of a paper.

    raises  BadRequest, in words for whoever typed it and without the number
    """
    if kind not in PAPER_KINDS:
        raise BadRequest(f"证件种类应为 {'、'.join(PAPER_KINDS.values())} 之一")
    number = canonical_number(kind, text)
    if kind in CITIZEN_KINDS:
        return _citizen(kind, number, today)
    shape, problem = _SHAPES[kind]
    if not shape.fullmatch(number) or not number.isprintable():
        raise BadRequest(problem)
    if kind == "permanent_residence" and number.isascii() and number[0] == "9":
        return _made_as_a_citizen_s(kind, number, today)
    return IdPaper(kind, number)


def citizen_number(kind: str, number: str) -> str:
    """What a form that asks for a 公民身份号码 is filled with; "" where the paper has none."""
    return number if kind in CITIZEN_KINDS else ""


def _citizen(kind: str, number: str, today: date) -> IdPaper:
    paper = _made_as_a_citizen_s(kind, number, today)
    is_hmt = number[:6] in _HMT_PREFIXES
    if kind == "hmt_residence" and not is_hmt:
        raise BadRequest("港澳台居民居住证号码应以 810000、820000 或 830000 开头")
    if kind == "id_card" and is_hmt:
        return IdPaper(kind, number, paper.birth, paper.sex, ("这个号码是港澳台居民居住证的，请核对证件种类",))
    if kind == "id_card" and number[:2] not in _PROVINCES:
        return IdPaper(kind, number, paper.birth, paper.sex, ("号码的前两位不是现有的省份，请核对证件",))
    return paper


def _made_as_a_citizen_s(kind: str, number: str, today: date) -> IdPaper:
    read = parse_id_number(number, today=today)
    return IdPaper(kind, read.text, read.birth, read.sex)
