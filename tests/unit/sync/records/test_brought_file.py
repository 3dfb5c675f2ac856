"""A file of the catalogue that is more than goes is refused, in sentences that name the row."""

import re
from typing import Any

import pytest

from fixtures.county import text
from sync.records.brought_file import few_of, read_brought
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
    assert told.startswith(f"事项第 1 行（{row()['code']}）")
    assert "发不到各站" in told


@pytest.mark.parametrize("name", ["高龄\x1b[31m津贴", "高龄\n津贴", "高\u202e龄", "高" * 201])
def test_a_name_is_one_line_of_signs_that_are_seen(name: str) -> None:
    (told,) = problems(items=[row(name=name)])
    assert told.startswith(f"事项第 1 行（{row()['code']}） · 事项名称（name）：现为 “高")
    assert told.endswith("请写一行文字，最多 200 个字")
    assert told.isprintable()


def test_a_number_that_no_document_takes_is_a_problem_of_its_row() -> None:
    told = problems(items=[row(code="A", later=1.5), row(code="B", later=1 << 60), row(code="C", later=1)])
    assert [one.split("：")[0] for one in told] == ["事项第 1 行（A）", "事项第 2 行（B）"]


def test_places_and_calendars_that_are_none_are_told_in_chinese() -> None:
    (place,) = problems(regions=[7])
    assert place.startswith("区划第 1 行")
    assert place.endswith("：现为 7，请写成一个 JSON 对象：{ … }")
    for days in (
        {"holidays": []},
        {"holidays": ["1"], "working_weekends": []},
        {"holidays": ["2027-01-01"], "working_weekends": []},
    ):
        (wrong,) = problems(years={"2026": days})
        assert wrong.startswith("2026 年工作日历")
        assert re.search("calendar|outside|a day", wrong) is None


def test_everything_that_is_wrong_is_told_at_once_by_row_heading_and_value_with_what_to_do() -> None:
    first = row(promise={"amount": 31, "unit": "W"}, village_role="村", statutory={"amount": 30, "unit": "W"})
    del first["department"]
    first["materials"] = [{"name": "身份证", "necessity": "9", "copies": "0"}, {"name": "户口簿", "necessity": "0"}]
    first["situations"] = []
    second = row(code="B", version="1")
    bundle = {"code": "C", "name": "一件事", "mode": "serial", "items": ["B"]}
    years = {"2026": {"holidays": ["2026-10-01", "10-2"], "working_weekends": ["2026-10-09"]}}
    places = [{"code": "99", "name": "", "valid_from": "2026"}]
    assert problems(items=[first, second], bundles=[bundle], years=years, regions=places) == (
        "事项第 1 行（QX-MZ-0024） · 主管部门（department）：没有写，请写文字，不能为空",
        "事项第 1 行（QX-MZ-0024） · 材料 1（身份证） · 必要性（necessity）："
        "现为 “9”，请改为 0 必须交、1 有则提交、2 可以后补 之一",
        "事项第 1 行（QX-MZ-0024） · 材料 2（户口簿） · 材料类型（copies）："
        "没有写，请改为 0 原件、1 复印件、2 原件和复印件 之一",
        "事项第 1 行（QX-MZ-0024） · 村级职责（village_role）：现为 “村”，请改为 直、受、代、协、公开告知 之一",
        "事项第 1 行（QX-MZ-0024） · 承诺时限（promise）：承诺 31 个工作日，长于法定时限 30 个工作日，请改短",
        "事项第 2 行（B） · 版本（version）：现为 “1”，请写 1 到 1000000 的整数",
        '一件事第 1 行（C） · 包含的事项（items）：现为 ["B"]，请列出两个以上事项的编码，不要重复',
        "一件事第 1 行（C） · 牵头部门（lead）：没有写，请写文字，不能为空",
        "2026 年工作日历 · 放假日（holidays）：现为 “10-2”，请写 2026 年的日期，写法如 2025-07-31",
        "2026 年工作日历 · 调休上班日（working_weekends）：2026-10-09 不是周末，请去掉",
        "区划第 1 行（99） · 区划名称（name）：现为 “”，请写文字，不能为空",
        "区划第 1 行（99） · 启用日期（valid_from）：现为 “2026”，请写日期，如 2025-07-31",
        "区划第 1 行（99） · 区划代码（code）：现为 “99”，区划代码应为 12 位数字",
    )


@pytest.mark.parametrize(
    "same", [{"X.day": "day"}, {"day": "day"}, {"A.": "day"}, {"A.day": ""}, {"A.day": 7}, ["A.day"]]
)
def test_fields_that_are_one_fact_are_named_by_an_item_of_the_bundle(same: object) -> None:
    bundle = {"code": "C", "name": "一件事", "lead": "民政", "mode": "serial", "items": ["A", "B"], "version": 2}
    items = [row(code="A"), row(code="B")]
    assert problems(items=items, bundles=[{**bundle, "same": {"A.day": "date"}}]) == ()
    (wrong,) = problems(items=items, bundles=[{**bundle, "same": same}])
    assert wrong.startswith("一件事第 1 行（C） · 同一信息的字段（same）：现为 ")


def test_rows_are_told_of_where_the_notice_is_missing_too() -> None:
    assert problems(notice=7, items=[{**row(), "name": ""}], bundles=[]) == (
        "目录应有 notice（文字）和 items（列表）两项",
        f"事项第 1 行（{row()['code']}） · 事项名称（name）：现为 “”，请写文字，不能为空",
        "目录应有 notice（文字）和 bundles（列表）两项",
    )


def test_of_very_many_faults_the_first_are_told_and_how_many_more_there_are() -> None:
    told = problems(items=[row(code=f"X{number}", name="", department="") for number in range(5000)])
    assert len(told) == 10_000
    few = few_of(told)
    assert (len(few), few[0], few[-1]) == (201, told[0], "……还有 9800 处，先改好上面的，再检查一次")
    assert few_of(told[:200]) == list(told[:200])
