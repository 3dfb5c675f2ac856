"""The shapes of what is asked about what somebody has to look into.

Must not know: routes, how any of it is found.
"""

from marshmallow import Schema, fields, validate

from sync.case_api.schemas import MOST_ROWS, one_line
from sync.messages import D_
from sync.web.input_shapes import Figures


class AttentionSchema(Schema):
    """The query of a list."""

    cursor = fields.String(load_default="", validate=[validate.Length(max=100), one_line])
    limit = Figures(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))
    settled = fields.Boolean(load_default=False, metadata={"description": D_("true for those that were dealt with")})
