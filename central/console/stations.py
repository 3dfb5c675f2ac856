"""The stations as a supervisor sees them: a page of them, of those he looks for, and one.

Must not know: how a station is heard.
"""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from central.centre import centre_of_app
from central.fan_in.standing import Way
from central.fan_in.stations import counted_page, read_station
from central.messages import _
from central.services.read_centre import read_centre
from sync.case_pages.forms import new_key
from sync.messages import N_

_ROWS = 50
_LONGEST = 100
_WAYS: Mapping[str, str] = {
    Way.SILENT: N_("silent"),
    Way.BEHIND: N_("with a backlog"),
    Way.UNUSED: N_("not in use yet"),
    Way.REVOKED: N_("revoked"),
}


def listed() -> ResponseReturnValue:
    """A page of stations, narrowed by `way` and `named`; what makes no sense narrows nothing."""
    centre, asked = centre_of_app(), request.args
    days, way, named = centre.settings.silent_days, asked.get("way", ""), " ".join(asked.get("named", "").split())
    chosen = {"way": way if way in _WAYS else "", "named": named[:_LONGEST]}
    cursor = asked.get("cursor", "")[:_LONGEST]
    page, counts = counted_page(
        centre.node, silent_days=days, way=chosen["way"], q=chosen["named"], cursor=cursor, limit=_ROWS
    )
    return render_template(
        "console/stations.html",
        stations=[{**row, "standing": standing(row)} for row in page["stations"]],
        next=page["next"],
        is_first=not cursor,
        chosen={name: value for name, value in chosen.items() if value},
        ways=[("", _("All")), *((way, _(message)) for way, message in _WAYS.items())],
        status=read_centre(centre.node, centre.room, counts),
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
