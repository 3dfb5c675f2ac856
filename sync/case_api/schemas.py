"""The shapes of what clients send to move a case on, or to list cases.

Must not know: routes, what is done with it.
"""

from marshmallow import Schema, ValidationError, fields, validate

from sync.records.case_table_2 import CASE_2
from sync.records.ids import is_sid

LONGEST_REASON = 500
MOST_ROWS = 200


def one_line(text: str) -> None:
    """Raise ValidationError for what cannot be shown."""
    if not text.isprintable():
        raise ValidationError("含有不能显示的字符")


def paragraph(text: str) -> None:
    """Raise ValidationError for what cannot be shown, lines apart."""
    if not text.replace("\n", "").isprintable():
        raise ValidationError("含有不能显示的字符")


def _sid(text: str) -> None:
    if text and not is_sid(text):
        raise ValidationError("格式不对")


class ReasonSchema(Schema):
    """An act, and why."""

    reason = fields.String(load_default="", validate=[validate.Length(max=LONGEST_REASON), paragraph])


class RequiredReasonSchema(Schema):
    """An act that says why."""

    reason = fields.String(required=True, validate=[validate.Length(min=1, max=LONGEST_REASON), paragraph])


class DecisionSchema(ReasonSchema):
    """A decision; a denial says why."""

    decision = fields.String(required=True, validate=validate.OneOf(("approve", "deny")))


class ListingSchema(Schema):
    """The query of a list of cases."""

    cursor = fields.String(load_default="", validate=validate.Length(max=400))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))
    state = fields.String(load_default="", validate=validate.OneOf(("", *CASE_2.states)))
    station = fields.String(load_default="", validate=_sid)
