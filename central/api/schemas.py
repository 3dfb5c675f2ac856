"""The shapes of what clients send about stations. What may stand in them is the registry's business.

Must not know: routes, what is done with it.
"""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from central.fan_in.standing import Way
from central.fan_in.stations import MOST_STATIONS
from central.registry.enrolling import Wanted
from central.registry.revoking import LONGEST_REASON
from central.services.list_missed_words import MOST_WORDS
from sync.case_api.schemas import one_line
from sync.messages import D_
from sync.records.alerts import LONGEST_TEXT, LONGEST_TITLE, SEVERITIES
from sync.web.input_shapes import Figures

_LONGEST = 200


class StationSchema(Schema):
    """A station to register."""

    name = fields.String(required=True, validate=validate.Length(max=_LONGEST))
    region = fields.String(required=True, validate=validate.Length(max=_LONGEST))
    under = fields.String(load_default="", validate=validate.Length(max=_LONGEST))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Wanted:
        """The value services take."""
        return Wanted(data["name"], data["region"], data["under"])


class RevocationSchema(Schema):
    """Why a device is revoked; what may stand there is the registry's business."""

    why = fields.String(
        required=True, validate=validate.Length(max=LONGEST_REASON), metadata={"description": D_("Why it is revoked")}
    )


class StationsSchema(Schema):
    """The query of the list of stations."""

    way = fields.String(
        load_default="",
        validate=validate.OneOf(("", *(way.value for way in Way))),
        metadata={
            "description": D_(
                "Those that are silent, with a backlog (behind), not in use yet (unused) or revoked; empty for all"
            )
        },
    )
    q = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST), one_line],
        metadata={
            "description": D_(
                "Part of the name of a station or of the one above it, the beginning of a region code, or the id of a "
                "station"
            )
        },
    )
    cursor = fields.String(load_default="", validate=validate.Length(max=_LONGEST))
    limit = Figures(load_default=MOST_STATIONS, validate=validate.Range(min=1, max=MOST_STATIONS))


class MissedWordsSchema(Schema):
    """The query of the list of words that were not found."""

    cursor = fields.String(load_default="", validate=validate.Length(max=_LONGEST))
    limit = Figures(load_default=MOST_WORDS, validate=validate.Range(min=1, max=MOST_WORDS))


class AlertSchema(Schema):
    """What cannot wait; what may stand in it is `publish_alert`'s business."""

    severity = fields.String(
        required=True, validate=validate.OneOf(tuple(SEVERITIES)), metadata={"description": D_("Severity")}
    )
    title = fields.String(required=True, validate=validate.Length(max=LONGEST_TITLE))
    text = fields.String(required=True, validate=validate.Length(max=LONGEST_TEXT))
    audience = fields.String(
        load_default="",
        validate=validate.Length(max=_LONGEST),
        metadata={"description": D_("Id of a station: only for it and those below it; left out for all stations")},
    )
    until = fields.String(
        required=True,
        validate=validate.Length(max=_LONGEST),
        metadata={"description": D_("Until when it is in force, in ISO 8601; without a time zone it is Beijing's")},
    )
