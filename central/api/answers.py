"""The shapes of what the centre answers beside what every level does, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema

from sync.case_api.status_schemas import CountAnswer, NodeStatusAnswer
from sync.web.answer_shapes import flag, next_page, one, several, text, texts, whole


class BacklogAnswer(Schema):
    """What the centre still lacks of a station."""

    events = whole("缺的办理步骤")
    photos = whole("缺的照片")


class StationRowAnswer(Schema):
    """A station of the list."""

    sid = text("站点编号")
    name = text("名称")
    region = text("行政区划代码")
    level = text()
    level_name = text()
    parent = text("上级站点编号")
    parent_name = text("上级站点")
    registered_at = text("登记时间")
    enrolled = flag("已有设备获得认证")
    last_heard = text("最近一次收到", maybe=True)
    last_heard_text = text()
    silent = flag("失联")
    clock_offset_ms = whole("时钟快多少毫秒", maybe=True)
    clock_offset_text = text()
    cases = whole("办件数")
    cases_by_state = several(CountAnswer)
    backlog = one(BacklogAnswer)
    set_aside = whole("未能收下的文件")
    alarms = whole("告警")


class StationListAnswer(Schema):
    """A page of stations."""

    stations = several(StationRowAnswer)
    next = next_page()


class DeviceAnswer(Schema):
    """A device code given out."""

    device = text("设备码")
    given_at = text("发放时间")
    used_at = text("使用时间", maybe=True)
    writer = text("使用它的密钥标识", maybe=True)


class StationAnswer(StationRowAnswer):
    """One station with its devices."""

    devices = several(DeviceAnswer)


class CodeAnswer(Schema):
    """A code that was given out."""

    sid = text("站点编号")
    name = text("名称")
    region = text("行政区划代码")
    level = text()
    parent = text("上级站点编号")
    parent_name = text("上级站点")
    device = text("设备码")
    code = text("注册码，只在这次应答中出现")


class BackupAnswer(Schema):
    """The newest backup."""

    at = text("时间", maybe=True)
    file = text("文件名")
    trouble = text("出了什么问题")
    text = text("多久以前")


class StationCountsAnswer(Schema):
    """How many stations."""

    registered = whole("已登记")
    enrolled = whole("已认证")
    silent = whole("失联")
    behind = whole("有积压")


class CentreStatusAnswer(NodeStatusAnswer):
    """How the centre stands."""

    backup = one(BackupAnswer)
    stations = one(StationCountsAnswer)


class MissedWordAnswer(Schema):
    """A word that was looked for at stations and not found."""

    times = whole("查了多少次")
    stations = whole("多少个站点")
    station_names = texts("其中几个站点")
    since = text("最早是哪一天")
    last_day = text("最近是哪一天")
    item = text("现在用它能查到的事项，查不到的为空")
    text = text("说法")


class MissedWordListAnswer(Schema):
    """A page of words."""

    words = several(MissedWordAnswer, "次数多的在前")
    next = next_page()
