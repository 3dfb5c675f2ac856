"""What was looked for and not found: what of it is a word for something, as far as a text alone can tell.

These texts leave the station, so nothing of a person may be in them. Numbers never are; nor is what may be somebody's
name, unless it says what it is about.

Must not know: how anything is searched, who is registered, who reads the list.
"""

import re

from sync.records.people import mask_name
from sync.records.readings.spelling import folded
from sync.records.search_words import DOTS, CaseKey

_LONGEST = 40  # characters; a longer text is no word people have
_MOST_FIGURES = 3  # of 65岁 or 110; more are somebody's number, whole or in part
# Of telephones, citizens, cards; of passports and birth certificates; of permanent residence cards of old.
_NUMBER = re.compile(r"1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9x]|[0-9]{15,19}|[a-z]{1,2}[0-9]{7,9}|[a-z]{3}[0-9]{12}")
_NAME_LENGTHS = range(2, 4)  # of one behind a surname of two characters, one more
# A hundred surnames are those of six people in seven.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"  # data
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"  # data
)
# No name has these; what people ask for mostly does.
_MATTERS = frozenset("证照费险补贴助卡户办领报销登记申请救残贷款税票检疫药疗")  # data
_NAMES = range(2, 7)  # characters of a whole name, or of what stands behind a surname


def may_be_noted(text: str) -> bool:
    """Whether this is a word for something, as far as one can tell, and nobody's number or name."""
    plain = "".join(one for one in text if one.isalnum())
    if DOTS.search(text):
        return False  # only names have dots within
    if not plain or len(text) > _LONGEST or not text.isprintable():
        return False
    figures = sum(one.isdigit() for one in plain)
    return figures <= _MOST_FIGURES and not _may_be_a_name(plain)


def is_number_of_a_person(text: str) -> bool:
    """Whether it is the number of somebody's paper, telephone or card, or has one in it; blanks and dashes do no harm.

    A 收件号 or a 办件编号 is none, though there are as many figures within.
    """
    return any(_NUMBER.fullmatch(folded(part)) for part in (text, *text.split()))


def _may_be_a_name(text: str) -> bool:
    if mask_name(text)[1:2] not in ("", "*"):  # 欧阳**
        return len(text) - 1 in _NAME_LENGTHS
    return len(text) in _NAME_LENGTHS and text[0] in _SURNAMES and not _MATTERS.intersection(text)


def names_within(text: str) -> tuple[str, ...]:
    """The words (`search_words`) by which somebody would be found whose name stands anywhere in a text.

    A name that is typed by its sound counts where it is all that was typed.
    """
    plain = folded(text)
    if plain.isascii():
        return (CaseKey.SOUND + plain,) if plain.isalpha() else ()
    within = (plain[at : at + length] for length in _NAMES for at in range(len(plain) - length + 1))
    return tuple(dict.fromkeys(CaseKey.NAME + one for one in within if not one.isascii()))
