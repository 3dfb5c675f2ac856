"""The shapes of how a node stands, as every level tells it, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema

from sync.messages import D_
from sync.web.answer_shapes import flag, one, several, text, whole


class CountAnswer(Schema):
    """How many cases are in a state."""

    state = text(D_("Code of the state"))
    state_name = text(D_("State"))
    count = whole(D_("How many cases"))


class WaitingAnswer(Schema):
    """What waits for the node above."""

    events = whole(D_("Steps without a receipt"))
    photos = whole(D_("Photos without a receipt"))


class DocumentsAnswer(Schema):
    """Where the documents are."""

    where = text(among=("directory", "couchdb"))
    address = text(D_("Address of the document store"))
    trouble = text(D_("Why it cannot be reached"))
    waiting = whole(D_("Waiting to be written"))
    refused = whole(D_("Refused"))


class ContactAnswer(Schema):
    """The last contact with the node above."""

    at = text(D_("When"), maybe=True)
    error = text(D_("Why it was not reached"))
    refused = flag(D_("Whether what is wrong does not go by waiting"))
    text = text(D_("How long ago"))


class NodeClockAnswer(Schema):
    """How far the clock is to be believed."""

    quality = text(among=("heard", "confirmed", "doubtful"))
    quality_name = text()
    must_ask = flag(D_("Whether it has to be checked before the next application"))
    reason = text()
    offset_ms = whole(D_("How many milliseconds the clock above is ahead"), maybe=True)
    offset_within_ms = whole(D_("How exactly that was measured, in milliseconds"), maybe=True)
    offset_text = text()


class ShortageAnswer(Schema):
    """Something that is running out."""

    level = text(among=("warn", "stop_blobs", "stop_photos"))
    station = text()
    text = text()


class RoomAnswer(Schema):
    """What is running out."""

    photos_refused = text(D_("Why no new photos are taken; empty where they are"))
    shortages = several(ShortageAnswer)


class NodeStatusAnswer(Schema):
    """How a node stands."""

    version = text(D_("Version of the program"))
    sid = text(D_("Id of the station"))
    name = text(D_("Name of the node"))
    region = text(D_("Code of the region"))
    level = text()
    level_name = text()
    writer = text(D_("Id of the node's key"))
    life = text()
    certified = flag(D_("Whether the centre has certified it"))
    device = text(D_("Device code"), maybe=True)
    upstream = text(D_("Address of the node above"))
    now = text(D_("What time this machine shows"))
    cases = whole(D_("Number of cases"))
    cases_by_state = several(CountAnswer)
    set_aside = whole(D_("Files that could not be taken"))
    alarms = whole(D_("Alarms"))
    let_go_bytes = whole(D_("Bytes of photos that were let go"))
    waiting = one(WaitingAnswer)
    documents = one(DocumentsAnswer)
    last_contact = one(ContactAnswer)
    clock = one(NodeClockAnswer)
    room = one(RoomAnswer)
