"""情形引导: what of an item is asked for in somebody's situation, by his answers to its questions.

Of what several answers say of one paper or field the strictest counts; what no answer speaks of is as the item has it.

Must not know: who asks, where answers are kept.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.messages import _
from sync.records.items import Answer, Item, Necessity, Situation
from sync.typed import replace

Answers = Mapping[str, str]  # {name of the situation: name of the answer}
_STRICTNESS: tuple[Necessity | None, ...] = (None, Necessity.OPTIONAL, Necessity.LATER, Necessity.REQUIRED)
_FIELDS: tuple[bool | None, ...] = (None, False, True)


def situated(item: Item, answers: Answers) -> Item:
    """The item as it is for somebody with these answers; answers it does not know change nothing."""
    chosen = [answer for _situation, answer in chosen_answers(item, answers)]
    if not any(answer.materials or answer.fields for answer in chosen):
        return item
    papers: dict[str, Necessity | None] = {}
    fields: dict[str, bool | None] = {}
    for answer in chosen:
        for name, necessity in answer.materials:
            papers[name] = max(papers.get(name), necessity, key=_STRICTNESS.index)
        for name, is_required in answer.fields:
            fields[name] = max(fields.get(name), is_required, key=_FIELDS.index)
    return replace(
        item,
        materials=tuple(
            replace(one, necessity=papers.get(one.name) or one.necessity)
            for one in item.materials
            if papers.get(one.name, one.necessity) is not None
        ),
        fields=tuple(
            replace(one, required=bool(fields.get(one.name, one.required)))
            for one in item.fields
            if fields.get(one.name, one.required) is not None
        ),
    )


def item_of_case(item: Item, fields: Mapping[str, Any]) -> Item:
    """The item as it was asked of a case, by the fields the case has."""
    answers = fields.get("situations")
    return situated(item, answers if isinstance(answers, dict) else {})


def chosen_answers(item: Item, answers: Answers) -> list[tuple[Situation, Answer]]:
    """Each question with the answer that counts: the one given, else the usual one; those without either left out."""
    chosen = []
    for situation in item.situations:
        name = answers.get(situation.name) or situation.usual
        chosen += [(situation, answer) for answer in situation.answers if answer.name == name]
    return chosen


def situation_problems(item: Item, answers: Answers, items: Mapping[str, Item]) -> list[tuple[str, str]]:
    """What is wrong with answers: (name of the situation, sentence); [] when an application may go on.

    items  the catalogue, for what another item is called
    """
    known = {one.name: one for one in item.situations}
    strange = [name for name in answers if name not in known]
    problems = [(name[:40], _("The item does not ask this about the situation")) for name in strange]
    chosen = {situation.name: answer for situation, answer in chosen_answers(item, answers)}
    for name, situation in known.items():
        answer = chosen.get(name)
        if answer is None and answers.get(name):
            problems.append((name, _("“%(question)s” has no such answer", question=situation.question)))
        elif answer is None:
            problems.append((name, _("Please answer: %(question)s", question=situation.question)))
        elif answer.item:
            other = items.get(answer.item)
            instead = other.name if other else answer.item
            problems.append((name, _("With “%(answer)s” apply for “%(item)s”", answer=answer.label, item=instead)))
    return problems


def told_situations(item: Item | None, answers: object) -> list[dict[str, Any]]:
    """The answers a case was taken with: [{"name", "question", "answer", "label"}], two codes and their words; codes
    alone where the item is not known."""
    if not isinstance(answers, dict):
        return []
    known = {one.name: one for one in item.situations} if item else {}
    told = []
    for name, value in answers.items():
        given = str(value)  # whoever signs events may write anything
        situation = known.get(name)
        labels = {one.name: one.label for one in situation.answers} if situation else {}
        words = {"question": situation.question if situation else name, "label": labels.get(given, given)}
        told.append({"name": name, "answer": given, **words})
    return told


def item_of_told(item: Item, told: Iterable[Mapping[str, Any]]) -> Item:
    """The item as it was asked of a case, by what `told_situations` says of the case."""
    return situated(item, {one["name"]: one["answer"] for one in told})
