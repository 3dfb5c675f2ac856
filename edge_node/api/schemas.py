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

from edge_node.services.file_signed_paper import Terms
from edge_node.services.prepare_application import CHANNELS, KINDS, Application, Material, Photo
from sync.case_api.schemas import ReasonSchema, one_line
from sync.casework.note_miss import MOST_MISSES
from sync.casework.search import MOST_FOUND
from sync.casework.show_items import MOST_ITEMS
from sync.people.standing_consents import ON_PAPER
from sync.records.application import MAX_PHOTOS
from sync.records.clock import BEIJING
from sync.records.person_words import CONSENTS

_LONGEST_NAME = 100
_LONGEST_QUESTION = 300
_MOST_FIELDS = 100
_MOST_MATERIALS = 50


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError("应为文字")
    return value


class _Base64(fields.Field[bytes]):
    """Bytes in standard base64, as JSON carries them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        try:
            return base64.b64decode(_text(value), validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError("应为 base64 编码") from None


class _Moment(fields.Field[int]):
    """A point in time as ISO 8601; without a zone it is Beijing's. Milliseconds since 1970."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        try:
            moment = datetime.fromisoformat(_text(value))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
            return int(moment.timestamp() * 1000)
        except (ValueError, OverflowError):
            raise ValidationError("日期或时间格式不对") from None


class ItemsSchema(Schema):
    """The query of a list of items, or of 一件事."""

    cursor = fields.String(load_default="", validate=validate.Length(max=_LONGEST_NAME))
    limit = fields.Integer(load_default=MOST_ITEMS, validate=validate.Range(min=1, max=MOST_ITEMS))


class SearchSchema(Schema):
    """A search: what was typed, and how many of each kind are wanted."""

    q = fields.String(load_default="", validate=validate.Length(max=_LONGEST_QUESTION))
    limit = fields.Integer(load_default=10, validate=validate.Range(min=1, max=MOST_FOUND))


class MissesSchema(Schema):
    """The query of the list of what was not found."""

    cursor = fields.String(load_default="", validate=validate.Length(max=_LONGEST_QUESTION))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=MOST_MISSES))


class PhotoSchema(Schema):
    """A photo: media type and base64."""

    type = fields.String(load_default="", validate=validate.Length(max=_LONGEST_NAME))
    data = _Base64(required=True, metadata={"type": "string", "format": "byte"})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Photo:
        """The value services take."""
        return Photo(data["data"], data["type"])


class TermsSchema(Schema):
    """On which terms a consent is given together with its paper; agent and scope with 代办委托."""

    means = fields.String(
        load_default="signature",
        validate=validate.OneOf(ON_PAPER),
        metadata={"description": "同意方式：signature 签字，fingerprint 指纹"},
    )
    until = fields.String(
        load_default="", validate=validate.Length(max=10), metadata={"description": "最后一天，如 2026-12-20"}
    )
    agent = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST_NAME), one_line],
        metadata={"description": "受托人，代办委托才填"},
    )
    scope = fields.String(load_default="", validate=[validate.Length(max=300), one_line])

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Terms:
        """The value services take."""
        return Terms(**data)


class SignedPaperSchema(ReasonSchema):
    """Photos of the paper somebody signed for a consent."""

    kind = fields.String(required=True, validate=validate.OneOf(tuple(CONSENTS)))
    item = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST_NAME), one_line],
        metadata={"description": "代办委托的事项编码"},
    )
    photos = fields.List(fields.Nested(PhotoSchema), required=True, validate=validate.Length(min=1, max=MAX_PHOTOS))
    give = fields.Nested(
        TermsSchema,
        load_default=None,
        allow_none=True,
        metadata={"description": "同时登记这项同意；以前登记过的不写"},
    )


class MaterialSchema(Schema):
    """A paper handed in."""

    name = fields.String(required=True, validate=[validate.Length(min=1, max=_LONGEST_NAME), one_line])
    kind = fields.String(load_default="", validate=validate.OneOf(KINDS))
    copies = fields.Integer(strict=True, load_default=0, validate=validate.Range(min=1, max=99))
    photos = fields.List(fields.Nested(PhotoSchema), load_default=list, validate=validate.Length(max=MAX_PHOTOS))
    on_file = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST_NAME), one_line],
        metadata={"description": "免交的，用的是哪一件里交来的：办件标识"},
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Material:
        """The value services take."""
        return Material(data["name"], tuple(data["photos"]), data["kind"], data["copies"], data["on_file"])


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
        metadata={"description": "申请人的人员标识，没有登记的不填"},
    )
    prefilled = fields.List(
        fields.String(validate=validate.Length(min=1, max=_LONGEST_NAME)),
        load_default=list,
        validate=validate.Length(max=_MOST_FIELDS),
        metadata={"description": "照人员登记预填的是表单哪几项"},
    )
    situations = fields.Dict(
        load_default=dict,
        keys=fields.String(validate=validate.Length(min=1, max=_LONGEST_NAME)),
        values=fields.String(validate=validate.Length(min=1, max=_LONGEST_NAME)),
        validate=validate.Length(max=_MOST_FIELDS),
        metadata={"description": "情形引导的回答：问题的 name 和回答的 name；一件事的问题写作“事项编码.name”"},
    )
    register = fields.Boolean(
        load_default=False,
        metadata={"description": "申请人没有登记的，照表单上的姓名、号码、电话、地址一并登记；要么都成，要么都不成"},
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Application:
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
        )


class ApplicationSchema(BundleSchema):
    """An application."""

    item = fields.String(required=True, validate=[validate.Length(min=1, max=_LONGEST_NAME), one_line])
