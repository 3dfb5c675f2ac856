"""What is told of a person, checked all at once and put into the form it is kept in.

Of what a number tells itself (birthday, sex) nothing is kept beside it.

Must not know: clocks (whoever asks says what day it is), registers, screens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sync.errors import BadRequest
from sync.records.id_papers import read_paper
from sync.records.people import is_phone
from sync.records.person_words import LABELS, PROOFS, SOURCES

_REQUIRED = ("name", "cert_kind", "cert_number")
_LONGEST = {"name": 50, "address": 200}
_SHORTEST_ACCOUNT, _LONGEST_ACCOUNT = 8, 25
_OLDEST = date(1890, 1, 1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What may stand in a record: {field: value}; warnings, in Chinese, are for whoever typed it."""

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
        text = value.strip() if isinstance(value, str) else ""
        problem = _problem(name, value, text, today)
        if problem:
            problems.append((name, problem))
        else:
            kept[name] = _KEPT_AS.get(name, str)(text)
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
        told.append("出生日期与证件号码不一致，按证件号码登记")
    if sex and kept.get("sex") not in (None, "", sex):
        told.append("性别与证件号码不一致，按证件号码登记")
    return told


def _problem(name: str, value: object, text: str, today: date) -> str:
    if name not in LABELS:
        return "没有这一项"
    label = LABELS[name]
    if not isinstance(value, str):
        return f"{label}应为文字"
    if not text:
        return f"请填写{label}" if name in _REQUIRED else ""
    if not text.isprintable():
        return f"{label}含有不能显示的字符"
    if len(text) > _LONGEST.get(name, 40):
        return f"{label}超过 {_LONGEST.get(name, 40)} 个字"
    return _CHECKS[name](text, today) if name in _CHECKS else ""


def _phone(text: str, today: date) -> str:
    return "" if is_phone(text) else "联系电话应为 11 位手机号，或带区号的固定电话"


def _birthday(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "出生日期应写作 1951-07-31"
    return "" if _OLDEST <= day <= today and day.isoformat() == text else "出生日期应写作 1951-07-31，不早于 1890 年"


def _account(text: str, today: date) -> str:
    digits = _without_blanks(text)
    fits = digits.isascii() and digits.isdigit() and _SHORTEST_ACCOUNT <= len(digits) <= _LONGEST_ACCOUNT
    return "" if fits else f"银行账号应为 {_SHORTEST_ACCOUNT} 到 {_LONGEST_ACCOUNT} 位数字"


def _one_of(names: Mapping[str, str], label: str) -> Callable[[str, date], str]:
    def check(text: str, today: date) -> str:
        return "" if text in names else f"{label}应为 {'、'.join(names.values())} 之一"

    return check


def _without_blanks(text: str) -> str:
    return "".join(text.split())


_KEPT_AS: Mapping[str, Callable[[str], str]] = {"bank_account": _without_blanks}
_CHECKS: Mapping[str, Callable[[str, date], str]] = {
    "phone": _phone,
    "birthday": _birthday,
    "bank_account": _account,
    "sex": _one_of({"男": "男", "女": "女"}, "性别"),
    "source": _one_of(SOURCES, "信息来源"),
    "proof": _one_of(PROOFS, "核验方式"),
}
