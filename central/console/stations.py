"""The stations as a supervisor sees them: all of them, and one.

Must not know: how a station is heard.
"""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from central.centre import centre_of_app
from central.fan_in.stations import list_stations, read_station
from central.messages import _
from central.services.read_centre import read_centre
from sync.case_pages.forms import new_key


def listed() -> ResponseReturnValue:
    """Every station."""
    centre = centre_of_app()
    days = centre.settings.silent_days
    return render_template(
        "console/stations.html",
        stations=[{**row, "standing": standing(row)} for row in list_stations(centre.node, silent_days=days)],
        status=read_centre(centre.node, centre.room, silent_days=days),
        silent_days=days,
    )


def shown(sid: str) -> ResponseReturnValue:
    """One station."""
    return station_page(sid)


def station_page(sid: str, *, sentence: str = "") -> str:
    """The page of a station, with what was refused on it; raises NotFound."""
    centre = centre_of_app()
    station = read_station(centre.node, sid, silent_days=centre.settings.silent_days)
    return render_template(
        "console/station.html", station=station, standing=standing(station), key=new_key(), sentence=sentence
    )


def standing(row: dict[str, Any]) -> tuple[str, str]:
    """How a station stands, in a word, and how the word looks."""
    if row["revoked"]:
        return _("revoked"), "bad"
    if not row["enrolled"]:
        return _("not in use yet"), "waiting"
    if row["silent"]:
        return _("silent"), "bad"
    if any(row["backlog"].values()):
        return _("with a backlog"), "running"
    return _("normal"), "done"
