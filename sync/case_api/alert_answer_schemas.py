"""The shapes of what the centre tells at once, for the description of the API.

Must not know: routes, how any of it is found.
"""

from marshmallow import Schema

from sync.messages import D_
from sync.records.alerts import SEVERITIES
from sync.web.answer_shapes import next_page, several, text


class AlertAnswer(Schema):
    """What the centre tells."""

    code = text(D_("Number"))
    key = text(D_("Number, and how often it was published; taking it back counts"))
    severity = text(among=tuple(SEVERITIES))
    severity_name = text(D_("Severity"))
    title = text(D_("Title"))
    audience = text(D_("Id of the station for which it is, with those below it; empty for all stations"))
    audience_name = text(D_("For which stations"))
    at = text(D_("When it was made known"))
    until = text(D_("Until when it is in force"))
    state = text(among=("in_force", "ended", "withdrawn"))
    state_name = text(D_("How it stands now"))
    read_at = text(D_("When who asks has read it; null if not"), maybe=True)
    text = text(D_("Content"))


class AlertListAnswer(Schema):
    """A page of what the centre told."""

    alerts = several(AlertAnswer, D_("The newest first"))
    next = next_page()


class AlertsHereAnswer(Schema):
    """What concerns this station now."""

    alerts = several(AlertAnswer, D_("The most severe first"))


class AlertReadAnswer(Schema):
    """What was read."""

    read = text(D_("Number"))
