"""Items are checked row by row when they are read, and applications all at once when they come in."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.records.application import MAX_PHOTO_BYTES, MAX_PHOTOS, Handed, check_application
from sync.records.catalogue import load_items
from sync.records.form import kept_value
from sync.records.items import Item
from sync.records.regions import Level

TODAY = date(2026, 7, 31)
ID_NUMBER = "150624194103150023"


def row(**changes: Any) -> dict[str, Any]:
    return {
        "code": "X-1",
        "name": "高龄津贴",
        "department": "民政",
        "subjects": "老年人",
        "materials": [
            {"name": "身份证", "necessity": "0", "copies": "2"},
            {"name": "结婚证", "necessity": "1", "copies": "0"},
            {"name": "银行卡", "necessity": "2", "copies": "1"},
        ],
        "statutory": {"amount": 30, "unit": "W"},
        "promise": {"amount": 22, "unit": "W"},
        "village_role": "受",
        "decides": "县",
        "fields": [
            field("applicant_name", "申请人姓名"),
            field("id_number", "公民身份号码", kind="id_number"),
            field("phone", "联系电话", kind="phone"),
            field("alone", "是否独居", kind="choice", required=False, choices=["是", "否"]),
            field("day", "日期", kind="date", required=False),
            field("count", "人数", kind="number", required=False),
            field("amount", "金额", kind="money", required=False),
            field("reason", "理由", kind="long_text", required=False, max_length=50),
        ],
    } | changes


def field(name: str, label: str, **changes: Any) -> dict[str, Any]:
    return {"name": name, "label": label, "kind": "text", "required": True, "max_length": 20} | changes


def catalogue(*rows: Any) -> str:
    return json.dumps({"notice": "示例", "items": list(rows)})


def item(**changes: Any) -> Item:
    return load_items(catalogue(row(**changes)))[0]


GOOD = {"applicant_name": "张三", "id_number": ID_NUMBER, "phone": "13812345678"}
PAPERS = [Handed("身份证", (40_000,))]


def problems(fields: dict[str, object], materials: list[Handed] = PAPERS) -> list[str]:
    return [sentence for _, sentence in check_application(item(), fields, materials, today=TODAY)]


def test_an_item_is_read_whole() -> None:
    read = item()
    assert (read.code, read.version, read.decides, read.notice) == ("X-1", 1, Level.COUNTY, "示例")
    assert [material.may_follow for material in read.materials] == [False, False, True]
    assert read.promise is not None
    assert (read.promise.label, read.on_the_spot) == ("22 个工作日", False)
    assert item(promise={"amount": 0, "unit": "W"}).on_the_spot
    assert item(promise=None).promise is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"promise": {"amount": 31, "unit": "W"}}, "承诺时限（promise）：承诺 31 个工作日，长于法定时限 30 个工作日"),
        ({"promise": {"amount": 10, "unit": "W"}, "statutory": {"amount": 10, "unit": "N"}}, "长于法定时限"),
        ({"promise": {"amount": -1, "unit": "W"}}, "整数"),
        ({"promise": {"amount": True, "unit": "W"}}, "整数"),
        ({"promise": {"amount": 1, "unit": "Q"}}, "Q"),
        ({"village_role": "盖"}, "盖"),
        ({"decides": "区"}, "决定层级（decides）：现为 “区”，请改为 国、省、市、县、乡、村 之一"),
        ({"name": ""}, "事项名称（name）：现为 “”，请写文字"),
        ({"code": None}, "编码（code）：现为 null"),
        ({"code": "11150624999900011X4150511001000"}, "校验位"),
        ({"version": 0}, "version"),
        ({"state": "9"}, "状态（state）：现为 “9”，请改为 1 在用、2 暂停、3 取消 之一"),
        ({"least_age": "80"}, "应满周岁（least_age）"),
        ({"least_age": True}, "应满周岁（least_age）"),
        ({"least_age": 131}, "0 到 130"),
        ({"words": "老人"}, "words"),
        ({"special": [{"name": "公示", "days": None}]}, "天数"),
        ({"guide": []}, "guide"),
        (
            {"materials": [{"name": "身份证", "necessity": "9", "copies": "0"}]},
            "材料 1（身份证） · 必要性（necessity）：现为 “9”，请改为 0 必须交、1 有则提交、2 可以后补 之一",
        ),
        (
            {"materials": [{"name": "身份证", "necessity": "0", "copies": "0"}] * 2},
            "第 1 个和第 2 个的 name 都是“身份证”",
        ),
        ({"materials": 7}, "材料（materials）：现为 7，请写成列表"),
        ({"materials": [7]}, "材料 1：现为 7，请写成一个 JSON 对象"),
        ({"name": "红\x1b[31m字", "words": ["\x1b[31m", 7]}, "日常用语（words）"),
        ({"fields": []}, "表单缺少 applicant_name, id_number, phone"),
        ({"fields": [field("a", "甲", kind="colour")]}, "字段类型（kind）：现为 “colour”，请改为 text"),
        ({"fields": [field("a", "甲", max_length=0)]}, "max_length"),
        ({"fields": [field("a", "甲", kind="choice")]}, "choices"),
        ({"fields": [*row()["fields"], field("phone", "电话")]}, "第 3 个和第 9 个的 name 都是“phone”"),
    ],
)
def test_a_bad_row_is_refused_with_its_number_and_code(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadRequest, match=r"^事项第 2 行[（ ：]") as caught:
        load_items(catalogue(row(code="X-0"), row(**changes)))
    assert reason in str(caught.value)


@pytest.mark.parametrize("missing", sorted(row()))
def test_a_row_that_lacks_a_member_is_refused(missing: str) -> None:
    broken = row()
    del broken[missing]
    with pytest.raises(BadRequest, match=missing):
        load_items(catalogue(broken))


def test_ten_working_days_may_be_promised_where_the_law_gives_fourteen_natural_ones() -> None:
    assert item(promise={"amount": 10, "unit": "W"}, statutory={"amount": 14, "unit": "N"})


@pytest.mark.parametrize("text", ["[]", "{}", '{"notice": "", "items": {}}', catalogue("x"), catalogue(row(), row())])
def test_what_is_no_catalogue_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        load_items(text)


def test_a_complete_application_has_no_problems() -> None:
    assert problems(dict(GOOD)) == []


def test_all_problems_are_told_at_once() -> None:
    found = problems({"phone": "110", "colour": "red"}, [Handed("出生证明")])
    assert found == [
        "本事项没有“colour”这一项",
        "请填写申请人姓名",
        "请填写公民身份号码",
        "联系电话：应为 11 位手机号，或带区号的固定电话",
        "本事项不需要材料“出生证明”",
        "缺少材料：身份证",
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"applicant_name": "  "}, "请填写申请人姓名"),
        ({"applicant_name": None}, "请填写申请人姓名"),
        ({"applicant_name": 7}, "申请人姓名应为文字"),
        ({"applicant_name": ["张三"]}, "申请人姓名应为文字"),
        ({"applicant_name": "张" * 21}, "申请人姓名超过 20 个字"),
        ({"applicant_name": "张\x00三"}, "申请人姓名含有不能显示的字符"),
        ({"applicant_name": "张\n三"}, "申请人姓名含有不能显示的字符"),
        ({"id_number": "150624194103150024"}, "公民身份号码：身份证号码校验位不对，请核对是否抄错"),
        ({"alone": "也许"}, "是否独居：应为 是、否 之一"),
        ({"day": "2026-02-30"}, "日期：日期应写作 2025-07-31"),
        ({"day": "20260228"}, "日期：日期应写作 2025-07-31"),
        ({"count": "-1"}, "人数：应为整数"),
        ({"count": "²"}, "人数：应为整数"),
        ({"amount": "1.005"}, "金额：应为金额（元），最多两位小数"),
        ({"amount": "1."}, "金额：应为金额（元），最多两位小数"),
        ({"amount": "1e3"}, "金额：应为金额（元），最多两位小数"),
        ({"reason": "甲" * 51}, "理由超过 50 个字"),
    ],
)
def test_a_wrong_value_is_told_in_chinese(changes: dict[str, object], problem: str) -> None:
    assert problems(GOOD | changes) == [problem]


def test_numbers_are_kept_as_machines_write_them_and_words_as_they_were_typed() -> None:
    typed = {
        "applicant_name": "张　三 ",
        "id_number": "150624 19410315 ００２３",
        "phone": "138 0000 １１１１",
        "day": "２０２６-02-28",
        "count": "３",
        "amount": "１２００．５",
        "reason": "　　第一段\n　　第二段",
    }
    assert problems(GOOD | typed) == []
    kept = {field.name: kept_value(field, typed[field.name], TODAY) for field in item().fields if field.name in typed}
    assert kept == {
        "applicant_name": "张　三",
        "id_number": "150624194103150023",
        "phone": "13800001111",
        "day": "2026-02-28",
        "count": "3",
        "amount": "1200.5",
        "reason": "第一段\n　　第二段",
    }


def test_right_values_of_every_kind_pass() -> None:
    more = {"alone": "否", "day": "2026-02-28", "count": "3", "amount": "1200.50", "reason": "第一行\n第二行"}
    assert problems(GOOD | more) == []


@pytest.mark.parametrize(
    ("handed", "problem"),
    [
        ([Handed("结婚证")], "缺少材料：身份证"),
        ([Handed("身份证"), Handed("身份证")], "同一材料重复提交，请合并为一项"),
        ([Handed("身份证", (MAX_PHOTO_BYTES + 1,))], "身份证的照片超过 5 MB"),
        ([Handed("身份证", (1,) * (MAX_PHOTOS + 1))], "身份证的照片超过 20 张"),
        ([Handed("身份证", (0,))], "身份证的照片是空的"),
    ],
)
def test_a_wrong_material_is_told(handed: list[Handed], problem: str) -> None:
    assert problems(dict(GOOD), handed) == [problem]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda part: st.lists(part, max_size=3)
)


@given(st.dictionaries(st.sampled_from([f["name"] for f in row()["fields"]]) | st.text(), json_values))
def test_no_value_makes_the_check_stumble_or_is_repeated(fields: dict[str, object]) -> None:
    found = problems(fields)
    assert all(isinstance(problem, str) for problem in found)
    assert problems(fields | {"id_number": ID_NUMBER[:-1] + "9"})
    assert not any(ID_NUMBER[:-1] in problem for problem in found)
