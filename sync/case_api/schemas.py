"""The shapes of what clients send to move a case on, or to list cases.

Must not know: routes, what is done with it.
"""

from datetime import date

from marshmallow import Schema, ValidationError, fields, validate

from sync.casework.narrow_cases import HERE, LIGHTS
from sync.messages import D_, _
from sync.node.lists.case_list import ORDERS, RECEIVED
from sync.records.case_table_2 import CASE_2
from sync.records.events import LEVELS
from sync.records.ids import is_sid
from sync.records.typed_text import can_be_shown
from sync.web.input_shapes import Figures

LONGEST_REASON = 500
MOST_ROWS = 200
_LONGEST_QUESTION = 300  # as in a search


def one_line(text: str) -> None:
    """Raise ValidationError for what cannot be shown."""
    if not can_be_shown(text):
        raise ValidationError(_("There are characters in it that cannot be shown"))


def paragraph(text: str) -> None:
    """Raise ValidationError for what cannot be shown, lines apart."""
    if not can_be_shown(text.replace("\n", "")):
        raise ValidationError(_("There are characters in it that cannot be shown"))


def not_blank(text: str) -> None:
    """Raise ValidationError for a text of blanks; an empty one is a matter of its length."""
    if text and not text.strip():
        raise ValidationError(_("This has to be more than blanks"))


def a_sid(text: str) -> None:
    """Raise ValidationError for what can be no station's id; "" is none."""
    if text and not is_sid(text):
        raise ValidationError(_("Not of the right form"))


class ReasonSchema(Schema):
    """An act, and why."""

    reason = fields.String(load_default="", validate=[validate.Length(max=LONGEST_REASON), paragraph])


class RequiredReasonSchema(Schema):
    """An act that says why."""

    reason = fields.String(required=True, validate=[validate.Length(min=1, max=LONGEST_REASON), paragraph, not_blank])


class DecisionSchema(ReasonSchema):
    """A decision; a denial says why."""

    decision = fields.String(required=True, validate=validate.OneOf(("approve", "deny")))


def _states(text: str) -> None:
    unknown = [one for one in text.split(",") if text and one not in CASE_2.states]
    if unknown:
        raise ValidationError(_("There is no such state; several states have commas between"))


def _day(text: str) -> None:
    try:
        if text and date.fromisoformat(text).isoformat() != text:
            raise ValueError
    except ValueError:
        raise ValidationError(_("A date is written as 2025-10-10")) from None


def _said(about: str) -> dict[str, str]:
    return {"description": about}


class ListingSchema(Schema):
    """The query of a list of cases.

    state     one, or several with commas between
    assignee  an account, `me`, `none` for cases on nobody's desk, or `mine` for both
    light     red, yellow or green;  due_on, received_from, received_to, days, both counted in
    """

    cursor = fields.String(load_default="", validate=validate.Length(max=400))
    limit = Figures(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))
    sort = fields.String(
        load_default=RECEIVED,
        validate=validate.OneOf(ORDERS),
        metadata=_said(D_("Order: received puts the newest first, due what is due first")),
    )
    state = fields.String(
        load_default="",
        validate=[validate.Length(max=300), _states],
        metadata=_said(D_("Codes of states, with commas between")),
    )
    station = fields.String(load_default="", validate=a_sid)
    turn = fields.String(
        load_default="",
        validate=validate.OneOf(("", HERE, *LEVELS)),
        metadata=_said(D_("Whose turn it is; here is this level's")),
    )
    disputed = fields.Boolean(load_default=False, metadata=_said(D_("Only those in dispute")))
    parked = fields.Boolean(load_default=False, metadata=_said(D_("Only those in which edits wait")))
    light = fields.String(
        load_default="",
        validate=validate.OneOf(("", *LIGHTS)),
        metadata=_said(D_("Time left: red late, yellow near its end, green in time")),
    )
    assignee = fields.String(
        load_default="",
        validate=[validate.Length(max=64 + 1 + 16), one_line],
        metadata=_said(
            D_(
                "Account of the assignee, account@station for that of one station; me is who asks, none nobody, mine "
                "both"
            )
        ),
    )
    item = fields.String(load_default="", validate=[validate.Length(max=64), one_line])
    due_on = fields.String(load_default="", validate=_day, metadata=_said(D_("Due on this day")))
    received_from = fields.Date(load_default=None, metadata=_said(D_("Received on this day or later")))
    received_to = fields.Date(load_default=None, metadata=_said(D_("Received on this day or earlier")))
    q = fields.String(load_default="", validate=[validate.Length(max=_LONGEST_QUESTION), one_line])
