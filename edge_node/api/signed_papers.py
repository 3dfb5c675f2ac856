"""Papers that people signed for their consents, over HTTP: photographed with the consent or later, and as they came.

Must not know: how people and photos are kept; to look at one is `sync.people_api`'s.
"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from edge_node.api.schemas import SignedPaperSchema
from edge_node.errors import NoRoomForPhotos
from edge_node.services.file_signed_paper import file_signed_paper
from edge_node.services.show_original import show_person_original
from edge_node.station import station_of_app
from sync.case_api.asking import answered, asker, request_named, seen_versions, told_photo
from sync.case_api.record_acts import STAFF
from sync.case_api.routes import PHOTO
from sync.errors import Conflict, StoreUnreachable
from sync.node.acting import Doer
from sync.node.name_version import ChangedMeanwhile
from sync.people_api.answer_schemas import PersonDoneAnswer
from sync.people_api.routes import TAG
from sync.web.bodies import load, read_object
from sync.web.describing import Key, described
from sync.web.sessions import signed_in

signed_papers = Blueprint("signed_papers", __name__)


@signed_papers.post("/people/<person_id>/consents/photos")
@described(
    "签字件拍照存档",
    tag=TAG,
    body=SignedPaperSchema,
    answer=PersonDoneAnswer,
    key=Key.MAY,
    refusals=(Conflict, ChangedMeanwhile, NoRoomForPhotos, StoreUnreachable),
    if_match=True,
    text="由登记此人的站点存档。写 give 的，同时登记这项同意；照片超过规定大小的，先压缩再存。",
)
@signed_in(*STAFF)
def filed(person_id: str) -> ResponseReturnValue:
    """Keep photos of a signed paper."""
    station = station_of_app()
    body = read_object(max_bytes=station.settings.largest_application_bytes)
    named = request_named(body)
    sent = load(SignedPaperSchema(), body)
    answer = file_signed_paper(
        station.node,
        person_id,
        sent["kind"],
        sent["photos"],
        Doer(asker().actor, sent["reason"].strip(), named, seen_versions()),
        intake=station.photos,
        photos_refused=station.room.photos_refused(),
        item=sent["item"],
        terms=sent["give"],
    )
    return answered(answer)


@signed_papers.get("/people/<person_id>/photos/<root>/original")
@described("查看签字件照片原件", tag=TAG, answer=PHOTO, text="压缩以前的照片，中心签收后不再保留。")
@signed_in(*STAFF)
def original(person_id: str, root: str) -> ResponseReturnValue:
    """One photo as it came."""
    shown = show_person_original(station_of_app().node, person_id, root, by=asker().actor)
    return told_photo(shown.content, shown.media_type)
