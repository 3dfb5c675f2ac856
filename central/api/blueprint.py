"""Every route of the centre's API in one place, under /api/v1.

    GET  /stations           every station, when it was heard, what is lacking;  POST /stations, register one
    GET  /status             the centre itself;  cases as at every level (`sync.case_api`)

Must not know: how anything is done.
"""

from flask import Flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from central.centre import centre_of_app
from central.fan_in.stations import list_stations
from central.registry.enrolling import enrol_station
from sync.case_api.asking import asker, told
from sync.case_api.routes import register_cases
from sync.casework.read_status import read_status
from sync.node.node import Node
from sync.web.accounts import Role
from sync.web.bodies import load, read_object
from sync.web.sessions import signed_in

PREFIX = "/api/v1"
_LARGEST_BODY_BYTES = 8192


class StationSchema(Schema):
    """A station to register."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=60))
    region = fields.String(required=True, validate=validate.Length(equal=12))
    under = fields.String(load_default="", validate=validate.Length(max=16))


def register_api(app: Flask, node: Node) -> None:
    """Give an application the API; the centre has to be attached to it."""
    register_cases(app, node, prefix=PREFIX)
    app.add_url_rule(f"{PREFIX}/stations", "api_stations", _stations)
    app.add_url_rule(f"{PREFIX}/stations", "api_enrol", _enrol, methods=["POST"])
    app.add_url_rule(f"{PREFIX}/status", "api_status", _status)


@signed_in(Role.SUPERVISOR, Role.ADMIN)
def _stations() -> ResponseReturnValue:
    centre = centre_of_app()
    return told({"stations": list_stations(centre.node, silent_days=centre.settings.silent_days)})


@signed_in(Role.SUPERVISOR, Role.ADMIN)
def _enrol() -> ResponseReturnValue:
    sent = load(StationSchema(), read_object(max_bytes=_LARGEST_BODY_BYTES))
    code = enrol_station(centre_of_app().node, by=asker().actor, **sent)
    response = told({"sid": code.sid, "code": str(code)})
    response.status_code = 201
    return response


@signed_in(Role.SUPERVISOR, Role.ADMIN)
def _status() -> ResponseReturnValue:
    return told(read_status(centre_of_app().node))
