"""Every route of the centre's API in one place, under /api/v1; signing in is `sync.web.signing_in`'s,
cases, people and the catalogue are as at every level (`sync.case_api`, `sync.people_api`, `sync.catalogue_api`).

Must not know: how anything is done.
"""

from flask import Flask, request
from flask.typing import ResponseReturnValue

from central.api.alerts import alerts
from central.api.schemas import MissedWordsSchema
from central.api.stations import stations
from central.centre import centre_of_app
from central.fan_in.stations import count_stations
from central.services.list_missed_words import list_missed_words
from central.services.read_centre import read_centre
from sync.api_description.routes import register_description
from sync.case_api.asking import told
from sync.case_api.routes import register_cases
from sync.catalogue_api.routes import SEARCHING, register_catalogue
from sync.messages import D_
from sync.node.node import Node
from sync.people_api.routes import register_people
from sync.web.bodies import load
from sync.web.describing import Shapes, described
from sync.web.roles import Role
from sync.web.sessions import signed_in

_OF_CENTRE = Shapes("central.api.answers")

PREFIX = "/api/v1"


def register_api(app: Flask, node: Node) -> None:
    """Give an application the API; the centre has to be attached to it."""
    register_cases(app, node, prefix=PREFIX)
    register_people(app, node, prefix=PREFIX)
    register_catalogue(app, prefix=PREFIX)
    app.register_blueprint(stations, url_prefix=PREFIX)
    app.register_blueprint(alerts, url_prefix=PREFIX)
    app.add_url_rule(f"{PREFIX}/status", "api_status", _status)
    app.add_url_rule(f"{PREFIX}/search/misses", "api_misses", _misses)
    register_description(app, prefix=PREFIX, title=D_("Yizhan: the API of the centre"))


@described(D_("How the centre stands"), tag=D_("This machine"), answer=_OF_CENTRE.CentreStatusAnswer)
@signed_in(Role.SUPERVISOR, Role.ADMIN)
def _status() -> ResponseReturnValue:
    centre = centre_of_app()
    counts = count_stations(centre.node, silent_days=centre.settings.silent_days)
    return told(read_centre(centre.node, centre.room, counts))


@described(
    D_("Words that stations did not find"),
    tag=SEARCHING,
    query=MissedWordsSchema,
    answer=_OF_CENTRE.MissedWordListAnswer,
    text=D_(
        "Of the last sixty days of which stations noted anything; each day comes with an exchange once it is over."
    ),
)
@signed_in(Role.SUPERVISOR, Role.ADMIN)
def _misses() -> ResponseReturnValue:
    query = load(MissedWordsSchema(), request.args.to_dict())
    return told(list_missed_words(centre_of_app().node, **query))
