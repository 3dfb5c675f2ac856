"""收件回执: what the citizen takes home.

Every word of it is true without a network: number, time and papers are the record's own, and a
day is promised only where the working-day calendar reaches so far.

Must not know: how a case is kept, what printers can do.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sync.errors import NotFound
from sync.messages import N_, _
from sync.papers.print_notice import number_cell, paper_cell
from sync.papers.printed import Cell, Clerk, Handed, Line, Print
from sync.records.agents import AGENT, RELATION
from sync.records.clock import minute_text
from sync.records.items import Item, Material
from sync.records.receipt_number import short_number
from sync.records.situations import item_of_told
from sync.records.working_days import Calendar, due_day
from sync.typed import Value
from sync.values.json_text import objects_in

SLIP = "receipt"
TITLE = N_("Slip")

Case = Mapping[str, Any]


class Known(Value):
    """What stands on a slip beside the case itself.

    item        None where it is not known here;  calendar, by which a day is promised
    query_code  with what the citizen may ask for the case;  query_page, where a telephone asks, "" for nowhere
    """

    item: Item | None
    calendar: Calendar
    clerk: Clerk
    query_code: str
    query_page: str = ""


def print_slip(case: Case, known: Known) -> Print:
    """The slip of a case, as `read_case` tells it."""
    station = case["station_name"]
    return Print(
        name=SLIP,
        title=_(TITLE),
        heading=_("Slip of %(station)s (title)", station=station),
        office=station,
        at=str(case["received_at"]),
        code=case["receipt_number"],
        rows=tuple(_rows(case, known)),
        papers=tuple(
            Handed(
                str(paper.get("name", "")),
                paper["kind_name"],
                int(paper.get("copies") or 0),
                len(paper["photos"]),
            )
            for paper in case["materials"]
        ),
        lines=tuple(_lines(case, known)),
        signatures=(_("Applicant (or agent), signature:"), _("Station (seal):")),
        query_page=known.query_page,
    )


def _rows(case: Case, known: Known) -> Iterator[tuple[Cell, ...]]:
    clerk = known.clerk
    yield (number_cell(case["receipt_number"]),)
    keep = _("Keep it safe, progress is looked up with it")
    yield (Cell(_("Query code"), known.query_code, keep, "number", for_applicant=True),)
    yield (Cell(_("Item"), case.get("item_name", "")),)
    if bundle := bundle_sentence(case):
        yield (Cell(_("Bundle"), bundle),)
    yield Cell(_("Applicant"), case["applicant"]), paper_cell(case)
    agent, relation = (_field(case, name) for name in (AGENT, RELATION))
    if agent:
        called = _("%(name)s (%(remark)s)", name=agent, remark=relation) if relation else agent
        yield (Cell(_("Agent of the applicant"), called),)
    yield (
        Cell(_("Received at"), minute_text(str(case["received_at"])), look="tight"),
        Cell(_("Received by"), clerk.name, clerk.phone),
    )
    yield (Cell(_("Limit"), _("%(sentence)s.", sentence=_promise(case, known))),)


def _field(case: Case, name: str) -> str:
    return next((str(one["value"]) for one in case["fields"] if one["name"] == name), "")


def bundle_sentence(case: Case) -> str:
    """What was taken together with a case of a 一件事, itself among it; "" of any other case."""
    cases = objects_in(case.get("bundle_cases"))
    names = (
        _(
            "%(name)s (%(remark)s)",
            name=one.get("item_name", ""),
            remark=short_number(str(one.get("receipt_number", ""))),
        )
        for one in cases
    )
    if not cases:
        return ""
    return _(
        "%(bundle)s, %(number)s cases taken at one go: %(cases)s. Each has a slip and a query code of its own",
        bundle=case.get("bundle_name", ""),
        number=len(cases),
        cases=_(", ").join(names),
    )


def _lines(case: Case, known: Known) -> Iterator[Line]:
    station, phone = case["station_name"], known.clerk.phone
    if case["unfiled_papers"]:
        yield Line(_("To be filed: %(papers)s.", papers=_(", ").join(case["unfiled_papers"])))
    if case["authority_on_record"]:
        yield Line(_("%(sentence)s.", sentence=case["authority_on_record"]["sentence"]))
    lacking = _lacking(known.item, case)
    if lacking:
        papers = _(", ").join(_("%(name)s (%(remark)s)", name=one.name, remark=_remark(one)) for one in lacking)
        yield Line(_("Not handed in yet: %(papers)s.", papers=papers))
    asking = (
        _(
            "To look it up: with receipt number and query code on the self-service pages of %(station)s, without a "
            "network, too; once there is a case number, also with case number and query code; or telephone %(phone)s.",
            station=station,
            phone=phone,
        )
        if phone
        else _(
            "To look it up: with receipt number and query code on the self-service pages of %(station)s, without a "
            "network, too; once there is a case number, also with case number and query code.",
            station=station,
        )
    )
    yield Line(asking + _("Complaints and questions: hotline 12345."))
    yield Line(
        _(
            "This slip was made without a network; the case number comes once there is a link, and when it was "
            "received stays as it is."
        ),
        "strong",
    )
    if known.item:
        yield Line(_("Limits and materials: %(notice)s.", notice=known.item.notice), "fine")


def _lacking(item: Item | None, case: Case) -> list[Material]:
    handed = {paper.get("name", "") for paper in case["materials"]}
    asked_for = item_of_told(item, case["situations"]).materials if item else ()
    return [one for one in asked_for if one.name not in handed]


def _remark(one: Material) -> str:
    if one.may_follow:
        return _("may follow later")
    return _("necessary") if one.required else _("if there is one")


def _promise(case: Case, known: Known) -> str:
    """What is promised; no day while papers are waited for, on which its acceptance hangs."""
    limit = known.item.promise if known.item else None
    if limit is None or not limit.amount or case["state"] != "supplement_before":
        return promise_sentence(known.item, str(case["received_at"]), known.calendar)
    return _("We promise to settle it within %(limit)s of acceptance, which waits for the papers", limit=limit.label)


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
