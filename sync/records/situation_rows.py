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
from sync.messages import _
from sync.records.items import Answer, Item, Necessity, Situation

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
_MOST_QUESTIONS, _MOST_ANSWERS = 12, 12
_LONGEST_QUESTION, _LONGEST_LABEL, _LONGEST_NOTE, _LONGEST_ITEM = 100, 60, 300, 100

Row = Mapping[str, Any]


def read_situations(rows: object) -> tuple[Situation, ...]:
    """Read an item's `situations`; raises BadRequest or KeyError on whatever is wrong."""
    if not isinstance(rows, list) or len(rows) > _MOST_QUESTIONS:
        raise BadRequest(_("situations has to be a list of at most %(most)s questions", most=_MOST_QUESTIONS))
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
            place = _place(situation.question, answer.label)
            strange = [name for name, _how in answer.materials if name not in papers]
            strange += [name for name, _how in answer.fields if name not in fields]
            if strange:
                raise BadRequest(_("%(place)s: the item has no “%(name)s”", place=place, name=strange[0]))
            if any(is_asked is None for name, is_asked in answer.fields if name in always):
                fields_of_all = _(", ").join(always)
                raise BadRequest(_("%(place)s: %(fields)s have to be filled in", place=place, fields=fields_of_all))
            if not may_follow and any(necessity is Necessity.LATER for _name, necessity in answer.materials):
                raise BadRequest(_("%(place)s: no material of the item may follow, so none can here", place=place))
            if answer.item == item.code:
                raise BadRequest(_("%(place)s: item is the item itself", place=place))
            if answer.item and (answer.materials or answer.fields):
                raise BadRequest(_("%(place)s: what leads to another item has no materials and fields", place=place))


def _situation(row: object) -> Situation:
    if not isinstance(row, dict):
        raise BadRequest(_("each of situations has to be a JSON object"))
    question = _text(row, "question", _LONGEST_QUESTION)
    rows = row["answers"]
    if not isinstance(rows, list) or not 2 <= len(rows) <= _MOST_ANSWERS:
        raise BadRequest(
            _("the situation “%(question)s” has to have 2 to %(most)s answers", question=question, most=_MOST_ANSWERS)
        )
    answers = tuple(_answer(one, question) for one in rows)
    names = [one.name for one in answers]
    _require_different(_("the answers of the situation “%(question)s”", question=question), names)
    usual = row.get("usual", "")
    if usual not in ("", *names) or any(one.item for one in answers if one.name == usual and usual):
        raise BadRequest(
            _(
                "usual of the situation “%(question)s” has to be one of its answers that leads to no other item",
                question=question,
            )
        )
    return Situation(_code(row), question, answers, usual)


def _answer(row: object, question: str) -> Answer:
    if not isinstance(row, dict):
        raise BadRequest(_("each answer of the situation “%(question)s” has to be a JSON object", question=question))
    label = _text(row, "label", _LONGEST_LABEL)
    place = _place(question, label)
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


def _place(question: str, label: str) -> str:
    return _("“%(answer)s” of the situation “%(question)s”", answer=label, question=question)


def _necessity(value: object, place: str) -> Necessity | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in list(Necessity):
        raise BadRequest(
            _(
                "%(place)s: materials has to be one of %(choices)s, or null for what is not asked for",
                place=place,
                choices=_(", ").join(Necessity),
            )
        )
    return Necessity(value)


def _is_asked(value: object, place: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise BadRequest(
            _("%(place)s: fields has to be true (required) or false, or null for what is not asked for", place=place)
        )
    return value


def _object(row: Row, name: str, place: str) -> Row:
    value = row.get(name, {})
    if not isinstance(value, dict):
        raise BadRequest(_("%(place)s: %(name)s has to be a JSON object", place=place, name=name))
    return value


def _code(row: Row) -> str:
    name = row["name"]
    if not isinstance(name, str) or not _CODE.match(name):
        raise BadRequest(
            _("name of a situation or an answer has to be a code that begins with a small letter, as by_agent")
        )
    return name


def _text(row: Row, name: str, most: int, *, empty: bool = False) -> str:
    value = row[name]
    if not isinstance(value, str) or len(value) > most or not (empty or value.strip()) or not value.isprintable():
        raise BadRequest(
            _("%(name)s of a situation has to be one line of text of at most %(most)s characters", name=name, most=most)
        )
    return value


def _require_different(place: str, names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise BadRequest(_("a name of %(place)s is there twice", place=place))
