"""The shapes of what clients send.

What may stand in an application's fields is the catalogue's business; here is only that they are
fields at all.

Must not know: routes, what is done with it.
"""

import base64
import binascii
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from edge_node.messages import _
from edge_node.services.file_signed_paper import Terms
from edge_node.services.prepare_application import CHANNELS, Application, Material, Photo
from sync.case_api.schemas import LONGEST_REASON, ReasonSchema, one_line
from sync.casework.note_miss import MOST_MISSES
from sync.messages import D_
from sync.people.standing_consents import ON_PAPER
from sync.people_api.schemas import agent_number, given_consents
from sync.records.agents import AGENT_RELATIONS, Agent
from sync.records.application import MAX_PHOTOS
from sync.records.clock import BEIJING
from sync.records.person_words import CONSENTS
from sync.records.taken_as import KINDS
from sync.web.input_shapes import Figures, Flag

_LONGEST_NAME = 100
_LONGEST_QUESTION = 300
_MOST_FIELDS = 100
_MOST_MATERIALS = 50


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError(_("This has to be text"))
    return value


class _Base64(fields.Field[bytes]):
    """Bytes in standard base64, as JSON carries them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        try:
            return base64.b64decode(_text(value), validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError(_("This has to be base64")) from None


class _Moment(fields.Field[int]):
    """A point in time as ISO 8601; without a zone it is Beijing's. Milliseconds since 1970."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        try:
            moment = datetime.fromisoformat(_text(value))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
            return int(moment.timestamp() * 1000)
        except (ValueError, OverflowError):
            raise ValidationError(_("Not a date or time")) from None


class MissesSchema(Schema):
    """The query of the list of what was not found."""

    cursor = fields.String(load_default="", validate=validate.Length(max=_LONGEST_QUESTION))
    limit = Figures(load_default=100, validate=validate.Range(min=1, max=MOST_MISSES))


class PhotoSchema(Schema):
    """A photo: media type and base64."""

    type = fields.String(load_default="", validate=validate.Length(max=_LONGEST_NAME))
    data = _Base64(required=True, metadata={"type": "string", "format": "byte"})

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> Photo:
        """The value services take."""
        return Photo(data["data"], data["type"])


class TermsSchema(Schema):
    """On which terms a consent is given together with its paper; agent and scope with 代办委托."""

    means = fields.String(
        load_default="signature",
        validate=validate.OneOf(ON_PAPER),
        metadata={"description": D_("How it was agreed to: signature or fingerprint")},
    )
    until = fields.String(
        load_default="",
        validate=validate.Length(max=10),
        metadata={"description": D_("The last day, such as 2026-12-20")},
    )
    agent = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST_NAME), one_line],
        metadata={"description": D_("Who runs the errand, with an errand alone")},
    )
    agent_id_number = agent_number()
    scope = fields.String(load_default="", validate=[validate.Length(max=300), one_line])

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> Terms:
        """The value services take."""
        return Terms(**data)


class SignedPaperSchema(ReasonSchema):
    """Photos of the paper somebody signed for a consent."""

    kind = fields.String(required=True, validate=validate.OneOf(tuple(CONSENTS)))
    item = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST_NAME), one_line],
        metadata={"description": D_("Code of the item of an errand")},
    )
    photos = fields.List(fields.Nested(PhotoSchema), required=True, validate=validate.Length(min=1, max=MAX_PHOTOS))
    give = fields.Nested(
        TermsSchema,
        load_default=None,
        allow_none=True,
        metadata={"description": D_("Registers the consent with it; left out where it was registered before")},
    )


class MaterialSchema(Schema):
    """A paper handed in."""

    name = fields.String(required=True, validate=[validate.Length(min=1, max=_LONGEST_NAME), one_line])
    kind = fields.String(
        load_default="",
        validate=validate.OneOf(KINDS),
        metadata={"description": D_("What stays at the station: original, copy, or no paper (photo)")},
    )
    compared = Flag(load_default=False, metadata={"description": D_("Whether its original was seen and compared")})
    copies = fields.Integer(strict=True, load_default=0, validate=validate.Range(min=1, max=99))
    photos = fields.List(fields.Nested(PhotoSchema), load_default=list, validate=validate.Length(max=MAX_PHOTOS))
    on_file = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST_NAME), one_line],
        metadata={"description": D_("Where it need not be handed in: id of the case with which it came")},
    )

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> Material:
        """The value services take."""
        photos, on_file = tuple(data["photos"]), data.get("on_file", "")
        return Material(data["name"], photos, data["kind"], data["copies"], on_file, data["compared"])


