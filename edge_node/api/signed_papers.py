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
from sync.case_api.asking import answered, asker, doer_of, request_named, told_photo
from sync.case_api.record_acts import STAFF
from sync.case_api.routes import PHOTO
from sync.errors import Conflict, StoreUnreachable
from sync.messages import D_
from sync.node.acts.name_version import ChangedMeanwhile
from sync.people_api.routes import TAG
from sync.web.bodies import load, read_object
from sync.web.describing import Key, Shapes, described
from sync.web.sessions import signed_in

_OF_PEOPLE = Shapes("sync.people_api.answer_schemas")

signed_papers = Blueprint("signed_papers", __name__)


@signed_papers.post("/people/<person_id>/consents/photos")
@described(
    D_("Keep photos of a signed paper"),
    tag=TAG,
    body=SignedPaperSchema,
    answer=_OF_PEOPLE.PersonDoneAnswer,
    key=Key.MAY,
    refusals=(Conflict, ChangedMeanwhile, NoRoomForPhotos, StoreUnreachable),
    if_match=True,
    text=D_(
        "At the station that registered the person. With give the consent is registered, too; photos that "
        "are too large are made fit first."
    ),
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
        doer_of(sent["reason"], named),
        intake=station.photos,
        photos_refused=station.room.photos_refused(),
        item=sent["item"],
        terms=sent["give"],
    )
    return answered(answer)


@signed_papers.get("/people/<person_id>/photos/<root>/original")
@described(
    D_("See the original of a photo of a signed paper"),
    tag=TAG,
    answer=PHOTO,
    text=D_("The photo before it was made fit; kept until the centre has signed for it."),
)
@signed_in(*STAFF)
def original(person_id: str, root: str) -> ResponseReturnValue:
    """One photo as it came."""
    shown = show_person_original(station_of_app().node, person_id, root, by=asker().actor)
    return told_photo(shown.content, shown.media_type)
