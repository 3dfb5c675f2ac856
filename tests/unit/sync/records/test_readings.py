"""How Chinese is typed by its sound, from a table and without pypinyin."""

import sys
import tracemalloc

import pytest

from fixtures.county import county
from sync.records.readings import spelling
from sync.records.readings.spelling import Spelling, folded, name_spellings, spellings


@pytest.mark.parametrize(
    ("text", "full", "initials"),
    [
        ("高龄津贴", "gao ling jin tie", "gljt"),
        ("养老保险", "yang lao bao xian", "ylbx"),
        ("重度残疾人护理补贴", "zhong du can ji ren hu li bu tie", "zdcjrhlbt"),
        ("参保登记", "can bao deng ji", "cbdj"),
        ("长寿钱", "chang shou qian", "csq"),
        ("行政许可", "xing zheng xu ke", "xzxk"),
        ("换银行卡号", "huan yin hang ka hao", "hyhkh"),
        ("人民调解", "ren min tiao jie", "rmtj"),
        ("村长", "cun zhang", "cz"),
        ("老年优待证和65岁乘车卡", "lao nian you dai zheng he 65 sui cheng che ka", "lnydzh65scck"),
        ("旅游", "lv you", "ly"),
        ("", "", ""),
        ("！？ 😀", "", ""),
    ],
)
def test_a_word_of_the_field_is_read_as_people_read_it(text, full, initials):
    assert spellings(text) == Spelling(full, initials)


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("王秀英", "wang xiu ying"),
        ("单雄信", "shan xiong xin"),
        ("仇英", "qiu ying"),
        ("尉迟恭", "yu chi gong"),
        ("欧阳娜娜", "ou yang na na"),
        ("李长江", "li chang jiang"),
        ("陶喆", "tao zhe"),  # beyond GB2312
        ("单", "dan"),  # nobody's name
    ],
)
def test_a_surname_is_read_as_one(name, full):
    assert name_spellings(name).full == full


def test_width_capitals_blanks_and_signs_do_no_harm():
    assert folded("　ＹＬ-bx（养老）！") == "ylbx养老"
    assert folded("LÜ") == "lv"


def test_everything_in_the_sample_catalogue_can_be_spelled():
    for item in county().items:
        for text in (item.name, *item.words):
            spelled = spellings(text)
            assert spelled.joined.isascii()
            assert len(spelled.full.split()) >= sum("一" <= one <= "龥" for one in text)


def test_the_table_is_small_in_memory():
    tracemalloc.start()
    try:
        table = spelling._table.__wrapped__()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert spelling.spellings("一").initials == "y"
    assert held + sys.getsizeof(table.numbers) < 2 << 20
