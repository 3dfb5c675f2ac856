"""Cases over HTTP, alike at every level: listed, read, and moved on.

    GET  /cases                       list;  GET /cases/<id>, one;  GET /cases/<id>/custody, how far it has come
    GET  /cases/<id>/materials/<n>    a photo;  POST /cases/<id>/identity, the fields unmasked
    POST /cases/<id>/acceptance · review · decision · completion · return · withdrawal

Must not know: how cases are kept.
"""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from sync.case_api.asking import answered, asker, request_named, told
from sync.case_api.schemas import DecisionSchema, ListingSchema, ReasonSchema, RequiredReasonSchema
from sync.casework.accept_case import accept_case
from sync.casework.act_on_case import Doer
from sync.casework.answer_once import Answer
from sync.casework.complete_case import complete_case
from sync.casework.decide_case import decide_case
from sync.casework.list_cases import list_cases
from sync.casework.read_case import read_case
from sync.casework.return_case import return_case
from sync.casework.reveal_identity import reveal_identity
from sync.casework.show_material import show_material
from sync.casework.start_review import start_review
from sync.casework.trace_custody import trace_custody
from sync.casework.withdraw_case import withdraw_case
from sync.node.fetching import Fetcher
from sync.node.node import Node
from sync.web.accounts import Role
from sync.web.bodies import load, read_object
from sync.web.sessions import signed_in

# Who works with citizens; an administrator of the PC sees none of their papers.
STAFF = (Role.AGENT, Role.HEAD, Role.REVIEWER, Role.SUPERVISOR)
DECIDERS = (Role.HEAD, Role.REVIEWER, Role.SUPERVISOR)
_EXTENSION, _FETCHER = "yizhan.cases", "yizhan.cases.fetcher"
_LARGEST_ACT_BYTES = 8192

cases = Blueprint("cases", __name__)


def register_cases(app: Flask, node: Node, *, prefix: str, fetcher: Fetcher | None = None) -> None:
    """Give an application the routes of the cases its node keeps.

    fetcher  brings photos from above when they are asked for; None where nobody is above
    """
    app.extensions[_EXTENSION] = node
    app.extensions[_FETCHER] = fetcher
    app.register_blueprint(cases, url_prefix=prefix)


def node_of_app() -> Node:
    """The node whose cases the current application serves."""
    node: Node = current_app.extensions[_EXTENSION]
    return node


@cases.get("/cases")
@signed_in(*STAFF)
def listed() -> ResponseReturnValue:
    """A page of the list."""
    query = load(ListingSchema(), request.args.to_dict())
    return told(list_cases(node_of_app(), **query))


@cases.get("/cases/<case_id>")
@signed_in(*STAFF)
def shown(case_id: str) -> ResponseReturnValue:
    """One case."""
    node = node_of_app()
    return told(read_case(node, node.catalogue.items(), case_id, by=asker().actor))


@cases.get("/cases/<case_id>/custody")
@signed_in(*STAFF)
def traced(case_id: str) -> ResponseReturnValue:
    """How far it has come."""
    return told(trace_custody(node_of_app(), case_id))


@cases.get("/cases/<case_id>/materials/<int:number>")
@signed_in(*STAFF)
def material(case_id: str, number: int) -> ResponseReturnValue:
    """One photo."""
    fetcher = current_app.extensions[_FETCHER]
    photo = show_material(node_of_app(), case_id, number, by=asker().actor, fetcher=fetcher)
    response = Response(photo.content, mimetype=photo.media_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@cases.post("/cases/<case_id>/identity")
@signed_in(*STAFF)
def revealed(case_id: str) -> ResponseReturnValue:
    """The fields unmasked, for a reason."""
    sent = load(RequiredReasonSchema(), read_object(max_bytes=_LARGEST_ACT_BYTES))
    return told(reveal_identity(node_of_app(), case_id, by=asker().actor, reason=sent["reason"]))


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
    return answered(decide_case(node_of_app(), case_id, sent["decision"], doer))


def _act(case_id: str, schema: Schema, act: Callable[[Node, str, Doer], Answer]) -> Response:
    body = read_object(max_bytes=_LARGEST_ACT_BYTES)
    named = request_named(body)
    reason = load(schema, body)["reason"].strip()
    return answered(act(node_of_app(), case_id, Doer(asker().actor, reason, named)))
