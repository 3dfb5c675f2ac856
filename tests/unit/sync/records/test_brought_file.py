"""A file of the catalogue that is more than goes is refused, in sentences that name the row."""

import re
from typing import Any

import pytest

from fixtures.county import text
from sync.records.brought_file import read_brought
from sync.values.json_text import dump, parse_object


def whole(**more: Any) -> dict[str, Any]:
    return {**parse_object(text("items.json")), **more}


def row(**more: Any) -> dict[str, Any]:
    return {**whole()["items"][0], **more}


def problems(**more: Any) -> tuple[str, ...]:
    return read_brought(dump(whole(**more))).problems


def test_the_sample_county_is_taken_as_it_is() -> None:
    assert read_brought(text("items.json")).problems == ()
    assert len(read_brought(text("regions.json")).entries) > 0


def test_a_notice_goes_into_every_document_and_so_is_short() -> None:
    rows = [row(code=f"X{number}") for number in range(3)]
    assert problems(notice="示" * 501, items=rows) == ("notice 最多 500 个字",)
    assert problems(notice="示" * 500, items=rows) == ()


@pytest.mark.parametrize("member", ["items", "bundles", "regions"])
def test_so_many_rows_are_told_in_one_sentence(member: str) -> None:
    assert problems(**{member: [{"code": "X" * 40} for _ in range(20_001)]}) == (
        f"{member} 有 20001 行，最多 20000 行",
    )


def test_what_is_nothing_but_empty_values_is_not_read() -> None:
    brought = read_brought(b'{"notice":"x","items":[%b]}' % b",".join([b"{}"] * 1_000_000))
    assert (brought.entries, brought.problems) == ((), ("文件里的内容项太多，与文件大小不相称",))


def test_an_entry_that_no_exchange_carries_is_refused_by_its_code() -> None:
    (told,) = problems(items=[row(words=["词" * 100] * 4000)])
    assert told.startswith(row()["code"])
    assert "发不到各站" in told


@pytest.mark.parametrize("name", ["高龄\x1b[31m津贴", "高龄\n津贴", "高\u202e龄", "高" * 201])
def test_a_name_is_one_line_of_signs_that_are_seen(name: str) -> None:
    assert problems(items=[row(name=name)]) == (f"{row()['code']}：名称应为一行文字，最多 200 个字",)


def test_a_number_that_no_document_takes_is_a_problem_of_its_row() -> None:
    told = problems(items=[row(code="A", later=1.5), row(code="B", later=1 << 60), row(code="C", later=1)])
    assert [one.split("：")[0] for one in told] == [f"{row()['name']}（A）", f"{row()['name']}（B）"]


def test_places_and_calendars_that_are_none_are_told_in_chinese() -> None:
    (place,) = problems(regions=[7])
    assert place.startswith("区划第 1 行")
    assert "subscriptable" not in place.split("（")[0]
    for days in ({}, {"holidays": ["1"], "working_weekends": []}, {"holidays": ["2027-01-01"], "working_weekends": []}):
        (wrong,) = problems(years={"2026": days})
        assert wrong.startswith("工作日历：")
        assert re.search("calendar|outside|a day", wrong) is None
