"""预警通知 at the desk: banners above every page of those who have not read them, and a page of all that hold.

    GET   /alerts                  what holds and concerns this station
    POST  /alerts/<code>/reading   已阅

Must not know: how alerts come here.
"""

import logging
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.station import station_of_app
from sync.case_api.asking import asker
from sync.case_api.attention_routes import LOOKERS
from sync.casework.list_alerts import alerts_here, read_alert
from sync.errors import SyncError
from sync.web.frame import own_path

_log = logging.getLogger(__name__)


def banners() -> dict[str, Any]:
    """For a page: {"banners": what whoever is signed in has not read}; a page is drawn whatever is wrong with it."""
    account = g.get("account")
    if account is None or account.must_change or account.role not in LOOKERS:
        return {}
    try:
        here = alerts_here(station_of_app().node, by=account.actor)
    except SyncError as error:
        _log.warning("the banners are left out: %s", type(error).__name__)
        return {}
    return {"banners": [_banner(one) for one in here if one["read_at"] is None]}


def _banner(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "reading": url_for("desk.alert_read", code=one["code"])}


def alerts_page() -> ResponseReturnValue:
    """What holds, read or not."""
    return render_template("desk/alerts.html", alerts=alerts_here(station_of_app().node, by=asker().actor))


def alert_read(code: str) -> ResponseReturnValue:
    """已阅, and back to where one was."""
    read_alert(station_of_app().node, code, by=asker().actor)
    back = request.form.get("back", "")
    return redirect(own_path(back) if back else url_for("desk.alerts"), 303)
