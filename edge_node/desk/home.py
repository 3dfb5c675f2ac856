"""首页: what has to be done here, the most urgent first; what may be applied for, what came last; or the villages.

Must not know: how anything is counted.
"""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from edge_node.desk.drafts import draft_rows
from edge_node.messages import _
from edge_node.services.read_station import read_station
from edge_node.station import station_of_app
from sync.case_api.asking import asker
from sync.case_api.record_acts import STAFF
from sync.case_pages.listing import case_rows
from sync.casework.count_due import count_due, count_in_dispute, count_to_do, count_waiting_edits
from sync.casework.narrow_cases import HERE, MINE, Wish, narrow_cases
from sync.casework.see_villages import see_villages
from sync.casework.show_items import common_items
from sync.messages import N_
from sync.node.lists.case_list import DUE, Narrow
from sync.node.node import Node
from sync.papers.read_bag import count_bags

RECENT = 6
URGENT = {"village": 5, "township": 10}
# 我的待办: states that stand there though nobody waits in them, and what has to be done in each.
_ALWAYS = {
    "village": ("received", "supplement_before", "supplement", "completed"),
    "township": ("received", "accepted", "in_review", "approved"),
}
RECENT_DRAFTS = 3
_TO_DO = {
    "received": N_("to be accepted"),
    "supplement_before": N_("to be supplemented"),
    "supplement": N_("accepted, to be supplemented"),
    "tolerance": N_("tolerated, papers to follow"),
    "accepted": N_("to be examined"),
    "in_review": N_("in review"),
    "special": N_("special procedure"),
    "approved": N_("approved, to be completed"),
    "denied": N_("denied, to be completed"),
    "completed": N_("to be delivered"),
}


def home() -> ResponseReturnValue:
    """The first page."""
    station = station_of_app()
    node = station.node
    status, level = read_station(node, station.photo_meter, station.room), node.identity.level
    if asker().role not in STAFF:
        return render_template("desk/keeper.html", status=status)
    drafts = station.drafts.listed(asker().name)
    return render_template(
        "desk/home.html",
        status=status,
        figures=_figures(node),
        lights=count_due(node),
        disputed=count_in_dispute(node),
        parked=count_waiting_edits(node),
        urgent=case_rows(node, _mine(node), order=DUE, limit=URGENT.get(level, RECENT))["cases"],
        bags=count_bags(node),
        villages=see_villages(node) if level == "township" else None,
        drafts=draft_rows(station, drafts[:RECENT_DRAFTS]),
        drafts_count=len(drafts),
        items=common_items(station.catalogue),
        items_count=len(station.catalogue.labels()),
        recent=case_rows(node, limit=RECENT)["cases"] if level == "village" else None,
        show_station=level != "village",
    )


def call() -> ResponseReturnValue:
    """立即联系上级: a run by hand, which nobody waits for."""
    if station_of_app().courier.begin():
        flash(
            _("Calling the level above, photos are sent, too; load this page again after a while to see the result"),
            "good",
        )
    else:
        flash(
            _("Calling the level above, it is still going on; load this page again after a while to see the result"),
            "info",
        )
    return redirect(url_for("desk.home"), 303)


def _mine(node: Node) -> Narrow:
    """What somebody here has to do: his own, and what nobody was given."""
    return narrow_cases(node, Wish(turn=HERE, assignee=MINE), by=asker().actor)


def _figures(node: Node) -> list[dict[str, Any]]:
    counts = count_to_do(node, by=asker().actor)
    always = _ALWAYS.get(node.identity.level, _ALWAYS["township"])
    states = [state for state in _TO_DO if state in always or counts.get(state)]
    return [{"state": state, "name": _(_TO_DO[state]), "count": counts.get(state, 0)} for state in states]
