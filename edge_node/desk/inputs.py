"""The fields of a form as inputs that fit them.

Must not know: routes, what is filled in.
"""

from collections.abc import Mapping
from typing import Any

from edge_node.messages import _
from sync.messages import N_
from sync.records.form import PAPER_KIND, Field, plain_value
from sync.records.id_papers import PAPER_KINDS
from sync.records.masks import masked
from sync.records.person_words import word_of

_INPUTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "id_number": ("text", {"spellcheck": "false", "autocapitalize": "characters"}),
    "phone": ("tel", {"inputmode": "tel"}),
    "date": ("date", {}),
    "number": ("text", {"inputmode": "numeric"}),
    "money": ("text", {"inputmode": "decimal"}),
    "long_text": ("textarea", {}),
    "choice": ("select", {}),
    PAPER_KIND: ("select", {}),
}
# What is read out and pasted in groups has room for the blanks between them, and the number of any other paper than an
# identity card for its length; the form counts without.
_IN_GROUPS = ("id_number", "phone")
_HINTS = {"money": N_("Unit: yuan, at most two decimals"), "number": N_("A whole number")}


def input_of(field: Field) -> dict[str, Any]:
    """What the template draws for a field."""
    kind, attrs = _INPUTS.get(field.kind, ("text", {}))
    more: dict[str, str | int] = {**attrs, "autocomplete": "off"}
    if kind not in ("date", "select"):
        more["maxlength"] = field.max_length * (2 if field.kind in _IN_GROUPS else 1)
    return {
        "name": f"fields.{field.name}",
        "label": field.label,
        "kind": kind,
        "required": field.required,
        "hint": _(_HINTS[field.kind]) if field.kind in _HINTS else "",
        "choices": _choices(field),
        "attrs": more,
        "wide": kind == "textarea",
    }


def shown_value(field: Field, typed: str) -> str:
    """What was typed into it, masked as screens and slips show it."""
    if field.kind == PAPER_KIND:
        return word_of(PAPER_KINDS, typed)
    return str(masked(field.name, plain_value(field, typed)))


def _choices(field: Field) -> list[tuple[str, str]]:
    """What a select offers: value and words. Papers begin with the usual one, which is chosen where nobody chooses."""
    if field.kind == PAPER_KIND:
        return [(kind, _(name)) for kind, name in PAPER_KINDS.items()]
    return [("", _("Please choose")), *((choice, choice) for choice in field.choices)]


def short_problem(sentence: str, label: str) -> str:
    """A sentence without the label it stands beside."""
    named = _("%(name)s: %(sentence)s", name=label, sentence="")
    if label and sentence.startswith(named):
        return sentence.removeprefix(named)
    return _("Please fill it in") if label and sentence == _("Please fill in: %(label)s", label=label) else sentence
