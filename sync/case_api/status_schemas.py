"""The shapes of how a node stands, as every level tells it, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema

from sync.web.answer_shapes import flag, one, several, text, whole


class CountAnswer(Schema):
    """How many cases are in a state."""

    state = text("状态代码")
    state_name = text("状态")
    count = whole("件数")


class WaitingAnswer(Schema):
    """What waits for the node above."""

    events = whole("未确认的办理步骤")
    photos = whole("未确认的照片")


class DocumentsAnswer(Schema):
    """Where the documents are."""

    where = text(among=("directory", "couchdb"))
    address = text("文档库地址")
    trouble = text("连不上的原因")
    waiting = whole("等待写入")
    refused = whole("被拒绝")


class ContactAnswer(Schema):
    """The last contact with the node above."""

    at = text("时间", maybe=True)
    error = text("没连上的原因")
    text = text("多久以前")


class NodeClockAnswer(Schema):
    """How far the clock is to be believed."""

    quality = text(among=("heard", "confirmed", "doubtful"))
    quality_name = text()
    must_ask = flag("下次收件前须核对")
    reason = text()
    offset_ms = whole("上级时间快多少毫秒", maybe=True)
    offset_within_ms = whole("测量误差，毫秒", maybe=True)
    offset_text = text()


class ShortageAnswer(Schema):
    """Something that is running out."""

    level = text(among=("warn", "stop_blobs", "stop_photos"))
    station = text()
    text = text()


class RoomAnswer(Schema):
    """What is running out."""

    photos_refused = text("不收新照片的原因，照常收时为空")
    shortages = several(ShortageAnswer)


class NodeStatusAnswer(Schema):
    """How a node stands."""

    version = text("程序版本")
    sid = text("站点编号")
    name = text("节点名称")
    region = text("行政区划代码")
    level = text()
    level_name = text()
    writer = text("节点密钥标识")
    life = text()
    certified = flag("是否已由中心认证")
    device = text("设备码", maybe=True)
    upstream = text("上级地址")
    now = text("本机时间")
    cases = whole("办件数")
    cases_by_state = several(CountAnswer)
    set_aside = whole("未能收下的文件")
    alarms = whole("告警")
    let_go_bytes = whole("已放手的照片字节数")
    waiting = one(WaitingAnswer)
    documents = one(DocumentsAnswer)
    last_contact = one(ContactAnswer)
    clock = one(NodeClockAnswer)
    room = one(RoomAnswer)
