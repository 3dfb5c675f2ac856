"""The shapes of what is asked about what the centre tells at once.

Must not know: routes, how any of it is found.
"""

from marshmallow import Schema, fields, validate

from sync.case_api.schemas import MOST_ROWS, one_line
from sync.web.input_shapes import Figures


class AlertsSchema(Schema):
    """The query of a list."""

    cursor = fields.String(load_default="", validate=[validate.Length(max=100), one_line])
    limit = Figures(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))


class NothingSchema(Schema):
    """A request that asks by its address alone."""
