"""Stations over HTTP: registered, listed, read, and given further codes.

    GET  /stations         every station;  GET /stations/<sid>, one with its devices
    POST /stations         register one: answers its enrolment code
    POST /stations/<sid>/codes    another code, for a second device, a new life, or a code that was lost

Must not know: how stations are kept.
"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from central.api.schemas import NothingSchema, StationSchema
from central.centre import centre_of_app
from central.fan_in.stations import list_stations, read_station
from central.services.enrol_station import enrol_again, enrol_station
from sync.case_api.asking import answered, asker, request_named, told
from sync.web.accounts import Role
from sync.web.bodies import load, read_object
from sync.web.sessions import signed_in

_LARGEST_BODY_BYTES = 4096

stations = Blueprint("stations", __name__)


@stations.get("/stations")
@signed_in(Role.SUPERVISOR, Role.ADMIN)
def listed() -> ResponseReturnValue:
    """Every station."""
    centre = centre_of_app()
    return told({"stations": list_stations(centre.node, silent_days=centre.settings.silent_days)})


@stations.get("/stations/<sid>")
@signed_in(Role.SUPERVISOR, Role.ADMIN)
def shown(sid: str) -> ResponseReturnValue:
    """One station with its devices."""
    centre = centre_of_app()
    return told(read_station(centre.node, sid, silent_days=centre.settings.silent_days))


@stations.post("/stations")
@signed_in(Role.SUPERVISOR)
def registered() -> ResponseReturnValue:
    """Register a station."""
    body = read_object(max_bytes=_LARGEST_BODY_BYTES)
    named = request_named(body)
    wanted = load(StationSchema(), body)
    return answered(enrol_station(centre_of_app().node, wanted, by=asker().actor, request=named))


@stations.post("/stations/<sid>/codes")
@signed_in(Role.SUPERVISOR)
def code_given(sid: str) -> ResponseReturnValue:
    """Give out another code."""
    body = read_object(max_bytes=_LARGEST_BODY_BYTES)
    named = request_named(body)
    load(NothingSchema(), body)
    return answered(enrol_again(centre_of_app().node, sid, by=asker().actor, request=named))
