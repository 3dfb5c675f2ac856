"""The shapes of what the centre tells at once, for checking and for the description of the API.

Must not know: routes, how any of it is found.
"""

from marshmallow import Schema, fields, validate

from sync.case_api.schemas import MOST_ROWS, one_line
from sync.records.alerts import SEVERITIES
from sync.web.answer_shapes import next_page, several, text


class AlertsSchema(Schema):
    """The query of a list."""

    cursor = fields.String(load_default="", validate=[validate.Length(max=100), one_line])
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))


class NothingSchema(Schema):
    """A request that asks by its address alone."""


class AlertAnswer(Schema):
    """What the centre tells."""

    code = text("编号")
    key = text("编号和第几次发布，撤回也算一次")
    severity = text(among=tuple(SEVERITIES))
    severity_name = text("级别")
    title = text("标题")
    audience = text("给哪个站点和它以下的，全部站点为空")
    audience_name = text("给谁")
    at = text("何时发布")
    until = text("有效到什么时候")
    state = text(among=("in_force", "ended", "withdrawn"))
    state_name = text("现在怎样")
    read_at = text("本人何时已阅，没有阅过为 null", maybe=True)
    text = text("内容")


class AlertListAnswer(Schema):
    """A page of what the centre told."""

    alerts = several(AlertAnswer, "新的在前")
    next = next_page()


class AlertsHereAnswer(Schema):
    """What concerns this station now."""

    alerts = several(AlertAnswer, "严重的在前")


class AlertReadAnswer(Schema):
    """What was read."""

    read = text("编号")
