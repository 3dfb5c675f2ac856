"""The refusals only a station has, as problem details.

Must not know: when they are raised.
"""

from collections.abc import Mapping

from edge_node.devices.id_reader import CardNotRead
from edge_node.errors import NoRoomForPhotos, NotEnrolled, TooManyDrafts
from sync.case_api.problems import CASE_PROBLEMS
from sync.errors import SyncError
from sync.messages import N_
from sync.people_api.problems import PEOPLE_PROBLEMS
from sync.web.problem_table import Problem

STATION_PROBLEMS: Mapping[type[SyncError], Problem] = {
    **CASE_PROBLEMS,
    **PEOPLE_PROBLEMS,
    CardNotRead: Problem(
        "card-not-read",
        409,
        N_("The identity card was not read"),
        N_("Read it once more, or photograph it, or type."),
    ),
    NotEnrolled: Problem(
        "not-enrolled",
        409,
        N_("This station is not enrolled yet"),
        N_("An administrator has to run yizhan edge enrol and type the enrolment code that the centre gave."),
    ),
    TooManyDrafts: Problem(
        "too-many-drafts",
        409,
        N_("Too many drafts"),
        N_("First finish or delete some of them under “Drafts” on the home page."),
    ),
    NoRoomForPhotos: Problem(
        "no-room-for-photos",
        507,
        N_("New photos cannot be kept for now"),
        N_("Hand it in once more without photos, it is received as usual; hand in the photos once there is room."),
    ),
}
