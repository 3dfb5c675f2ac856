"""The fields of a form as inputs that fit them.

Must not know: routes, what is filled in.
"""

from collections.abc import Mapping
from typing import Any

from sync.records.form import Field

_INPUTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "id_number": ("text", {"spellcheck": "false", "autocapitalize": "characters"}),
    "phone": ("tel", {"inputmode": "tel"}),
    "date": ("date", {}),
    "number": ("text", {"inputmode": "numeric"}),
    "money": ("text", {"inputmode": "decimal"}),
    "long_text": ("textarea", {}),
    "choice": ("select", {}),
}
_HINTS = {"money": "单位：元，最多两位小数", "number": "整数"}


def input_of(field: Field) -> dict[str, Any]:
    """What the template draws for a field."""
    kind, attrs = _INPUTS.get(field.kind, ("text", {}))
    more: dict[str, str | int] = {**attrs, "autocomplete": "off"}
    if kind not in ("date", "select"):
        more["maxlength"] = field.max_length
    return {
        "name": f"fields.{field.name}",
        "label": field.label,
        "kind": kind,
        "required": field.required,
        "hint": _HINTS.get(field.kind, ""),
        "choices": [("", "请选择"), *((choice, choice) for choice in field.choices)],
        "attrs": more,
        "wide": kind == "textarea",
    }


def short_problem(sentence: str, label: str) -> str:
    """A sentence without the label it stands beside."""
    if label and sentence.startswith(f"{label}："):
        return sentence.removeprefix(f"{label}：")
    return "请填写" if label and sentence == f"请填写{label}" else sentence
