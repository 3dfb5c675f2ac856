"""The shapes of what a station answers beside what every level does, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema, fields

from sync.case_api.answer_schemas import CaseRowAnswer, CustodyAnswer
from sync.case_api.status_schemas import NodeStatusAnswer, WaitingAnswer
from sync.node.lanes import Lane
from sync.people_api.answer_schemas import PersonRowAnswer
from sync.web.answer_shapes import flag, next_page, one, several, text, texts, whole

_LANES = tuple(lane.name.lower() for lane in Lane)


class ReceivedAnswer(Schema):
    """An application that was taken."""

    id = text("办件标识")
    receipt_number = text("收件号")
    received_at = text("收件时间")
    state = text("状态代码")
    state_name = text("状态")
    item_name = text("事项名称")
    person = text("申请人的人员标识，没有登记的为空")
    custody = one(CustodyAnswer)


class BundleReceivedAnswer(Schema):
    """The applications of a 一件事 that were taken."""

    bundle = text("一件事编码")
    bundle_name = text("一件事名称")
    bundle_number = text("共用的编号：第一件的收件号")
    applications = several(ReceivedAnswer)


class ItemRowAnswer(Schema):
    """An item in short."""

    code = text("事项编码")
    version = whole("版本")
    name = text("事项名称")
    department = text("主管部门")
    subjects = text("服务对象")
    village_role = text("村级职责：直 受 代 协 公开告知")
    decides = text("决定层级")
    statutory = text("法定时限")
    promise = text("承诺时限")
    on_the_spot = flag("即办件")
    takes_cases = flag("是否可以收件")
    topics = texts("主题")
    words = texts("群众的叫法")
    notice = text("示例说明")


class ItemListAnswer(Schema):
    """A page of items."""

    items = several(ItemRowAnswer)
    next = next_page()


class ItemMaterialAnswer(Schema):
    """A paper an item asks for."""

    name = text("材料名称")
    required = flag("必要")
    may_follow = flag("可容缺后补")
    necessity = text("必要性代码")
    copies = text("0 原件，1 复印件，2 原件和复印件")
    source = text("来源代码")
    source_text = text("来源")
    note = text("审查要点")


class FormFieldAnswer(Schema):
    """A field of an item's form."""

    name = text("填写时的名称")
    label = text("表单上的名称")
    kind = text("类型")
    required = flag("必填")
    max_length = whole("最多字数")
    choices = fields.List(fields.String(), metadata={"description": "可选的值"})


class GuidePartAnswer(Schema):
    """A part of a guide."""

    name = text()
    label = text()
    text = text()


class SpecialAnswer(Schema):
    """A special procedure of an item."""

    name = text()
    days = text()


class SituationAnswerAnswer(Schema):
    """An answer to a question of the 情形引导."""

    name = text("回答的代码")
    label = text("回答")
    materials = fields.Dict(
        keys=fields.String(),
        values=fields.String(allow_none=True),
        required=True,
        metadata={"description": "材料改为：0 必要，1 有则提交，2 可容缺后补，null 不要"},
    )
    fields_ = fields.Dict(
        data_key="fields",
        keys=fields.String(),
        values=fields.Boolean(allow_none=True),
        required=True,
        metadata={"description": "表单项改为：true 必填，false 选填，null 不填"},
    )
    item = text("应改办的事项编码，本事项的为空")
    note = text("说明")
    text = text("改了什么，没有改的为空")


class SituationAnswer(Schema):
    """A question of the 情形引导."""

    name = text("问题的代码")
    question = text("问题")
    usual = text("没有回答时按哪个回答办；空的必须回答")
    answers = several(SituationAnswerAnswer)


class ItemAnswer(ItemRowAnswer):
    """One item with its materials, its form and its guide."""

    materials = several(ItemMaterialAnswer)
    fields_ = fields.List(fields.Nested(FormFieldAnswer), data_key="fields", required=True)
    guide = several(GuidePartAnswer, "办事指南")
    special = several(SpecialAnswer, "特别程序")
    situations = several(SituationAnswer, "情形引导的问题")
    decided_by = text("决定机关")
    offline = text("断网时能办到哪一步", among=("full", "check", "inform"))
    offline_text = text()
    mark = text("数字的依据", among=("national", "place", "default"))
    mark_text = text()


class BundleItemAnswer(Schema):
    """An item of a bundle."""

    code = text("事项编码")
    name = text("事项名称")


class BundleAnswer(Schema):
    """一件事."""

    code = text("编码")
    version = whole("版本")
    name = text("名称")
    lead = text("牵头部门")
    mode = text("并联或串联", among=("parallel", "serial"))
    items = several(BundleItemAnswer)
    guide = several(GuidePartAnswer)
    notice = text()


class BundleListAnswer(Schema):
    """A page of 一件事."""

    bundles = several(BundleAnswer)
    next = next_page()


class FoundAnswer(Schema):
    """What a search found."""

    items = several(ItemRowAnswer)
    bundles = several(BundleAnswer)
    people = several(PersonRowAnswer)
    cases = several(CaseRowAnswer)


class MissAnswer(Schema):
    """What was looked for and not found."""

    times = whole("次数")
    last_at = text("最近一次")
    text = text("查找的内容")


class MissListAnswer(Schema):
    """A page of what was not found."""

    misses = several(MissAnswer, "次数多的在前")
    next = next_page()


class PhotoLaneAnswer(Schema):
    """How photos may use the link."""

    month = text("月份")
    spent_bytes = whole("本月已用")
    budget_bytes = whole("每月限额，0 为不限")
    quiet = flag("现在是安静时段")
    used_up = flag("限额已用完")
    shut = text("上级暂不收照片的原因")


class CatalogueAnswer(Schema):
    """How the catalogue stands."""

    release = whole("中心发布的期号")
    at_text = text("发布时间")
    items = whole("事项数")
    bundles = whole("一件事数")
    places = whole("区划数")
    unvouched = whole("没有中心签名、未采用的条数")
    by_hand = flag("由本站导入")
    calendar_years = fields.List(fields.Integer(), required=True)
    calendar_warning = text()


class ArrivedAnswer(Schema):
    """How many cases a hop has."""

    level = text()
    level_name = text()
    name = text()
    cases = whole()


class LaneAnswer(Schema):
    """One lane of the road."""

    lane = text(among=_LANES)
    name = text()
    unit = text()
    waiting = whole("等待", maybe=True)
    waiting_bytes = whole(maybe=True)
    told = whole("已送")
    told_bytes = whole()
    heard = whole("已收")
    heard_bytes = whole()
    bytes_per_second = whole("上行速度", maybe=True)
    seconds_left = whole("预计还要多少秒", maybe=True)
    left_text = text()
    last_success = text("最近一次成功", maybe=True)
    error = text("中断的原因")


class RunAnswer(Schema):
    """The run under way."""

    lane = text(among=_LANES)
    lane_name = text()
    bytes_done = whole()
    bytes_left = whole(maybe=True)
    percent = whole(maybe=True)
    bytes_per_second = whole(maybe=True)


class RoadAnswer(Schema):
    """The road up."""

    arrived = several(ArrivedAnswer)
    waiting = one(WaitingAnswer)
    lanes = several(LaneAnswer)
    run = one(RunAnswer, "正在进行的传送", maybe=True)
    last_contact = text("最近一次联系上级", maybe=True)
    error = text()
    next_run = text("下次联系", maybe=True)
    set_aside = whole()


class StationStatusAnswer(NodeStatusAnswer):
    """How a station stands."""

    photo_lane = one(PhotoLaneAnswer)
    catalogue = one(CatalogueAnswer)
    road = one(RoadAnswer)
