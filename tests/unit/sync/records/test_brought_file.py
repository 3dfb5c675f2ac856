"""A file of the catalogue that is more than goes is refused, in sentences that name the row."""

import json
import re
from typing import Any

import pytest

from fixtures.county import text
from sync.records.brought_file import few_of, read_brought
from sync.records.published import bundle_in, calendar_in, item_in, places_in, read_entry
from sync.values.json_text import canonical, parse_object


def whole(**more: Any) -> dict[str, Any]:
    return {**parse_object(text("items.json")), **more}


def row(**more: Any) -> dict[str, Any]:
    return {**whole()["items"][0], **more}


def problems(**more: Any) -> tuple[str, ...]:
    return read_brought(json.dumps(whole(**more))).problems


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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b'{"items":[NaN]}', "第 1 行第 11 个字处：JSON 没有 NaN"),
        (b'{"items":[{"name":"\\ud800"}]}', "第 1 行第 20 个字处：反斜杠后面写得不完整"),
        (b"[" * 200_000, "套得太深"),
        (b"7", "整个文件应为一个 JSON 对象"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(text: bytes, told: str) -> None:
    (problem,) = read_brought(text).problems
    assert told in problem


@pytest.mark.parametrize("odd", [1.5, 1 << 60, parse_object('{"x":' + "[" * 300 + "]" * 300 + "}")])
def test_what_no_document_takes_is_told_of_calendars_and_places_too(odd: object) -> None:
    years = {"2027": {"holidays": ["2027-01-01"], "working_weekends": [], "more": odd}}
    place = {"code": "990281000000", "name": "青溪县", "valid_from": "2020-01-01", "more": odd}
    told = problems(years=years, regions=[place])
    assert [one.split("：")[0] for one in told] == ["2027 年工作日历", "区划第 1 行（990281000000）"]


def test_a_wrong_member_that_nests_deeply_is_told_without_it() -> None:
    (told,) = problems(items=[row(department=parse_object('{"x":' + "[" * 300 + "]" * 300 + "}"))])
    assert told.endswith("主管部门（department）：现为 …，请写文字，不能为空")


def gone(code: object, *replaced_by: str) -> dict[str, Any]:
    days = {"valid_from": "2020-01-01", "valid_to": "2025-12-31"}
    return {"code": code, "name": "某村", **days, "replaced_by": list(replaced_by)}


A, B, C = "990281101201", "990281101202", "990281101203"


def test_a_place_is_not_replaced_by_itself_nor_two_by_each_other() -> None:
    rows = [gone(A, A), gone(B, C), gone(C, A, B)]
    assert problems(regions=rows) == (
        f"区划第 1 行（{A}） · 替代区划（replaced_by）：现为 “{A}”，不能由自己替代，请改对代码",
        f"区划第 2 行（{B}） · 替代区划（replaced_by）：现为 “{C}”，两个区划不能互相替代，请改其中一个",
        f"区划第 3 行（{C}） · 替代区划（replaced_by）：现为 “{B}”，两个区划不能互相替代，请改其中一个",
    )
    body = canonical({"type": "regions", "version": 1, "regions": rows})
    assert read_entry("regions:990281", body).code == "990281"
    assert [place.replaced_by for place in places_in([body])] == [(A,), (C,), (A, B)]


def test_the_code_of_a_place_is_text() -> None:
    (told,) = problems(regions=[gone(int(A), B)])
    assert told == f"区划第 1 行 · 区划代码（code）：现为 {A}，请写文字，加引号"
    assert [place.region.code for place in places_in([canonical({"regions": [gone(int(A), B)]})])] == [A]


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


def field(**more: Any) -> list[dict[str, Any]]:
    """The form of the sample's first row with its last field another."""
    last = {"name": "kin", "label": "亲属", "kind": "choice", "required": False, "max_length": 20, "choices": ["有"]}
    return [*row()["fields"], {**last, **more}]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"common": "yes"}, "首页常办（common）：现为 “yes”，请写 true（是）或 false（否）"),
        ({"common": None}, "首页常办（common）：现为 null，请写 true（是）或 false（否）"),
        ({"decided_by": [1, {"a": 2}]}, '由谁决定（decided_by）：现为 [1,{"a":2}]，请写文字，加引号'),
        ({"guide": {"fee": 5}}, "办事指南（guide） · 收费（fee）：现为 5，请写文字，加引号"),
        (
            {"materials": [{"name": "身份证", "necessity": "0", "copies": "0", "note": None}], "situations": []},
            "材料 1（身份证） · 审查要点（note）：现为 null，请写文字，加引号",
        ),
        ({"fields": field(required="yes")}, "必填（required）：现为 “yes”，请写 true（必填）或 false（可不填）"),
        ({"fields": field(required=None)}, "必填（required）：现为 null，请写 true（必填）或 false（可不填）"),
        ({"fields": field(max_length="20")}, "最多字数（max_length）：现为 “20”，请写 1 到 2000 的整数"),
        ({"fields": field(choices="有无")}, '现为 “有无”，请写成文字列表，如 ["…", "…"]'),
        ({"fields": field(choices=["有", 7])}, '现为 ["有",7]，请写成文字列表，如 ["…", "…"]'),
        ({"fields": field(name=7)}, "现为 7，请写文字，加引号"),
        ({"fields": field(label="")}, "现为 “”，请写文字，不能为空"),
    ],
)
def test_a_member_of_another_type_is_told_and_what_was_published_so_is_read(more: dict[str, Any], told: str) -> None:
    (problem,) = problems(items=[row(**more)])
    assert problem.startswith("事项第 1 行（QX-MZ-0024） · ")
    assert problem.endswith(told)
    published = canonical({"type": "item", "notice": "示例", "item": row(**more)})
    assert read_entry("item:QX-MZ-0024", published).code == item_in(published).code == "QX-MZ-0024"


