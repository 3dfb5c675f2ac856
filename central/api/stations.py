"""Stations over HTTP: registered, listed, read, given further codes; their devices revoked and reinstated.

    GET  /stations         a page of them;  GET /stations/<sid>, one with its devices
    POST /stations         register one: answers its enrolment code
    POST /stations/<sid>/codes    another code, for a second device, a new life, or a code that was lost
    POST /stations/<sid>/devices/<device>/revocation, …/reinstatement

Must not know: how stations are kept.
"""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from central.api.schemas import RevocationSchema, StationSchema, StationsSchema
from central.centre import centre_of_app
from central.fan_in.stations import page_of_stations, read_station
from central.services.enrol_station import enrol_again, enrol_station
from central.services.revoke_device import reinstate_device, revoke_device
from sync.case_api.alert_schemas import NothingSchema
from sync.case_api.asking import answered, asker, request_named, told, told_if_new
from sync.errors import Conflict
from sync.messages import D_
from sync.web.bodies import load, read_object
from sync.web.describing import Key, Shapes, described
from sync.web.roles import Role
from sync.web.sessions import signed_in

_OF_CENTRE = Shapes("central.api.answers")

_LARGEST_BODY_BYTES = 4096
_TAG = D_("Stations")

stations = Blueprint("stations", __name__)


@stations.get("/stations")
@described(
    D_("List of stations"),
    tag=_TAG,
    query=StationsSchema,
    answer=_OF_CENTRE.StationListAnswer,
    etag=True,
    text=D_("In the order of region codes."),
)
@signed_in(Role.SUPERVISOR, Role.ADMIN)
def listed() -> ResponseReturnValue:
    """A page of stations."""
    query = load(StationsSchema(), request.args.to_dict())
    centre = centre_of_app()
    return told_if_new(page_of_stations(centre.node, silent_days=centre.settings.silent_days, **query))


@stations.get("/stations/<sid>")
@described(D_("See a station"), tag=_TAG, answer=_OF_CENTRE.StationAnswer, etag=True)
@signed_in(Role.SUPERVISOR, Role.ADMIN)
def shown(sid: str) -> ResponseReturnValue:
    """One station with its devices."""
    return told_if_new(_read(sid))


@stations.post("/stations")
@described(
    D_("Register a new station"),
    tag=_TAG,
    body=StationSchema,
    answer=_OF_CENTRE.CodeAnswer,
    status=201,
    key=Key.MAY,
    refusals=(Conflict,),
    text=D_(
        "The enrolment code is told in this answer alone, and again to who repeats the request under its "
        "Idempotency-Key."
    ),
)
@signed_in(Role.SUPERVISOR)
def registered() -> ResponseReturnValue:
    """Register a station."""
    body = read_object(max_bytes=_LARGEST_BODY_BYTES)
    named = request_named(body)
    wanted = load(StationSchema(), body)
    return answered(enrol_station(centre_of_app().node, wanted, by=asker().actor, request=named))


@stations.post("/stations/<sid>/codes")
@described(
    D_("Give out another enrolment code"),
    tag=_TAG,
    body=NothingSchema,
    answer=_OF_CENTRE.CodeAnswer,
    status=201,
    key=Key.MAY,
    refusals=(Conflict,),
)
@signed_in(Role.SUPERVISOR)
def code_given(sid: str) -> ResponseReturnValue:
    """Give out another code."""
    body = read_object(max_bytes=_LARGEST_BODY_BYTES)
    named = request_named(body)
    load(NothingSchema(), body)
    return answered(enrol_again(centre_of_app().node, sid, by=asker().actor, request=named))


@stations.post("/stations/<sid>/devices/<device>/revocation")
@described(
    D_("Revoke a device of a station"),
    tag=_TAG,
    body=RevocationSchema,
    answer=_OF_CENTRE.StationAnswer,
    refusals=(Conflict,),
    text=D_(
        "Its certificate is revoked at every station that the word has reached: nothing is exchanged with it any more. "
        "What had come from it stays. A code that nobody has used is of no use then."
    ),
)
@signed_in(Role.SUPERVISOR)
def revoked(sid: str, device: str) -> ResponseReturnValue:
    """Revoke a device."""
    wanted = load(RevocationSchema(), read_object(max_bytes=_LARGEST_BODY_BYTES))
    revoke_device(centre_of_app().node, sid, device, why=wanted["why"], by=asker().actor)
    return told(_read(sid))


@stations.post("/stations/<sid>/devices/<device>/reinstatement")
@described(
    D_("Take the revocation of a device back"),
    tag=_TAG,
    body=NothingSchema,
    answer=_OF_CENTRE.StationAnswer,
    refusals=(Conflict,),
)
@signed_in(Role.SUPERVISOR)
def reinstated(sid: str, device: str) -> ResponseReturnValue:
    """Reinstate a device."""
    load(NothingSchema(), read_object(max_bytes=_LARGEST_BODY_BYTES))
    reinstate_device(centre_of_app().node, sid, device, by=asker().actor)
    return told(_read(sid))


def _read(sid: str) -> dict[str, Any]:
    centre = centre_of_app()
    return read_station(centre.node, sid, silent_days=centre.settings.silent_days)
