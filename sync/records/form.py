"""The form of an item: its fields, and what may stand in each.

Values are always text: records hold no floats, and what was typed is kept as it was typed, but for the blanks in a
number and the width of its figures.

Must not know: items, cases, clocks (whoever asks says what day it is).
"""

from collections.abc import Callable, Mapping
from datetime import date

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.records.id_papers import PAPER_KINDS, read_paper
from sync.records.people import is_phone, parse_id_number
from sync.records.person_words import all_words
from sync.records.typed_text import can_be_shown, narrow_number, narrow_phone
from sync.typed import Value

MOST_TEXT = 2000  # characters of the longest field any form may ask for
# Of the applicant's paper, on every form and in no catalogue; see `applicant_paper`.
PAPER_KIND, NUMBER_OF_KIND = "paper_kind", "number_of_kind"
_NUMBERS = ("id_number", NUMBER_OF_KIND, "date", "number", "money")  # kinds without blanks in them
_DATE_FORM = N_("A date is written as 2025-07-31")


class Field(Value):
    """One field of the form.

    kind        a name in `FIELD_KINDS`, or one of those of the applicant's paper
    max_length  characters
    choices     the lawful values of a `choice` or of a kind of paper; of a number of a kind, that kind; else empty
    """

    name: str
    label: str
    kind: str
    required: bool
    max_length: int
    choices: tuple[str, ...] = ()

    def asks_as(self, other: "Field") -> bool:
        """Whether a field of the same name on another form asks for the same."""
        return (self.label, self.kind, self.choices) == (other.label, other.kind, other.choices)


def field_problems(field: Field, value: object, today: date) -> list[str]:
    """What is wrong with the value of one field, without repeating it; [] when nothing is.

    value  text from a form or from JSON, which may be of any type; None and "" are not filled in
    """
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return [_("Please fill in: %(label)s", label=field.label)] if field.required else []
    if not isinstance(value, str):
        return [_("%(label)s has to be text", label=field.label)]
    value = plain_value(field, value)
    if len(value) > field.max_length:
        return [_("%(label)s has more than %(most)s characters", label=field.label, most=field.max_length)]
    shown = value.replace("\n", "") if field.kind == "long_text" else value
    if not can_be_shown(shown):
        return [_("%(label)s has characters in it that cannot be shown", label=field.label)]
    problem = _CHECKS[field.kind](value, field, today)
    return [_("%(name)s: %(sentence)s", name=field.label, sentence=problem)] if problem else []


def kept_value(field: Field, value: str, today: date) -> str:
    """A lawful value as records keep it: as it was typed, numbers in the one form they are compared in."""
    plain = plain_value(field, value)
    if field.kind == NUMBER_OF_KIND and plain:
        return read_paper(field.choices[0], plain, today=today).number
    return parse_id_number(plain, today=today).text if field.kind == "id_number" and plain else plain


def plain_value(field: Field, value: str) -> str:
    """What was typed as it is checked, lawful or not."""
    if field.kind == "phone":
        return narrow_phone(value)
    return narrow_number(value) if field.kind in _NUMBERS else value.strip()


# What may stand in a field of each kind: (value, field, today) -> what is wrong, or "".


def _any_text(value: str, field: Field, today: date) -> str:
    return ""


def _id_number(value: str, field: Field, today: date) -> str:
    try:
        parse_id_number(value, today=today)
    except BadRequest as error:
        return error.reason
    return ""


def _number_of_kind(value: str, field: Field, today: date) -> str:
    try:
        read_paper(field.choices[0], value, today=today)
    except BadRequest as error:
        return error.reason
    return ""


def _paper_kind(value: str, field: Field, today: date) -> str:
    if value in PAPER_KINDS:
        return ""
    return _("This has to be one of %(choices)s", choices=all_words(PAPER_KINDS))


def _phone(value: str, field: Field, today: date) -> str:
    if is_phone(value):
        return ""
    return _("This has to be a mobile number of 11 figures, or a landline with its area code")


def _date(value: str, field: Field, today: date) -> str:
    try:
        return "" if date.fromisoformat(value).isoformat() == value else _(_DATE_FORM)
    except ValueError:
        return _(_DATE_FORM)


def _number(value: str, field: Field, today: date) -> str:
    return "" if value.isascii() and value.isdigit() else _("This has to be a whole number")


def _money(value: str, field: Field, today: date) -> str:
    yuan, point, fen = value.partition(".")
    plain = value.isascii() and yuan.isdigit() and (not point or (fen.isdigit() and len(fen) <= 2))
    return "" if plain else _("This has to be an amount in yuan, with at most two decimals")


def _choice(value: str, field: Field, today: date) -> str:
    if value in field.choices:
        return ""
    return _("This has to be one of %(choices)s", choices=_(", ").join(field.choices))


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
_CHECKS = {**FIELD_KINDS, PAPER_KIND: _paper_kind, NUMBER_OF_KIND: _number_of_kind}
