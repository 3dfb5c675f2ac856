"""What casework refuses beyond the errors every node knows.

    Conflict
    └── ClockDoubtful   the PC's date and time have to be confirmed first
    Forbidden
    └── WrongTooOften   too many wrong query codes; waiting a quarter of an hour helps
    LinkError
    └── StillAbove      a photo is above, and being fetched

Must not know: HTTP.
"""

from sync.errors import Conflict, Forbidden, LinkError
from sync.messages import _


class ClockDoubtful(Conflict):
    """Date and time of this machine have to be confirmed first."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            reason,
            remedy=_(
                "Check date and time, confirm them and hand it in again; if they are wrong, first put the clock "
                "of the computer right."
            ),
        )


class WrongTooOften(Forbidden):
    """Too many wrong query codes."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            reason,
            remedy=_(
                "Look it up again in a quarter of an hour; if it is urgent, bring your identity card to the "
                "counter and ask."
            ),
        )


class StillAbove(LinkError):
    """The photo is above and being fetched."""

    def __init__(self, trouble: str = "", *, done: int = 0, of: int = 0) -> None:
        """Say why it stopped ("" while it goes on), and how far it is: chunks here, of how many."""
        super().__init__(
            trouble or _("Fetching this photo from the level above"),
            remedy=_("Look again after a while, or once there is a link."),
        )
        self.done, self.of, self.trouble = done, of, trouble
        self.members = {"trouble": trouble} if trouble else {}
