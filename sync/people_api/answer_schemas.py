"""The shapes of what is answered about people, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema, fields

from sync.case_api.answer_schemas import ActAnswer, CaseRowAnswer, CustodyAnswer
from sync.records.person_table import PERSON_2
from sync.web.answer_shapes import flag, next_page, one, several, text, texts, whole

_STANDINGS = ("stands", "withdrawn", "ended", "disputed")


class PersonRowAnswer(Schema):
    """A person of a list, masked."""

    id = text("人员标识")
    station = text("登记的站点编号")
    name = text("姓名，已脱敏")
    cert_kind = text("证件种类代码")
    cert_kind_name = text("证件种类")
    cert_number = text("证件号码，已脱敏")
    sex = text("性别")
    age = whole("周岁，不知道出生日期的为 null", maybe=True)
    phone = text("联系电话，已脱敏")
    household_role = text("与户主的关系代码，未入户的为空")
    household_role_name = text("与户主的关系")
    state = text("登记状态代码")
    state_name = text("登记状态")
    disputes = whole("争议数")


class PeopleListAnswer(Schema):
    """A page of people."""

    people = several(PersonRowAnswer, "按姓名读音排列")
    next = next_page()


class LookedUpAnswer(Schema):
    """Who is registered by a paper."""

    person = one(PersonRowAnswer, "没有登记的为 null", maybe=True)


class PersonFieldAnswer(Schema):
    """What is known of a person in one field, masked."""

    name = text("名称")
    label = text("屏幕上的名称")
    value = text("内容，已脱敏")
    verified = flag("是否核验过")


class RelationAnswer(Schema):
    """A relative."""

    person = text("亲属的人员标识")
    name = text("姓名，已脱敏")
    kind = text("关系代码")
    kind_name = text("关系")
    until = text("最后一天")
    means_name = text("同意方式")
    stands = flag("目前是否有效")


class NamedByAnswer(Schema):
    """Who names this person as a relative."""

    person = text("此人的人员标识")
    name = text("姓名，已脱敏")
    kind = text("关系代码：本人是其什么人")
    kind_name = text("关系")
    until = text("最后一天")
    stands = flag("目前是否有效")


class SignedPhotoAnswer(Schema):
    """A photo of a signed paper."""

    blob = text("照片的标识")
    size = whole("字节数")
    held = flag("是否在本机")


class ConsentAnswer(Schema):
    """A consent; `item` and `item_name` with 代办委托 alone."""

    kind = text("同意事项代码")
    kind_name = text("同意事项")
    state = text(among=_STANDINGS)
    state_name = text("是否有效")
    at = text("同意或撤回的时间")
    until = text("最后一天，没有期限的为空")
    means_name = text("同意方式")
    photos = several(SignedPhotoAnswer, "签字件的照片")
    unfiled = flag("签了字而签字件还没有拍照存档")
    item = fields.String()
    item_name = fields.String()
    agent = fields.String(metadata={"description": "受托人，已脱敏"})
    scope = fields.String()


class PersonLogAnswer(Schema):
    """One act in the log of a person."""

    type = text("操作代码")
    name = text("操作")
    at = text("时间")
    clock = text("时间是否可信", among=("heard", "confirmed", "doubtful"))
    by = text("账号")
    level = text()
    fields_ = fields.List(
        fields.String(), data_key="fields", required=True, metadata={"description": "改了哪几项，登记时为空"}
    )
    note = text("说明")


class PersonDisputeAnswer(Schema):
    """A field that two people set unseen by each other."""

    field = text("哪一项")
    label = text()
    values = texts("各方的填写，已脱敏")


class PersonAnswer(PersonRowAnswer):
    """One person, masked."""

    version = text("办到了哪一步的标识，也在 ETag 中")
    going_on_as = text("并入后以哪一条为准；没有并入的是本身")
    also = texts("并入本条的人员标识")
    same_paper = texts("以同一证件登记、没有合并的人员标识")
    household = several(PersonRowAnswer, "同一户的其他人")
    fields_ = fields.List(fields.Nested(PersonFieldAnswer), data_key="fields", required=True)
    relations = several(RelationAnswer, "亲情关系")
    named_by = several(NamedByAnswer, "把本人登记为亲属的人")
    consents = several(ConsentAnswer, "同意和授权，含并入本条的登记上的")
    log = several(PersonLogAnswer, "操作经过，旧的在前")
    fields_in_dispute = several(PersonDisputeAnswer, "更正一次即以更正为准")
    acts = several(ActAnswer, "本级此时可办的操作")
    understood = flag("本机程序能否看懂全部内容")
    custody = one(CustodyAnswer, "登记和签字件照片到了哪里")


class PersonCasesAnswer(Schema):
    """A person's cases."""

    cases = several(CaseRowAnswer, "新的在前，最多 100 件")


class OnFileAnswer(Schema):
    """A paper on file."""

    name = text("材料名称")
    case = text("在哪一件里交来的")
    receipt_number = text("那一件的收件号")
    handed_at = text("交来的时间")
    photos = whole("照片张数")


class PrefillAnswer(Schema):
    """What a form need not ask, in plain text, and papers that need not be brought."""

    fields_ = fields.Dict(
        data_key="fields",
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "可以预填的各项，明文"},
    )
    on_file = several(OnFileAnswer, "可以免交的材料")


class PersonDoneAnswer(Schema):
    """What was done to a person."""

    id = text("人员标识")
    act = text("操作代码")
    act_name = text("操作")
    state = text("操作后的登记状态代码", among=tuple(PERSON_2.states))
    state_name = text("操作后的登记状态")


class RegisteredAnswer(PersonDoneAnswer):
    """Who was registered."""

    warnings = texts("请核对的地方")
