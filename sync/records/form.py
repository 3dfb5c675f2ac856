"""The form of an item: its fields, and what may stand in each.

Values are always text: records hold no floats, and what was typed is kept as it was typed.

Must not know: items, cases, clocks (whoever asks says what day it is).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sync.errors import BadRequest
from sync.records.people import is_phone, parse_id_number

_MOST_TEXT = 2000  # characters of the longest field any form may ask for


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form.

    kind        a name in `FIELD_KINDS`
    max_length  characters
    choices     the lawful values of a `choice`; else empty
    """

    name: str
    label: str
    kind: str
    required: bool
    max_length: int
    choices: tuple[str, ...] = ()


def field_problems(field: Field, value: object, today: date) -> list[str]:
    """What is wrong with the value of one field, in Chinese and without repeating it; [] when nothing is.

    value  text from a form or from JSON, which may be of any type; None and "" are not filled in
    """
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return [f"请填写{field.label}"] if field.required else []
    if not isinstance(value, str):
        return [f"{field.label}应为文字"]
    if len(value) > field.max_length:
        return [f"{field.label}超过 {field.max_length} 个字"]
    shown = value.replace("\n", "") if field.kind == "long_text" else value
    if not shown.isprintable():
        return [f"{field.label}含有不能显示的字符"]
    problem = FIELD_KINDS[field.kind](value, field, today)
    return [f"{field.label}：{problem}"] if problem else []


def kept_value(field: Field, value: str, today: date) -> str:
    """A lawful value as records keep it: as it was typed, identity numbers in the one form they are compared in."""
    return parse_id_number(value, today=today).text if field.kind == "id_number" and value.strip() else value.strip()


def read_field(row: Mapping[str, Any]) -> Field:
    """Read one row of a form: `{"name", "label", "kind", "required", "max_length"[, "choices"]}`.

    raises  BadRequest, KeyError or TypeError when it is not such a row
    """
    field = Field(
        name=str(row["name"]),
        label=str(row["label"]),
        kind=str(row["kind"]),
        required=row["required"] is True,
        max_length=int(row["max_length"]),
        choices=tuple(row.get("choices", ())),
    )
    if field.kind not in FIELD_KINDS:
        raise BadRequest(f"表单项 {field.name} 的 kind 应为 {'、'.join(FIELD_KINDS)} 之一，而不是“{field.kind}”")
    if not 1 <= field.max_length <= _MOST_TEXT:
        raise BadRequest(f"表单项 {field.name} 的 max_length 应为 1 到 {_MOST_TEXT}")
    if (field.kind == "choice") is not bool(field.choices):
        raise BadRequest(f"表单项 {field.name}：choices 只用于 choice，choice 必须有 choices")
    return field


# What may stand in a field of each kind: (value, field, today) -> what is wrong, or "".


def _any_text(value: str, field: Field, today: date) -> str:
    return ""


def _id_number(value: str, field: Field, today: date) -> str:
    try:
        parse_id_number(value, today=today)
    except BadRequest as error:
        return error.reason
    return ""


def _phone(value: str, field: Field, today: date) -> str:
    return "" if is_phone(value) else "应为 11 位手机号，或带区号的固定电话"


def _date(value: str, field: Field, today: date) -> str:
    try:
        return "" if date.fromisoformat(value).isoformat() == value else "日期应写作 2025-07-31"
    except ValueError:
        return "日期应写作 2025-07-31"


def _number(value: str, field: Field, today: date) -> str:
    return "" if value.isascii() and value.isdigit() else "应为整数"


def _money(value: str, field: Field, today: date) -> str:
    yuan, point, fen = value.partition(".")
    plain = value.isascii() and yuan.isdigit() and (not point or (fen.isdigit() and len(fen) <= 2))
    return "" if plain else "应为金额（元），最多两位小数"


def _choice(value: str, field: Field, today: date) -> str:
    return "" if value in field.choices else f"应为 {'、'.join(field.choices)} 之一"


FIELD_KINDS: Mapping[str, Callable[[str, Field, date], str]] = {
    "text": _any_text,
    "long_text": _any_text,
    "id_number": _id_number,
    "phone": _phone,
    "date": _date,
    "number": _number,
    "money": _money,
    "choice": _choice,
}
