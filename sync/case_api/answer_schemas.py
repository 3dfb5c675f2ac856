"""The shapes of what is answered about cases, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema, fields

from sync.records.case_table_2 import CASE_2
from sync.records.events import LEVELS
from sync.web.answer_shapes import flag, next_page, one, several, text, texts, whole

_LIGHTS = ("green", "yellow", "red")
STATES = ("", *CASE_2.states)


class CustodyAnswer(Schema):
    """How far a case has come, in short."""

    reached = text("签收的最高一级，文档库连不上时为空", among=("", *LEVELS))
    materials_held = whole("那一级已有的照片张数")
    materials = whole("照片张数")
    sentence = text("屏幕上的说法，如：已到乡镇（材料 1/2）")


class HopAnswer(Schema):
    """One hop of the road."""

    level = text()
    level_name = text()
    name = text("节点名称")
    sid = text("站点编号")
    state = text("held 全部已收，records 照片未齐，none 未到", among=("held", "records", "none"))
    since = text("签收时间", maybe=True)
    materials_held = whole()
    materials = whole()
    safe_since = text("进入该级备份的时间", maybe=True)
    fell_back = flag("曾签收过，后来恢复了旧数据")


class TraceAnswer(CustodyAnswer):
    """How far a case has come, hop by hop."""

    hops = several(HopAnswer, "自下而上")


class ClockAnswer(Schema):
    """One clock of a case."""

    sentence = text("屏幕上的说法")
    light = text("绿 黄 红灯", among=_LIGHTS)
    standing = text(among=("not_started", "running", "paused", "stopped"))
    limit = text("时限，如：20 个工作日")
    due = text("最后一天", maybe=True)
    used = whole("已用", maybe=True)
    remaining = whole("剩余，逾期为负数", maybe=True)
    unit = text("W 工作日，N 自然日，H 小时")
    kept = flag("已办结的是否按时", maybe=True)


class ClockNoteAnswer(Schema):
    """Something else to be watched."""

    sentence = text()
    is_late = flag("是否已过期限")


class ClocksAnswer(Schema):
    """All clocks of a case."""

    now = one(ClockAnswer, "当前状态下计时的时限", maybe=True)
    answer = fields.Nested(ClockAnswer, allow_none=True)
    promise = fields.Nested(ClockAnswer, allow_none=True)
    statutory = fields.Nested(ClockAnswer, allow_none=True)
    deemed_accepted = fields.Boolean(metadata={"description": "逾期未答复，视为受理"})
    accepted_on = fields.String(allow_none=True)
    notes = fields.List(fields.Nested(ClockNoteAnswer))


class HeldAnswer(Schema):
    """How many photos are here."""

    held = whole("本机已有的照片张数")
    photos = whole("照片张数")


class CaseRowAnswer(Schema):
    """A case of a list, people masked."""

    id = text("办件标识")
    receipt_number = text("收件号")
    case_number = text("办件编号，中心编号以前为空")
    received_at = text("收件时间")
    state = text("状态代码")
    state_name = text("状态")
    item = text("事项编码")
    item_name = text("事项名称")
    applicant = text("申请人，已脱敏")
    station = text("收件站点")
    station_name = text()
    disputes = whole("争议数")
    assignee = text("经办人的账号，没有经办人的为空")
    turn = text("轮到哪一级办，不用办的为空")
    due = text("最近的期限，如 2026-12-20；没有期限或者尚未算出的为 null", maybe=True)
    materials = one(HeldAnswer)
    custody = one(CustodyAnswer)
    time = one(ClockAnswer, "当前时限", maybe=True)


class CaseListAnswer(Schema):
    """A page of cases."""

    cases = several(CaseRowAnswer, "新的在前")
    next = next_page()


class FieldAnswer(Schema):
    """A field of the form as it was filled in, masked."""

    name = text()
    label = text("表单上的名称")
    value = fields.Raw(required=True, metadata={"description": "填写内容，已脱敏"})


class PhotoAnswer(Schema):
    """A photo of a paper."""

    number = whole("照片序号，从 1 起")
    type = text("媒体类型")
    size = whole("字节数")
    held = flag("本机是否已有")


class PaperAnswer(Schema):
    """A paper handed in."""

    name = fields.String()
    kind = fields.String()
    copies = fields.Integer()
    on_file = fields.String(metadata={"description": "免交：用的是哪一件里交来的"})
    photos = several(PhotoAnswer)


class LogAnswer(Schema):
    """One act in the log."""

    type = text("办理动作代码")
    name = text("办理动作")
    at = text("时间")
    clock = text("时间是否可信", among=("heard", "confirmed", "doubtful"))
    by = text("账号")
    level = text()
    level_name = text()
    note = text("说明")
    said = texts("逐条说明")


class SideAnswer(Schema):
    """One side of a dispute."""

    side = text("甲、乙……")
    event = text("裁定时填的标识")
    value = text("该方的填写")
    by = text()
    level = text()
    level_name = text()
    at = text()
    stands = flag("目前以此为准")


class DisputeAnswer(Schema):
    """A dispute."""

    field = text("填写项")
    label = text()
    sides = several(SideAnswer)


class RequestAnswer(Schema):
    """A withdrawal that came too late."""

    event = text()
    type = text()


class ActAnswer(Schema):
    """What may be done next."""

    type = text("办理动作代码")
    name = text("办理动作")


class ParkedAnswer(Schema):
    """An edit that waits."""

    name = text("办理动作")
    by = text()
    at = text()


class BundleCaseAnswer(Schema):
    """One of the cases of a 一件事."""

    id = text("办件标识")
    item_name = text("事项名称")
    receipt_number = text("收件号")


class SparedAnswer(Schema):
    """What the citizen did not have to tell and to bring again."""

    filled = whole("预填了几项")
    waived = whole("免交几份")
    sentence = text("屏幕上的说法，没有的为空")


class ToldSituationAnswer(Schema):
    """An answer of the 情形引导 with which a case was taken."""

    name = text("问题的代码")
    question = text("问题")
    answer = text("回答的代码")
    label = text("回答")


class CaseAnswer(Schema):
    """One case."""

    id = text("办件标识")
    version = text("办到了哪一步的标识，也在 ETag 中")
    station = text("收件站点")
    station_name = text()
    state = text("状态代码")
    state_name = text("状态")
    clock = text("计时状态")
    applicant = text("申请人，已脱敏")
    item = fields.String()
    item_version = fields.Integer()
    item_name = fields.String()
    receipt_number = fields.String()
    case_number = fields.String()
    received_at = fields.String()
    channel = fields.String()
    applicant_source = fields.String(metadata={"description": "姓名和号码的来源：card camera hand"})
    bundle = fields.String()
    bundle_name = fields.String()
    bundle_number = fields.String()
    bundle_cases = fields.List(fields.Nested(BundleCaseAnswer))
    promise = fields.String()
    statutory = fields.String()
    village_role = fields.String()
    deciding_level = fields.String()
    on_the_spot = fields.Boolean()
    tolerable = fields.Boolean()
    station_may_reject = fields.Boolean()
    gaps = fields.Raw(metadata={"description": "补正告知中的缺项"})
    special_days = fields.Raw(metadata={"description": "特别程序的天数"})
    special_unit = fields.Raw(metadata={"description": "特别程序的时间单位"})
    fields_ = fields.List(fields.Nested(FieldAnswer), data_key="fields", required=True)
    person = fields.String(metadata={"description": "申请人的人员标识，没有登记的不写"})
    prefilled = fields.List(fields.String(), metadata={"description": "从人员登记预填的各项"})
    situations = several(ToldSituationAnswer, "收件时情形引导的回答")
    materials = several(PaperAnswer)
    signed_papers = texts("办理中签过字的纸质材料")
    unfiled_papers = texts("其中还没有存照片的")
    spared = one(SparedAnswer, "少填少报")
    log = several(LogAnswer, "办理经过，旧的在前")
    requests = several(RequestAnswer)
    disputes = several(DisputeAnswer)
    acts = several(ActAnswer, "本级此时可办的动作")
    understood = flag("本机程序能否看懂全部内容")
    parked_edits = several(ParkedAnswer)
    custody = one(CustodyAnswer)
    clocks = one(ClocksAnswer)
    late_gaps = texts("一次性告知不到位的情形")


class DoneAnswer(Schema):
    """What was done to a case."""

    id = text("办件标识")
    receipt_number = text("收件号")
    act = text("办理动作代码")
    act_name = text("办理动作")
    state = text("办理后的状态代码")
    state_name = text("办理后的状态")


class IdentityAnswer(Schema):
    """The fields unmasked."""

    id = text("办件标识")
    fields_ = fields.Dict(data_key="fields", keys=fields.String(), values=fields.String(), required=True)
