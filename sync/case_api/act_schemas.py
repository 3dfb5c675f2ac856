"""The shapes of what clients send to do something to a case.

Must not know: routes, what is done with it.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from sync.case_api.schemas import LONGEST_REASON, ReasonSchema, RequiredReasonSchema, one_line, paragraph
from sync.casework.ask_for_supplement import Gap
from sync.casework.describe_steps import METHODS
from sync.casework.receiver import Receiver
from sync.casework.run_errand import Authority
from sync.casework.run_special import KINDS, Special
from sync.errors import BadRequest
from sync.messages import D_, _
from sync.records.agents import AGENT_RELATIONS
from sync.records.case_table_2 import SEVEN_STEPS
from sync.records.events import LEVELS
from sync.records.items import limit_from_text
from sync.records.working_days import Unit
from sync.web.input_shapes import Flag

_LONGEST_NAME = 50
_MOST_GAPS = 50
_MOST_SPECIAL_DAYS = 366  # a case that stands still for longer was mistyped: no clock would ever tell
SIGNED = ("signature", "fingerprint", "witness")


def _line(*, longest: int = _LONGEST_NAME, required: bool = True) -> fields.String:
    bounds = validate.Length(min=1 if required else 0, max=longest)
    if required:
        return fields.String(required=True, validate=[bounds, one_line])
    return fields.String(load_default="", validate=[bounds, one_line])


class DaySchema(Schema):
    """Something with a day in it, or without."""

    due = fields.Date(load_default=None)


class ToleranceSchema(ReasonSchema, DaySchema):
    """An acceptance with tolerance (容缺受理)."""

    materials = fields.List(_line(longest=100), load_default=list, validate=validate.Length(max=_MOST_GAPS))


class GapSchema(Schema):
    """One thing that is missing."""

    material = _line(longest=100, required=False)
    what = fields.String(required=True, validate=[validate.Length(min=1, max=LONGEST_REASON), paragraph])

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> Gap:
        """The value services take."""
        return Gap(data["material"], data["what"].strip())


class NoticeSchema(ReasonSchema, DaySchema):
    """A notice of all that is missing (补正告知)."""

    gaps = fields.List(fields.Nested(GapSchema), required=True, validate=validate.Length(max=_MOST_GAPS))


class SpecialSchema(ReasonSchema):
    """特别程序 begins: `days` as 5W, 10N or 24H, at most 366 days."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    basis = _line(longest=200)
    days = fields.String(required=True)

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> dict[str, Any]:
        """The value services take, beside the reason."""
        try:
            limit = limit_from_text(data["days"])
        except BadRequest as error:
            raise ValidationError(error.reason, "days") from None
        most = _MOST_SPECIAL_DAYS * (24 if limit is not None and limit.unit is Unit.HOURS else 1)
        if limit is None or not 1 <= limit.amount <= most:
            raise ValidationError(_("Write down how long, at most %(most)s days", most=_MOST_SPECIAL_DAYS), "days")
        return {"special": Special(data["kind"], data["basis"], limit), "reason": data["reason"]}


class DeliverySchema(ReasonSchema):
    """A delivery (送达)."""

    method = fields.String(required=True, validate=validate.OneOf(tuple(METHODS)))
    receiver = _line(required=False)
    relation = fields.String(
        load_default="",
        validate=validate.OneOf(("", *AGENT_RELATIONS)),
        metadata={
            "description": D_("What the receiver is to the applicant, where it is another"),
            "codes": AGENT_RELATIONS,
        },
    )
    id_number = fields.String(
        load_default="",
        validate=[validate.Length(max=40), one_line],
        metadata={"description": D_("Citizen number of the receiver, where it is another")},
    )


def receiver_sent(sent: Mapping[str, Any]) -> Receiver:
    """Who took the result, of what `DeliverySchema` read."""
    return Receiver(sent["receiver"], sent["relation"], sent["id_number"])


class PassingSchema(RequiredReasonSchema):
    """转办; the assignee by the name of the account."""

    assignee = _line()


class ParkedSchema(ReasonSchema):
    """What is to become of edits that wait."""

    take = Flag(required=True)


class SettlementSchema(ReasonSchema):
    """争议: of each field the event whose value stands."""

    choices = fields.Dict(
        required=True,
        keys=fields.String(validate=validate.Length(min=1, max=100)),
        values=fields.String(validate=validate.Length(equal=43)),
        validate=validate.Length(max=_MOST_GAPS),
    )


class CorrectionSchema(RequiredReasonSchema):
    """信息更正: what fields of the form are to be; what may stand in each its item says."""

    # Called otherwise, for a schema has `fields` of its own.
    corrected = fields.Dict(
        required=True,
        data_key="fields",
        attribute="fields",
        keys=fields.String(validate=validate.Length(min=1, max=100)),
        values=fields.String(),
        validate=validate.Length(max=_MOST_GAPS),
    )


class OpinionSchema(ReasonSchema):
    """An opinion (审核意见)."""

    opinion = fields.String(required=True, validate=[validate.Length(min=1, max=LONGEST_REASON), paragraph])


class ForwardingSchema(RequiredReasonSchema):
    """Reporting upwards (上报), with the reason: a case changes hands."""

    to = fields.String(required=True, validate=validate.OneOf(LEVELS[1:]))


class StepSchema(ReasonSchema):
    """A step of an errand (代办记录)."""

    step = fields.String(required=True, validate=validate.OneOf(SEVEN_STEPS))


class AuthoritySchema(ReasonSchema):
    """The authority of an agent (授权委托)."""

    agent_name = _line()
    agent_id_number = _line(longest=18)
    scope = _line(longest=200)
    until = fields.Date(required=True)
    signed = fields.String(required=True, validate=validate.OneOf(SIGNED))
    witness_name = _line(required=False)

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> dict[str, Any]:
        """The value services take, beside the reason."""
        reason = data.pop("reason")
        return {"authority": Authority(**data), "reason": reason}
