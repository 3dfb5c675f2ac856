"""文书: the notices of a case as they are printed on A4, each true without a network.

    受理通知书 · 补正告知书 · 容缺受理通知书和承诺书 · 特别程序告知书
    不予受理通知书 · 不予许可（批准）决定书 · 送达回证

A paper says what its event said, on the day it was said; it may be printed again at any time.

Must not know: how a case is kept, what printers can do.
"""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from edge_node.desk.slip import clerk_of, qr_code
from edge_node.messages import _
from edge_node.station import Station, station_of_app
from sync.case_api.asking import asker
from sync.casework.name_offices import office_of
from sync.casework.name_redress import NOT_APPROVED
from sync.casework.read_case import read_case
from sync.casework.read_decision import DENIED
from sync.errors import NotFound
from sync.messages import N_
from sync.records.items import Limit
from sync.records.working_days import Unit
from sync.typed import Value


class Paper(Value):
    """A kind of paper: the event it tells of, what it is called, and the lines to be signed.

    decision  how the case has to stand decided; "" where no decision is told
    """

    name: str
    event: str
    title: str
    signatures: tuple[str, ...] = (N_("Applicant (or agent), received:"), N_("Office in charge (seal):"))
    decision: str = ""


ON_THE_SPOT = Limit(0, Unit.WORKING_DAYS)
PAPERS = (
    Paper("acceptance", "accepted", N_("Notice of acceptance")),
    Paper("notice", "supplement_asked", N_("Notice of what is to be supplemented")),
    Paper("tolerance", "tolerated", N_("Notice of acceptance with tolerance")),
    Paper(
        "promise",
        "tolerated",
        N_("Promise to supplement what was tolerated"),
        (N_("Promised by (signature, fingerprint):"), N_("Date:")),
    ),
    Paper("special", "special_started", N_("Notice of a special procedure")),
    Paper("refusal", "rejected", N_("Notice that it is not accepted")),
    Paper(
        "denial",
        "denied",
        N_("Decision not to approve"),
        (N_("Applicant (or agent), received:"), N_("Deciding office (seal), date:")),
        decision=DENIED,
    ),
    Paper(
        "delivery",
        "delivered",
        N_("Proof of delivery"),
        (N_("Received by, signature:"), N_("Delivered by, signature:")),
    ),
)


def papers_of(case: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, title) of the papers a case, as `read_case` tells it, has come to."""
    return [(one.name, _(one.title)) for one in PAPERS if _event_of(one, case)]


def print_paper(case_id: str, name: str) -> ResponseReturnValue:
    """One paper, to be printed; raises NotFound for one the case has not come to."""
    station = station_of_app()
    case = read_case(station.node, station.catalogue.items(), case_id, by=asker().actor)
    paper = next((one for one in PAPERS if one.name == name), None)
    event = _event_of(paper, case) if paper else None
    if paper is None or event is None:
        raise NotFound(_("The case has no such notice"))
    promise = case["clocks"]["promise"]
    fields = {one["name"]: one["value"] for one in case["fields"]}
    return render_template(
        "desk/print.html",
        case=case,
        paper=paper,
        event=event,
        office=office_of(station.node, case["station"], event["level"]),
        clerk=clerk_of(station, case, event),
        fields=fields,
        basis=_basis(station, case) if paper.decision else "",
        remedy=_remedy(fields, paper),
        on_the_spot=bool(promise) and promise["limit"] == ON_THE_SPOT.label,
        code=qr_code(case["receipt_number"]),
        copies=(_("for the applicant"), _("for the station")),
    )


def _event_of(paper: Paper, case: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The newest event a paper tells of; None where there is none, or where it is not what was decided."""
    if paper.decision and case["decision"] != paper.decision:
        return None
    return next((one for one in reversed(case["log"]) if one["type"] == paper.event), None)


def _basis(station: Station, case: Mapping[str, Any]) -> str:
    """设定依据 of the case's own version of its item; "" where it is not known here."""
    item = station.catalogue.item_of(case.get("item"), case.get("item_version"))
    return item.guide.basis if item else ""


def _remedy(fields: Mapping[str, Any], paper: Paper) -> str:
    """Where to turn, as it was said then; what was denied by a node of before said nothing."""
    return str(fields.get("remedy") or (_(NOT_APPROVED) if paper.decision else ""))
