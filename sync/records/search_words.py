"""By what items, 一件事 and cases are found: their names, what people call them, how these sound, and what guides say.

Everything is compared folded, so that width, capitals, blanks and signs do no harm. A text that is typed may be
anything at all; what comes out of here is letters and figures only, and means nothing to any query language.

Must not know: tables, who searches, in which order what is found is shown.
"""

import re
from collections.abc import Iterator
from enum import IntEnum, StrEnum
from string import ascii_lowercase, digits

from sync.records.items import Bundle, Guide, Item
from sync.records.readings.spelling import Spelling, folded, name_spellings, spellings
from sync.typed import Value

LONGEST_ASKED = 100  # characters of what is typed that count; no name is longer
# Between the parts of a name, as forms and input methods write it: 阿卜杜热西提·艾合买提
DOTS = re.compile("[·•・‧∙⋅]")
_MOST_PARTS = 6
_RUN = re.compile(r"[^\x00-\x7f]+|[a-z0-9]+")
_TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")  # data
_FIGURES = re.compile(r"(?<![0-9])([1-9])([0-9])(?![0-9])")
_DIGITS = "〇一二三四五六七八九"  # data
_SHORTEST_TAIL = 4  # of a number; three figures end a case in ten
_SERIAL = 4  # figures at the end of a 收件号, before its check character
_CHECKS = digits + ascii_lowercase
_SHORTEST_SOUND = 2  # letters: a single one begins a name in ten
_SHORTEST_SLIP, _LONGEST_SLIP = 3, 8  # letters: of two everything is one slip away, and nobody types nine initials


class Source(IntEnum):
    """What of an item a phrase is, what says most about it first."""

    NAME = 0
    WORD = 1
    ZONE = 2  # its department and topics


class CaseKey(StrEnum):
    """What of a case or a person a word is; the first character of the word, so that one index holds them apart."""

    NUMBER = "0"  # written backwards: people read out the end
    NAME = "1"
    SOUND = "2"
    INITIALS = "3"
    ITEM = "4"
    ITEM_NAME = "5"


class Phrase(Value):
    """One thing an item is called, folded, and how it sounds."""

    source: Source
    text: str
    sound: str
    initials: str


def phrases_of(found: Item | Bundle) -> tuple[Phrase, ...]:
    """Whatever an item or a 一件事 is called, its own name first."""
    zones = (found.department, *found.topics) if isinstance(found, Item) else (found.lead,)
    named = [(Source.NAME, found.name), *((Source.WORD, word) for word in found.words)]
    named += [(Source.ZONE, zone) for zone in zones]
    told: dict[str, Phrase] = {}
    for source, text in named:
        for way in written(text):
            told.setdefault(folded(way), _phrase(source, way))
    return tuple(phrase for text, phrase in told.items() if text)


def written(text: str) -> Iterator[str]:
    """A text as it stands, and with its tens written the other way: 八十岁 and 80岁."""
    yield text
    yield _TENS.sub(lambda tens: str(10 * (_DIGITS.find(tens[1]) if tens[1] else 1) + _ones(tens[2])), text)
    yield _FIGURES.sub(lambda figures: _tens(int(figures[1]), int(figures[2])), text)


def guide_words(found: Item | Bundle) -> str:
    """What the guide and the papers say, as words for an index."""
    said = [getattr(found.guide, name) for name in Guide.__struct_fields__]
    if isinstance(found, Item):
        said += [found.subjects, found.decided_by, *(f"{paper.name}　{paper.note}" for paper in found.materials)]
    return " ".join(sorted({pair for text in said for part in text.split() for pair in pairs(part)}))


def pairs(text: str) -> tuple[str, ...]:
    """A text as overlapping pairs of characters, since nothing stands between Chinese words; Latin words stay whole."""
    found: list[str] = []
    for run in _RUN.findall(folded(text)):
        if run.isascii():
            found.append(run)
        else:
            found += (run[at : at + 2] for at in range(len(run) - 1))
    return tuple(found)


