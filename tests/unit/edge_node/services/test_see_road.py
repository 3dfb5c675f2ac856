"""Why the road up is broken, as somebody at a desk reads it."""

import re

import pytest
import requests

from sync.casework.see_road import readable
from sync.remote.failing import link_error

PLACE = "http://127.0.0.1:8740"


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (requests.ConnectionError(ConnectionRefusedError()), "那边没有在运行"),
        (requests.ConnectionError(ConnectionResetError()), "连接中途断了"),
        (requests.ConnectionError(), "连接中途断了"),
        (requests.ReadTimeout(), "太久没有回答"),
    ],
)
def test_a_broken_link_is_told_without_a_word_of_english(broken, told):
    sentence = readable(link_error(broken, PLACE, 30).reason)
    assert sentence.startswith("没有连上上级")
    assert told in sentence
    assert PLACE in sentence
    assert re.findall("[A-Za-z]{2,}", sentence.replace(PLACE, "")) == []


def test_what_nobody_foresaw_is_told_without_its_words():
    assert readable(f"{PLACE} answered 502 Bad Gateway") == f"没有连上上级（{PLACE}）"
    assert readable("something else") == "没有连上上级"


def test_what_is_told_in_chinese_stays_as_it_is():
    assert readable("上级不认识本站，请核对注册码") == "上级不认识本站，请核对注册码"
