"""The shapes of what is answered about bags of papers, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema, fields

from sync.case_api.answer_schemas import ActAnswer
from sync.records.handover_table import HANDOVER_2
from sync.web.answer_shapes import flag, next_page, several, text, whole

_WHERE = ("station", "packed", "on_the_way", "township", "missing")


class LoosePaperAnswer(Schema):
    """A paper that is to go into a bag."""

    key = text("装袋时写的标识")
    case = text("办件标识")
    receipt_number = text("收件号")
    material = text("材料名称")
    kind = text("original 原件，copy 复印件，没有注明的为空")
    copies = whole("份数")
    item_name = text("事项名称")
    applicant = text("申请人，已脱敏")
    received_at = text("收件时间")


class LoosePapersAnswer(Schema):
    """What is to go into bags."""

    papers = several(LoosePaperAnswer, "先收的在前")
    next = next_page()


class PlacedPaperAnswer(Schema):
    """Where a paper is."""

    material = text("材料名称")
    where = text("在哪里", among=_WHERE)
    sentence = text("屏幕上的说法，如：在途，交接单 01-0003-K")
    bag = text("哪一张交接单，没有装过袋的为空")
    short_number = text("交接单号末几位")


class PlacedPapersAnswer(Schema):
    """Where the papers of a case are."""

    papers = several(PlacedPaperAnswer)


class BagDoneAnswer(Schema):
    """A bag after something was done with it."""

    id = text("交接单标识")
    bag_number = text("交接单号")
    short_number = text("交接单号末几位")
    papers = whole("材料份数")
    state = text("状态代码", among=tuple(HANDOVER_2.states))
    state_name = text("状态")


class BagRowAnswer(Schema):
    """A bag of a list."""

    id = text("交接单标识")
    bag_number = text("交接单号")
    short_number = text("交接单号末几位")
    station = text("装袋的站点编号")
    station_name = text("装袋的站点")
    packed_at = text("装袋时间")
    state = text("状态代码")
    state_name = text("状态")
    papers = whole("材料份数")
    missing = whole("缺几份")


class BagListAnswer(Schema):
    """A page of bags."""

    bags = several(BagRowAnswer, "新的在前")
    next = next_page()


class BagPaperAnswer(Schema):
    """A paper on the list of a bag."""

    place = whole("清单上的第几份，从 1 起")
    case = text("办件标识")
    receipt_number = text("收件号")
    material = text("材料名称")
    kind = text("original 原件，copy 复印件，没有注明的为空")
    kind_name = text("原件、复印件或纸质")
    copies = whole("份数")
    item_name = text("事项名称，办件还没有到本机的为空")
    applicant = text("申请人，已脱敏")
    known = flag("办件是否已到本机")
    missing = flag("是否缺这一份")


class BagLogAnswer(Schema):
    """One act in the log of a bag."""

    type = text("操作代码")
    name = text("操作")
    at = text("时间")
    by = text("账号")
    level = text()
    level_name = text()
    names = text("签字的人")
    note = text("说明")


class BagAnswer(Schema):
    """One bag with its list."""

    id = text("交接单标识")
    version = text("办到了哪一步的标识，也在 ETag 中")
    bag_number = text("交接单号")
    short_number = text("交接单号末几位")
    station = text("装袋的站点编号")
    station_name = text("装袋的站点")
    state = text("状态代码")
    state_name = text("状态")
    packed_at = text("装袋时间")
    papers = several(BagPaperAnswer, "清单")
    missing = fields.List(fields.Integer(strict=True), required=True, metadata={"description": "缺的是清单上的第几份"})
    giver_name = text("交出人")
    carrier_name = text("带件人")
    taker_name = text("接收人")
    bringer_name = text("送到时的带件人")
    finder_name = text("补到时的接收人")
    returner_name = text("退回人")
    log = several(BagLogAnswer, "经过，旧的在前")
    acts = several(ActAnswer, "本级此时可办的操作")
    understood = flag("本机程序能否看懂全部内容")
    code = text("二维码的内容：交接单号和标识")
