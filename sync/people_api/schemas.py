"""The shapes of what clients send about people; what may stand in a field is the register's business.

Must not know: routes, what is done with it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from sync.case_api.schemas import LONGEST_REASON, ReasonSchema, a_sid, one_line, paragraph
from sync.messages import D_
from sync.people.ask_consents import ASKED, LONGEST_READER, Given
from sync.people.list_people import MOST_ROWS
from sync.records.id_papers import PAPER_KINDS
from sync.records.person_table import PERSON_2
from sync.records.person_words import CONSENTS, LABELS, MEANS, PROOFS, RELATIONS, ROLES, SOURCES
from sync.web.input_shapes import Figures

_LONGEST = 300
_HOMES = {
    "found": D_("found a household"),
    "join": D_("join a household"),
    "head": D_("become the head of the household"),
    "leave": D_("leave the household"),
}
_TIES = {"bind": D_("register a family relation"), "end": D_("end a family relation")}
_AGREEING = {"give": D_("give a consent"), "withdraw": D_("Withdraw")}
_ID: tuple[Callable[[str], object], ...] = (validate.Length(min=1, max=100), one_line)


def _codes(of: str, names: Mapping[str, str]) -> dict[str, Any]:
    """What the description says of a member that is one of these codes."""
    return {"description": of, "codes": names}


def _until() -> fields.String:
    about = {"description": D_("The last day, such as 2026-12-20")}
    return fields.String(load_default="", validate=validate.Length(max=10), metadata=about)


def _fact(name: str, codes: Mapping[str, str] | None = None, *, required: bool = False) -> fields.String:
    told = _codes(LABELS[name], codes) if codes else {"description": LABELS[name]}
    return fields.String(required=required, validate=validate.Length(max=_LONGEST), metadata=told)


class FactsSchema(Schema):
    """What is known of a person."""

    name = _fact("name")
    cert_kind = _fact("cert_kind", PAPER_KINDS)
    cert_number = _fact("cert_number")
    sex = _fact("sex")
    birthday = _fact("birthday")
    address = _fact("address")
    phone = _fact("phone")
    bank_account = _fact("bank_account")
    source = _fact("source", SOURCES)
    proof = _fact("proof", PROOFS)
    reading = fields.String(
        load_default="",
        validate=validate.Length(max=64),
        metadata={
            "description": D_(
                "The reading that POST /card-readings of this session answered with: without it neither source nor "
                "proof may be card"
            )
        },
    )


class GivenSchema(Schema):
    """A consent that was just given."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(ASKED),
        metadata={"codes": {kind: CONSENTS[kind] for kind in ASKED}, "description": D_("Consent to")},
    )
    means = fields.String(
        required=True, validate=validate.OneOf(tuple(MEANS)), metadata=_codes(D_("How it was agreed to"), MEANS)
    )
    read_by = fields.String(
        load_default="",
        validate=[validate.Length(max=LONGEST_READER), one_line],
        metadata={"description": D_("Who read it out to the person")},
    )

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> Given:
        """The value services take."""
        return Given(**data)


def given_consents() -> fields.List[Any]:
    """What somebody agreed to when he came."""
    return fields.List(
        fields.Nested(GivenSchema),
        load_default=list,
        validate=validate.Length(max=len(ASKED)),
        metadata={
            "description": D_(
                "What the person agreed to, noted in the same transaction; what is on record already is not noted "
                "again, and nothing is refused for what is missing"
            )
        },
    )


class RegistrationSchema(FactsSchema):
    """With what somebody is registered."""

    name = _fact("name", required=True)
    cert_kind = _fact("cert_kind", PAPER_KINDS, required=True)
    cert_number = _fact("cert_number", required=True)
    consents = given_consents()


class FactsAndReasonSchema(FactsSchema):
    """Some of it told anew, and why."""

    reason = fields.String(load_default="", validate=[validate.Length(max=LONGEST_REASON), paragraph])


