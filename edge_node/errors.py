"""What a station refuses beyond the errors every node knows.

    Conflict
    ├── NotEnrolled         no enrolment code was entered, so there is no receipt number to give
    └── TooManyDrafts       an account has begun as much as it may
    Refused
    └── NoRoomForPhotos     the application is welcome, its photos have to wait

Must not know: HTTP.
"""

from edge_node.messages import _
from sync.errors import Conflict, Refused


class NotEnrolled(Conflict):
    """No enrolment code was entered yet."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(
            reason or _("This station is not enrolled yet and cannot give receipt numbers"),
            remedy=_("First run yizhan edge enrol and type the enrolment code that the centre gave."),
        )


class TooManyDrafts(Conflict):
    """An account has as many drafts as it may."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, remedy=_("First finish or delete some drafts."))


class NoRoomForPhotos(Refused):
    """The photos have to wait for room."""

    def __init__(self, reason: str = "", *, remedy: str | None = None) -> None:
        super().__init__(
            reason or _("There is no room on this machine; new photos cannot be kept for now"),
            remedy=remedy
            or _(
                "Hand it in once more without photos, it is received as usual; once there is room add the photos "
                "under “Hand in more materials”."
            ),
        )
