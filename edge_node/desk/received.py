"""It is received: the page before 收件回执.

Must not know: how a case is kept, what a slip says.
"""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from edge_node.messages import _
from edge_node.station import Station, station_of_app
from sync.case_api.asking import asker
from sync.case_pages.words import hops_of
from sync.casework.read_case import look_at_case, tell_case
from sync.casework.trace_custody import trace_custody
from sync.papers.prints import code_for_applicant
from sync.records.log import Record


def received(case_id: str) -> ResponseReturnValue:
    """It is received: the number to be read aloud, and the way to the slip."""
    station = station_of_app()
    record, case = _read(station, case_id)
    custody = trace_custody(station.node, case_id)
    own = station.node.identity.sid
    at = str(case.get("received_at", "")) if case["station"] == own else ""
    hops = hops_of(custody, own_sid=own, received_at=at)
    others = [one["id"] for one in case.get("bundle_cases", ()) if one["id"] != case_id]
    taken = [(record, case), *(_read(station, one) for one in others)]
    told = [one for one in (_told(each) for _record, each in taken) if one["gaps"]]
    codes = [(each["receipt_number"], code_for_applicant(one)) for one, each in taken]
    return render_template("desk/received.html", case=case, hops=hops, codes=codes, told=told)


def _read(station: Station, case_id: str) -> tuple[Record, dict[str, Any]]:
    """A case as it is kept, and as it is told."""
    by = asker().actor
    record = look_at_case(station.node, case_id, by=by)
    return record, tell_case(station.node, station.catalogue.items(), record, by=by)


def _told(case: Mapping[str, Any]) -> dict[str, Any]:
    """What was told as missing with a case, paper by paper."""
    asked = case.get("gaps") if case["state"] == "supplement_before" else ()
    gaps = [_("%(name)s: %(sentence)s", name=one["material"], sentence=one["what"]) for one in asked or ()]
    return {"id": case["id"], "item_name": case["item_name"], "gaps": gaps}
