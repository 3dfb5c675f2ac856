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
from datetime import date
from types import MappingProxyType

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.records.people import lengthened, parse_id_number
from sync.records.person_words import all_words
from sync.records.typed_text import narrow_number
from sync.typed import Value, replace

# {code: message}, to be looked up where it is shown
PAPER_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "id_card": N_("Resident identity card"),
        "household_book": N_("Household register"),
        "birth_certificate": N_("Birth certificate"),
        "passport": N_("Passport"),
        "permanent_residence": N_("Permanent residence card of a foreigner"),
        "hmt_residence": N_("Residence permit of somebody from Hong Kong, Macao or Taiwan"),
        "other": N_("Other paper"),
    }
)
# Those whose number is a 公民身份号码 or made as one, so that forms that ask for one may be filled with it.
CITIZEN_KINDS = ("id_card", "hmt_residence", "permanent_residence")
_CITIZEN_LENGTH = 18
_HMT_PREFIXES = ("810000", "820000", "830000")
# 省级行政区划: a first pair of digits that no province has was mistyped, or the paper is not what it claims.
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65))
    for code in range(first, last + 1)
)
_OLD_LENGTH = 15
_LENGTHENED = N_("15 figures were typed, an old number; it is kept with its 18, compare them with the paper")
_SHAPES: Mapping[str, tuple[re.Pattern[str], str]] = MappingProxyType(
    {
        "household_book": (
            re.compile(r"[0-9A-Z]{4,20}"),
            N_("The number of a household register has 4 to 20 figures or letters"),
        ),
        "birth_certificate": (
            re.compile(r"[A-Z][0-9]{9}"),
            N_("The number of a birth certificate has 1 letter and 9 figures"),
        ),
        "passport": (re.compile(r"[A-Z0-9]{5,15}"), N_("The number of a passport has 5 to 15 letters or figures")),
        "permanent_residence": (
            re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
            N_(
                "The number of a permanent residence card has 18 characters that begin with 9, "
                "on an old one 3 letters and 12 figures"
            ),
        ),
        "other": (re.compile(r"[^\x00-\x20]{1,40}"), N_("The number of a paper has 1 to 40 characters and no blanks")),
    }
)


class IdPaper(Value):
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
    """The form in which numbers are kept and compared: narrow capitals, no blanks, the 15 digits of old lengthened."""
    number = narrow_number(text).upper()
    if kind == "id_card" and len(number) == _OLD_LENGTH and number.isascii() and number.isdigit():
        return lengthened(number)
    return number


def read_paper(kind: str, text: str, *, today: date) -> IdPaper:
    """Check the number of a paper.

    raises  BadRequest, in words for whoever typed it and without the number
    """
    if kind not in PAPER_KINDS:
        raise BadRequest(_("The kind of paper has to be one of %(choices)s", choices=all_words(PAPER_KINDS)))
    number = canonical_number(kind, text)
    if kind not in _SHAPES:
        paper = _citizen(kind, number, today)
        is_longer = len(number) > len(narrow_number(text))
        return replace(paper, warnings=(*paper.warnings, _(_LENGTHENED))) if is_longer else paper
    shape, problem = _SHAPES[kind]
    if not shape.fullmatch(number) or not number.isprintable():
        raise BadRequest(_(problem))
    if kind == "permanent_residence" and number.isascii() and number[0] == "9":
        return _made_as_a_citizen_s(kind, number, today)
    return IdPaper(kind, number)


def citizen_number(kind: str, number: str) -> str:
    """What a form that asks for a 公民身份号码 is filled with; "" where the paper has none."""
    return number if kind in CITIZEN_KINDS and len(number) == _CITIZEN_LENGTH else ""


def kind_of_number(number: str) -> str:
    """Which of `CITIZEN_KINDS` bears a checked number of 18 characters: a foreigner's is 9, a province, a country."""
    if number[:6] in _HMT_PREFIXES:
        return "hmt_residence"
    return "permanent_residence" if number[0] == "9" and number[1:3] in _PROVINCES else "id_card"


def _citizen(kind: str, number: str, today: date) -> IdPaper:
    paper = _made_as_a_citizen_s(kind, number, today)
    is_hmt = number[:6] in _HMT_PREFIXES
    if kind == "hmt_residence" and not is_hmt:
        raise BadRequest(
            _(
                "The number of a residence permit of somebody from Hong Kong, Macao or Taiwan "
                "begins with 810000, 820000 or 830000"
            )
        )
    if kind == "id_card" and is_hmt:
        warning = _(
            "This number is one of a residence permit of somebody from Hong Kong, Macao or Taiwan; "
            "check the kind of paper"
        )
        return IdPaper(kind, number, paper.birth, paper.sex, (warning,))
    if kind == "id_card" and number[:2] not in _PROVINCES:
        warning = _("The first two figures of the number are those of no province there is; check the paper")
        return IdPaper(kind, number, paper.birth, paper.sex, (warning,))
    return paper


def _made_as_a_citizen_s(kind: str, number: str, today: date) -> IdPaper:
    read = parse_id_number(number, today=today)
    return IdPaper(kind, read.text, read.birth, read.sex)
