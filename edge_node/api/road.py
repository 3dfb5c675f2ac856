"""The road over HTTP: the villages below a township, and a call to the level above that is not waited for.

Must not know: how anything is counted or carried.
"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from edge_node.station import station_of_app
from sync.case_api.alert_schemas import NothingSchema
from sync.case_api.asking import told, told_if_new
from sync.case_api.record_acts import STAFF
from sync.casework.see_villages import see_villages
from sync.messages import D_
from sync.web.bodies import load, read_object
from sync.web.describing import Shapes, described
from sync.web.roles import Role
from sync.web.sessions import signed_in

_OF_ROAD = Shapes("edge_node.api.road_answers")

NODE = D_("This machine")
_LARGEST_BYTES = 1024
_BEGUN = 202

road = Blueprint("road", __name__)


@road.get("/villages")
@described(
    D_("The villages below"),
    tag=NODE,
    answer=_OF_ROAD.VillagesAnswer,
    etag=True,
    text=D_("As it came up: what a village did since it was last heard is not known here. None below a village."),
)
@signed_in(*STAFF)
def villages() -> ResponseReturnValue:
    """What each village has, and when it was heard."""
    return told_if_new({"villages": see_villages(station_of_app().node)})


@road.post("/call")
@described(
    D_("Call the level above now"),
    tag=NODE,
    body=NothingSchema,
    answer=_OF_ROAD.CallAnswer,
    status=_BEGUN,
    text=D_(
        "Photos go, too, whatever the hour and the budget. It is not waited for: road in how the station stands "
        "tells how far it is and how it ended."
    ),
)
@signed_in(*STAFF, Role.ADMIN)
def call() -> ResponseReturnValue:
    """Begin a run by hand."""
    load(NothingSchema(), read_object(max_bytes=_LARGEST_BYTES))
    response = told({"begun": station_of_app().courier.begin()})
    response.status_code = _BEGUN
    return response
