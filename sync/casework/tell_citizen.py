"""How a case stands, told to the citizen whose it is: in plain words, with what he has to do and by when.

No name beyond its mask, no number of a person, nothing that staff wrote for each other.

Must not know: who asks, how he proved that he may, how it is shown.
"""

from collections.abc import Mapping
from typing import Any

from sync.casework.describe_case import state_name
from sync.casework.name_stations import station_name
from sync.casework.read_clocks import clocks_of, current_clock
from sync.casework.trace_custody import trace_case
from sync.node.node import Node
from sync.records.fold import course
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.records.masks import mask_text, masked
from sync.records.notices import NOTICE, gaps_of

# {state: what it means for whoever waits}
_TOLD: Mapping[str, str] = {
    "received": "您的申请已经收下，正在等待受理。5 个工作日内会给您答复。",
    "supplement_before": "材料还不齐。请按下面写的补交，补齐以后继续办理。",
    "rejected": "这件申请没有受理。原因写在不予受理通知书上，不同意的可以申请行政复议或者提起行政诉讼。",
    "accepted": "已经受理，正在等待审查。",
    "tolerance": "已经先受理了。请在期限以前补交下面的材料。",
    "in_review": "正在审查，请您等待结果。",
    "special": "正在公示、勘验或者听证等，这段时间不算在办理时限里，结束以后继续审查。",
    "supplement": "审查中发现还缺材料。请按下面写的补交，补齐以后继续审查。",
    "approved": "审查已经通过，正在制作结果。",
    "denied": "审查没有通过。原因写在决定书上，不同意的可以申请行政复议或者提起行政诉讼。",
    "completed": "已经办完，请到收件的站点领取结果。",
    **dict.fromkeys(("delivered", "reviewed", "archived"), "已经办完，结果已经交给您。"),
    "withdrawn": "这件申请已经撤回，不再办理。需要时可以重新申请。",
    "returned": "这件申请已经退回，不再办理。材料备齐以后可以重新申请。",
    "terminated": "这件申请已经终止，不再办理。原因请到收件的站点询问。",
}
_ASK = "办理情况请到收件的站点询问。"
_WAITS_FOR_PAPERS = ("supplement_before", "supplement")


def tell_citizen(node: Node, case: Record) -> dict[str, Any]:
    """A case for the one it belongs to.

    returns  {"item_name", "applicant", "receipt_number", "case_number", "received_at", "station_name", "state",
             "state_name", "told", "missing": [sentence], "missing_due", "clock": {sentence, due, …} or None,
             "steps": [{"name", "at"}], "custody": as `trace_custody`}
    """
    fields = case.fields
    texts = {name: str(fields.get(name, "")) for name in ("item_name", "receipt_number", "case_number", "received_at")}
    missing, due = _missing(case)
    sid = sid_of(case.id)
    return {
        **texts,
        "applicant": masked("applicant_name", str(fields.get("applicant_name", ""))),
        "station_name": station_name(node, sid),
        "state": case.status,
        "state_name": state_name(case.status),
        "told": _TOLD.get(case.status, _ASK),
        "missing": missing,
        "missing_due": due,
        "clock": current_clock(clocks_of(node, case, node.catalogue.calendar()), case.status),
        "steps": _steps(case),
        "custody": trace_case(node, case),
    }


def _missing(case: Record) -> tuple[list[str], str]:
    """What he has to hand in, and the last day for it, "" where none was set."""
    if case.status in _WAITS_FOR_PAPERS:
        return _asked_for(case), str(case.fields.get("supplement_due", ""))
    if case.status == "tolerance":
        names = case.fields.get("tolerance_materials")
        papers = [mask_text(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
        return papers, str(case.fields.get("tolerance_due", ""))
    return [], ""


def _asked_for(case: Record) -> list[str]:
    """What the newest notice names: paper by paper, or in a sentence."""
    notice = next((event for event in reversed(case.events) if event.type == NOTICE), None)
    if notice is None:
        return []
    told = ["：".join(filter(None, (gap.material, gap.what))) for gap in gaps_of(notice)]
    return [mask_text(one) for one in (*told, notice.note) if one]


def _steps(case: Record) -> list[dict[str, str]]:
    """The states it went through, each with the time it began; nothing where this version cannot read the log."""
    steps: list[dict[str, str]] = []
    before = ""
    for stage in course(case.fold, case.type, case.events) if case.understood else ():
        if stage.status != before:
            steps.append({"name": state_name(stage.status), "at": stage.event.at})
        before = stage.status
    return steps
