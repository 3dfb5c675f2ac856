"""What a station refuses beyond the errors every node knows.

    Conflict
    ├── NotEnrolled         no enrolment code was entered, so there is no receipt number to give
    └── TooManyDrafts       an account has begun as much as it may
    Forbidden
    └── NotAStation         the data directory is a centre's
    Refused
    └── NoRoomForPhotos     the application is welcome, its photos have to wait

Must not know: HTTP.
"""

from pathlib import Path

from edge_node.messages import _
from sync.errors import Conflict, Forbidden, Refused


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


class NotAStation(Forbidden):
    """The data directory is a centre's."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            _("%(directory)s is the data directory of a centre, not of a station", directory=directory),
            remedy=_("Use yizhan central for it, or name the directory of the station."),
        )


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