@pytest.mark.parametrize("code", ["QX/1", "QX/../1", ".", "..", "QX?1", "QX#1", "QX%2F", "QX 1", "事项一", "QX１", "é"])
def test_a_code_that_no_address_carries_is_told_and_what_was_published_so_is_read(code: str) -> None:
    advice = f"编码（code）：现为 “{code}”，只能写英文字母、数字和 - _ .（它是网址的一部分）"
    bundle = {**whole()["bundles"][0], "code": code}
    assert problems(items=[row(code=code)], bundles=[bundle]) == (
        f"事项第 1 行（{code}） · {advice}",
        f"一件事第 1 行（{code}） · {advice}",
    )
    published = canonical({"type": "item", "notice": "示例", "item": row(code=code)})
    assert read_entry(f"item:{code}", published).code == item_in(published).code == code
    assert bundle_in(canonical({"type": "bundle", "notice": "示例", "bundle": bundle})).code == code


@pytest.mark.parametrize("code", ["X", "62052400MZ-XK-0001", "a.b_c-9", "...", "11150624999900011T4150511001000"])
def test_a_code_of_letters_figures_and_few_signs_is_taken(code: str) -> None:
    assert problems(items=[row(code=code)], bundles=[]) == ()


@pytest.mark.parametrize("end", ["中" * 12, "１" * 12, "15051100100０", "é" * 12, "1505110010ab"])
def test_a_task_code_is_written_with_capital_letters_and_figures(end: str) -> None:
    code = "11150624999900011T4" + end
    (problem,) = problems(items=[row(task_code=code)])
    assert problem.startswith(f"事项第 1 行（QX-MZ-0024） · 实施编码（task_code）：现为 “{code}”，")
    assert problem.endswith("只能写大写英文字母和数字（半角）")
    published = canonical({"type": "item", "notice": "示例", "item": row(task_code=code)})
    assert item_in(published).task_code == code


def test_a_code_that_is_a_task_code_is_held_to_it() -> None:
    code = "11150624999900011T41505110010ab"
    (problem,) = problems(items=[row(code=code)], bundles=[])
    assert problem.endswith("编码（code）：现为 “11150624999900011T41505110010ab”，只能写大写英文字母和数字（半角）")


def test_the_guide_of_an_occasion_has_texts_alone() -> None:
    bundle = {**whole()["bundles"][0], "guide": {"note": True}}
    (problem,) = problems(bundles=[bundle])
    assert problem.startswith("一件事第 1 行（QX-YJS-01） · 办事指南（guide）")
    assert bundle_in(canonical({"type": "bundle", "notice": "示例", "bundle": bundle})).guide.note == "True"


def calendar_problems(year: str, *holidays: str) -> tuple[str, ...]:
    return problems(years={year: {"holidays": list(holidays), "working_weekends": []}})


@pytest.mark.parametrize("holidays", [(), ("2027-10-01",), ("2027-01-02", "2027-10-01")])
def test_a_year_without_its_first_day_off_is_half_written(holidays: tuple[str, ...]) -> None:
    (told,) = calendar_problems("2027", *holidays)
    assert (
        told
        == "2027 年工作日历 · 放假日（holidays）：缺 2027-01-01（元旦），这一年没有写全，请按国务院办公厅的通知补全"
    )
    assert calendar_problems("2027", "2027-01-01") == ()


@pytest.mark.parametrize("year", ["1999", "2100", "0001", "9999", "02027", "2" * 5000])
def test_a_year_that_is_none_of_this_century_is_told(year: str) -> None:
    (told,) = calendar_problems(year)
    assert told == f"{year[:10]} 年工作日历：年份请写 2000 到 2099"


def test_a_year_published_without_its_days_off_is_read() -> None:
    body = canonical({"type": "calendar", "version": 1, "holidays": [], "working_weekends": []})
    assert read_entry("calendar:2027", body).code == "2027"
    assert calendar_in({"2027": body, "2100": body}).years == {2027, 2100}


def test_only_weekends_that_are_worked_may_be_none() -> None:
    assert problems(years={"2027": {}}) == (
        '2027 年工作日历 · 放假日（holidays）：没有写，请写成日期列表，如 ["2025-10-01"]',
        '2027 年工作日历 · 调休上班日（working_weekends）：没有写，请写成日期列表，如 ["2025-09-28"]，没有就写 []',
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
