"""情形引导: what answers change of an item, and rows that are wrong, told by row and place."""

from itertools import product

import pytest

from fixtures.county import county, text
from sync.errors import BadRequest
from sync.records.catalogue import load_items, read_rows
from sync.records.catalogue import read_item as read
from sync.records.items import Answer, Item, Necessity, Situation
from sync.records.powers import context_of_item
from sync.records.situations import item_of_told, situated, situation_problems, told_situations
from sync.typed import replace
from sync.values.json_text import parse_object

BIRTH = county().item("生育登记")
ITEMS = {item.code: item for item in county().items}


def asked(item: Item) -> tuple[dict[str, str], dict[str, bool]]:
    return {one.name: one.necessity.value for one in item.materials}, {one.name: one.required for one in item.fields}


def test_an_answer_requires_or_drops_papers_and_fields() -> None:
    papers, fields = asked(situated(BIRTH, {"marriage": "again"}))
    assert (papers["结婚证"], fields["spouse_name"], fields["spouse_id_number"]) == ("0", True, True)
    papers, fields = asked(situated(BIRTH, {"marriage": "single"}))
    assert set(papers) == {"身份证或户口簿"}
    assert not {"spouse_name", "spouse_id_number"} & set(fields)
    assert situated(BIRTH, {}) == situated(BIRTH, {"marriage": "first"}) == BIRTH  # what is usual is as listed
    assert situated(BIRTH, {"marriage": "nonsense", "other": "x"}) == BIRTH


def test_of_several_answers_the_strictest_counts_whatever_their_order() -> None:
    name = "结婚证"
    for ways in product((*Necessity, None), repeat=3):
        questions = tuple(
            Situation(f"q{place}", "？", (Answer("a", "是", ((name, way),)), Answer("b", "否")))
            for place, way in enumerate(ways)
        )
        papers, _ = asked(situated(replace(BIRTH, situations=questions), dict.fromkeys(("q0", "q1", "q2"), "a")))
        strictest = next((one for one in ("0", "2", "1") if one in ways), None)
        assert papers.get(name) == strictest


def test_no_situation_changes_what_an_item_gives_power_over() -> None:
    for item in county().items:
        for situation in item.situations:
            for answer in situation.answers:
                again = situated(situated(item, {situation.name: answer.name}), {situation.name: answer.name})
                assert again == situated(item, {situation.name: answer.name})
                later = any(one.may_follow for one in again.materials)
                assert not later or context_of_item(item).tolerable


def test_what_is_wrong_with_answers_is_said_with_the_question() -> None:
    must = replace(BIRTH, situations=tuple(replace(one, usual="") for one in BIRTH.situations))
    assert situation_problems(must, {}, ITEMS) == [("marriage", "请回答：是第几次结婚？")]
    assert situation_problems(must, {"marriage": "x", "y": "z"}, ITEMS) == [
        ("y", "本事项没有这个情形问题"),
        ("marriage", "“是第几次结婚？”没有这个回答"),
    ]
    aged = county().item("高龄津贴")
    ((name, sentence),) = situation_problems(aged, {"age": "younger"}, ITEMS)
    assert (name, "请办理“经济困难高龄失能老年人补贴”" in sentence) == ("age", True)
    assert situation_problems(aged, {}, ITEMS) == []


def test_answers_are_told_in_words_and_in_codes_where_the_item_is_not_known() -> None:
    (told,) = told_situations(BIRTH, {"marriage": "again"})
    assert (told["question"], told["label"]) == ("是第几次结婚？", "再婚")
    assert item_of_told(BIRTH, [told]) == situated(BIRTH, {"marriage": "again"})
    assert told_situations(None, {"marriage": "again"})[0]["label"] == "again"
    assert told_situations(BIRTH, "nonsense") == []


ASK = {"name": "q", "question": "问？", "answers": [{"name": "a", "label": "甲"}, {"name": "b", "label": "乙"}]}


def answering(**more: object) -> dict[str, object]:
    return {**ASK, "answers": [{"name": "a", "label": "甲", **more}, ASK["answers"][1]]}  # type: ignore[index]


@pytest.mark.parametrize(
    ("situations", "sentence"),
    [
        ({}, "情形（situations）：现为 {}，请写成列表"),
        ([1], "情形 1：现为 1，请写成一个 JSON 对象"),
        ([{"name": "q", "question": "问？"}], "情形 1（问？） · 回答（answers）：没有写"),
        ([{**ASK, "answers": ASK["answers"][:1]}], "请写 2 到 12 个回答"),  # type: ignore[index]
        ([{**ASK, "name": "Q 1"}], "现为 “Q 1”，请写小写字母开头的代码"),
        ([{**ASK, "question": " "}], "问题（question）：现为 “ ”，请写一行文字"),
        ([ASK, ASK], "第 1 个和第 2 个的 name 都是“q”"),
        ([ASK] * 13, "最多 12 个问题"),
        ([{**ASK, "usual": "c"}], "默认回答（usual）：现为 “c”，请写本问题一个回答的代码"),
        ([{**answering(item="QX-MZ-0025"), "usual": "a"}], "不改办别的事项"),
        ([answering(materials={"护照": "0"})], "回答 1（甲） · 材料（materials）：本事项没有“护照”"),
        ([answering(materials={"户口簿": 0})], "“户口簿”请写 0 必须交、1 有则提交、2 可以后补 之一"),
        ([answering(fields={"shoe": True})], "本事项没有“shoe”"),
        ([answering(fields={"agent_name": "yes"})], "“agent_name”请写 true"),
        ([answering(fields=7)], "表单字段（fields）：现为 7"),
        ([answering(fields={"phone": None})], "必须填写"),
        ([answering(item="QX-MZ-0024")], "这是本事项自己"),
        ([answering(item="QX-MZ-0025", fields={"agent_name": True})], "不写 materials 和 fields"),
        ([answering(note="字" * 301)], "请写一行文字，最多 300 个字"),
    ],
)
def test_a_row_with_a_wrong_situation_is_named_with_what_is_wrong(situations: object, sentence: str) -> None:
    row = next(one for one in parse_object(text("items.json"))["items"] if one["code"] == "QX-MZ-0024")
    rows = read_rows("items", [{**row, "situations": situations}], "示例", read)
    assert rows.good == {}
    assert all(one.sentence.startswith("事项第 1 行（QX-MZ-0024） · 情形") for one in rows.problems)
    assert any(sentence in one.sentence for one in rows.problems)


def test_nothing_may_follow_where_the_item_lets_nothing_follow() -> None:
    row = next(one for one in parse_object(text("items.json"))["items"] if one["code"] == "QX-WJ-0033")
    row = {**row, "situations": [answering(materials={"结婚证": "2"})]}
    (problem,) = read_rows("items", [row], "示例", read).problems
    assert "这里不能写 2" in problem.sentence
    with pytest.raises(BadRequest):
        load_items(b'{"notice": 1, "items": []}')
