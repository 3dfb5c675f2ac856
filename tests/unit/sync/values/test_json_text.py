import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from sync.errors import BadRequest, TooDeep
from sync.values.json_text import canonical, dump, dump_sorted, json_flaw, parse


@pytest.mark.parametrize("write", [dump, dump_sorted, canonical])
@pytest.mark.parametrize("length", [1, 100, 1500, 5000])
def test_text_takes_no_more_memory_than_its_length(write: Callable[[Any], bytes], length: int) -> None:
    value = {"text": "x" * length}
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        held = [write(value) for _ in range(100)]
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held == [b'{"text":"' + b"x" * length + b'"}'] * 100
    assert after - before < 100 * (length + 100)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"items":\n [NaN]}', "第 2 行第 3 个字处：JSON 没有 NaN 和 Infinity，数也不能大到没有边，请写普通的数"),
        ('{"a": -Infinity}', "第 1 行第 8 个字处：JSON 没有 NaN 和 Infinity，数也不能大到没有边，请写普通的数"),
        ('{"a": 1e999}', "第 1 行第 7 个字处：JSON 没有 NaN 和 Infinity，数也不能大到没有边，请写普通的数"),
        ('{"名": "\\ud800"}', "第 1 行第 8 个字处：反斜杠后面写得不完整，凑不成一个字，请直接写这个字"),
        ('{"名": "\\u12"}', "第 1 行第 8 个字处：反斜杠后面写得不完整，凑不成一个字，请直接写这个字"),
        ("[" * 200_000, "括号一层套一层，套得太深，请改平一些"),
        (b'{"a": "\xff"}', "文件不是 UTF-8 编码的文字"),
        ('{"a": 1,}', "第 1 行第 8 个字处不是正确的 JSON"),
        ("[]", ""),
    ],
)
def test_what_is_wrong_with_a_text_is_told_with_its_place(text: bytes | str, told: str) -> None:
    assert json_flaw(text) == told


def test_long_text_is_written_whole() -> None:
    assert dump({"text": "驿" * 100_000}) == b'{"text":"' + "驿".encode() * 100_000 + b'"}'


@pytest.mark.parametrize("levels", [300, 1000])
@pytest.mark.parametrize("write", [dump, dump_sorted, canonical])
def test_what_is_nested_deeper_than_can_be_written_is_refused(write: Callable[[object], bytes], levels: int) -> None:
    nested = parse("[" * levels + "]" * levels)
    with pytest.raises(BadRequest):
        write(nested)


@pytest.mark.parametrize("write", [dump, dump_sorted])
def test_depth_is_told_from_other_slips(write: Callable[[object], bytes]) -> None:
    with pytest.raises(TooDeep):
        write(parse("[" * 300 + "]" * 300))
    for text in ("[" * 2000 + "]" * 2000, '{"a":' * 2000 + "1" + "}" * 2000):
        with pytest.raises(TooDeep):
            parse(text)
    for text in ("[" * 500, "<html>", ""):
        with pytest.raises(BadRequest) as raised:
            parse(text)
        assert not isinstance(raised.value, TooDeep)
    with pytest.raises(BadRequest) as raised:
        write("\ud800")
    assert not isinstance(raised.value, TooDeep)
