"""What was looked for and not found: what of it is a word for something, as far as a text alone can tell.

These texts leave the station, so nothing of a person may be in them. Numbers never are; nor is what may be somebody's
name, or whom he is related to, unless it says what it is about. In doubt it is not: a word that is missed comes again.

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
_NAME_LENGTHS = range(2, 4)
_BEHIND_TWO = range(2, 5)  # of one with a surname of two characters; it may stand alone
# A hundred surnames are those of six people in seven.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"  # data
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"  # data
)
# No name has these; what people ask for mostly does.
_MATTERS = frozenset("证照费险补贴助卡户办领报销登记申请救残贷款税票检疫药疗")  # data
_SURNAME = f"[{''.join(sorted(_SURNAMES))}]"
# Whom somebody is related to, or what he is called to his face: at the end of a text.
_KIN = (
    "(?:爹|妈|娘|爸|爸爸|妈妈|爷|爷爷|奶|奶奶|公公|婆|婆婆|姥姥|姥爷|外公|外婆|大爷|大妈|大娘|大伯|伯|伯伯|"  # data
    "叔|婶|婶子|婶婶|舅|舅舅|舅妈|姨|姨妈|姑|姑姑|姑父|姨父|哥|嫂|嫂子|姐|姐夫|弟|弟弟|弟媳|妹|妹妹|妹夫|"  # data
    "媳妇|儿媳妇?|女婿|老婆|老公|男人|婆娘|老伴|儿子|女儿|闺女|丫头|小子|孙子|孙女|外孙女?|侄子|侄女|"  # data
    "外甥女?|老[大二三四五六七八幺])"  # data
)
_TITLE = "(?:书记|支书|主任|村长|队长|组长|会计|医生|大夫|老师|师傅|先生|女士|同志|老板|老头|老太太?)"  # data
# 老张; 老张家媳妇, 王家老二; 刘翠花婶; 王支书; 铁柱他爹; 二婶; 翠花嫂子
_CALLED = re.compile(
    "|".join(
        (
            f"[老小阿]{_SURNAME}[头子儿哥姐叔婶]?",  # data
            f"[老小大]?{_SURNAME}家.{{0,5}}",  # data
            f"[老小大]?{_SURNAME}.{{0,3}}{_KIN}",  # data
            f"{_SURNAME}.{{0,2}}{_TITLE}",
            f".{{2,4}}[他她]{_KIN}",  # data
            "[大二三四五六七八小老阿].{0,2}(?:爷|奶|叔|婶|伯|舅|姨|姑|哥|嫂|姐|弟|妹|娘|妈)",  # data
            ".{1,3}(?:婶子?|嫂子|叔|伯|大爷|大娘|大妈|奶奶|爷爷)",  # data
        )
    )
)
_NO_KIN = frozenset(("月嫂",))  # data
# How names begin and end that are written by their sound: Uighur and Kazakh, Tibetan, Mongolian.
_BY_SOUND = re.compile(
    "买提|麦提|古丽|古力|尔逊|尔洪|吐尔|努尔|艾尔|艾合|阿卜|阿不|阿布都|阿依|帕提|卓玛|扎西|次仁|多吉|旺堆|"  # data
    "拉姆|巴特尔|其其格|格日勒|斯琴|(?:别克|提江|力江|木江|尔江|图雅|高娃|巴图|旺姆|曲珍|央金)$"  # data
)
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
    if _BY_SOUND.search(text):
        return True
    if _CALLED.fullmatch(text) and text not in _NO_KIN and not _MATTERS.intersection(text):
        return True
    if mask_name(f"{text[:2]}某")[1:2] != "*":  # data
        return len(text) in _BEHIND_TWO
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
