"""文书: the notices of a case as they are printed on A4, each true without a network.

    受理通知书 · 补正告知书 · 容缺受理通知书和承诺书 · 不予受理通知书 · 送达回证

A paper says what its event said, on the day it was said; it may be printed again at any time.

Must not know: how a case is kept, what printers can do.
"""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from edge_node.desk.slip import clerk_of, qr_code
from edge_node.messages import _
from edge_node.station import station_of_app
from sync.case_api.asking import asker
from sync.casework.read_case import read_case
from sync.errors import NotFound
from sync.messages import N_
from sync.records.items import Limit
from sync.records.working_days import Unit
from sync.typed import Value


class Paper(Value):
    """A kind of paper: the event it tells of, what it is called, and the lines to be signed."""

    name: str
    event: str
    title: str
    signatures: tuple[str, ...] = (N_("Applicant (or agent), received:"), N_("Office in charge (seal):"))


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
    Paper("refusal", "rejected", N_("Notice that it is not accepted")),
    Paper(
        "delivery",
        "delivered",
        N_("Proof of delivery"),
        (N_("Received by, signature:"), N_("Delivered by, signature:")),
    ),
)


def papers_of(case: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, title) of the papers a case, as `read_case` tells it, has come to."""
    happened = {event["type"] for event in case["log"]}
    return [(one.name, _(one.title)) for one in PAPERS if one.event in happened]


def print_paper(case_id: str, name: str) -> ResponseReturnValue:
    """One paper, to be printed; raises NotFound for one the case has not come to."""
    station = station_of_app()
    case = read_case(station.node, station.catalogue.items(), case_id, by=asker().actor)
    paper = next((one for one in PAPERS if one.name == name), None)
    event = next((one for one in reversed(case["log"]) if paper and one["type"] == paper.event), None)
    if paper is None or event is None:
        raise NotFound(_("The case has no such notice"))
    promise = case["clocks"]["promise"]
    fields = {one["name"]: one["value"] for one in case["fields"]}
    return render_template(
        "desk/print.html",
        case=case,
        paper=paper,
        event=event,
        clerk=clerk_of(station, event),
        fields=fields,
        on_the_spot=bool(promise) and promise["limit"] == ON_THE_SPOT.label,
        code=qr_code(case["receipt_number"]),
        copies=(_("for the applicant"), _("for the station")),
    )
