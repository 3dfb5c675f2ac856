"""Taking an application over HTTP, and its photos as they came.

Must not know: how cases are kept; the routes every level shares are `sync.case_api`'s.
"""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from edge_node.api.schemas import ApplicationSchema, BroughtSchema, BundleSchema
from edge_node.errors import NoRoomForPhotos, NotEnrolled
from edge_node.services.matter import BUNDLE, matter_of
from edge_node.services.prepare_application import Application
from edge_node.services.receive_application import receive_application
from edge_node.services.receive_bundle import receive_bundle
from edge_node.services.show_original import show_original
from edge_node.services.supplement_case import supplement_case
from edge_node.services.take_parts import Taking
from edge_node.station import Station, station_of_app
from sync.case_api.asking import answered, asker, doer_of, request_named, told_photo
from sync.case_api.record_acts import STAFF
from sync.case_api.routes import PHOTO, TAG
from sync.casework.errors import ClockDoubtful
from sync.errors import Conflict, StoreUnreachable
from sync.messages import D_
from sync.node.acts.answer_once import Request
from sync.node.acts.name_version import ChangedMeanwhile
from sync.web.bodies import load, read_object
from sync.web.describing import Key, Shapes, described
from sync.web.sessions import signed_in

_OF_CASES = Shapes("sync.case_api.answer_schemas")
_OF_STATION = Shapes("edge_node.api.answers")

applications = Blueprint("applications", __name__)
_APPLICATION = ApplicationSchema()  # made once: each one that is made copies all of its fields
_WHOLE = BundleSchema()
_BROUGHT = BroughtSchema()


@applications.post("/cases")
@described(
    D_("Take an application"),
    tag=TAG,
    body=ApplicationSchema,
    answer=_OF_STATION.ReceivedAnswer,
    status=201,
    makes=True,
    key=Key.MUST,
    refusals=(ClockDoubtful, NotEnrolled, Conflict, NoRoomForPhotos),
    text=D_("Answered once it is on disk. Photos that are too large are made fit first."),
)
@signed_in(*STAFF)
def receive() -> ResponseReturnValue:
    """Take an application."""
    station = station_of_app()
    named, application = _sent(station, _APPLICATION)
    return answered(
        receive_application(station.node, station.catalogue.items(), application, _how(station, named, application)),
        made=True,
    )


@applications.post("/bundles/<code>/applications")
@described(
    D_("Take the applications of a bundle"),
    tag=TAG,
    body=BundleSchema,
    answer=_OF_STATION.BundleReceivedAnswer,
    status=201,
    key=Key.MUST,
    refusals=(ClockDoubtful, NotEnrolled, Conflict, NoRoomForPhotos),
    text=D_(
        "One form and one set of materials become a case of each item; either all are taken or none. Of "
        "fields with the same name and another meaning the second is written “code of the item.name”."
    ),
)
@signed_in(*STAFF)
def receive_whole(code: str) -> ResponseReturnValue:
    """Take the applications of a 一件事."""
    station = station_of_app()
    named, whole = _sent(station, _WHOLE)
    matter = matter_of(station.catalogue, BUNDLE, code, whole.situations)
    return answered(receive_bundle(station.node, matter, whole, _how(station, named, whole)))


def _sent(station: Station, schema: Schema) -> tuple[Request | None, Any]:
    """What was sent, as its schema makes it, and under which key; photos stand in it."""
    body = read_object(max_bytes=station.settings.largest_application_bytes)
    return request_named(body, required=True), load(schema, body)


def _how(station: Station, named: Request | None, application: Application) -> Taking:
    return Taking(
        asker().actor,
        named,
        station.photos,
        photos_refused=station.room.photos_refused() if application.has_photos else "",
        on_file_days=station.settings.on_file_days,
    )


@applications.post("/cases/<case_id>/materials")
@described(
    D_("Hand in more materials"),
    tag=TAG,
    body=BroughtSchema,
    answer=_OF_STATION.HandedInAnswer,
    key=Key.MUST,
    refusals=(Conflict, ChangedMeanwhile, NoRoomForPhotos, StoreUnreachable),
    if_match=True,
    text=D_(
        "At the station that received the case. One that waits for materials goes on once all that the notice names "
        "have come, or with a remark alone; otherwise they are added and the state stays. Photos that are too large "
        "are made fit first."
    ),
)
@signed_in(*STAFF)
def supplement(case_id: str) -> ResponseReturnValue:
    """Hand in papers later (补交材料)."""
    station = station_of_app()
    named, brought = _sent(station, _BROUGHT)
    return answered(
        supplement_case(
            station.node,
            case_id,
            brought["materials"],
            doer_of(brought["reason"], named),
            photos=station.photos,
            photos_refused=station.room.photos_refused(),
            fields=brought["fields_"],
            also_for=brought["also_for"],
        )
    )


@applications.get("/cases/<case_id>/materials/<int:number>/original")
@described(
    D_("See the original of a photo"),
    tag=TAG,
    answer=PHOTO,
    text=D_("The photo before it was made fit; kept until the centre has signed for it."),
)
@signed_in(*STAFF)
def original(case_id: str, number: int) -> ResponseReturnValue:
    """One photo as it came."""
    photo = show_original(station_of_app().node, case_id, number, by=asker().actor)
    return told_photo(photo.content, photo.media_type)
