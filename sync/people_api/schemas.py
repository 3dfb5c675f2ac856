"""The shapes of what clients send about people; what may stand in a field is the register's business.

Must not know: routes, what is done with it.
"""

from collections.abc import Callable

from marshmallow import Schema, fields, validate

from sync.case_api.schemas import LONGEST_REASON, ReasonSchema, a_sid, one_line, paragraph
from sync.people.list_people import MOST_ROWS
from sync.records.person_table import PERSON_2

_LONGEST = 300
_ID: tuple[Callable[[str], object], ...] = (validate.Length(min=1, max=100), one_line)


def _text() -> fields.String:
    return fields.String(validate=validate.Length(max=_LONGEST))


class FactsSchema(Schema):
    """What is known of a person."""

    name = _text()
    cert_kind = _text()
    cert_number = _text()
    sex = _text()
    birthday = _text()
    address = _text()
    phone = _text()
    bank_account = _text()
    source = _text()
    proof = _text()


class FactsAndReasonSchema(FactsSchema):
    """Some of it told anew, and why."""

    reason = fields.String(load_default="", validate=[validate.Length(max=LONGEST_REASON), paragraph])


class PaperSchema(Schema):
    """Who is registered by a paper."""

    cert_kind = fields.String(required=True, validate=validate.Length(min=1, max=32))
    cert_number = fields.String(required=True, validate=validate.Length(min=1, max=100))


class PeopleSchema(Schema):
    """The query of a list of people."""

    cursor = fields.String(load_default="", validate=validate.Length(max=400))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))
    state = fields.String(load_default="", validate=validate.OneOf(("", *PERSON_2.states)))
    station = fields.String(load_default="", validate=a_sid)


class PrefillSchema(Schema):
    """For which item's form."""

    item = fields.String(required=True, validate=_ID)


class HouseholdSchema(ReasonSchema):
    """A household is founded, joined (the one of `with`) or left."""

    action = fields.String(required=True, validate=validate.OneOf(("found", "join", "leave")))
    with_ = fields.String(data_key="with", load_default="", validate=validate.Length(max=100))
    role = fields.String(load_default="", validate=validate.Length(max=32))


class RelationSchema(ReasonSchema):
    """A relative is bound, or not any more."""

    action = fields.String(load_default="bind", validate=validate.OneOf(("bind", "end")))
    person = fields.String(required=True, validate=_ID)
    kind = fields.String(load_default="", validate=validate.Length(max=32))
    until = fields.String(load_default="", validate=validate.Length(max=10))
    means = fields.String(load_default="signature", validate=validate.Length(max=32))


class ConsentSchema(ReasonSchema):
    """A consent is given or taken back; 代办委托 names item, agent and scope."""

    action = fields.String(load_default="give", validate=validate.OneOf(("give", "withdraw")))
    kind = fields.String(required=True, validate=validate.Length(min=1, max=32))
    means = fields.String(load_default="", validate=validate.Length(max=32))
    until = fields.String(load_default="", validate=validate.Length(max=10))
    item = fields.String(load_default="", validate=[validate.Length(max=100), one_line])
    agent = fields.String(load_default="", validate=[validate.Length(max=_LONGEST), one_line])
    scope = fields.String(load_default="", validate=[validate.Length(max=_LONGEST), one_line])


class MergingSchema(ReasonSchema):
    """As whom the person goes on."""

    into = fields.String(required=True, validate=_ID)
