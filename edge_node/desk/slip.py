"""收件回执: what the citizen takes home, on paper, and the page before it.

Every word of it is true without a network: number, time and papers are the record's own, and a
day is promised only where the working-day calendar reaches so far.

Must not know: how a case is kept.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from edge_node.messages import _
from edge_node.station import Station, station_of_app
from sync.case_api.asking import asker
from sync.case_pages.words import doer, hops_of
from sync.casework.find_case import find_case
from sync.casework.name_people import people_on_road
from sync.casework.read_case import read_case
from sync.casework.trace_custody import trace_custody
from sync.errors import NotFound
from sync.records.applicant_paper import KIND, NUMBER
from sync.records.items import Item, Material
from sync.records.query_code import grouped, query_code
from sync.records.situations import item_of_told
from sync.records.working_days import Calendar, due_day
from sync.typed import Value

_QUIET_MODULES = 2  # paper around it is white anyway; four would shrink the rest


class Clerk(Value):
    """经办人: who did something at the desk, as paper names him; the telephone where it is known here, else ""."""

    name: str
    phone: str = ""


def received(case_id: str) -> ResponseReturnValue:
    """It is received: the number to be read aloud, and the way to the slip."""
    station = station_of_app()
    case = read_case(station.node, station.catalogue.items(), case_id, by=asker().actor)
    custody = trace_custody(station.node, case_id)
    own = station.node.identity.sid
    at = str(case.get("received_at", "")) if case["station"] == own else ""
    hops = hops_of(custody, own_sid=own, received_at=at)
    return render_template("desk/received.html", case=case, hops=hops, query_code=_query_code(station, case_id))


def slip(case_id: str) -> ResponseReturnValue:
    """The slip, two copies on two pages."""
    station = station_of_app()
    items = station.catalogue.items()
    case = read_case(station.node, items, case_id, by=asker().actor)
    item = items.get(str(case.get("item", "")))
    return render_template(
        "desk/slip.html",
        case=case,
        item=item,
        code=qr_code(case["receipt_number"]),
        query_code=_query_code(station, case_id),
        query_page=qr_code(address) if (address := _query_page(station, case["receipt_number"])) else None,
        paper=[one["value"] for name in (KIND, NUMBER) for one in case["fields"] if one["name"] == name],
        agent=clerk_of(station, case, next((event for event in case["log"] if event["type"] == "received"), None)),
        lacking=_lacking(item, case) if item else [],
        promise=promise_sentence(item, str(case["received_at"]), station.catalogue.calendar()),
        copies=(_("for the applicant"), _("for the station")),
    )


def _lacking(item: Item, case: Mapping[str, Any]) -> list[Material]:
    asked_for = item_of_told(item, case["situations"]).materials
    return [wanted for wanted in asked_for if wanted.name not in _handed(case)]


def _query_code(station: Station, case_id: str) -> str:
    """With what the citizen may ask for this case; on his own copy alone."""
    node = station.node
    return grouped(query_code(node.read(lambda reader: find_case(reader, node, case_id)).events))


def _query_page(station: Station, receipt_number: str) -> str:
    """Where a phone asks for it, "" where none reaches us. The number stands behind #, which no server is sent."""
    base = station.settings.citizen_url.rstrip("/")
    return f"{base}{url_for('citizen.progress')}#{receipt_number}" if base else ""


def qr_code(text: str) -> Markup:
    """A text as a QR code, an SVG to stand within a page."""
    # Here and not above: what draws codes is 0.7 MB, and is loaded when the first paper is printed.
    import segno

    code = segno.make_qr(text, error="m", boost_error=False)
    return Markup(code.svg_inline(border=_QUIET_MODULES, omitsize=True, svgclass=None, lineclass=None))


def promise_sentence(item: Item | None, received_at: str, calendar: Calendar) -> str:
    """What is promised about the day it will be done; no day where the calendar does not reach so far."""
    limit = item.promise if item else None
    if limit is None:
        return _("The local list is what counts for the limit")
    if limit.amount == 0:
        return _("On the spot: with complete materials it is settled as soon as it is accepted")
    sentence = _("We promise to settle it within %(limit)s of acceptance", limit=limit.label)
    try:
        due = due_day(calendar, datetime.fromisoformat(received_at), limit.amount, limit.unit)
    except NotFound:
        return sentence
    return _("%(sentence)s; if it is accepted today, expected by %(due)s", sentence=sentence, due=due)


def _handed(case: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(paper.get("name", "") for paper in case["materials"])


def clerk_of(station: Station, case: Mapping[str, Any], event: Mapping[str, Any] | None) -> Clerk:
    """Who did what an event of a case's log tells of; with the telephone, where he signs in here."""
    if event is None:
        return Clerk("")
    named = doer(event["by"], people_on_road(station.node, case["station"]), event["level"])
    if event["level"] == station.node.identity.level:
        with suppress(NotFound):
            return Clerk(named, station.accounts.find(event["by"]).phone)
    return Clerk(named)
