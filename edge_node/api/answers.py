"""The shapes of what a station answers beside what every level does, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema, fields

from sync.case_api.answer_schemas import CustodyAnswer, DoneAnswer
from sync.case_api.status_answer_schemas import NodeStatusAnswer, WaitingAnswer
from sync.messages import D_
from sync.node.lanes import Lane
from sync.people_api.answer_schemas import missing_consents
from sync.web.answer_shapes import flag, next_page, one, several, text, whole

_LANES = tuple(lane.name.lower() for lane in Lane)


class OpenAlikeAnswer(Schema):
    """A case of the same applicant and item that is still under way."""

    id = text(D_("Id of the case"))
    receipt_number = text(D_("Receipt number"))
    state = text(D_("Code of the state"))
    state_name = text(D_("State"))


class CardReadingAnswer(Schema):
    """What was read off an identity card."""

    reading = text(D_("What names the reading in this session"))
    name = text(D_("Name"))
    number = text(D_("Citizen number"))
    address = text(D_("Where the card says the person lives"))
    has_expired = flag(D_("Whether the card is no longer valid"))


class ReceivedAnswer(Schema):
    """An application that was taken."""

    id = text(D_("Id of the case"))
    version = text(D_("What names how far it was handled; If-Match takes it"))
    receipt_number = text(D_("Receipt number"))
    received_at = text(D_("Received at"))
    state = text(D_("Code of the state"))
    state_name = text(D_("State"))
    item_name = text(D_("Name of the item"))
    person = text(D_("Id of the applicant in the register; empty where there is none"))
    registered_as = text(
        D_(
            "The name, masked, under which the number is registered, where the application has another; look at the "
            "paper once more. Empty where it is the same, or nobody is registered"
        )
    )
    custody = one(CustodyAnswer)
    open_alike = several(
        OpenAlikeAnswer,
        D_("Open cases of the same applicant and item that were here before; tell whoever applies of them"),
    )
    reaches_age_on = text(
        D_("The day on which the applicant reaches the age the item is for; empty where age does not matter or fits")
    )
    consents_missing = missing_consents()


class BundleReceivedAnswer(Schema):
    """The applications of a 一件事 that were taken."""

    bundle = text(D_("Code of the bundle"))
    bundle_name = text(D_("Name of the bundle"))
    bundle_number = text(D_("The number of all of them: receipt number of the first"))
    applications = several(ReceivedAnswer)


class HandedInAnswer(DoneAnswer):
    """Materials that came later."""

    also = several(
        DoneAnswer,
        D_("What was done to other cases of the bundle; those that lacked nothing of it are not named"),
    )


class MissAnswer(Schema):
    """What was looked for and not found."""

    times = whole(D_("How often"))
    last_at = text(D_("The last time"))
    text = text(D_("What was looked for"))


class MissListAnswer(Schema):
    """A page of what was not found."""

    misses = several(MissAnswer, D_("The most frequent first"))
    next = next_page()


class PhotoLaneAnswer(Schema):
    """How photos may use the link."""

    month = text(D_("Month"))
    spent_bytes = whole(D_("Used this month"))
    budget_bytes = whole(D_("Budget of a month, 0 for none"))
    quiet = flag(D_("Whether these are quiet hours"))
    used_up = flag(D_("Whether the budget is used up"))
    shut = text(D_("Why the node above takes no photos for now"))


class CatalogueAnswer(Schema):
    """How the catalogue stands."""

    release = whole(D_("Number of the centre's release"))
    at_text = text(D_("When it was published"))
    items = whole(D_("Number of items"))
    bundles = whole(D_("Number of bundles"))
    places = whole(D_("Number of places"))
    unvouched = whole(D_("How many are not vouched for by the centre and not used"))
    by_hand = flag(D_("Whether the station imported it"))
    calendar_years = fields.List(fields.Integer(), required=True)
    calendar_warning = text()


class ArrivedAnswer(Schema):
    """How many cases a hop has."""

    level = text()
    level_name = text()
    name = text()
    cases = whole()


class LaneAnswer(Schema):
    """One lane of the road."""

    lane = text(among=_LANES)
    name = text()
    unit = text()
    waiting = whole(D_("Waiting"), maybe=True)
    waiting_bytes = whole(maybe=True)
    unanswered_bytes = whole()
    told = whole(D_("Told"))
    told_bytes = whole()
    heard = whole(D_("Heard"))
    heard_bytes = whole()
    bytes_per_second = whole(D_("Speed upwards"), maybe=True)
    seconds_left = whole(D_("Seconds it will still take"), maybe=True)
    left_text = text()
    held = text(D_("Why nothing goes in it now"))
    last_success = text(D_("When it last succeeded"), maybe=True)
    error = text(D_("Why it broke off"))


class RunAnswer(Schema):
    """The run under way."""

    lane = text(among=_LANES)
    lane_name = text()
    bytes_done = whole()
    bytes_left = whole(maybe=True)
    percent = whole(maybe=True)
    bytes_per_second = whole(maybe=True)


class RoadAnswer(Schema):
    """The road up."""

    arrived = several(ArrivedAnswer)
    waiting = one(WaitingAnswer)
    lanes = several(LaneAnswer)
    run = one(RunAnswer, D_("The run under way"), maybe=True)
    last_contact = text(D_("Last contact with the node above"), maybe=True)
    error = text()
    kind = text(
        D_(
            "Of what kind what is wrong is: link, busy, no-room, full, disk, refused, wrong-peer, stranger or "
            "not-taken; null where nothing is"
        ),
        maybe=True,
    )
    refused = flag(D_("Whether what is wrong does not go by waiting"))
    next_run = text(D_("When the node above is called next"), maybe=True)
    set_aside = whole()


class StationStatusAnswer(NodeStatusAnswer):
    """How a station stands."""

    photo_lane = one(PhotoLaneAnswer)
    catalogue = one(CatalogueAnswer)
    road = one(RoadAnswer)
