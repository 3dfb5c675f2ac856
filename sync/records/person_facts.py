"""What is told of a person, checked all at once and put into the form it is kept in.

Of what a number tells itself (birthday, sex) nothing is kept beside it.

Must not know: clocks (whoever asks says what day it is), registers, screens.
"""

from collections.abc import Callable, Mapping
from datetime import date

from sync.errors import BadRequest
from sync.messages import _
from sync.records.id_papers import read_paper
from sync.records.people import SEXES, is_phone
from sync.records.person_words import LABELS, PROOFS, SOURCES, all_words
from sync.records.typed_text import can_be_shown, narrow_number, narrow_phone
from sync.typed import Value

_REQUIRED = ("name", "cert_kind", "cert_number")
_LONGEST = {"name": 50, "address": 200}
_SHORTEST_ACCOUNT, _LONGEST_ACCOUNT = 8, 25
_OLDEST = date(1890, 1, 1)


class Facts(Value):
    """What may stand in a record: {field: value}; warnings, as they are shown, are for whoever typed it."""

    fields: Mapping[str, str]
    warnings: tuple[str, ...]


def first_facts(told: Mapping[str, object], *, today: date) -> tuple[Facts, list[tuple[str, str]]]:
    """What somebody is registered with; returns the facts and every (field, what is wrong with it).

    told  {field: text}; "" and what is left out count as not told
    """
    facts, problems = changed_facts({**told, **{name: told.get(name, "") for name in _REQUIRED}}, told, today=today)
    source = facts.fields.get("source", "hand")
    proof = facts.fields.get("proof", "card" if source == "card" else "unverified")
    kept = {name: value for name, value in facts.fields.items() if value}
    return Facts({**kept, "source": source, "proof": proof}, facts.warnings), problems


def changed_facts(
    told: Mapping[str, object], known: Mapping[str, object], *, today: date
) -> tuple[Facts, list[tuple[str, str]]]:
    """What of a person is told anew; returns the facts and every (field, what is wrong with it).

    told   {field: text}; an empty text takes back what was told before, where that may be
    known  what the record says otherwise, for the number's kind or the kind's number
    """
    kept: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    for name, value in told.items():
        text = _plain(name, value) if isinstance(value, str) else ""
        problem = _problem(name, value, text, today)
        if problem:
            problems.append((name, problem))
        else:
            kept[name] = text
    kind, number = (str(kept.get(name, known.get(name, ""))) for name in ("cert_kind", "cert_number"))
    if not kind or not number or not {"cert_kind", "cert_number"}.intersection(kept):
        return Facts(kept, ()), problems
    try:
        paper = read_paper(kind, number, today=today)
    except BadRequest as error:
        return Facts(kept, ()), [*problems, ("cert_number", error.reason)]
    warnings = (*paper.warnings, *_contradictions(kept, paper.sex, paper.birth))
    if paper.birth:
        kept = {name: value for name, value in kept.items() if name not in ("sex", "birthday")}
    return Facts({**kept, "cert_kind": kind, "cert_number": paper.number}, warnings), problems


def _contradictions(kept: Mapping[str, str], sex: str, birth: date | None) -> list[str]:
    told = []
    if birth and kept.get("birthday") not in (None, "", birth.isoformat()):
        told.append(_("The date of birth is not that of the number of the paper; the number counts"))
    if sex and kept.get("sex") not in (None, "", sex):
        told.append(_("The sex is not that of the number of the paper; the number counts"))
    return told


def _problem(name: str, value: object, text: str, today: date) -> str:
    if name not in LABELS:
        return _("There is no such field")
    label, most = _(LABELS[name]), _LONGEST.get(name, 40)
    if not isinstance(value, str):
        return _("%(label)s has to be text", label=label)
    if not text:
        return _("Please fill in: %(label)s", label=label) if name in _REQUIRED else ""
    if not can_be_shown(text):
        return _("%(label)s has characters in it that cannot be shown", label=label)
    if len(text) > most:
        return _("%(label)s has more than %(most)s characters", label=label, most=most)
    return _CHECKS[name](text, today) if name in _CHECKS else ""


def _phone(text: str, today: date) -> str:
    if is_phone(text):
        return ""
    return _("A telephone to call is a mobile number of 11 figures, or a landline with its area code")


def _birthday(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _("A date of birth is written as 1951-07-31")
    if _OLDEST <= day <= today and day.isoformat() == text:
        return ""
    return _("A date of birth is written as 1951-07-31 and is not before 1890")


def _account(text: str, today: date) -> str:
    fits = text.isascii() and text.isdigit() and _SHORTEST_ACCOUNT <= len(text) <= _LONGEST_ACCOUNT
    if fits:
        return ""
    least, most = _SHORTEST_ACCOUNT, _LONGEST_ACCOUNT
    return _("A bank account has %(least)s to %(most)s figures", least=least, most=most)


def _sex(text: str, today: date) -> str:
    return "" if text in SEXES else _one_of(LABELS["sex"], _(", ").join(SEXES))


def _source(text: str, today: date) -> str:
    return "" if text in SOURCES else _one_of(LABELS["source"], all_words(SOURCES))


def _proof(text: str, today: date) -> str:
    return "" if text in PROOFS else _one_of(LABELS["proof"], all_words(PROOFS))


def _one_of(label: str, choices: str) -> str:
    return _("%(label)s has to be one of %(choices)s", label=_(label), choices=choices)


def _plain(name: str, text: str) -> str:
    if name == "phone":
        return narrow_phone(text)
    return narrow_number(text) if name in _NUMBERS else text.strip()


_NUMBERS = ("birthday", "bank_account")
_CHECKS: Mapping[str, Callable[[str, date], str]] = {
    "phone": _phone,
    "birthday": _birthday,
    "bank_account": _account,
    "sex": _sex,
    "source": _source,
    "proof": _proof,
}
