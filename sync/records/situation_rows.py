"""The situations (情形) of an item's row read and checked: questions, and what each answer changes.

    {"name": "by", "question": "谁来申请？", "usual": "self", "answers": [
        {"name": "self", "label": "本人"},
        {"name": "other", "label": "家属代办", "materials": {"授权委托书": "0"}, "fields": {"agent_name": true}}]}

`materials` says how a paper of the item is asked for then, by the codes of its necessity, null for not at all; `fields`
whether one of the form must be filled in, null for not asked; `item` sends to another item instead.

Must not know: who publishes items, who asks.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from sync.errors import BadRequest
from sync.records.items import Answer, Item, Necessity, Situation

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
_MOST_QUESTIONS, _MOST_ANSWERS = 12, 12
_LONGEST_QUESTION, _LONGEST_LABEL, _LONGEST_NOTE, _LONGEST_ITEM = 100, 60, 300, 100

Row = Mapping[str, Any]


def read_situations(rows: object) -> tuple[Situation, ...]:
    """Read an item's `situations`; raises BadRequest or KeyError on whatever is wrong."""
    if not isinstance(rows, list) or len(rows) > _MOST_QUESTIONS:
        raise BadRequest(f"situations 应为列表，最多 {_MOST_QUESTIONS} 个问题")
    situations = tuple(_situation(row) for row in rows)
    _require_different("situations", [one.name for one in situations])
    return situations


def require_fitting(item: Item, *, always: Collection[str]) -> None:
    """Raise BadRequest where a situation speaks of what its item has not got, or would take away what it must have.

    always  fields that every form has
    """
    papers, fields = {one.name for one in item.materials}, {one.name for one in item.fields}
    may_follow = any(one.may_follow for one in item.materials)
    for situation in item.situations:
        for answer in situation.answers:
            place = f"情形“{situation.question}”的“{answer.label}”"
            strange = [name for name, _ in answer.materials if name not in papers]
            strange += [name for name, _ in answer.fields if name not in fields]
            if strange:
                raise BadRequest(f"{place}：本事项没有“{strange[0]}”")
            if any(is_asked is None for name, is_asked in answer.fields if name in always):
                raise BadRequest(f"{place}：{'、'.join(always)} 不能不填")
            if not may_follow and any(necessity is Necessity.LATER for _, necessity in answer.materials):
                raise BadRequest(f"{place}：本事项没有可以后补的材料，不能改为后补")
            if answer.item == item.code:
                raise BadRequest(f"{place}：item 是本事项自己")
            if answer.item and (answer.materials or answer.fields):
                raise BadRequest(f"{place}：转办别的事项的，不写 materials 和 fields")


def _situation(row: object) -> Situation:
    if not isinstance(row, dict):
        raise BadRequest("situations 的每一项应为 JSON 对象")
    question = _text(row, "question", _LONGEST_QUESTION)
    rows = row["answers"]
    if not isinstance(rows, list) or not 2 <= len(rows) <= _MOST_ANSWERS:
        raise BadRequest(f"情形“{question}”应有 2 到 {_MOST_ANSWERS} 个回答")
    answers = tuple(_answer(one, question) for one in rows)
    names = [one.name for one in answers]
    _require_different(f"情形“{question}”的回答", names)
    usual = row.get("usual", "")
    if usual not in ("", *names) or any(one.item for one in answers if one.name == usual and usual):
        raise BadRequest(f"情形“{question}”的 usual 应为它的一个回答，且不转办别的事项")
    return Situation(_code(row), question, answers, usual)


def _answer(row: object, question: str) -> Answer:
    if not isinstance(row, dict):
        raise BadRequest(f"情形“{question}”的每个回答应为 JSON 对象")
    label = _text(row, "label", _LONGEST_LABEL)
    place = f"情形“{question}”的“{label}”"
    item, note = (_text({name: "", **row}, name, most, empty=True) for name, most in _ANSWERS_TEXTS)
    return Answer(
        _code(row),
        label,
        tuple((name, _necessity(value, place)) for name, value in _object(row, "materials", place).items()),
        tuple((name, _is_asked(value, place)) for name, value in _object(row, "fields", place).items()),
        item,
        note,
    )


_ANSWERS_TEXTS = (("item", _LONGEST_ITEM), ("note", _LONGEST_NOTE))


def _necessity(value: object, place: str) -> Necessity | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in list(Necessity):
        raise BadRequest(f"{place}：materials 应写 {'、'.join(Necessity)} 之一，不要的写 null")
    return Necessity(value)


def _is_asked(value: object, place: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise BadRequest(f"{place}：fields 应写 true（必填）或 false，不要的写 null")
    return value


def _object(row: Row, name: str, place: str) -> Row:
    value = row.get(name, {})
    if not isinstance(value, dict):
        raise BadRequest(f"{place}：{name} 应为 JSON 对象")
    return value


def _code(row: Row) -> str:
    name = row["name"]
    if not isinstance(name, str) or not _CODE.match(name):
        raise BadRequest("情形和回答的 name 应为小写字母开头的代码，如 by_agent")
    return name


def _text(row: Row, name: str, most: int, *, empty: bool = False) -> str:
    value = row[name]
    if not isinstance(value, str) or len(value) > most or not (empty or value.strip()) or not value.isprintable():
        raise BadRequest(f"情形的 {name} 应为一行文字，最多 {most} 个字")
    return value


def _require_different(place: str, names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise BadRequest(f"{place}的 name 重复")
