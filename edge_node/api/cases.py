"""Cases over HTTP: taken, listed, read, and moved on.

    POST /cases                       take an application
    GET  /cases                       list;  GET /cases/<id>, one;  GET /cases/<id>/custody, how far it has come
    GET  /cases/<id>/materials/<n>    a photo;  POST /cases/<id>/identity, the fields unmasked
    POST /cases/<id>/acceptance · review · decision · completion · return · withdrawal

Must not know: how cases are kept.
"""

from collections.abc import Callable

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from edge_node.api.asking import answered, asker, request_named, told
from edge_node.api.schemas import (
    ApplicationSchema,
    DecisionSchema,
    ListingSchema,
    ReasonSchema,
    RequiredReasonSchema,
)
from edge_node.services.accept_case import accept_case
from edge_node.services.act_on_case import Doer
from edge_node.services.answer_once import Answer
from edge_node.services.complete_case import complete_case
from edge_node.services.decide_case import decide_case
from edge_node.services.list_cases import list_cases
from edge_node.services.read_case import read_case
from edge_node.services.receive_application import receive_application
from edge_node.services.return_case import return_case
from edge_node.services.reveal_identity import reveal_identity
from edge_node.services.show_material import show_material
from edge_node.services.start_review import start_review
from edge_node.services.trace_custody import trace_custody
from edge_node.services.withdraw_case import withdraw_case
from edge_node.station import station_of_app
from sync.node.node import Node
from sync.web.accounts import Role
from sync.web.bodies import load, read_object
from sync.web.sessions import signed_in

# Who works with citizens; an administrator of the PC sees none of their papers.
STAFF = (Role.AGENT, Role.HEAD, Role.REVIEWER)
DECIDERS = (Role.HEAD, Role.REVIEWER)
_LARGEST_ACT_BYTES = 8192

cases = Blueprint("cases", __name__)


@cases.post("/cases")
@signed_in(*STAFF)
def receive() -> ResponseReturnValue:
    """Take an application."""
    station = station_of_app()
    body = read_object(max_bytes=station.settings.largest_application_bytes)
    named = request_named(body, required=True)
    application = load(ApplicationSchema(), body)
    answer = receive_application(
        station.node,
        station.catalogue.items(),
        application,
        by=asker().actor,
        request=named,
        largest_photo_bytes=station.settings.largest_photo_bytes,
    )
    return answered(answer)


@cases.get("/cases")
@signed_in(*STAFF)
def listed() -> ResponseReturnValue:
    """A page of the list."""
    query = load(ListingSchema(), request.args.to_dict())
    return told(list_cases(station_of_app().node, **query))


@cases.get("/cases/<case_id>")
@signed_in(*STAFF)
def shown(case_id: str) -> ResponseReturnValue:
    """One case."""
    station = station_of_app()
    return told(read_case(station.node, station.catalogue.items(), case_id, by=asker().actor))


@cases.get("/cases/<case_id>/custody")
@signed_in(*STAFF)
def traced(case_id: str) -> ResponseReturnValue:
    """How far it has come."""
    return told(trace_custody(station_of_app().node, case_id))


@cases.get("/cases/<case_id>/materials/<int:number>")
@signed_in(*STAFF)
def material(case_id: str, number: int) -> ResponseReturnValue:
    """One photo."""
    photo = show_material(station_of_app().node, case_id, number, by=asker().actor)
    response = Response(photo.content, mimetype=photo.media_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@cases.post("/cases/<case_id>/identity")
@signed_in(*STAFF)
def revealed(case_id: str) -> ResponseReturnValue:
    """The fields unmasked, for a reason."""
    sent = load(RequiredReasonSchema(), read_object(max_bytes=_LARGEST_ACT_BYTES))
    return told(reveal_identity(station_of_app().node, case_id, by=asker().actor, reason=sent["reason"]))


@cases.post("/cases/<case_id>/acceptance")
@signed_in(*STAFF)
def accepted(case_id: str) -> ResponseReturnValue:
    """受理."""
    return _act(case_id, ReasonSchema(), accept_case)


@cases.post("/cases/<case_id>/review")
@signed_in(*STAFF)
def review_started(case_id: str) -> ResponseReturnValue:
    """进入审查."""
    return _act(case_id, ReasonSchema(), start_review)


@cases.post("/cases/<case_id>/completion")
@signed_in(*STAFF)
def completed(case_id: str) -> ResponseReturnValue:
    """办结."""
    return _act(case_id, ReasonSchema(), complete_case)


@cases.post("/cases/<case_id>/return")
@signed_in(*STAFF)
def returned(case_id: str) -> ResponseReturnValue:
    """退回."""
    return _act(case_id, RequiredReasonSchema(), return_case)


@cases.post("/cases/<case_id>/withdrawal")
@signed_in(*STAFF)
def withdrawn(case_id: str) -> ResponseReturnValue:
    """撤回."""
    return _act(case_id, RequiredReasonSchema(), withdraw_case)


@cases.post("/cases/<case_id>/decision")
@signed_in(*DECIDERS)
def decided(case_id: str) -> ResponseReturnValue:
    """准予、不予."""
    body = read_object(max_bytes=_LARGEST_ACT_BYTES)
    named = request_named(body)
    sent = load(DecisionSchema(), body)
    doer = Doer(asker().actor, sent["reason"].strip(), named)
    return answered(decide_case(station_of_app().node, case_id, sent["decision"], doer))


def _act(case_id: str, schema: Schema, act: Callable[[Node, str, Doer], Answer]) -> Response:
    body = read_object(max_bytes=_LARGEST_ACT_BYTES)
    named = request_named(body)
    reason = load(schema, body)["reason"].strip()
    return answered(act(station_of_app().node, case_id, Doer(asker().actor, reason, named)))
