"""文书: the notices of a case as they are printed on A4, each true without a network.

    受理通知书 · 补正告知书 · 容缺受理通知书和承诺书 · 不予受理通知书 · 送达回证

A paper says what its event said, on the day it was said; it may be printed again at any time.

Must not know: how a case is kept, what printers can do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from edge_node.desk.slip import qr_code
from edge_node.station import station_of_app
from sync.case_api.asking import asker
from sync.casework.read_case import read_case
from sync.errors import NotFound


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper: the event it tells of, what it is called, and the lines to be signed."""

    name: str
    event: str
    title: str
    signatures: tuple[str, ...] = ("申请人（代办人）签收：", "经办单位（盖章）：")


PAPERS = (
    Paper("acceptance", "accepted", "受理通知书"),
    Paper("notice", "supplement_asked", "补正告知书"),
    Paper("tolerance", "tolerated", "容缺受理通知书"),
    Paper("promise", "tolerated", "容缺补正承诺书", ("承诺人签字（按指印）：", "日期：")),
    Paper("refusal", "rejected", "不予受理通知书"),
    Paper("delivery", "delivered", "送达回证", ("签收人签字：", "送达人签字：")),
)


def papers_of(case: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, title) of the papers a case, as `read_case` tells it, has come to."""
    happened = {event["type"] for event in case["log"]}
    return [(one.name, one.title) for one in PAPERS if one.event in happened]


def print_paper(case_id: str, name: str) -> ResponseReturnValue:
    """One paper, to be printed; raises NotFound for one the case has not come to."""
    station = station_of_app()
    case = read_case(station.node, station.catalogue.items(), case_id, by=asker().actor)
    paper = next((one for one in PAPERS if one.name == name), None)
    event = next((one for one in reversed(case["log"]) if paper and one["type"] == paper.event), None)
    if paper is None or event is None:
        raise NotFound("这件办件没有这份文书")
    fields = {one["name"]: one["value"] for one in case["fields"]}
    return render_template(
        "desk/print.html",
        case=case,
        paper=paper,
        event=event,
        fields=fields,
        code=qr_code(case["receipt_number"]),
        copies=("申请人留存", "站点留存"),
    )