class PaperSchema(Schema):
    """Who is registered by a paper."""

    cert_kind = fields.String(
        required=True, validate=validate.Length(min=1, max=32), metadata=_codes(LABELS["cert_kind"], PAPER_KINDS)
    )
    cert_number = fields.String(
        required=True, validate=validate.Length(min=1, max=100), metadata={"description": LABELS["cert_number"]}
    )


class PeopleSchema(Schema):
    """The query of a list of people."""

    cursor = fields.String(load_default="", validate=validate.Length(max=400))
    limit = Figures(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))
    state = fields.String(load_default="", validate=validate.OneOf(("", *PERSON_2.states)))
    station = fields.String(
        load_default="", validate=a_sid, metadata={"description": D_("Id of the station that registered the person")}
    )


class PrefillSchema(Schema):
    """For which item's form."""

    item = fields.String(required=True, validate=_ID)


class HouseholdSchema(ReasonSchema):
    """A household is founded, joined (the one of `with`) or left, or gets another head."""

    action = fields.String(required=True, validate=validate.OneOf(tuple(_HOMES)), metadata=_codes(D_("Action"), _HOMES))
    with_ = fields.String(
        data_key="with",
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": D_("Which household is joined: id of a person in it")},
    )
    role = fields.String(
        load_default="", validate=validate.Length(max=32), metadata=_codes(D_("Relation to the head"), ROLES)
    )


class RelationSchema(ReasonSchema):
    """A relative is bound, or not any more."""

    action = fields.String(
        load_default="bind", validate=validate.OneOf(tuple(_TIES)), metadata=_codes(D_("Action"), _TIES)
    )
    person = fields.String(required=True, validate=_ID, metadata={"description": D_("Id of the relative")})
    kind = fields.String(
        load_default="",
        validate=validate.Length(max=32),
        metadata=_codes(D_("What the relative is to the person"), RELATIONS),
    )
    until = _until()
    means = fields.String(
        load_default="signature", validate=validate.Length(max=32), metadata=_codes(D_("How it was agreed to"), MEANS)
    )


def agent_number() -> fields.String:
    """The number of whoever runs an errand."""
    return fields.String(
        load_default="",
        validate=[validate.Length(max=40), one_line],
        metadata={"description": D_("Citizen number of who runs the errand: an authority names both parties’ numbers")},
    )


class RelativeQuerySchema(Schema):
    """Who asks for a person."""

    relative = fields.String(
        required=True, validate=_ID, metadata={"description": D_("Id of the relative who asks, in the register")}
    )


class ConsentSchema(ReasonSchema):
    """A consent is given or taken back; 代办委托 names item, agent and scope."""

    action = fields.String(
        load_default="give", validate=validate.OneOf(tuple(_AGREEING)), metadata=_codes(D_("Action"), _AGREEING)
    )
    kind = fields.String(
        required=True, validate=validate.Length(min=1, max=32), metadata=_codes(D_("Consent to"), CONSENTS)
    )
    means = fields.String(
        load_default="", validate=validate.Length(max=32), metadata=_codes(D_("How it was agreed to"), MEANS)
    )
    until = _until()
    item = fields.String(load_default="", validate=[validate.Length(max=100), one_line])
    agent = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST), one_line],
        metadata={"description": D_("Who runs the errand, with an errand alone")},
    )
    agent_id_number = agent_number()
    scope = fields.String(load_default="", validate=[validate.Length(max=_LONGEST), one_line])


class DeathSchema(ReasonSchema):
    """When somebody died."""

    died_on = fields.String(
        load_default="",
        validate=validate.Length(max=10),
        metadata={"description": D_("The day of the death, such as 2026-07-31; empty where it is not known")},
    )


class MergingSchema(ReasonSchema):
    """As whom the person goes on."""

    into = fields.String(
        required=True, validate=_ID, metadata={"description": D_("The one that is kept: id of the person")}
    )
