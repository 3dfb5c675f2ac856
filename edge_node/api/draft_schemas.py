"""The shapes of what clients send to have an application kept before it is handed in.

The same members as an application has, none of them needed yet; photos are kept by the pages of the desk, or come with
the application.

Must not know: routes, what of it the catalogue asks for.
"""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from edge_node.api.schemas import BundleSchema, MaterialSchema
from edge_node.messages import _
from edge_node.services.draft import TAKEN, Paper
from sync.case_api.schemas import one_line
from sync.messages import D_
from sync.people.ask_consents import Given

_LONGEST_NAME = 100
_MOST_FIELDS = 100
_MOST_MATERIALS = 50


class DraftMaterialSchema(MaterialSchema):
    """A paper that is there, without its photos."""

    class Meta:
        """Of marshmallow."""

        exclude = ("photos",)

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> tuple[str, Paper]:
        """Its name, and what a draft keeps of it."""
        wanted = (data["kind"], data["compared"])
        choice = next((name for name, taken in TAKEN.items() if taken == wanted), "")
        if data["compared"] and not choice:
            raise ValidationError({"compared": [_("A draft keeps this of a copy or a photo alone")]})
        return data["name"], Paper(not data["on_file"], choice, str(data["copies"] or ""), data["on_file"])


def _one_reader(given: list[Given]) -> None:
    """Raise ValidationError where several read the consents out: a draft keeps one."""
    if len({one.read_by for one in given}) > 1:
        raise ValidationError(_("A draft keeps one who read them out"))


class DraftChangeSchema(BundleSchema):
    """What a draft is to hold from now on."""

    class Meta:
        """Of marshmallow."""

        exclude = ("confirmed_time", "register", "incomplete")

    fields_ = fields.Dict(
        data_key="fields",
        load_default=dict,
        keys=fields.String(validate=validate.Length(min=1, max=_LONGEST_NAME)),
        values=fields.String(),
        validate=validate.Length(max=_MOST_FIELDS),
    )
    materials = fields.List(
        fields.Nested(DraftMaterialSchema), load_default=list, validate=validate.Length(max=_MOST_MATERIALS)
    )

    @post_load
    def make(self, data: dict[str, Any], **others: Any) -> dict[str, Any]:
        """As it is."""
        _one_reader(data["consents"])
        return data


class DraftSchema(DraftChangeSchema):
    """What is begun: of an item, or of a 一件事."""

    item = fields.String(load_default="", validate=[validate.Length(max=_LONGEST_NAME), one_line])
    bundle = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST_NAME), one_line],
        metadata={"description": D_("Code of the bundle; either this or the item is named")},
    )

    @validates_schema
    def either(self, data: dict[str, Any], **others: Any) -> None:
        """Raise ValidationError where neither is named, or both."""
        if bool(data["item"]) == bool(data["bundle"]):
            raise ValidationError(_("Name either the item or the bundle"), "item")