class BroughtMaterialSchema(MaterialSchema):
    """A paper handed in later: it is here, and not on file."""

    class Meta:
        """Of marshmallow."""

        exclude = ("on_file",)


class BroughtSchema(ReasonSchema):
    """Papers handed in after the application; where there is none to name, the remark says what was brought."""

    materials = fields.List(
        fields.Nested(BroughtMaterialSchema), load_default=list, validate=validate.Length(max=_MOST_MATERIALS)
    )
    fields_ = fields.Dict(
        data_key="fields",
        load_default=dict,
        keys=fields.String(validate=validate.Length(min=1, max=_LONGEST_NAME)),
        values=fields.String(validate=validate.Length(max=LONGEST_REASON)),
        validate=validate.Length(max=_MOST_FIELDS),
        metadata={
            "description": D_(
                "Fields of the form that stand on these materials and were left open, as the number of a bank card"
            )
        },
    )
    also_for = fields.List(
        fields.String(validate=[validate.Length(min=1, max=_LONGEST_NAME), one_line]),
        load_default=list,
        validate=validate.Length(max=_MOST_MATERIALS),
        metadata={"description": D_("Other cases of its bundle, by id; each gets what it lacks of these, in one step")},
    )


class AgentSchema(Schema):
    """Whoever applies for the applicant, beside the name on the form."""

    relation = fields.String(
        load_default="",
        validate=validate.OneOf(("", *AGENT_RELATIONS)),
        metadata={"description": D_("What the agent is to the applicant"), "codes": AGENT_RELATIONS},
    )
    id_number = agent_number()

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> Agent:
        """The value services take."""
        return Agent(**data)


class BundleSchema(Schema):
    """What is filled in and handed in for a 一件事 as a whole."""

    channel = fields.String(load_default="counter", validate=validate.OneOf(CHANNELS))
    fields_ = fields.Dict(
        data_key="fields",
        required=True,
        keys=fields.String(validate=validate.Length(min=1, max=_LONGEST_NAME)),
        validate=validate.Length(max=_MOST_FIELDS),
    )
    materials = fields.List(
        fields.Nested(MaterialSchema), load_default=list, validate=validate.Length(max=_MOST_MATERIALS)
    )
    confirmed_time = _Moment(load_default=None, metadata={"type": "string"})
    person = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST_NAME), one_line],
        metadata={"description": D_("Id of the applicant in the register; left out where there is none")},
    )
    prefilled = fields.List(
        fields.String(validate=validate.Length(min=1, max=_LONGEST_NAME)),
        load_default=list,
        validate=validate.Length(max=_MOST_FIELDS),
        metadata={"description": D_("Which fields of the form were filled in from the register of people")},
    )
    situations = fields.Dict(
        load_default=dict,
        keys=fields.String(validate=validate.Length(min=1, max=_LONGEST_NAME)),
        values=fields.String(validate=validate.Length(min=1, max=_LONGEST_NAME)),
        validate=validate.Length(max=_MOST_FIELDS),
        metadata={
            "description": D_(
                "Answers about the situation: the name of each question with the name of its answer; questions of a "
                "bundle are written “code of the item.name”"
            )
        },
    )
    register = Flag(
        load_default=False,
        metadata={
            "description": D_(
                "Registers an applicant who is not registered, with name, number, telephone and address of the form; "
                "either both are done or neither"
            )
        },
    )

    incomplete = Flag(
        load_default=False,
        metadata={
            "description": D_(
                "Takes it though necessary materials are missing, and gives notice of all of them with it: it waits to "
                "be supplemented, with a receipt number. Otherwise it is refused"
            )
        },
    )

    consents = given_consents()
    agent = fields.Nested(
        AgentSchema,
        load_default=Agent,
        metadata={"description": D_("Counts where the form names an agent (agent_name)")},
    )

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> Application:
        """The value services take."""
        return Application(
            data.get("item", ""),
            data["fields_"],
            tuple(data["materials"]),
            data["channel"],
            data["confirmed_time"],
            data["person"],
            tuple(data["prefilled"]),
            register=data["register"],
            situations=data["situations"],
            incomplete=data["incomplete"],
            consents=tuple(data["consents"]),
            agent=data["agent"],
        )


class ApplicationSchema(BundleSchema):
    """An application."""

    item = fields.String(required=True, validate=[validate.Length(min=1, max=_LONGEST_NAME), one_line])
