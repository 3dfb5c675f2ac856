"""Acts that ask for more than a reason: each has its form, made into what the API takes and done as the API does it.

    容缺受理   which papers follow, and until when          补正告知   everything that is missing, paper by paper
    特别程序   what, on which basis, how long               送达      how, and who signed
    上报 转办 审核意见 代办记录 授权委托 待认可的修改 信息更正 争议 请求

Must not know: routes, templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from sync.case_pages.act_form import ActForm, Asked, Choices
from sync.casework.deliver_case import METHODS
from sync.casework.run_special import KINDS
from sync.errors import NotFound
from sync.records.case_table_2 import SEVEN_STEPS
from sync.records.events import LEVELS
from sync.records.form import Field
from sync.web.accounts import Role

_LEVEL_NAMES = {"township": "乡镇", "county": "县级部门", "centre": "中心"}
_UNITS: Choices = (("W", "个工作日"), ("N", "日"))
_SIGNED: Choices = (("signature", "本人签字"), ("fingerprint", "按指印"), ("witness", "不能书写，有见证人"))


def _sides(dispute: Mapping[str, Any]) -> Asked:
    def read(one: Mapping[str, Any]) -> str:
        return f"{one['side']}（{one['level_name']} {one['by']}）写“{one['value']}”"

    sides = [(one["event"], read(one)) for one in dispute["sides"]]
    return Asked(f"choices.{dispute['field']}", dispute["label"], kind="select", choices=(("", "暂不处理"), *sides))


def _texts(*names: str) -> Callable[[MultiDict[str, str]], dict[str, Any]]:
    return lambda form: {name: form.get(name, "").strip() for name in names}


def _due(form: MultiDict[str, str]) -> dict[str, Any]:
    return {"due": form.get("due", "").strip()} if form.get("due", "").strip() else {}


def _tolerance(form: MultiDict[str, str]) -> dict[str, Any]:
    return {"materials": form.getlist("materials"), **_due(form)}


def _notice(form: MultiDict[str, str]) -> dict[str, Any]:
    """Papers ticked, each with what is wrong; and each line of what else there is."""
    gaps = [
        {"material": name, "what": form.get(f"what.{name}", "").strip() or "没有提交"} for name in form.getlist("gaps")
    ]
    others = form.get("others", "").replace("\r", "").split("\n")
    return {"gaps": [*gaps, *({"what": line.strip()} for line in others if line.strip())], **_due(form)}


def _special(form: MultiDict[str, str]) -> dict[str, Any]:
    return {**_texts("kind", "basis")(form), "days": f"{form.get('days', '').strip()}{form.get('unit', 'W')}"}


# What people type into, by the kind of a form's field.
_INPUTS = {"phone": "tel", "date": "date", "long_text": "textarea", "choice": "select"}


def _corrected(asked: Field, shown: str) -> Asked:
    return Asked(
        f"fields.{asked.name}",
        asked.label,
        kind=_INPUTS.get(asked.kind, "text"),
        hint=f"现为：{shown}" if shown else "现在没有填写",
        choices=(("", "不改"), *((one, one) for one in asked.choices)) if asked.choices else (),
    )


def _correction(form: MultiDict[str, str]) -> dict[str, Any]:
    """The fields something was typed into; the others stay as they are."""
    typed = {name[7:]: text.replace("\r\n", "\n") for name, text in form.items() if name.startswith("fields.")}
    return {"fields": {name: text for name, text in typed.items() if text.strip()}}


FORMS = (
    ActForm(
        "tolerance",
        ("tolerated",),
        "容缺受理",
        lambda about: (
            Asked(
                "materials",
                "后补的材料",
                kind="boxes",
                choices=tuple((name, name) for name, handed, follows in about.papers if follows and not handed),
            ),
            Asked("due", "补齐期限", kind="date", hint="不填则为承诺办结日；到期没有补齐的，停止计时并告知"),
        ),
        _tolerance,
        hint="请申请人签写容缺补正承诺书，并当面说清：缺什么、什么时候补、不补的后果。",
    ),
    ActForm(
        "notice",
        ("supplement_asked",),
        "补正告知",
        lambda about: (
            Asked(
                "gaps", "缺少或者不合要求的材料", kind="gaps", choices=tuple((one[0], one[0]) for one in about.papers)
            ),
            Asked("others", "其他需要补正的内容", kind="textarea", hint="一行写一项"),
            Asked("due", "补正期限", kind="date", hint="不填则为 10 日"),
        ),
        _notice,
        hint="需要补正的内容请一次说全；以后再提本来就有的问题，会记为一次性告知不到位。",
    ),
    ActForm(
        "special",
        ("special_started",),
        "进入特别程序",
        lambda about: (
            Asked("kind", "程序", kind="select", required=True, choices=tuple((one, one) for one in KINDS)),
            Asked("basis", "依据", required=True, hint="法律、法规或实施清单的条款"),
            Asked("days", "天数", kind="number", required=True),
            Asked("unit", "单位", kind="select", choices=_UNITS),
        ),
        _special,
        hint="特别程序期间不计入办理时限，须书面告知申请人。",
    ),
    ActForm(
        "opinion",
        ("checked",),
        "审核意见",
        lambda about: (Asked("opinion", "意见", kind="textarea", required=True),),
        _texts("opinion"),
    ),
    ActForm(
        "forwarding",
        ("forwarded",),
        "上报",
        lambda about: (
            Asked(
                "to",
                "上报到",
                kind="select",
                required=True,
                choices=tuple((level, _LEVEL_NAMES[level]) for level in LEVELS[LEVELS.index(about.level) + 1 :]),
            ),
        ),
        _texts("to"),
    ),
    ActForm(
        "delivery",
        ("delivered",),
        "送达",
        lambda about: (
            Asked("method", "送达方式", kind="select", required=True, choices=tuple(METHODS.items())),
            Asked("receiver", "签收人", hint="公告送达的不填"),
        ),
        _texts("method", "receiver"),
        hint="请签收人在送达回证上签字。",
    ),
    ActForm(
        "passing",
        ("passed_on",),
        "转办",
        lambda about: (Asked("assignee", "转给", kind="select", required=True, choices=about.colleagues),),
        _texts("assignee"),
        needs_reason=True,
        hint="原经办人离线时所做的修改不会丢失，联网后等新经办人认可。",
    ),
    ActForm(
        "parked",
        ("parked_taken",),
        "待认可的修改",
        lambda about: (
            Asked(
                "take", "处理", kind="select", required=True, choices=(("true", "采纳这些修改"), ("false", "不采纳"))
            ),
        ),
        lambda form: {"take": form.get("take") == "true"},
        only_if="parked_edits",
    ),
    ActForm(
        "settlement",
        ("corrected", "settled"),
        "处理争议",
        lambda about: tuple(_sides(one) for one in about.disputes),
        lambda form: {"choices": {name[8:]: form[name] for name in form if name.startswith("choices.") and form[name]}},
        hint="两处填写不一致，互相都不知道。请核对后选择以哪一方为准；没有选的照旧。",
        only_if="disputes",
    ),
    ActForm(
        "correction",
        ("corrected",),
        "信息更正",
        lambda about: tuple(_corrected(*one) for one in about.fields),
        _correction,
        needs_reason=True,
        hint="只填要更正的项，不改的留空。更正前后的内容都留在办理记录里。",
    ),
    ActForm(
        "request-closing",
        ("request_closed",),
        "处理申请人的请求",
        lambda about: (),
        needs_reason=True,
        hint="决定作出以后申请人又要求撤回：决定有效，撤回作为请求，请写明怎样处理。",
        only_if="requests",
    ),
    ActForm(
        "authority",
        ("entrusted",),
        "授权委托",
        lambda about: (
            Asked("agent_name", "代办人姓名", required=True),
            Asked("agent_id_number", "代办人公民身份号码", required=True),
            Asked("scope", "委托事项和权限", required=True),
            Asked("until", "委托到哪天", kind="date", required=True),
            Asked("signed", "委托人签署方式", kind="select", required=True, choices=_SIGNED),
            Asked("witness_name", "见证人", hint="委托人不能签字的，由另一名代办员见证"),
        ),
        _texts("agent_name", "agent_id_number", "scope", "until", "signed", "witness_name"),
        hint="代办不收费；须有委托人签字或按指印的授权委托书。",
    ),
    ActForm(
        "step",
        ("walked",),
        "代办记录",
        lambda about: (
            Asked("step", "哪一步", kind="select", required=True, choices=tuple((one, one) for one in SEVEN_STEPS)),
        ),
        _texts("step"),
    ),
)


def forms_for(case: Mapping[str, Any], role: Role) -> list[ActForm]:
    """The forms a case, as `read_case` tells it, offers now: what state, item and level allow, and the role may do."""
    types = {act["type"] for act in case["acts"]}
    return [
        form
        for form in FORMS
        if types.intersection(form.events) and form.is_for(role) and (not form.only_if or case[form.only_if])
    ]


def form_named(act: str) -> ActForm:
    """The form of an act; raises NotFound when there is none by that name."""
    for form in FORMS:
        if form.act == act:
            return form
    raise NotFound("没有这个操作")
