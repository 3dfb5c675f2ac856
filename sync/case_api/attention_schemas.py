"""The shapes of what somebody has to look into, and of what is asked about it, for checking and for the description.

Must not know: routes, how any of it is found.
"""

from marshmallow import Schema, fields, validate

from sync.case_api.schemas import MOST_ROWS, one_line
from sync.web.answer_shapes import next_page, several, text, whole


class AttentionSchema(Schema):
    """The query of a list."""

    cursor = fields.String(load_default="", validate=[validate.Length(max=100), one_line])
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))
    settled = fields.Boolean(load_default=False, metadata={"description": "true 为已有人处理的"})


class AlarmAnswer(Schema):
    """A contradiction."""

    alarm = whole("编号")
    kind = text("种类代码")
    at = text("从什么时候起")
    station = text("关于谁的设备")
    what = text("发生了什么")
    advice = text("该怎么办")
    writer = text("写者")
    life = text("写者的一段")
    number = whole("步骤编号，0 为不关哪一步")
    source = text("从哪里看出来的")
    known = text("本机所知的")
    offered = text("与它矛盾的")
    settled_at = text("何时处理的", maybe=True)
    settled_by = text("谁处理的")
    why = text("怎样处理的")


class AlarmListAnswer(Schema):
    """A page of contradictions."""

    alarms = several(AlarmAnswer, "新的在前")
    next = next_page()


class AsideAnswer(Schema):
    """A document that was set aside; what is in it, is not told here."""

    item = whole("编号")
    at = text("何时")
    kind = text("是什么")
    station = text("哪个站点的")
    brought_by = text("谁送来的")
    size = whole("字节数")
    reason = text("为什么没有收下")
    advice = text("该怎么办")
    detail = text("给维护人员看的原文")
    again = text("何时向上级再送，不再送时为 null", maybe=True)
    settled_at = text("何时处理的", maybe=True)
    settled_by = text("谁处理的")
    why = text("怎样处理的")


class AsideListAnswer(Schema):
    """A page of documents set aside."""

    items = several(AsideAnswer, "早的在前")
    next = next_page()


class SettledAnswer(Schema):
    """What was settled."""

    settled = whole("编号")


class OfferedAnswer(Schema):
    """What came of offering it again."""

    item = whole("编号")
    outcome = text(among=("taken", "refused", "due"))
    sentence = text("结果")