def case_words(
    *, receipt_number: str, case_number: str, applicant_name: str, item: str, item_name: str
) -> tuple[str, ...]:
    """The words a case is found by, each beginning with its `CaseKey`."""
    words = [backwards(number) for number in (receipt_number, case_number) if folded(number)]
    words += [*_name_words(applicant_name), item_word(item), CaseKey.ITEM_NAME + folded(item_name)]
    return tuple(dict.fromkeys(word for word in words if len(word) > 1))


def person_words(*, name: str, cert_number: str, phone: str) -> tuple[str, ...]:
    """The words a person is found by, each beginning with its `CaseKey`."""
    words = [*(backwards(number) for number in (cert_number, phone) if folded(number)), *_name_words(name)]
    return tuple(dict.fromkeys(word for word in words if len(word) > 1))


def _name_words(name: str) -> list[str]:
    """Somebody's name, what it is without the surname, and each part of one with dots; as written and as it sounds."""
    text = folded(name)
    if not text:
        return []
    whole, parts = name_spellings(name), [part for part in map(folded, DOTS.split(name)) if part]
    return [
        *(CaseKey.NAME + text, CaseKey.NAME + text[1:]),
        *(CaseKey.SOUND + whole.joined, CaseKey.SOUND + _given(whole), CaseKey.INITIALS + whole.initials),
        *(word for part in parts[:_MOST_PARTS] if part != text for word in _part_words(part)),
    ]


def _part_words(part: str) -> tuple[str, ...]:
    told = spellings(part)
    return CaseKey.NAME + part, CaseKey.SOUND + told.joined, CaseKey.INITIALS + told.initials


def asked_for(text: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """What a folded text may ask for of people: (words, whether a word only begins so), the surest first.

    The end of a number, a name, how a name sounds, its initials.
    """
    if text.isascii() and len(text) >= _SHORTEST_TAIL and any(map(str.isdigit, text)):
        yield (backwards(text),), True
    if not text.isascii():
        yield (CaseKey.NAME + text,), False
        yield (CaseKey.NAME + text,), True
    elif text.isalpha() and len(text) >= _SHORTEST_SOUND:
        yield (CaseKey.INITIALS + text, CaseKey.SOUND + text), False
        yield (CaseKey.INITIALS + text, CaseKey.SOUND + text), True


def without_check(text: str) -> tuple[str, ...]:
    """Words of the numbers that end in a folded text and one character more: of a 收件号 people read out the serial.

    () where the text does not end in a serial.
    """
    is_serial = text.isascii() and text.isalnum() and text[-_SERIAL:].isdigit() and len(text) >= _SERIAL
    return tuple(backwards(text + check) for check in _CHECKS) if is_serial else ()


def backwards(number: str) -> str:
    """The word of a number, so that its end comes first."""
    return CaseKey.NUMBER + folded(number)[::-1]


def item_word(code: str) -> str:
    """The word of the item a case is about."""
    return CaseKey.ITEM + folded(code)


def slips(initials: str) -> tuple[str, ...]:
    """Initials one slip away: one letter left out, too many, or wrong; never the first. () where too few are typed.

    People leave letters out (`nbt` for 农机补贴) and mistype what they never spell (`gltt` for 高龄津贴).
    """
    if not _SHORTEST_SLIP <= len(initials) <= _LONGEST_SLIP:
        return ()
    found: set[str] = set()
    for at in range(1, len(initials) + 1):
        before, behind = initials[:at], initials[at:]
        found |= {before + letter + behind for letter in ascii_lowercase}
        if behind:
            found |= {before + behind[1:], *(before + letter + behind[1:] for letter in ascii_lowercase)}
    return tuple(sorted(found - {initials}))


def _phrase(source: Source, text: str) -> Phrase:
    spelling = spellings(text)
    return Phrase(source, folded(text), spelling.joined, spelling.initials)


def _ones(text: str) -> int:
    return _DIGITS.find(text) if text else 0


def _tens(tens: int, ones: int) -> str:
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"  # data


def _given(spelling: Spelling) -> str:
    """The sound without the first syllable, which is the surname."""
    return "".join(spelling.full.split()[1:])
