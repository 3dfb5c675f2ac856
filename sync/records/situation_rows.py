"""The situations (情形) of an item's row read and checked: questions, and what each answer changes.

    {"name": "by", "question": "谁来申请？", "usual": "self", "answers": [
        {"name": "self", "label": "本人"},
        {"name": "other", "label": "家属代办", "materials": {"授权委托书": "0"}, "fields": {"agent_name": true}}]}

`materials` says how a paper of the item is asked for then, by the codes of its necessity, null for not at all; `fields`
whether one of the form must be filled in, null for not asked; `item` sends to another item instead.

Must not know: who publishes items, who asks.
"""

import re
from collections.abc import Collection, Iterable

from sync.messages import _
from sync.records.items import Answer, Item, Necessity, Situation
from sync.records.row_headings import ANSWER, SITUATION, codes_in_words
from sync.records.row_reading import Reading

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
_MOST_QUESTIONS, _MOST_ANSWERS = 12, 12
_LONGEST_QUESTION, _LONGEST_LABEL, _LONGEST_NOTE, _LONGEST_ITEM = 100, 60, 300, 100

Placed = tuple[Reading, Answer]


def read_situations(row: Reading) -> tuple[tuple[Situation, ...], tuple[Placed, ...]]:
    """Read an item's `situations`, and all answers with where they stand; what is wrong is noted."""
    placed: list[Placed] = []
    situations = tuple(_situation(one, placed) for one in row.parts("situations", SITUATION, usual=[]))
    if len(situations) > _MOST_QUESTIONS:
        row.note("situations", _("ask at most %(most)s questions", most=_MOST_QUESTIONS))
    row.require_different("situations", "name", [one.name for one in situations])
    return situations, tuple(placed)


def note_unfitting(placed: Iterable[Placed], item: Item, *, always: Collection[str]) -> None:
    """Note where an answer speaks of what its item has not got, or would take away what it must have.

    always  fields that every form has
    """
    papers, fields = {one.name for one in item.materials}, {one.name for one in item.fields}
    may_follow = any(one.may_follow for one in item.materials)
    for reading, answer in placed:
        for member, names, known in (("materials", answer.materials, papers), ("fields", answer.fields, fields)):
            for name, _how in names:
                if name not in known:
                    reading.note(member, _("the item has no “%(name)s”: write it as the item does", name=name))
        if any(is_asked is None for name, is_asked in answer.fields if name in always):
            reading.note("fields", _("%(fields)s have to be filled in, take them away", fields=_(", ").join(always)))
        if not may_follow and any(necessity is Necessity.LATER for _name, necessity in answer.materials):
            reading.note("materials", _("no material of the item may follow, so none can here"))
        if answer.item == item.code:
            reading.note("item", _("this is the item itself: leave it empty"))
        if answer.item and (answer.materials or answer.fields):
            reading.note("item", _("what leads to another item has no materials and fields: take them away"))


def _situation(row: Reading, placed: list[Placed]) -> Situation:
    question = row.line("question", _LONGEST_QUESTION)
    answering = [(one, _answer(one)) for one in row.parts("answers", ANSWER)]
    placed += answering
    answers = tuple(answer for _reading, answer in answering)
    if isinstance(row.row.get("answers"), list) and not 2 <= len(answers) <= _MOST_ANSWERS:
        row.note("answers", _("give 2 to %(most)s answers", most=_MOST_ANSWERS))
    row.require_different("answers", "name", [one.name for one in answers])
    usual = row.row.get("usual", "")
    if usual != "" and usual not in [one.name for one in answers if not one.item]:
        row.wrong("usual", _("write the name of one of its answers that leads to no other item"))
    return Situation(_code(row), question, answers, str(usual))


def _answer(row: Reading) -> Answer:
    item = row.line("item", _LONGEST_ITEM, empty=True)
    if item:
        row.mention("item", item)
    return Answer(
        _code(row),
        row.line("label", _LONGEST_LABEL),
        tuple((name, _necessity(row, name, value)) for name, value in row.table("materials").items()),
        tuple((name, _is_asked(row, name, value)) for name, value in row.table("fields").items()),
        item,
        row.line("note", _LONGEST_NOTE, empty=True),
    )


def _necessity(row: Reading, name: str, value: object) -> Necessity | None:
    if isinstance(value, str) and value in list(Necessity):
        return Necessity(value)
    if value is not None:
        told = {"name": name, "choices": codes_in_words(Necessity)}
        row.wrong("materials", _("for “%(name)s” write one of %(choices)s, or null for not at all", **told))
    return None


def _is_asked(row: Reading, name: str, value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    row.wrong("fields", _("for “%(name)s” write true (required) or false, or null for not at all", name=name))
    return None


def _code(row: Reading) -> str:
    name = row.row.get("name")
    if isinstance(name, str) and _CODE.match(name):
        return name
    row.wrong("name", _("write a code that begins with a small letter, as by_agent"))
    return ""
