"""首页: what waits, what came last, what may be applied for, and calling the node above at once.

Must not know: how anything is counted.
"""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from edge_node.services.read_station import read_station
from edge_node.station import station_of_app
from sync.case_api.act_routes import STAFF
from sync.case_api.asking import asker
from sync.case_pages.pages import case_rows
from sync.casework.show_items import common_items

RECENT = 6
# 我的待办: states in which somebody at the station has something to do, by what it is.
_TO_DO = {
    "village": {"received": "待受理", "supplement_before": "待补正", "supplement": "受理后补正", "approved": "已准予"},
    "township": {"received": "待受理", "accepted": "待审查", "in_review": "审查中", "supplement": "受理后补正"},
}


def home() -> ResponseReturnValue:
    """The first page."""
    station = station_of_app()
    status = read_station(station.node, station.photo_meter, station.room)
    if asker().role not in STAFF:
        return render_template("desk/keeper.html", status=status)
    return render_template(
        "desk/home.html",
        status=status,
        figures=_figures(status),
        items=common_items(station.catalogue),
        items_count=len(station.catalogue.labels()),
        recent=case_rows(station.node, limit=RECENT)["cases"],
        show_station=status["level"] != "village",
    )


def call() -> ResponseReturnValue:
    """立即联系上级: a run by hand, which nobody waits for."""
    if station_of_app().courier.begin():
        flash("正在联系上级，照片也一起上报；过一会儿刷新本页看结果", "good")
    else:
        flash("正在联系上级，还没有结束；过一会儿刷新本页看结果", "info")
    return redirect(url_for("desk.home"), 303)


def _figures(status: dict[str, Any]) -> list[dict[str, Any]]:
    counts = {one["state"]: one["count"] for one in status["cases_by_state"]}
    states = _TO_DO.get(status["level"], _TO_DO["township"])
    return [{"state": state, "name": name, "count": counts.get(state, 0)} for state, name in states.items()]
