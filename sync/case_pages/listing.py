"""The list of cases: a search box, filters with their tags, counts that are links, rows page by page.

    GET  /cases

A number that fits exactly one case opens it, so that a barcode gun, which types and presses Enter, needs nothing else.

Must not know: how cases are kept, what else the pages about cases are.
"""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker
from sync.case_api.record_acts import STAFF
from sync.case_pages.filters import SORTS, Filters, Known, read_filters, tags_of, who_choices
from sync.case_pages.words import LISTED_STATES, arrival, colleagues
from sync.casework.count_due import count_due, count_in_dispute, count_waiting_edits
from sync.casework.describe_case import state_name
from sync.casework.list_assignees import Assignee, list_assignees
from sync.casework.list_cases import list_cases
from sync.casework.locate_case import case_numbered
from sync.casework.name_stations import station_names
from sync.casework.narrow_cases import account_at, narrow_cases
from sync.errors import BadRequest
from sync.messages import _
from sync.node.lists.case_list import ALL, DUE, RECEIVED, Narrow
from sync.node.node import Node
from sync.node.sharing import held_among
from sync.records.missed_words import is_number_of_a_person
from sync.store.ledger.case_queue import items_of_cases
from sync.web.accounts import Accounts
from sync.web.sessions import signed_in

ROWS = 20
_MOST_STATIONS = 200  # in a select
_MOST_ITEMS = 300  # in a select; of those that have cases here


def add_listing(blueprint: Blueprint, node: Node, accounts: Accounts, *, stations_page: str = "") -> None:
    """Give the pages about cases this one.

    stations_page  endpoint of the page where one of many stations is looked for
    """

    def listed() -> ResponseReturnValue:
        typed = request.args.get("q", "")
        if is_number_of_a_person(typed):
            return redirect(url_for("case_pages.list", refused="number"), 303)  # no address or history repeats it
        found = case_numbered(node, typed)
        if found:
            return redirect(url_for("case_pages.case", case_id=found), 303)
        known = _known(node, accounts, request.args.get("station", ""))
        return _page(node, known, read_filters(request.args, known), stations_page=stations_page)

    blueprint.add_url_rule("/cases", "list", signed_in(*STAFF)(listed))


def case_rows(
    node: Node, narrow: Narrow = ALL, *, order: str = RECEIVED, cursor: str = "", limit: int = ROWS
) -> dict[str, Any]:
    """A page of the list, each row with `arrival` beside what the service tells."""
    page = list_cases(node, narrow, order=order, cursor=cursor, limit=limit)
    return {"cases": drawn_rows(node, page["cases"]), "next": page["next"]}


def drawn_rows(node: Node, cases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cases of a list or a search as `case_table` draws them: each with its `arrival`."""
    level = node.identity.level
    return [{**row, "arrival": arrival(row["custody"], own_level=level)} for row in cases]


def _page(node: Node, known: Known, filters: Filters, *, stations_page: str) -> ResponseReturnValue:
    cursor = request.args.get("cursor", "")
    narrow = narrow_cases(node, filters.wish(today=node.today().isoformat()), by=asker().actor)
    try:
        page = case_rows(node, narrow, order=filters.order, cursor=cursor)
    except BadRequest:
        return redirect(url_for("case_pages.list", **filters.without("")))
    return render_template(
        "cases/list.html",
        page=page,
        filters=filters,
        tags=tags_of(filters, known),
        lights=count_due(node, sid=filters.one("station")),
        disputed=count_in_dispute(node, sid=filters.one("station")),
        parked=count_waiting_edits(node, sid=filters.one("station")),
        states=[(code, state_name(code)) for code in LISTED_STATES],
        stations=[("", _("All stations")), *known.stations] if len(known.stations) > 1 else [],
        stations_page=stations_page if known.has_more_stations else "",
        items=[("", _("All items")), *known.items],
        people=who_choices(known),
        sorts=[(order, _(message)) for order, message in SORTS],
        by_due=filters.order == DUE,
        show_station=node.identity.level != "village",
        is_number="refused" in request.args and not filters.one("q"),
        is_first=not cursor,
    )


def _known(node: Node, accounts: Accounts, station: str) -> Known:
    """station  the one that is asked for: of so many that no select holds them it is the only one that is named"""
    own, labels = asker().name, node.catalogue.labels()
    items = node.read(lambda reader: items_of_cases(reader, limit=_MOST_ITEMS))
    names = station_names(node)
    are_many = len(names) > _MOST_STATIONS
    listed = [sid for sid in ([station] if are_many else names) if sid in names]
    stations = {sid: names[sid] for sid in held_among(node, listed)}
    assignees = [] if are_many and not stations else list_assignees(node, sid=station if are_many else "")
    return Known(
        tuple(sorted(stations.items(), key=lambda one: one[1])),
        tuple((code, labels[code].name if code in labels else code) for code in items),
        _people(node, accounts, own, assignees),
        has_more_stations=are_many,
    )


def _people(node: Node, accounts: Accounts, own: str, assignees: Iterable[Assignee]) -> tuple[tuple[str, str], ...]:
    """Colleagues first; then who else has cases here, each with the station, for names repeat from one to another."""
    here = node.identity.sid
    near = {account_at(name, here): called for name, called in colleagues(accounts, own)}
    others = [one for one in assignees if one.wish not in (*near, account_at(own, here))]
    return (
        *near.items(),
        *((one.wish, _("%(name)s (%(remark)s)", name=one.name, remark=one.station)) for one in others),
    )
